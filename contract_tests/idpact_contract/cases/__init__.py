"""Every case: arranged ones by family, and those that generated suites hand out.

Importing this package fills the register `CASES`, in the order of the contract.
"""

from idpact_contract.cases import (
    act,
    disc,
    fall,
    generated_schema,
    infer,
    inputs,
    keep,
    left_open,
    org,
    prec,
    safe,
    sequence,
    wire,
)
from idpact_contract.cases.registry import CASES, Case, in_order

__all__ = ["CASES", "Case"]

_ = (act, disc, fall, generated_schema, infer, inputs, keep, left_open, org, prec, safe, sequence, wire)
in_order()

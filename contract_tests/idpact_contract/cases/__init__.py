"""Every deterministic case, by family. Importing this package fills the register `CASES`, in the order of the contract."""

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
    wire,
)
from idpact_contract.cases.registry import CASES, Case, in_order

__all__ = ["CASES", "Case"]

_ = (act, disc, fall, generated_schema, infer, inputs, keep, left_open, org, prec, safe, wire)
in_order()

"""The judges of every rule, by family. Importing this package fills the register `JUDGES`."""

from idpact_contract.rules import act, disc, fall, infer, inputs, keep, org, prec, safe, wire
from idpact_contract.rules.judging import JUDGES, Judge

__all__ = ["JUDGES", "Judge"]

_ = (act, disc, fall, infer, inputs, keep, org, prec, safe, wire)

"""Every deterministic case, by family. Importing this package fills the register `CASES`, in the order of the contract."""

from idpact_contract.cases import org  # isort: skip
from idpact_contract.cases import disc  # isort: skip
from idpact_contract.cases import infer  # isort: skip
from idpact_contract.cases import fall  # isort: skip
from idpact_contract.cases import prec  # isort: skip
from idpact_contract.cases import act  # isort: skip
from idpact_contract.cases import keep  # isort: skip
from idpact_contract.cases import wire  # isort: skip
from idpact_contract.cases.registry import CASES, Case

__all__ = ["CASES", "Case"]

_ = (org, disc, infer, fall, prec, act, keep, wire)

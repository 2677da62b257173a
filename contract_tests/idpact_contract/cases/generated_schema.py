"""Cases whose trials the schema suite hands out: what a generator makes of the endpoint's OpenAPI document.

Which example counts for which case is the suite's matter; here is what each is about and who judges it.
"""

from idpact_contract.cases.registry import register_generated
from idpact_contract.rules import JUDGES
from idpact_contract.rules.inputs import unknown_method

__all__ = ["SUITE"]

SUITE = "schema"
"""The suite's name."""

_VALID = "Send valid bodies that a generator makes of the OpenAPI document."
_INVALID = "Send invalid bodies that a generator makes of the OpenAPI document."

for _rule in ("PREC-3", "KEEP-1", "KEEP-3", "KEEP-7", "WIRE-1", "WIRE-2", "WIRE-3", "INPUT-2"):
    register_generated(_rule, "generated", suite=SUITE, title=_VALID, judge=JUDGES[_rule])
for _rule in ("KEEP-6", "WIRE-5", "INPUT-1", "INPUT-2"):
    register_generated(_rule, "negative", suite=SUITE, title=_INVALID, judge=JUDGES[_rule])
register_generated(
    "INPUT-2",
    "coverage",
    suite=SUITE,
    title="Send each boundary of the OpenAPI document once, on both its sides.",
    judge=JUDGES["INPUT-2"],
)
register_generated(
    "INPUT-2",
    "methods",
    suite=SUITE,
    title="Send methods that the OpenAPI document doesn't have to the update's address.",
    judge=unknown_method,
)
register_generated(
    "ORG-6",
    "generated",
    suite=SUITE,
    title="Send valid generated bodies without credentials, and with some that were never issued.",
    judge=JUDGES["ORG-6"],
)

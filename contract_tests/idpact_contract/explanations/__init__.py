"""What a vendor's engineer wants to know of a rule: why it is one, the commonest wrong code, and how it is done right.

A TOML file for each family, a table for each rule; the rule's own words and source stand in the catalogue.
"""

from functools import cache
from importlib.resources import files

import msgspec

from idpact_contract.catalogue import rule

__all__ = ["Explanation", "explanation_of"]


class Explanation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One rule, explained.

    Attributes:
        why: Why it is a rule: who is hurt by its being broken, and how.
        wrong: The commonest wrong code.
        right: How it is done right.
    """

    why: str
    wrong: str
    right: str


def explanation_of(rule_id: str) -> Explanation:
    """The explanation of a rule.

    Raises:
        UnknownRuleError: The catalogue does not hold it.
    """
    known = rule(rule_id)
    return _family(known.family)[known.id]


@cache
def _family(family: str) -> dict[str, Explanation]:
    text = (files(__name__) / f"{family.lower()}.toml").read_text("utf-8")
    return msgspec.toml.decode(text, type=dict[str, Explanation])

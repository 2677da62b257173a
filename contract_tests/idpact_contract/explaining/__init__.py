"""What a rule means to whoever writes an implementation: why it is there, the commonest mistake, how to mend it.

The texts are data, a TOML file per family beside this module; what a rule says is the catalogue's alone.
"""

import tomllib
from functools import cache
from importlib.resources import files

import msgspec

from idpact_contract.catalogue import rule

__all__ = ["Explanation", "explanation"]


class Explanation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One rule, explained.

    Attributes:
        why: What goes wrong in practice where it is broken.
        mistake: The commonest mistake, in a sentence.
        wrong: That mistake in Python.
        fix: What is right, in Python.
        other: What is right, in another language: JavaScript, or SQL where that is shorter.
    """

    why: str
    mistake: str
    wrong: str
    fix: str
    other: str


def explanation(rule_id: str) -> Explanation:
    """The explanation of a rule.

    Raises:
        UnknownRuleError: The catalogue does not hold it.
    """
    return _family(rule(rule_id).family)[rule_id]


@cache
def _family(name: str) -> dict[str, Explanation]:
    text = (files(__name__) / f"{name.lower()}.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, Explanation])

"""What a judge may say of a case. Three answers, and the differences that explain a violation."""

from typing import Any, TypeAlias

import msgspec

__all__ = ["Difference", "Judgement", "NotJudged", "Passed", "Violated"]


class Difference(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One field that came out otherwise than it should.

    Attributes:
        where: `response` (the update's own answer) or `read` (what its owner read afterwards), or another place in words.
        field: The field, in our names.
        allowed: Every value that would have been right; empty where words say it better.
        observed: The value seen; None where the field was absent.
        why: Why these values: typed, inferred, kept, left open.
    """

    where: str
    field: str
    allowed: tuple[Any, ...] = ()
    observed: Any = None
    why: str = ""


class Passed(msgspec.Struct, frozen=True, tag="passed"):
    """The rule was kept. `note` tells what else is worth knowing."""

    note: str = ""


class Violated(msgspec.Struct, frozen=True, kw_only=True, tag="violated"):
    """The rule was broken.

    Attributes:
        expected: What would have been right, in words.
        observed: What was seen, in words.
        differences: The fields concerned.
    """

    expected: str
    observed: str
    differences: tuple[Difference, ...] = ()


class NotJudged(msgspec.Struct, frozen=True, tag="not-judged"):
    """The evidence can't decide it. `reason` says why."""

    reason: str


Judgement: TypeAlias = Passed | Violated | NotJudged

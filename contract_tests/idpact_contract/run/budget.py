"""A time budget for a run: how it is told, which cases come first, and which begin no more. Pure.

A case that has begun is brought to its end, so that what it created is deleted; what would begin too late is left out.
"""

import re
from collections.abc import Sequence
from typing import Final

from idpact_contract.cases import Case
from idpact_contract.catalogue import Level
from idpact_contract.run.settings import SettingsError
from idpact_contract.targets.http import ANSWER_LIMIT_SECONDS

__all__ = ["by_worth", "may_begin", "seconds_of"]

_UNITS: Final = {"s": 1.0, "m": 60.0, "h": 3600.0}
_FORM: Final = re.compile(r"(\d+(?:\.\d+)?)([smh])")


def seconds_of(told: str) -> float:
    """The seconds in `90s`, `10m` or `1.5h`.

    Raises:
        SettingsError: It is none of these, or no time at all.
    """
    match = _FORM.fullmatch(told.strip())
    seconds = float(match[1]) * _UNITS[match[2]] if match else 0.0
    if not seconds:
        raise SettingsError(f"--budget {told!r}: a budget is a time such as 90s, 10m or 1.5h")
    return seconds


def by_worth(cases: Sequence[Case]) -> tuple[Case, ...]:
    """MUST before SHOULD, of these the arranged before the generated ones, quick before slow; else as they were."""
    return tuple(sorted(cases, key=lambda case: (case.level is not Level.MUST, bool(case.suite), case.waits)))


def may_begin(case: Case, *, left: float) -> bool:
    """Whether a case begins when so many seconds are left: one that waits needs all that an answer may take."""
    return left > (ANSWER_LIMIT_SECONDS if case.waits else 0.0)

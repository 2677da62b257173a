"""The verdicts, and the one place that decides them. Every report reads what is decided here; nothing is judged twice.

case    pass | fail (MUST) | warn (SHOULD) | not-applicable | inconclusive
rule    fail if a MUST case failed, else inconclusive if a MUST case is, else warn if a SHOULD case failed,
        else inconclusive if a SHOULD case is, else pass, or not-applicable if every case is
run     nonconforming if a rule failed, else inconclusive if a rule with a MUST case is or a planned case did not
        run, else conforming
exit    the run's, with every excused case counted as passed; a stale excuse is a failure
"""

import enum
from collections.abc import Iterable, Sequence

from idpact_contract.catalogue import Level
from idpact_contract.judgement import Judgement, NotJudged, Passed

__all__ = ["CaseVerdict", "RunVerdict", "case_verdict", "exit_code", "rule_verdict", "run_verdict"]


class CaseVerdict(enum.StrEnum):
    """What is said of a case, and of a rule."""

    PASS = "pass"  # noqa: S105 - a word, no password
    FAIL = "fail"
    WARN = "warn"
    NOT_APPLICABLE = "not-applicable"
    INCONCLUSIVE = "inconclusive"


class RunVerdict(enum.StrEnum):
    """What is said of an implementation."""

    CONFORMING = "conforming"
    NONCONFORMING = "nonconforming"
    INCONCLUSIVE = "inconclusive"


def case_verdict(judgement: Judgement, level: Level) -> CaseVerdict:
    """The verdict on a case that was judged."""
    if isinstance(judgement, Passed):
        return CaseVerdict.PASS
    if isinstance(judgement, NotJudged):
        return CaseVerdict.INCONCLUSIVE
    return CaseVerdict.FAIL if level is Level.MUST else CaseVerdict.WARN


def rule_verdict(cases: Sequence[tuple[Level, CaseVerdict]]) -> CaseVerdict:
    """The verdict on a rule from the levels and verdicts of its cases; a rule without cases is inconclusive."""
    verdicts = {verdict for _, verdict in cases}
    if CaseVerdict.FAIL in verdicts:
        return CaseVerdict.FAIL
    if not verdicts or (Level.MUST, CaseVerdict.INCONCLUSIVE) in cases:
        return CaseVerdict.INCONCLUSIVE
    if CaseVerdict.WARN in verdicts:
        return CaseVerdict.WARN
    if CaseVerdict.INCONCLUSIVE in verdicts:
        return CaseVerdict.INCONCLUSIVE
    return CaseVerdict.PASS if CaseVerdict.PASS in verdicts else CaseVerdict.NOT_APPLICABLE


def run_verdict(cases: Iterable[tuple[Level, CaseVerdict]], *, all_ran: bool) -> RunVerdict:
    """The verdict on an implementation from all its cases.

    Args:
        cases: Level and verdict of each case.
        all_ran: Every planned case has a verdict.
    """
    seen = set(cases)
    decided = any(verdict is not CaseVerdict.NOT_APPLICABLE for _, verdict in seen)
    if any(verdict is CaseVerdict.FAIL for _, verdict in seen):
        return RunVerdict.NONCONFORMING
    if not all_ran or not decided or (Level.MUST, CaseVerdict.INCONCLUSIVE) in seen:
        return RunVerdict.INCONCLUSIVE
    return RunVerdict.CONFORMING


def exit_code(cases: Iterable[tuple[Level, CaseVerdict, bool]], *, all_ran: bool, stale: bool = False) -> int:
    """What a build is told: 0 nothing unexpected, 1 a failure that nobody excused or a stale excuse, 2 inconclusive.

    The verdict on the implementation is `run_verdict`'s, which no excuse changes.

    Args:
        cases: Level and verdict of each case, and whether the ledger excuses it.
        all_ran: Every planned case has a verdict.
        stale: The ledger excuses what passed.
    """
    counted = [(level, CaseVerdict.PASS if excused else verdict) for level, verdict, excused in cases]
    if stale:
        return 1
    codes = {RunVerdict.CONFORMING: 0, RunVerdict.NONCONFORMING: 1, RunVerdict.INCONCLUSIVE: 2}
    return codes[run_verdict(counted, all_ran=all_ran)]

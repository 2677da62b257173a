"""What changed from one report to another, rule by rule and case by case; never from summary numbers. Pure."""

import enum
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from idpact_contract.catalogue import Level
from idpact_contract.results.report import CaseReport, Report, RuleReport
from idpact_contract.results.verdict import CaseVerdict

__all__ = ["Change", "Kind", "changes", "is_setback"]


class Kind(enum.StrEnum):
    """What kind of change it is."""

    REGRESSED = "regressed"
    """The verdict is worse."""
    UNDECIDED = "no longer judged"
    """It was judged before, and now it doesn't apply, could not be arranged, or did not run."""
    FIXED = "fixed"
    """The verdict is better."""
    DECIDED = "now judged"
    """It was not judged before, and is kept."""
    NEW_RULE = "new rule"
    REMOVED_RULE = "removed rule"
    NEW_CASE = "new case"
    REMOVED_CASE = "removed case"
    LEVEL = "level changed"
    ANSWER = "answer changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change.

    Attributes:
        kind: What kind it is.
        subject: The id of the rule, of the case (`RULE/name`) or of the question.
        before: The verdict, level or answer in the baseline; empty where there was none.
        after: The same in the new report.
        told: What was observed, where that is worth a line.
    """

    kind: Kind
    subject: str
    before: str = ""
    after: str = ""
    told: str = ""

    @property
    def is_case(self) -> bool:
        """It is about a case, not about a rule or a question."""
        return "/" in self.subject


_Entry = TypeVar("_Entry", RuleReport, CaseReport)

_BROKEN: Final = {CaseVerdict.PASS: 0, CaseVerdict.WARN: 1, CaseVerdict.FAIL: 2}
"""How bad a verdict is, where there is one; the other two judge nothing."""


def changes(before: Report, after: Report) -> tuple[Change, ...]:
    """Every change from a baseline to a new report: rules first, then their cases, then the open questions."""
    old_rules, new_rules = _by_id(before.rules), _by_id(after.rules)
    old_cases, new_cases = _by_id(before.cases), _by_id(after.cases)
    in_both = {
        case_id for case_id in {*old_cases, *new_cases} if case_id.partition("/")[0] in old_rules.keys() & new_rules
    }
    old_answers = {answer.question: answer.answer for answer in before.open}
    new_answers = {answer.question: answer.answer for answer in after.open}
    return (
        *_of(old_rules, new_rules, appeared=Kind.NEW_RULE, gone=Kind.REMOVED_RULE),
        *_of(_only(old_cases, in_both), _only(new_cases, in_both), appeared=Kind.NEW_CASE, gone=Kind.REMOVED_CASE),
        *(
            Change(kind=Kind.ANSWER, subject=question, before=old_answers[question], after=answer)
            for question, answer in new_answers.items()
            if question in old_answers and answer != old_answers[question]
        ),
    )


def is_setback(change: Change) -> bool:
    """A change that a build stops at: something is worse, is no longer judged, or is new and broken from the start.

    A removed rule or case is one too: rule ids are never taken back, so it was left out of the run.
    """
    if change.kind in (Kind.NEW_RULE, Kind.NEW_CASE):
        return change.after == CaseVerdict.FAIL
    return change.kind in (Kind.REGRESSED, Kind.UNDECIDED, Kind.REMOVED_RULE, Kind.REMOVED_CASE)


def _of(
    before: Mapping[str, RuleReport | CaseReport],
    after: Mapping[str, RuleReport | CaseReport],
    *,
    appeared: Kind,
    gone: Kind,
) -> Iterator[Change]:
    for subject, new in after.items():
        old = before.get(subject)
        if old is None:
            yield Change(kind=appeared, subject=subject, after=new.verdict, told=_observed(new))
            continue
        if old.level is not new.level:
            yield _level_change(subject, old.level, new.level)
        kind = _kind(old.verdict, new.verdict)
        if kind is not None:
            yield Change(kind=kind, subject=subject, before=old.verdict, after=new.verdict, told=_observed(new))
    for subject, old in before.items():
        if subject not in after:
            yield Change(kind=gone, subject=subject, before=old.verdict)


def _level_change(subject: str, before: Level, after: Level) -> Change:
    return Change(kind=Kind.LEVEL, subject=subject, before=before, after=after)


def _kind(before: CaseVerdict, after: CaseVerdict) -> Kind | None:
    if before is after:
        return None
    old, new = _BROKEN.get(before), _BROKEN.get(after)
    if new is None:
        return None if old is None else Kind.UNDECIDED
    if old is None:
        return Kind.DECIDED if new == 0 else Kind.REGRESSED
    return Kind.REGRESSED if new > old else Kind.FIXED


def _observed(told: RuleReport | CaseReport) -> str:
    return told.observed if isinstance(told, CaseReport) else ""


def _by_id(entries: Iterable[_Entry]) -> dict[str, _Entry]:
    return {entry.id: entry for entry in entries}


def _only(entries: Mapping[str, CaseReport], wanted: set[str]) -> dict[str, CaseReport]:
    return {case_id: case for case_id, case in entries.items() if case_id in wanted}

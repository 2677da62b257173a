"""Implementations by rules: what each report says of each rule, and how each answers what the source leaves open. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from idpact_contract.catalogue import Level
from idpact_contract.results.report import Report, RuleReport
from idpact_contract.results.verdict import CaseVerdict

__all__ = ["AnswerRow", "Column", "Matrix", "RuleRow", "matrix_of"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One implementation.

    Attributes:
        name: What it is called here.
        report: Its report.
    """

    name: str
    report: Report


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRow:
    """One rule.

    Attributes:
        id: Its id.
        level: Its level, in the newest wording that a report has.
        family: The name of its family.
        statement: What it asks.
        verdicts: A verdict for each column; None where that report doesn't speak of the rule.
        broken: For each column, how many of its cases failed or warned, and how many there are.
    """

    id: str
    level: Level
    family: str
    statement: str
    verdicts: tuple[CaseVerdict | None, ...]
    broken: tuple[tuple[int, int], ...]

    @property
    def differs(self) -> bool:
        """The columns don't all say the same."""
        return len(set(self.verdicts)) > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRow:
    """One open question, with an answer for each column; None where that report doesn't ask it."""

    question: str
    asks: str
    answers: tuple[str | None, ...]

    @property
    def differs(self) -> bool:
        """The columns don't all answer the same."""
        return len(set(self.answers)) > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """Reports beside each other.

    Attributes:
        columns: The implementations.
        rules: Every rule that one of the reports speaks of.
        answers: Every open question that one of them asks.
    """

    columns: tuple[Column, ...]
    rules: tuple[RuleRow, ...]
    answers: tuple[AnswerRow, ...]

    @property
    def one_catalogue(self) -> bool:
        """All were judged by the same rules, so that their verdicts compare."""
        return len({column.report.suite.get("catalogue") for column in self.columns}) == 1


def matrix_of(columns: Sequence[Column]) -> Matrix:
    """Put reports beside each other, in the order given."""
    by_rule = [{rule.id: rule for rule in column.report.rules} for column in columns]
    by_question = [{answer.question: answer for answer in column.report.open} for column in columns]
    return Matrix(
        columns=tuple(columns),
        rules=tuple(
            _rule_row(rule_id, [rules.get(rule_id) for rules in by_rule])
            for rule_id in _in_order([rule.id for rule in column.report.rules] for column in columns)
        ),
        answers=tuple(
            AnswerRow(
                question=question,
                asks=next(answers[question].asks for answers in by_question if question in answers),
                answers=tuple(answers[question].answer if question in answers else None for answers in by_question),
            )
            for question in _in_order([answer.question for answer in column.report.open] for column in columns)
        ),
    )


def _rule_row(rule_id: str, rules: Sequence[RuleReport | None]) -> RuleRow:
    told = [rule for rule in rules if rule is not None][-1]
    return RuleRow(
        id=rule_id,
        level=told.level,
        family=told.family,
        statement=told.statement,
        verdicts=tuple(None if rule is None else rule.verdict for rule in rules),
        broken=tuple((0, 0) if rule is None else _broken(rule) for rule in rules),
    )


def _broken(rule: RuleReport) -> tuple[int, int]:
    broken = sum(case.verdict in (CaseVerdict.FAIL, CaseVerdict.WARN) for case in rule.cases)
    return broken, len(rule.cases)


def _in_order(lists: Iterable[Iterable[T]]) -> list[T]:
    """Every entry once: in the order of the longest list, and what only others have after its neighbour there."""
    merged: list[T] = []
    for entries in sorted((list(entries) for entries in lists), key=len, reverse=True):
        at = 0
        for entry in entries:
            if entry in merged:
                at = merged.index(entry) + 1
            else:
                merged.insert(at, entry)
                at += 1
    return merged

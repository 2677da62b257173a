"""The pictures at the top of the page: rules by family, precedence as a grid, activation as a grid.

A picture shows the verdicts that the document holds, where they belong; a case that the document doesn't hold is an empty cell.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from idpact_contract.cases.prec import subset_name
from idpact_contract.connection import REQUIRED, URL_FIELDS
from idpact_contract.results.report import CaseReport, RuleReport
from idpact_contract.results.verdict import CaseVerdict

__all__ = ["Cell", "Family", "PictureRow", "activation", "families", "precedence"]

How = Literal["typed", "inferred", "last"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell of a grid.

    Attributes:
        label: The cell in words.
        how: What the field's value rests on.
        case: The case's id.
        verdict: The case's verdict; None where the document doesn't hold the case.
        elsewhere: The case found differences, and none in this field.
    """

    label: str
    how: How
    case: str
    verdict: CaseVerdict | None
    elsewhere: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureRow:
    """A row of a grid; a cell is None where there can be no case."""

    name: str
    label: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A family and its rules, in the order of the catalogue."""

    name: str
    about: str
    rules: tuple[RuleReport, ...]

    @property
    def tally(self) -> str:
        """Its rules by verdict, in words."""
        counts = {word: sum(rule.verdict is word for rule in self.rules) for word in CaseVerdict}
        return ", ".join(f"{count} {word}" for word, count in counts.items() if count)


def families(rules: tuple[RuleReport, ...]) -> tuple[Family, ...]:
    """The rules by family."""
    grouped: dict[tuple[str, str], list[RuleReport]] = {}
    for rule in rules:
        grouped.setdefault((rule.id.partition("-")[0], rule.family), []).append(rule)
    return tuple(Family(name=name, about=about, rules=tuple(of_it)) for (name, about), of_it in grouped.items())


def precedence(cases: Mapping[str, CaseReport]) -> tuple[PictureRow, ...]:
    """A row for each of the sixteen subsets of typed URLs: four cells on a new connection, four on one that had values.

    Empty where the document holds none of these cases.
    """
    subsets = [typed for size in range(len(URL_FIELDS) + 1) for typed in combinations(URL_FIELDS, size)]
    return _unless_empty(tuple(_subset(cases, typed) for typed in subsets))


def _subset(cases: Mapping[str, CaseReport], typed: tuple[str, ...]) -> PictureRow:
    name = subset_name(typed)
    fresh = tuple(_url(cases, f"PREC-{1 if field in typed else 2}/{name}", field, typed) for field in URL_FIELDS)
    filled = tuple(_url(cases, f"PREC-3/filled-{name}", field, typed) for field in URL_FIELDS)
    return PictureRow(name=name, label=", ".join(typed) or "no URL", cells=(*fresh, *filled))


def _url(cases: Mapping[str, CaseReport], case_id: str, field: str, typed: tuple[str, ...]) -> Cell:
    how: How = "typed" if field in typed else "inferred"
    case = cases.get(case_id)
    if case is None:
        return Cell(label=f"{field} {how}: not in this report", how=how, case=case_id, verdict=None)
    elsewhere = bool(case.differences) and all(entry.field != field for entry in case.differences)
    told = f"{case.verdict}, for another field" if elsewhere else case.verdict
    return Cell(
        label=f"{case_id}, {field} {how}: {told}", how=how, case=case_id, verdict=case.verdict, elsewhere=elsewhere
    )


def activation(cases: Mapping[str, CaseReport]) -> tuple[PictureRow, ...]:
    """A row for each required field: missing while the rest is typed, missing while the rest is inferred, typed last.

    Empty where the document holds none of these cases.
    """
    return _unless_empty(tuple(_required(cases, field) for field in REQUIRED))


def _required(cases: Mapping[str, CaseReport], field: str) -> PictureRow:
    name = field.replace("_", "-")
    places: tuple[tuple[str, How], ...] = (
        (f"ACT-2/typed-without-{name}", "typed"),
        (f"ACT-2/inferred-without-{name}", "inferred"),
        (f"ACT-3/last-{name}", "last"),
    )
    # Nothing can be inferred without an issuer, so that is no empty cell but none at all.
    cells = tuple(
        None if field == "issuer" and how == "inferred" else _status(cases, case_id, how) for case_id, how in places
    )
    return PictureRow(name=field, label=field, cells=cells)


def _status(cases: Mapping[str, CaseReport], case_id: str, how: How) -> Cell:
    case = cases.get(case_id)
    told = "not in this report" if case is None else case.verdict
    return Cell(label=f"{case_id}: {told}", how=how, case=case_id, verdict=None if case is None else case.verdict)


def _unless_empty(rows: tuple[PictureRow, ...]) -> tuple[PictureRow, ...]:
    return rows if any(cell is not None and cell.verdict is not None for row in rows for cell in row.cells) else ()

"""A comparison as Markdown: for a pull request, a wiki, or a CI job's summary. Pure."""

import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Final

from idpact_contract.results.compare.changes import Change, Kind, is_setback
from idpact_contract.results.compare.matrix import Column, Matrix, RuleRow
from idpact_contract.results.page.text import clip, visible
from idpact_contract.results.verdict import CaseVerdict

__all__ = ["changes_markdown", "matrix_markdown"]

_MARKS: Final = {
    CaseVerdict.PASS: "pass",
    CaseVerdict.FAIL: "**FAIL**",
    CaseVerdict.WARN: "warn",
    CaseVerdict.INCONCLUSIVE: "inconclusive",
    CaseVerdict.NOT_APPLICABLE: "n/a",
    None: "not in the report",
}
_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]<>#|~!])")
_CASES_AT_MOST: Final = 50


def matrix_markdown(matrix: Matrix) -> str:
    """Implementations beside each other: verdicts, rules, answers."""
    names = [column.name for column in matrix.columns]
    lines = ["# Implementations compared", "", *_columns(matrix.columns)]
    if not matrix.one_catalogue:
        lines += [
            "",
            "The reports were made with different catalogues of rules: the same id means the same, but cases may differ.",
        ]
    lines += ["", "## Rules", "", *_table(["rule", "level", *names], [_rule_cells(row) for row in matrix.rules])]
    answers = [[_text(row.asks), *(_text(answer or "not asked") for answer in row.answers)] for row in matrix.answers]
    if answers:
        lines += ["", "## Left open by the source", "", *_table(["question", *names], answers)]
    return "\n".join([*lines, ""])


def changes_markdown(before: Column, after: Column, found: Sequence[Change]) -> str:
    """What changed since a baseline; setbacks first."""
    setbacks = sum(map(is_setback, found))
    told = "Nothing changed." if not found else f"{len(found)} changes, {setbacks} of them for the worse."
    lines = [f"# {_text(before.name)} → {_text(after.name)}", "", *_columns([before, after]), "", told]
    ordered = sorted(found, key=lambda change: (not is_setback(change), list(Kind).index(change.kind)))
    for kind, group in groupby(ordered, key=lambda change: change.kind):
        lines += ["", f"## {kind.capitalize()}", "", *_changes(list(group))]
    return "\n".join([*lines, ""])


def _changes(group: Sequence[Change]) -> list[str]:
    shown = [change for change in group if not change.is_case] + [change for change in group if change.is_case]
    rows = [
        [
            f"`{change.subject}`",
            _text(change.before or "none"),
            _text(change.after or "none"),
            _text(clip(change.told, 200)),
        ]
        for change in shown[:_CASES_AT_MOST]
    ]
    more = len(shown) - _CASES_AT_MOST
    return [*_table(["what", "before", "after", "observed"], rows), *([f"\n… and {more} more."] if more > 0 else [])]


def _columns(columns: Iterable[Column]) -> list[str]:
    rows = []
    for column in columns:
        report = column.report
        scope = "" if report.complete else " (over a selection)"
        target = f"{report.target.get('base_url', '')} as {report.target.get('profile', '')}"
        suite = f"{report.suite.get('name', 'idpact')} {report.suite.get('version', '')}"
        rows.append([_text(column.name), f"**{report.verdict}**{scope}", _text(target), _text(suite), report.started])
    return _table(["implementation", "verdict", "target", "suite", "date"], rows)


def _rule_cells(row: RuleRow) -> list[str]:
    cells = [
        _MARKS[verdict] + (f" ({broken} of {cases})" if broken else "")
        for verdict, (broken, cases) in zip(row.verdicts, row.broken, strict=True)
    ]
    return [f"`{row.id}` {_text(row.statement)}", row.level, *cells]


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rows)]


def _text(told: str) -> str:
    """Text of anybody's, in one line and without a meaning in Markdown or HTML."""
    return _SPECIAL.sub(r"\\\1", " ".join(visible(told).split()))

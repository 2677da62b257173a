"""The result document as Markdown that fits one screen: for a job summary. Failing rules come first."""

from typing import Final

from idpact_contract.results.report import Report, RuleReport
from idpact_contract.results.verdict import CaseVerdict

__all__ = ["markdown"]

_ORDER: Final = (CaseVerdict.FAIL, CaseVerdict.INCONCLUSIVE, CaseVerdict.WARN)
_ROWS: Final = 20
_LONGEST: Final = 160


def markdown(report: Report) -> bytes:
    """The document as GitHub-flavoured Markdown: verdict, counts, and up to 20 rules that did not pass."""
    counts = ", ".join(f"{count} {verdict}" for verdict, count in report.counts.items() if count)
    target = _text(f"{report.target['base_url']}, profile {report.target['profile']}")
    lines = [f"## idpact: {report.verdict}", "", f"{target}: {counts} ({report.seconds:.1f} s, seed {report.seed})"]
    if not report.complete:
        lines += ["", "The verdict is over a selection of the cases, or not all of them ran."]
    broken = [rule for verdict in _ORDER for rule in report.rules if rule.verdict is verdict]
    if broken:
        lines += ["", "| rule | level | verdict | cases | statement | first seen |", "|---|---|---|---|---|---|"]
        lines += [_row(rule) for rule in broken[:_ROWS]]
    if len(broken) > _ROWS:
        lines += ["", f"and {len(broken) - _ROWS} more rules that did not pass"]
    return ("\n".join(lines) + "\n").encode()


def _row(rule: RuleReport) -> str:
    cases = [case for case in rule.cases if case.verdict is rule.verdict]
    seen = cases[0].observed if cases else ""
    count = f"{len(cases)}/{len(rule.cases)}"
    return f"| {rule.id} | {rule.level} | {rule.verdict} | {count} | {_text(rule.statement)} | {_text(seen)} |"


def _text(told: str) -> str:
    """Text that stays text and stays in its cell, whatever an implementation sent."""
    cut = told if len(told) <= _LONGEST else f"{told[:_LONGEST]}…"
    flat = "".join(char if char.isprintable() else " " for char in cut)
    for char, safe in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        flat = flat.replace(char, safe)
    return "".join(f"\\{char}" if char in "\\`*_[]|~!#@" else char for char in flat)

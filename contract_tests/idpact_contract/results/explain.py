"""A case in words: the rule and its source, what was sent, served and seen, what would have been right, how to run it again."""

from collections.abc import Iterator, Sequence

from idpact_contract.cases import Case
from idpact_contract.judgement import Difference
from idpact_contract.redact import Redactor
from idpact_contract.results.report import CaseReport, report_case
from idpact_contract.trial import Trial

__all__ = ["explain", "explain_case"]

_VERDICTS = {"fail": "violated", "warn": "violated", "inconclusive": "inconclusive"}


def explain(case: Case, trial: Trial) -> str:
    """A trial in words, without its secrets."""
    return explain_case(case.rule.statement, case.rule.citation, report_case(case, trial, Redactor()))


def explain_case(statement: str, citation: str, report: CaseReport, *, rerun: str = "") -> str:
    """A reported case in words, a line each; `rerun` is the command that runs this one case again."""
    return "\n".join(_lines(statement, citation, report, rerun))


def _lines(statement: str, citation: str, report: CaseReport, rerun: str) -> Iterator[str]:
    yield f"{report.id} ({report.level}) {_VERDICTS.get(report.verdict, report.verdict)}: {statement}"
    yield f"  case    {report.title}"
    if report.expected:
        yield f"  wanted  {report.expected}"
    yield f"  saw     {report.observed}"
    yield from _differences(report.differences)
    yield from _listed("story", report.story)
    yield from _listed("sent", report.sent)
    if report.served or report.sent:
        yield from _listed("served", report.served or ("nothing: no request reached the mock IdP",))
    yield f"  source  {citation}"
    if report.verdict in ("fail", "warn"):
        yield f"  mend    idpact explain {report.id.partition('/')[0]}"
    yield from _listed("again", report.script or report.curl)
    if rerun:
        yield f"  rerun   {rerun}"


def _differences(differences: Sequence[Difference]) -> Iterator[str]:
    for entry in differences:
        allowed = " or ".join(repr(value) for value in entry.allowed) or entry.why
        yield f"          {entry.where}: {entry.field} is {entry.observed!r}, not {allowed}"


def _listed(name: str, lines: Sequence[str]) -> Iterator[str]:
    for index, line in enumerate(lines):
        yield f"  {name if index == 0 else '':<8}{line}"

"""The report as one HTML page: opens from disk, needs nothing else. Shows what the document says and judges nothing."""

from typing import Final

from idpact_contract.results.page.outline import ORDER, outline
from idpact_contract.results.page.pictures import activation, families, precedence
from idpact_contract.results.page.rendering import render
from idpact_contract.results.report import Report
from idpact_contract.results.verdict import CaseVerdict, RunVerdict

__all__ = ["html_page"]

_MEANINGS: Final = {
    RunVerdict.CONFORMING: "Every MUST that applies was kept. A SHOULD that was not kept is a warning and changes nothing here.",
    RunVerdict.NONCONFORMING: "At least one MUST was broken.",
    RunVerdict.INCONCLUSIVE: "Not enough could be judged to say whether it conforms.",
}
_OWN_IDS: Final = (
    "top",
    "summary",
    "glance",
    "rules",
    "open",
    "environment",
    "filter",
    "filter-text",
    "filter-status",
    "fold",
    "unfold",
    "nothing",
)


def html_page(report: Report) -> bytes:
    """The document as one HTML page, in UTF-8."""
    found = outline(report, taken=_OWN_IDS)
    cases = {case.id: case for case in reversed(report.cases)}
    return render(
        "report.html.j2",
        styles=("report.css",),
        script="report.js",
        report=report,
        meanings=_MEANINGS,
        order=ORDER,
        chapters=found.chapters,
        links=found.links,
        families=families(report.rules),
        precedence=precedence(cases),
        activation=activation(cases),
        tally={word: sum(case.verdict is word for case in report.cases) for word in CaseVerdict},
    )

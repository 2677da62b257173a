"""The report as one HTML page: opens from disk, needs nothing else.

Shows what the document says and judges nothing. All text goes through Jinja2's escaping, and before that through
`visible`; style and script stand in the page, and the page's own policy lets nothing else run or load.
"""

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import Any, Final

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from idpact_contract.results.page.outline import ORDER, outline
from idpact_contract.results.page.pictures import activation, families, precedence
from idpact_contract.results.page.text import clip, visible
from idpact_contract.results.report import Report
from idpact_contract.results.verdict import CaseVerdict, RunVerdict

__all__ = ["html_page"]

_MARKS: Final = {
    CaseVerdict.PASS: "✓",
    CaseVerdict.FAIL: "✕",
    CaseVerdict.WARN: "!",
    CaseVerdict.INCONCLUSIVE: "?",
    CaseVerdict.NOT_APPLICABLE: "\N{EN DASH}",
}
_RUN_MARKS: Final = {RunVerdict.CONFORMING: "✓", RunVerdict.NONCONFORMING: "✕", RunVerdict.INCONCLUSIVE: "?"}
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
    style, script = _asset("report.css"), _asset("report.js")
    allowed = f"style-src '{_digest(style)}'; script-src '{_digest(script)}'"
    found = outline(report, taken=_OWN_IDS)
    cases = {case.id: case for case in reversed(report.cases)}
    page = _environment().get_template("report.html.j2")
    return page.render(
        report=report,
        policy=f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'",
        # Our own files, which hold no text of anybody else's.
        style=Markup(style),  # noqa: S704
        script=Markup(script),  # noqa: S704
        chapters=found.chapters,
        links=found.links,
        families=families(report.rules),
        precedence=precedence(cases),
        activation=activation(cases),
        tally={word: sum(case.verdict is word for case in report.cases) for word in CaseVerdict},
    ).encode()


@cache
def _environment() -> Environment:
    environment = Environment(
        autoescape=True,
        loader=FunctionLoader(_asset),
        undefined=StrictUndefined,
        finalize=_finalized,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(marks=_MARKS, run_marks=_RUN_MARKS, meanings=_MEANINGS, order=ORDER)
    environment.filters |= {"clip": clip, "content": _content}
    return environment


def _finalized(value: Any) -> Any:  # noqa: ANN401 - whatever an expression of the template yields
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _content(text: str) -> Markup:
    """Text for between two tags, never for an attribute: quotes stay as they are, which in JSON is a sixth of the page."""
    shown = visible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return Markup(shown)  # noqa: S704 - escaped in the line above


@cache
def _asset(name: str) -> str:
    """A file beside the template; with line feeds alone, since browsers hash what they have read as such."""
    return (files("idpact_contract.results.page") / name).read_text("utf-8").replace("\r\n", "\n")


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()

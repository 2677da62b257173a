"""One HTML page from a template: style and script stand in it, and its own policy lets nothing else run or load.

All text goes through Jinja2's escaping, and before that through `visible`.
"""

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import Any, Final

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from idpact_contract.results.page.text import clip, visible
from idpact_contract.results.verdict import CaseVerdict, RunVerdict

__all__ = ["render"]

_MARKS: Final = {
    CaseVerdict.PASS: "✓",
    CaseVerdict.FAIL: "✕",
    CaseVerdict.WARN: "!",
    CaseVerdict.INCONCLUSIVE: "?",
    CaseVerdict.NOT_APPLICABLE: "\N{EN DASH}",
}
_RUN_MARKS: Final = {RunVerdict.CONFORMING: "✓", RunVerdict.NONCONFORMING: "✕", RunVerdict.INCONCLUSIVE: "?"}


def render(template: str, *, styles: tuple[str, ...], script: str | None = None, **values: object) -> bytes:
    """The page in UTF-8; `styles` and `script` are files beside the templates, and the template gets `values`."""
    style = "".join(_asset(name) for name in styles)
    code = "" if script is None else _asset(script)
    allowed = f"style-src '{_digest(style)}'" + (f"; script-src '{_digest(code)}'" if code else "")
    return (
        _environment()
        .get_template(template)
        .render(
            policy=f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'",
            # Our own files, which hold no text of anybody else's.
            style=Markup(style),  # noqa: S704
            script=Markup(code),  # noqa: S704
            **values,
        )
        .encode()
    )


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
    environment.globals.update(marks=_MARKS, run_marks=_RUN_MARKS)
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

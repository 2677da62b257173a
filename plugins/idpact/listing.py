"""The catalogue of failures as text for a terminal. Pure."""

import textwrap
from collections.abc import Iterable
from itertools import groupby
from typing import Final

from idpact_mock.failures import ENDPOINTS, FailureMode, Outcome

__all__ = ["failures_text"]

_GROUPS: Final = {
    "connection": "No connection, or no answer",
    "status": "Status and redirects",
    "body": "Body and encoding",
    "document": "The document's members",
    "address": "Addresses and caches",
}
_OUTCOMES: Final = {
    Outcome.NOT: "not retrieved",
    Outcome.NOT_STRICT: "not to be used, though lenient clients do",
    Outcome.YES: "retrieved",
    Outcome.YES_UNUSABLE: "retrieved, with members that can't be used",
    Outcome.OPEN: "left open by the standards",
}
_WIDTH: Final = 112


def failures_text(modes: Iterable[FailureMode]) -> str:
    """One paragraph for each failure: id and outcome, what is on the wire, the standard, and its parameters."""
    lines = []
    for group, members in groupby(modes, key=lambda mode: mode.group):
        lines += [_GROUPS[group], ""]
        for mode in members:
            lines += [*_paragraph(mode), ""]
    return "\n".join(lines).rstrip()


def _paragraph(mode: FailureMode) -> list[str]:
    lines = [f"  {mode.id}: {_OUTCOMES[mode.outcome]}"]
    lines += textwrap.wrap(mode.statement, _WIDTH, initial_indent="      ", subsequent_indent="      ")
    notes = [mode.standard] if mode.standard else []
    if mode.schedule != "always":
        notes.append(f"schedule: {mode.schedule}, where nothing else is said")
    if mode.layer == "address":
        notes.append("chosen when the issuer is made")
        if mode.endpoints == ENDPOINTS:
            notes[-1] += "; at other endpoints than discovery of the URL that the document hands out, at any time"
    elif mode.endpoints != ENDPOINTS:
        notes.append(f"endpoint: {' or '.join(mode.endpoints)} only")
    notes += [
        f"{parameter.name} = {parameter.default!r}: {parameter.meaning}; {parameter.wanted}"
        for parameter in mode.parameters
    ]
    for note in notes:
        lines += textwrap.wrap(note, _WIDTH, initial_indent="      - ", subsequent_indent="        ")
    return lines

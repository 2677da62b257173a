"""The presets as a list to read, and as JSON."""

from typing import Any, Final

from idpact_mock.presets.catalogue import NO_PRESET, PRESETS
from idpact_mock.presets.model import Preset

__all__ = ["as_json_value", "as_text"]

_MARKS: Final = {
    "D": "a whole captured document, or the code that renders it, was read",
    "P": "published by the vendor or by a public configuration, in part or second-hand",
    "K": "general knowledge, not checked",
}


def as_json_value() -> dict[str, Any]:
    """The presets, their marks in words, and the vendors without one and why, as a JSON value."""
    return {
        "marks": dict(_MARKS),
        "presets": [_described(preset) for preset in PRESETS.values()],
        "no_preset": dict(NO_PRESET),
    }


def as_text() -> str:
    """A line for each preset, then what the marks mean, then the vendors without one."""
    head = ("NAME", "GRADE", "MARK", "ISSUER", "FORM")
    rows = [head, *(_row(preset) for preset in PRESETS.values())]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    lines = ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    marks = [f"{mark}: {meaning}" for mark, meaning in _MARKS.items()]
    reasons = [f"no preset for {name}: {reason}" for name, reason in NO_PRESET.items()]
    return "\n".join([*lines, "", *marks, "", *reasons])


def _row(preset: Preset) -> tuple[str, str, str, str, str]:
    issuer = preset.issuer or "(this server's own)"
    return preset.name, preset.grade or "-", preset.mark or "-", issuer, f"{preset.title}, {preset.form}"


def _described(preset: Preset) -> dict[str, Any]:
    return {
        "name": preset.name,
        "identity_provider": preset.identity_provider,
        "title": preset.title,
        "form": preset.form,
        "issuer": preset.issuer,
        "address": preset.address,
        "parameters": preset.checked_parameters(None),
        "grade": preset.grade,
        "mark": preset.mark,
        "source": preset.source,
        "unverified": list(preset.unverified),
        "quirks": list(preset.quirks),
    }

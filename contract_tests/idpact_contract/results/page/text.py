"""Text from anywhere, made fit to be looked at: what can't be seen is shown, what is long is cut, what differs is found.

Escaping is the template's business. Here characters become visible that would hide, reorder or break what stands beside
them: in a report that is read as evidence, `a` and `a` with a zero-width space behind it must not look alike.
"""

import json
import re
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, Final

__all__ = ["CUT_AT", "Marked", "clip", "differing", "value_text", "visible"]

CUT_AT: Final = 4_000
"""Characters of a body or line that a page shows; the result document holds the rest."""

_UNSEEN: Final = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls, but not tab and line feed, which the page lays out
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\ud800-\udfff"  # halves of surrogate pairs, which UTF-8 can't write
    "\U000e0000-\U000e0fff"
    "]"
)
_PICTURES: Final = 0x2400
_DELETE: Final = 0x7F
_SPACE: Final = 0x20


def visible(text: str) -> str:
    """Text in which every control, format and odd space character is shown: `␀`, `␍`, `⟨U+202E⟩`."""
    return _UNSEEN.sub(_shown, text)


def _shown(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < _SPACE:
        return chr(_PICTURES + code)
    return "␡" if code == _DELETE else f"⟨U+{code:04X}⟩"


def clip(text: str, limit: int = CUT_AT) -> str:
    """Text of at most `limit` characters; where it was longer, a last line says how long."""
    if len(text) <= limit:
        return text
    return f"{text[:limit]}\n… cut here: {len(text):,} characters in all, which the result document holds"


def value_text(value: Any) -> str:  # noqa: ANN401 - JSON is any value
    """A field's value as JSON writes it, so that blanks show and a number can't be taken for its text."""
    if value is None:
        return "none (absent or null)"
    return clip(json.dumps(value, ensure_ascii=False, default=str))


@dataclass(frozen=True, slots=True)
class Marked:
    """Text with the part that differs from another text."""

    before: str
    odd: str = ""
    after: str = ""


def differing(observed: Any, allowed: Any) -> tuple[Marked, Marked]:  # noqa: ANN401 - JSON is any value
    """Two values as text, each with the part in which it differs from the other.

    Nothing is marked unless most of both is the same: a mark over everything tells nobody anything.
    """
    seen, wanted = value_text(observed), value_text(allowed)
    if not isinstance(observed, str) or not isinstance(allowed, str) or seen == wanted:
        return Marked(seen), Marked(wanted)
    head = _common(seen, wanted)
    tail = _common(seen[head:][::-1], wanted[head:][::-1])
    if 2 * (head + tail) < max(len(seen), len(wanted)):
        return Marked(seen), Marked(wanted)
    return _cut_out(seen, head, tail), _cut_out(wanted, head, tail)


def _common(one: str, other: str) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _cut_out(text: str, head: int, tail: int) -> Marked:
    end = len(text) - tail
    return Marked(text[:head], text[head:end], text[end:])

"""The forms in which a secret travels, and a walk over records that changes their texts and nothing else. Pure."""

import base64
import enum
import html
import json
import re
import typing
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar
from urllib.parse import quote, quote_plus

import msgspec

from idpact_contract.connection import MEMBER_OF, STRING_FIELDS

__all__ = ["encodable", "forms", "with_texts"]

T = TypeVar("T")

_DEEPEST: Final = 100
"""Levels of nesting that are kept; what lies deeper is hostile, and would end in a RecursionError somewhere."""

_NAMES: Final = frozenset({*STRING_FIELDS, *MEMBER_OF.values(), "custom_scopes", "attribute_mapping", "status_code"})
"""Member names of ours, which no secret's being the same word may change."""

_QUOTED: Final = 3
"""How often JSON is looked for within JSON: an answer within an error's text within an answer."""

_TOO_DEEP: Final = "… (nested more deeply than is kept)"
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def forms(secret: str) -> set[str]:
    """A secret as it stands, as JSON writers of several languages escape it, percent-encoded, as HTML, and in Base64.

    Base64 in each of its three alignments, so that it is found within a pair such as `id:secret`: of what surrounds the
    secret only the characters at its edges depend, and those are left out.
    """
    escaped = json.dumps(secret)[1:-1]
    percent = quote(secret, safe="", errors="replace")
    found = {secret, escaped, escaped.replace("/", "\\/"), percent, quote_plus(secret, errors="replace")}
    found |= {re.sub("%..", lambda match: match.group().lower(), percent)}
    found |= {quote(percent, safe=""), html.escape(secret), html.escape(secret, quote=False)}
    for digits in ("04x", "04X"):
        found.add(re.sub(r"[+<>&'=]", lambda match, d=digits: f"\\u{ord(match.group()):{d}}", escaped))  # type: ignore[misc] # bound now
    for _ in range(_QUOTED):
        found |= {json.dumps(form, ensure_ascii=ascii_only)[1:-1] for form in found for ascii_only in (True, False)}
    raw = secret.encode("utf-8", "replace")
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + raw).decode().rstrip("=")
        inner = encoded[(0, 2, 3)[shift] : len(encoded) - (1 if (shift + len(raw)) % 3 else 0)]
        found |= {inner, inner.replace("+", "-").replace("/", "_")}
    return found


def encodable(text: str) -> str:
    """Text without lone surrogates, which no UTF-8 can hold."""
    return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)


def with_texts(record: T, change: Callable[[str], str]) -> T:
    """A record, or plain JSON, with every text changed; field names, enumerated words and numbers stay as they are."""
    changed: T = _walk(record, change, 0)
    return changed


def _walk(value: Any, change: Callable[[str], str], depth: int) -> Any:  # noqa: ANN401 - any record
    if isinstance(value, str) and not isinstance(value, enum.Enum):
        return change(value)
    if depth > _DEEPEST:
        return _TOO_DEEP
    if isinstance(value, msgspec.Struct):
        free = [field.name for field in msgspec.structs.fields(type(value)) if not _is_word(field.type)]
        return msgspec.structs.replace(value, **{name: _walk(getattr(value, name), change, depth) for name in free})
    if isinstance(value, Mapping):
        return {_key(str(name), change): _walk(member, change, depth + 1) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_walk(member, change, depth + 1) for member in value)
    return value


def _key(name: str, change: Callable[[str], str]) -> str:
    return name if name in _NAMES else change(name)


def _is_word(annotation: object) -> bool:
    return typing.get_origin(annotation) is typing.Literal

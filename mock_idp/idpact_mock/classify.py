"""How a 200 answer at a discovery endpoint counts, judged by its bytes alone. Pure.

So that a journal tells the truth about documents which a user shaped by hand, not only about named failures. The order is
that of doubt: what no client can read comes first, then what the standard forbids, then what it leaves open.
"""

import json
import math
from collections.abc import Iterable, Mapping
from typing import Any, Final, Never
from urllib.parse import urlsplit

from idpact_mock.failures import Outcome
from idpact_mock.failures.document import ENDPOINT_MEMBERS

__all__ = ["ENDPOINTS", "outcome_of"]

ENDPOINTS: Final = ENDPOINT_MEMBERS
"""The members of provider metadata that a relying party's connection is filled from."""


class _LeftOpenError(Exception):
    """The bytes are something that parsers rightly disagree on."""


def outcome_of(body: bytes, *, content_type: str | None, issuer: str, encoded: bool = False) -> Outcome:
    """How a 200 answer counts.

    Args:
        body: The answer's body.
        content_type: The answer's Content-Type; None where there is none.
        issuer: The issuer as a relying party types it.
        encoded: The answer has a Content-Encoding, which is not undone here.

    Source: OpenID Connect Discovery 1.0, sections 3, 4.2 and 4.3; RFC 8259, sections 4, 6, 8.1 and 9.
    """
    if encoded:
        return Outcome.OPEN
    try:
        document = _parsed(body)
    except (_LeftOpenError, RecursionError):
        return Outcome.OPEN
    except ValueError:
        return Outcome.NOT
    return _outcome_of_document(document, content_type, issuer) if isinstance(document, dict) else Outcome.NOT


def _outcome_of_document(document: Mapping[str, object], content_type: str | None, issuer: str) -> Outcome:
    if document.get("issuer") != issuer:
        return Outcome.NOT_STRICT
    if (content_type or "").partition(";")[0].strip().lower() != "application/json":
        return Outcome.OPEN
    return _worst(_member(document[name], issuer) for name in ENDPOINTS if name in document)


def _parsed(body: bytes) -> object:
    if body.startswith(b"\xef\xbb\xbf") or body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise _LeftOpenError  # a byte order mark: parsers may ignore it (RFC 8259, section 8.1)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        # Some parsers put U+FFFD there and read on; what isn't JSON even then nobody can read.
        json.loads(body.decode("utf-8", "replace"))
        raise _LeftOpenError from error
    return json.loads(text, object_pairs_hook=_object, parse_constant=_constant, parse_int=_integer)


def _object(pairs: list[tuple[str, Any]]) -> Mapping[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _LeftOpenError  # doubled names: unpredictable (RFC 8259, section 4)
    return members


def _constant(_name: str) -> Never:
    raise _LeftOpenError  # NaN and Infinity


def _integer(digits: str) -> float:
    value = float(digits)  # the magnitude is all that matters here, and `int` refuses thousands of digits
    if math.isinf(value):
        raise _LeftOpenError
    return value


def _member(value: object, issuer: str) -> Outcome:
    if not isinstance(value, str) or not value.strip():
        return Outcome.YES_UNUSABLE
    if not value.isprintable() or any(character.isspace() for character in value):
        return Outcome.OPEN
    try:
        parts = urlsplit(value)
        _ = parts.port  # raises for a port that is no number below 65536
    except ValueError:
        return Outcome.OPEN
    plain = parts.scheme in {"http", "https"} and parts.hostname and "@" not in parts.netloc and "#" not in value
    downgraded = parts.scheme == "http" and issuer.startswith("https:")
    return Outcome.YES if plain and not downgraded else Outcome.OPEN


def _worst(outcomes: Iterable[Outcome]) -> Outcome:
    seen = set(outcomes)
    return next((outcome for outcome in (Outcome.OPEN, Outcome.YES_UNUSABLE) if outcome in seen), Outcome.YES)

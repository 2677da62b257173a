"""An HTTP answer that was rendered once and is sent many times. Knows ASGI's messages; sends nothing itself."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

from idpact_mock.failures import Outcome

__all__ = ["PART", "Answer", "json_answer", "make_answer"]

PART: Final = 64 * 1024
"""Bytes sent at once, so that little more than this is ever counted as sent to a client that left."""

NO_STORE: Final = "no-store"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer, ready to send.

    Attributes:
        status: The status.
        headers: Name and value of each header, names in lower case.
        body: The body, whole.
        content_type: The content type; None where none is sent.
        outcome: How it counts where it answers a request for a discovery document.
        head: The status line and the header lines as they are on the wire, without the empty line.
        start: ASGI's `http.response.start`.
        parts: ASGI's `http.response.body`, one for each part of the body.
        empty: The one that ends an answer to HEAD.
    """

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    content_type: str | None
    outcome: Outcome
    head: bytes = field(init=False, repr=False, compare=False)
    start: dict[str, Any] = field(init=False, repr=False, compare=False)
    parts: tuple[dict[str, Any], ...] = field(init=False, repr=False, compare=False)
    empty: dict[str, Any] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        start = {"type": "http.response.start", "status": self.status, "headers": list(self.headers)}
        object.__setattr__(self, "head", _head(self.status, self.headers))
        object.__setattr__(self, "start", start)
        object.__setattr__(self, "parts", tuple(_parts(self.body)))
        object.__setattr__(self, "empty", _part(b"", more=False))


def make_answer(
    status: int,
    body: bytes,
    *,
    content_type: str | None,
    outcome: Outcome,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Render an answer.

    Args:
        status: The status.
        body: The body.
        content_type: The content type; None sends none.
        outcome: How it counts.
        headers: Further headers; a Content-Type or Cache-Control among them wins over ours.
    """
    merged = {"content-type": content_type, "cache-control": NO_STORE}
    for name, value in (headers or {}).items():
        merged[name.lower()] = value
    merged["content-length"] = str(len(body))
    return Answer(
        status=status,
        headers=tuple(
            (name.encode("ascii"), value.encode("latin-1")) for name, value in merged.items() if value is not None
        ),
        body=body,
        content_type=merged["content-type"],
        outcome=outcome,
    )


def json_answer(
    status: int, value: object, *, outcome: Outcome = Outcome.NOT, headers: Mapping[str, str] | None = None
) -> Answer:
    """Render a JSON answer."""
    body = json.dumps(value, indent=2).encode("ascii")
    return make_answer(status, body, content_type="application/json", outcome=outcome, headers=headers)


def _head(status: int, headers: tuple[tuple[bytes, bytes], ...]) -> bytes:
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = ""
    lines = [f"HTTP/1.1 {status} {phrase}".encode("ascii"), *(b"%s: %s" % header for header in headers)]
    return b"".join(line + b"\r\n" for line in lines)


def _parts(body: bytes) -> list[dict[str, Any]]:
    if len(body) <= PART:
        return [_part(body, more=False)]
    return [_part(body[at : at + PART], more=at + PART < len(body)) for at in range(0, len(body), PART)]


def _part(body: bytes, *, more: bool) -> dict[str, Any]:
    return {"type": "http.response.body", "body": body, "more_body": more}

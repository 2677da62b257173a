"""An HTTP answer that was rendered once and is sent many times. Knows ASGI's messages; sends nothing itself."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from http import HTTPStatus
from typing import Any, Final

from idpact_mock.failures import Outcome

__all__ = ["Answer", "json_answer", "make_answer"]

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
        head: The status line and the header lines as they are on the wire, without the empty line; made of the headers.
    """

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    content_type: str | None
    outcome: Outcome
    head: bytes = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "head", _head(self.status, self.headers))

    @property
    def is_long(self) -> bool:
        """It is sent in more than one part."""
        return len(self.body) > PART

    @property
    def start(self) -> dict[str, Any]:
        """ASGI's `http.response.start`."""
        return {"type": "http.response.start", "status": self.status, "headers": list(self.headers)}

    @property
    def parts(self) -> list[dict[str, Any]]:
        """ASGI's `http.response.body`, one for each part of the body."""
        return _parts(self.body)

    @property
    def empty(self) -> dict[str, Any]:
        """The one that ends an answer to HEAD."""
        return _part(b"", more=False)


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


@cache
def _phrase(status: int) -> bytes:
    try:
        return HTTPStatus(status).phrase.encode("ascii")
    except ValueError:
        return b""


def _head(status: int, headers: tuple[tuple[bytes, bytes], ...]) -> bytes:
    lines = [b"%s: %s\r\n" % header for header in headers]
    return b"".join((b"HTTP/1.1 %d %s\r\n" % (status, _phrase(status)), *lines))


def _parts(body: bytes) -> list[dict[str, Any]]:
    if len(body) <= PART:
        return [_part(body, more=False)]
    return [_part(body[at : at + PART], more=at + PART < len(body)) for at in range(0, len(body), PART)]


def _part(body: bytes, *, more: bool) -> dict[str, Any]:
    return {"type": "http.response.body", "body": body, "more_body": more}

"""A control request on its way to all servers: written as an operation, and made of one again. Knows no Redis and no order."""

import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from idpact_mock.shared.log import Operation
from idpact_mock.site import CONTROL

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Scope

__all__ = ["PASSED_ON", "Answered", "answered_by", "below", "is_for_all", "operation_of"]

PASSED_ON: Final = "idpact.passed_on"
"""In the scope of a request that a server makes itself, since it was admitted at another."""

_READS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_ONCE: Final = frozenset({"tokens", "journal"})
"""Below an issuer: what one server does for all."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What the control interface of a server made of an operation."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


def below(path: str) -> list[str]:
    """The parts of a path below the control interface."""
    return path.removeprefix(f"{CONTROL}/").split("/")


def is_for_all(request: "Request") -> bool:
    """It is a change that all servers have to make, and wasn't passed on yet."""
    if request.method in _READS or PASSED_ON in request.scope:
        return False
    match below(request.scope["path"]):
        case ["strays"]:
            return False
        case ["issuers", _, what]:
            return what not in _ONCE
        case _:
            return True


async def operation_of(request: "Request") -> Operation:
    """The operation that a request asks for."""
    path: str = request.scope["path"]
    return Operation(
        token=secrets.token_hex(8),
        method=request.method,
        path=path,
        query=request.scope["query_string"].decode("latin-1"),
        media_type=request.headers.get("content-type", ""),
        body=_named(below(path), await request.body()).decode("latin-1"),
    )


def _named(parts: list[str], body: bytes) -> bytes:
    """The body of a change, with the name of an issuer that was left to the server: all must choose the same."""
    if parts != ["issuers"]:
        return body
    try:
        members = json.loads(body)
    except (ValueError, RecursionError):
        return body
    if isinstance(members, dict) and members.get("name") is None:
        return json.dumps({**members, "name": secrets.token_hex(5)}).encode("ascii")
    return body


async def answered_by(control: "ASGIApp", operation: Operation) -> Answered:
    """What the control interface of this server makes of a change."""
    body, sent = operation.body.encode("latin-1"), list[Any]()

    async def receive() -> "Message":
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: "Message") -> None:
        sent.append(message)

    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": operation.method,
        "scheme": "http",
        "path": operation.path,
        "raw_path": operation.path.encode(),
        "root_path": "",
        "query_string": operation.query.encode("latin-1"),
        "headers": [(b"content-type", operation.media_type.encode("latin-1"))],
        "client": None,
        "server": ("127.0.0.1", 80),
        PASSED_ON: True,
    }
    await control(scope, receive, send)
    start = next(message for message in sent if message["type"] == "http.response.start")
    whole = b"".join(message.get("body", b"") for message in sent if message["type"] == "http.response.body")
    return Answered(start["status"], list(start["headers"]), whole)

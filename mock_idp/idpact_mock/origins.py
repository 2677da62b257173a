"""A guard in front of the control interface: its own pages may use it, and those of origins that were named. Thin ASGI.

Source: the Fetch standard, section 3.3 (CORS protocol).
"""

from collections.abc import Awaitable, Callable, Collection
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["same_origin_only"]

_ALLOWED_HEADERS: Final = "Authorization, Content-Type, Last-Event-ID"
_METHODS: Final = "GET, HEAD, POST, PATCH, DELETE"


def same_origin_only(
    app: "ASGIApp",
    *,
    origins: Collection[str],
    own: Callable[[], str],
    refuse: Callable[[str], Response],
) -> "ASGIApp":
    """Keep pages of other origins out, but for those named.

    Args:
        app: What is guarded.
        origins: Those that may; "*" stands for all.
        own: The server's own URL, which may.
        refuse: Makes the answer to those that may not.
    """

    async def guard(scope: "Scope", receive: "Receive", send: "Send") -> None:
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        if origin is None or _is_own(origin, headers.get("host", ""), own()):
            await app(scope, receive, send)
        elif "*" not in origins and origin not in origins:
            await refuse(origin)(scope, receive, send)
        elif scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            await _preflight(origin)(scope, receive, send)
        else:
            await app(scope, receive, _allowing(origin, send))

    return guard


def _is_own(origin: str, host: str, own: str) -> bool:
    # By host, not by scheme: what ends TLS in front of this server changes that, and a page of the same host and port is ours.
    mine = urlsplit(own)
    return origin == f"{mine.scheme}://{mine.netloc}" or origin.partition("://")[2] == host != ""


def _preflight(origin: str) -> Response:
    return Response(
        status_code=204,
        headers={
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Allow-Methods": _METHODS,
            "Access-Control-Allow-Headers": _ALLOWED_HEADERS,
            "Access-Control-Max-Age": "600",
            "Vary": "Origin",
        },
    )


def _allowing(origin: str, send: "Send") -> Callable[["Message"], Awaitable[None]]:
    async def sending(message: "Message") -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["Access-Control-Allow-Origin"] = origin
            headers["Access-Control-Expose-Headers"] = "WWW-Authenticate, Allow"
            headers.add_vary_header("Origin")
        await send(message)

    return sending

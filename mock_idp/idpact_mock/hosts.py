"""A guard against DNS rebinding in front of a control interface that asks for no token. Thin ASGI.

A page of `https://evil.example` whose name is made to resolve to 127.0.0.1 is of the same origin as this server, for its browser:
no rule about origins keeps it out. What it can't change is the Host that its browser sends.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import Response

from idpact_mock.sockets import is_loopback

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["is_own_host", "own_hosts_only"]

_LOCAL: Final = ".localhost"


def own_hosts_only(app: "ASGIApp", *, own: Callable[[], str], refuse: Callable[[str], Response]) -> "ASGIApp":
    """Answer only requests under a loopback name or address, or the server's own host.

    Args:
        app: What is guarded.
        own: The server's own URL, as advertised.
        refuse: Makes the answer to others.
    """

    async def guard(scope: "Scope", receive: "Receive", send: "Send") -> None:
        host = Headers(scope=scope).get("host")
        # No browser leaves it out (RFC 9112, section 3.2).
        allowed = host is None or is_own_host(host, own=own())
        await (app if allowed else refuse(host or ""))(scope, receive, send)

    return guard


def is_own_host(host: str, *, own: str) -> bool:
    """Whether a Host header names this machine's loopback, or the host of `own`; ports aren't compared.

    Source: RFC 6761, section 6.3 (names below `localhost` are loopback's).
    """
    name = _name(host)
    return is_loopback(name) or name.endswith(_LOCAL) or name == _name(urlsplit(own).netloc) != ""


def _name(authority: str) -> str:
    """The host in lower case, without port, brackets and a final dot; empty where there is none."""
    try:
        name = urlsplit(f"//{authority}").hostname or ""
    except ValueError:
        return ""
    return "" if "@" in authority else name.removesuffix(".")

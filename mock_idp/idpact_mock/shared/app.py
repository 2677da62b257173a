"""The ASGI application of a server that shares: every request waits until this server knows what the others know."""

import asyncio
import json
from typing import TYPE_CHECKING, Final, cast

from idpact_mock.errors import StoreError
from idpact_mock.exchange import EXTENSION, Exchange, Wire
from idpact_mock.site import CONTROL

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from idpact_mock.shared.deployment import Deployment

__all__ = ["SharedApp"]

_LIVENESS: Final = f"{CONTROL}/health"
"""Answers whatever becomes of the store: a server isn't to be killed for it."""


class SharedApp:
    """An application that knows what the others know.

    Args:
        app: The server's own.
        deployment: What is shared.
    """

    def __init__(self, app: "ASGIApp", deployment: "Deployment") -> None:
        self._app = app
        self._deployment = deployment

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer a request, or begin and end with the server."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        if scope["path"] == _LIVENESS:
            await self._app(scope, receive, send)
            return
        held = _Held(self._deployment, scope, receive, send)
        try:
            await self._deployment.catch_up()
            if scope["path"].startswith(f"{CONTROL}/"):
                await self._deployment.refresh(scope["path"])
            await self._app(held.scope, held.receive, held.send)
            self._deployment.told(None)
        except StoreError as error:
            self._deployment.told(error)
            await held.refuse(error)

    async def _live(self, receive: "Receive", send: "Send") -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self._deployment.begin(asyncio.get_running_loop())
                await send({"type": "lifespan.startup.complete"})
            else:
                await send({"type": "lifespan.shutdown.complete"})
                return


class _Held:
    """A request that is answered only once the others can read of it."""

    def __init__(self, deployment: "Deployment", scope: "Scope", receive: "Receive", send: "Send") -> None:
        self._deployment = deployment
        self._receive = receive
        self._send = send
        self._flushed = False
        self._started = False
        extensions = scope.get("extensions") or {}
        wire = cast("Wire | None", extensions.get(EXTENSION))
        self._wire = None if wire is None else _HeldWire(wire)
        self.scope = scope if wire is None else {**scope, "extensions": {**extensions, EXTENSION: self._wire}}

    async def receive(self) -> "Message":
        """What the server receives, once the request's journal entry is written down."""
        if not self._flushed:
            await self._deployment.flush()
            self._flushed = True
        return await self._receive()

    async def send(self, message: "Message") -> None:
        """Send on."""
        self._started = True
        await self._send(message)

    async def refuse(self, error: StoreError) -> None:
        """Answer that what servers share can't be reached, if nothing is answered yet."""
        exchange = None if self._wire is None else self._wire.exchange
        if self._started or (exchange is not None and exchange.entry.status is not None):
            return
        body = json.dumps({"error": "store_unavailable", "message": str(error)}).encode("ascii")
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode("ascii"))]
        if exchange is not None:
            exchange.note(status=503, content=body, content_type="application/json")
            exchange.last = True
        await self._send({"type": "http.response.start", "status": 503, "headers": [*headers, (b"retry-after", b"1")]})
        await self._send({"type": "http.response.body", "body": body})


class _HeldWire:
    """A wire that lets nobody take a short cut past `receive`."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self.exchange: Exchange | None = None
        self.target = wire.target
        self.headers = wire.headers
        self.client = wire.client
        self.respond = wire.respond
        self.reset = wire.reset
        self.take = wire.take
        self.write = wire.write
        self.finish = wire.finish

    def attach(self, exchange: Exchange) -> None:
        """See `Wire.attach`."""
        self.exchange = exchange
        self._wire.attach(exchange)

    def is_whole(self) -> bool:
        """It isn't, before `receive` says so."""
        return False

"""uvicorn's HTTP protocol with its transport handed to the application, and its bytes counted. Server's side of `Wire`.

The hooks are those of `HttpToolsProtocol`: what it calls when a message begins, when its headers are complete, when an
answer is complete, and when the connection is lost.
"""

import asyncio
import logging
import socket
import struct
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote_from_bytes

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from idpact_mock.exchange import EXTENSION, TARGET
from idpact_mock.site import address_text

if TYPE_CHECKING:
    from idpact_mock.exchange import Exchange

__all__ = ["WireProtocol"]

_LOGGER: Final = logging.getLogger("idpact_mock.wire")
# Without a handler of its own, Python would print what clients do wrong on stderr.
_LOGGER.addHandler(logging.NullHandler())

_LINGER_RST: Final = struct.pack("ii", 1, 0)


class CountingTransport(asyncio.Transport):
    """A transport that tells the exchange of every byte before it is written."""

    def __init__(self, inner: asyncio.Transport, protocol: "WireProtocol") -> None:
        super().__init__()
        self._inner = inner
        self._protocol = protocol
        self.get_extra_info = inner.get_extra_info  # type: ignore[method-assign]  # called per request: no detour
        self.is_closing = inner.is_closing  # type: ignore[method-assign]  # the same

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Count, then write."""
        exchange = self._protocol.exchange
        if exchange is not None:
            exchange.sending(len(data))
        self._inner.write(data)

    def close(self) -> None:
        """Close once all is sent."""
        self._inner.close()

    def abort(self) -> None:
        """Close at once."""
        self._inner.abort()

    def pause_reading(self) -> None:
        """Read no more for now."""
        self._inner.pause_reading()

    def resume_reading(self) -> None:
        """Read on."""
        self._inner.resume_reading()

    def get_write_buffer_size(self) -> int:
        """Bytes that wait to be sent."""
        return self._inner.get_write_buffer_size()


class WireProtocol(HttpToolsProtocol):
    """uvicorn's protocol as a `Wire`."""

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - uvicorn's own arguments, passed on
        super().__init__(*args, **options)
        self.logger = _LOGGER
        self.access_log = False
        self.exchange: Exchange | None = None
        self.client_text = ""

    # -- the application's side ----------------------------------------------------------------------------------------

    def attach(self, exchange: "Exchange") -> None:
        """From now on, count the bytes of this exchange."""
        self.exchange = exchange

    def reset(self) -> None:
        """Drop the connection with RST."""
        raw = self.transport.get_extra_info("socket")
        if raw is not None:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_RST)
        self._drop()

    # -- uvicorn's side ------------------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn itself
        """A client has connected."""
        # No byte may wait unseen: with these limits uvicorn is told of every byte that couldn't be sent at once.
        transport.set_write_buffer_limits(high=0)
        super().connection_made(CountingTransport(transport, self))
        self.client_text = address_text(*self.client) if self.client else ""

    def connection_lost(self, exc: Exception | None) -> None:
        """The client has left, or the connection was dropped."""
        if self.exchange is not None:
            self.exchange.end("client-left")
            self.exchange = None
        super().connection_lost(exc)

    def on_headers_complete(self) -> None:
        """A request has come, but for its body."""
        target = self.url
        if not target.isascii():
            # Clients mustn't send such bytes, and uvicorn can't take them; a journal must show that they did.
            self.url = quote_from_bytes(target, safe="%/:?#[]@!$&'()*+,;=").encode("ascii")
        extensions: dict[str, Any] = {EXTENSION: self, TARGET: target}
        self.scope["extensions"] = extensions
        super().on_headers_complete()

    def on_response_complete(self) -> None:
        """The answer was handed to the transport, whole."""
        exchange = self.exchange
        if exchange is not None and not self.flow.write_paused:
            exchange.end("complete")
            self.exchange = None
        super().on_response_complete()

    def pause_writing(self) -> None:
        """Bytes wait in the transport's buffer."""
        if self.exchange is not None:
            self.exchange.stalled()
        super().pause_writing()

    def resume_writing(self) -> None:
        """All bytes were sent."""
        super().resume_writing()
        if self.exchange is not None and self.cycle.response_complete:
            self.exchange.end("complete")
            self.exchange = None

    def shutdown(self) -> None:
        """The server stops, or the issuer's port goes: whatever is under way ends here."""
        if self.exchange is not None:
            self.exchange.end("shutdown")
        self._drop()

    def _drop(self) -> None:
        cycle: RequestResponseCycle | None = self.cycle  # uvicorn's annotation leaves out that there may be none yet
        if cycle is not None and not cycle.response_complete:
            cycle.disconnected = True  # as `connection_lost` will, but before the application goes on
        self.transport.abort()

"""uvicorn's HTTP protocol with its transport handed to the application, and its bytes counted. Server's side of `Wire`.

The hooks are those of `HttpToolsProtocol`: what it calls when a message begins, when its headers are complete, when an
answer is complete, and when the connection is lost.
"""

import asyncio
import logging
import socket
import struct
import sys
import time
from typing import TYPE_CHECKING, Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from idpact_mock.entry import BODY_KEPT, Entry
from idpact_mock.exchange import EXTENSION, decoded
from idpact_mock.site import address_text
from idpact_mock.tally import Tally

if TYPE_CHECKING:
    from idpact_mock.entry import Ended
    from idpact_mock.exchange import Exchange
    from idpact_mock.prompt import Finder, Prompt

__all__ = ["WireProtocol"]

_LOGGER: Final = logging.getLogger("idpact_mock.wire")
# Without a handler of its own, Python would print what clients do wrong on stderr.
_LOGGER.addHandler(logging.NullHandler())

_SHORT_METHODS: Final = frozenset({b"GET", b"POST"})
_LONG_HEADERS: Final = frozenset({b"transfer-encoding", b"expect", b"upgrade"})
"""Headers of requests that take more than an answer in one piece."""

_LINGER_RST: Final = struct.pack("ii", 1, 0)


class CountingTransport(asyncio.Transport):
    """A transport that tells the exchange of every byte before it is written."""

    def __init__(self, inner: asyncio.Transport, protocol: "WireProtocol") -> None:
        super().__init__()
        self._protocol = protocol
        self.inner = inner
        # No detour for what uvicorn calls with every request.
        self.is_closing = inner.is_closing  # type: ignore[method-assign]  # see above
        self.get_extra_info = inner.get_extra_info  # type: ignore[method-assign]  # see above

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Count, then write; nothing once the client has left, which uvicorn learns only a turn of the loop later."""
        exchange = self._protocol.exchange
        if self.inner.is_closing() or self._protocol.left:
            if exchange is not None:
                exchange.end("client-left")
            return
        if exchange is not None:
            exchange.sending(len(data))
        self.inner.write(data)

    def close(self) -> None:
        """Close once all is sent."""
        self.inner.close()

    def abort(self) -> None:
        """Close at once; what is gone already stays so, where asyncio's own transport would raise."""
        if not self._protocol.gone:
            self.inner.abort()

    def pause_reading(self) -> None:
        """Read no more for now."""
        self.inner.pause_reading()

    def resume_reading(self) -> None:
        """Read on."""
        self.inner.resume_reading()

    def get_write_buffer_size(self) -> int:
        """Bytes that wait to be sent."""
        return self.inner.get_write_buffer_size()


class Turn:
    """One request on a connection, as a `Wire`: requests can be pipelined, so that each needs its own."""

    __slots__ = ("_keep_alive", "_protocol", "client", "cycle", "headers", "target")

    def __init__(self, protocol: "WireProtocol", target: bytes, *, keep_alive: bool) -> None:
        self._protocol = protocol
        self._keep_alive = keep_alive
        self.client = protocol.client_text
        self.headers = protocol.header_texts()
        self.target = target
        self.cycle: RequestResponseCycle

    def attach(self, exchange: "Exchange") -> None:
        """From now on, tell this exchange of its bytes and its end."""
        self._protocol.end("complete")  # one whose last bytes still waited in a buffer when the next request came
        self._protocol.exchange, self._protocol.turn = exchange, self

    def is_whole(self) -> bool:
        """The request has come whole, and has no body."""
        return not self.cycle.more_body and not self.cycle.body

    def respond(self, head: bytes, body: bytes) -> bool:
        """Send a whole answer in one piece, as uvicorn's own `send` would in two."""
        cycle, protocol = self.cycle, self._protocol
        exchange = protocol.exchange
        if exchange is None or protocol.flow.write_paused:
            return False
        keep_alive = self._keep_alive and cycle.keep_alive
        cycle.response_started = True
        cycle.waiting_for_100_continue = False
        exchange.last = True
        protocol.transport.write(head + (b"\r\n" if keep_alive else b"connection: close\r\n\r\n") + body)
        cycle.response_complete = True
        cycle.message_event.set()
        if not keep_alive:
            protocol.transport.close()
        cycle.on_response()
        return True

    def take(self, send_buffer: int | None = None) -> None:
        """From here on the answer is written byte by byte, and uvicorn sends nothing of its own."""
        cycle = self.cycle
        cycle.response_started, cycle.keep_alive = True, False
        cycle.waiting_for_100_continue = False
        raw = self._protocol.transport.get_extra_info("socket")
        if send_buffer is not None and raw is not None:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, send_buffer)

    async def write(self, data: bytes) -> bool:
        """Write bytes as they are, and wait until the kernel has them; False once the client has left."""
        protocol = self._protocol
        protocol.transport.write(data)
        if protocol.flow.write_paused:
            await protocol.flow.drain()
        if protocol.left:
            protocol.transport.abort()
        return not protocol.transport.is_closing()

    def finish(self) -> None:
        """Close the connection once all is sent (FIN)."""
        self.cycle.response_complete = True
        self._protocol.end("complete")
        self._protocol.transport.close()

    def lost(self) -> None:
        """The client has left: tell the application, which uvicorn does for the newest request only."""
        self.cycle.disconnected = not self.cycle.response_complete
        self.cycle.message_event.set()

    def reset(self) -> None:
        """Drop the connection with RST."""
        raw = self._protocol.transport.get_extra_info("socket")
        if raw is not None:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_RST)
        self.cycle.disconnected = True  # as `connection_lost` will, but before the application goes on
        self._protocol.transport.abort()


class WireProtocol(HttpToolsProtocol):
    """uvicorn's protocol, which hands each request its `Wire`, or answers at once what can be.

    Args:
        args: uvicorn's own, passed on.
        find: Finds what can be answered at once, if anything can.
        options: uvicorn's own, passed on.
    """

    def __init__(self, *args: Any, find: "Finder | None" = None, **options: Any) -> None:  # noqa: ANN401 - see above
        super().__init__(*args, **options)
        self._find = find
        self._held: bytearray | None = None
        """The body so far of a request that may go the short way."""
        self._port: int | None = None
        self._raw_headers: list[tuple[bytes, bytes]] = []
        self._header_texts: tuple[tuple[str, str], ...] = ()
        self.logger = _LOGGER
        self.access_log = False
        self.exchange: Tally | None = None
        self.turn: Turn | None = None
        self.client_text = ""
        self.left = False
        """The client has closed its side: over TLS that isn't to be seen by the transport, which then drops what is written."""
        self.gone = False
        """There is no connection any more."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn itself
        """A client has connected."""
        super().connection_made(CountingTransport(transport, self))
        # No byte may wait unseen: with these limits we are told as soon as one couldn't be sent at once. asyncio's plain
        # transport pauses above the limit, its TLS transport at the limit.
        transport.set_write_buffer_limits(high=1 if self.scheme == "https" else 0, low=0)
        self.client_text = address_text(*self.client) if self.client else ""
        self._port = self.server[1] if self.server else None

    def eof_received(self) -> None:
        """The client has closed its side, and so does the transport, now or, over TLS, soon."""
        self.left = True
        super().eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client has left, or the connection was dropped."""
        self.gone = True
        self.end("client-left")
        if self.turn is not None:
            self.turn.lost()
            self.turn = None
        super().connection_lost(exc)

    def on_headers_complete(self) -> None:
        """A request has come, but for its body. Which way it goes is decided once that is there, if it comes at once."""
        if self._may_go_the_short_way():
            self._held = bytearray()
        else:
            self._go_the_long_way()

    def on_body(self, body: bytes) -> None:
        """Some of the body has come."""
        if self._held is None:
            super().on_body(body)
        else:
            self._held += body

    def on_message_complete(self) -> None:
        """A request has come whole."""
        if self._held is None:
            super().on_message_complete()
            return
        prompt = None if self._find is None else self._find(self.parser.get_method(), self._port, self.url)
        if prompt is None:
            self._release()
            super().on_message_complete()
        else:
            body, self._held = bytes(self._held), None
            self._answer_at_once(prompt, body)

    def data_received(self, data: bytes) -> None:
        """Bytes have come. A request of which some are missing goes the long way, where they can be waited for."""
        super().data_received(data)
        if self._held is not None and not self.transport.is_closing():
            self._release()

    def header_texts(self) -> tuple[tuple[str, str], ...]:
        """The request's headers for the journal; a client mostly sends the same ones over and over, which are kept once."""
        if self.headers != self._raw_headers:
            self._raw_headers, self._header_texts = self.headers, decoded(self.headers)
        return self._header_texts

    def _may_go_the_short_way(self) -> bool:
        """Nothing about the request's head and the connection stands in the way of an answer in one piece."""
        parser = self.parser
        before: RequestResponseCycle | None = self.cycle
        return (
            self._find is not None
            and parser.get_method() in _SHORT_METHODS
            and parser.should_keep_alive()
            and parser.get_http_version() == "1.1"
            and not self.transport.is_closing()
            and not self.flow.write_paused
            and (before is None or before.response_complete)
            and _LONG_HEADERS.isdisjoint([name for name, _ in self.headers])
        )

    def _release(self) -> None:
        """What was held back goes the long way after all."""
        body, self._held = self._held, None
        self._go_the_long_way()
        if body:
            super().on_body(bytes(body))

    def _answer_at_once(self, prompt: "Prompt", body: bytes) -> None:
        issuer, kind, outcome, answered = prompt
        entry = Entry(
            at=time.time(),
            method=self.parser.get_method().decode("ascii"),
            target=sys.intern(self.url.decode("latin-1")),  # the same over and over
            headers=self.header_texts(),
            body=body[:BODY_KEPT],
            client=self.client_text,
            issuer=issuer.site.name,
            kind=kind,
            outcome=outcome,
        )
        self.end("complete")
        self.exchange = tally = Tally(entry, issuer.journal)
        issuer.journal.append(entry)
        answer = answered(entry)
        entry.status, entry.content, entry.content_type = answer.status, answer.body, answer.content_type
        tally.last = True
        self.transport.write(answer.head + b"\r\n" + answer.body)
        self.on_response_complete()

    def _go_the_long_way(self) -> None:
        # The parser's word: what uvicorn's `keep_alive` knows of the request's headers depends on its version.
        turn = Turn(self, self.url, keep_alive=self.parser.should_keep_alive())
        extensions: dict[str, Any] = {EXTENSION: turn}
        self.scope["extensions"] = extensions
        super().on_headers_complete()
        turn.cycle = self.cycle

    def on_response_complete(self) -> None:
        """The answer was handed to the transport, whole."""
        if not self.flow.write_paused:
            self.end("complete")
        super().on_response_complete()

    def pause_writing(self) -> None:
        """Bytes wait in the transport's buffer."""
        if self.exchange is not None:
            self.exchange.stalled()
        super().pause_writing()

    def resume_writing(self) -> None:
        """All bytes were sent."""
        super().resume_writing()
        if self.exchange is not None and self.exchange.last:
            self.end("complete")

    def shutdown(self) -> None:
        """The server stops, or the issuer's port goes: whatever is under way ends here."""
        self.end("shutdown")
        self.transport.abort()

    def end(self, ended: "Ended") -> None:
        """The exchange under way has ended, if there is one."""
        exchange, self.exchange = self.exchange, None
        if exchange is not None:
            exchange.end(ended)

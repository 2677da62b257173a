"""One request and its answer, as behaviours see it: what they may do to it, and the bookkeeping in its journal entry.

Works on any ASGI server. Where the server hands over its transport (`Wire`), bytes are counted there, answers go out in one
piece, and the connection can be reset; elsewhere, as under an in-process client, `reset` raises and bytes are those of bodies.
"""

import asyncio
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final, Protocol

from idpact_mock.answer import Answer
from idpact_mock.entry import BODY_KEPT, Entry
from idpact_mock.journal import Journal
from idpact_mock.tally import Tally

if TYPE_CHECKING:
    from starlette.types import Receive, Send

__all__ = ["EXTENSION", "Exchange", "Wire", "decoded"]

EXTENSION: Final = "idpact.wire"
"""The ASGI scope extension that holds the request's `Wire`."""


def decoded(headers: Iterable[tuple[bytes, bytes]]) -> tuple[tuple[str, str], ...]:
    """Headers as the journal keeps them: whatever bytes they hold, none is lost."""
    return tuple([(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers])


class Wire(Protocol):
    """What is beneath one HTTP request, handed to the application by the server."""

    @property
    def target(self) -> bytes:
        """The request target as it was on the wire."""

    @property
    def client(self) -> str:
        """The client as "ip:port"."""

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """Name and value of each header, in order; names in lower case."""

    def attach(self, exchange: "Exchange") -> None:
        """From now on, tell this exchange of its bytes and its end."""

    def is_whole(self) -> bool:
        """The request has come whole, and has no body."""

    def respond(self, head: bytes, body: bytes) -> bool:
        """Send a whole answer in one piece; False, and nothing is done, if it must be sent bit by bit.

        `head` is the status line and the header lines, without the empty line.
        """

    def reset(self) -> None:
        """Drop the connection with RST, and whatever wasn't sent."""

    def take(self, send_buffer: int | None = None) -> None:
        """From here on the answer is written byte by byte; optionally with that little of a send buffer in the kernel."""

    async def write(self, data: bytes) -> bool:
        """Write bytes as they are, and wait until the kernel has them; False once the client has left."""

    def finish(self) -> None:
        """Close the connection once all is sent (FIN)."""


class Exchange(Tally):
    """One request and its answer.

    Args:
        entry: Its journal entry, which is filled in as things happen.
        journal: The entry's journal.
        receive: ASGI's.
        send: ASGI's.
        wire: What is beneath, where the server hands it over.
    """

    __slots__ = ("_receive", "_send", "wire")

    def __init__(self, entry: Entry, journal: Journal, receive: "Receive", send: "Send", wire: Wire | None) -> None:
        super().__init__(entry, journal)
        self.wire = wire
        self._receive = receive
        self._send = send

    async def read(self) -> bool:
        """Read the request's body into the entry; False if the client left before its end."""
        if self.wire is not None and self.wire.is_whole():
            return True
        body = bytearray()
        while True:
            message = await self._receive()
            if message["type"] != "http.request":
                self.end("client-left")
                return False
            part = message.get("body", b"")[: BODY_KEPT - len(body)]
            if part:
                body += part
                self.entry.body = bytes(body)
            if not message.get("more_body", False):
                return True

    async def answer(self, answer: Answer, *, content: bytes | None = None) -> None:
        """Send an answer; to HEAD without its body (RFC 9110, section 9.3.2).

        Args:
            answer: The answer.
            content: What a lenient client reads, for the journal, where that isn't the answer's body.
        """
        entry = self.entry
        if entry.ended != "pending":  # the client has left meanwhile
            return
        body = b"" if entry.method == "HEAD" else answer.body
        entry.content = body if content is None or not body else content
        entry.content_type = answer.content_type
        entry.status = answer.status
        if self.wire is None:
            await self._send_parts(answer)
            entry.bytes_sent = len(body)
            self.end("complete")
        elif answer.is_long or not self.wire.respond(answer.head, body):
            await self._send_parts(answer)

    def header(self, name: str) -> str:
        """A request header's value by its name in lower case; empty where there is none."""
        return next((value for key, value in self.entry.headers if key == name), "")

    def note(self, *, status: int | None, content: bytes = b"", content_type: str | None = None) -> None:
        """Journal what is answered: what a lenient client would read, where that isn't what is on the wire."""
        self.entry.status, self.entry.content, self.entry.content_type = status, content, content_type

    def take(self, *, send_buffer: int | None = None) -> Wire:
        """Take the transport, to write an answer byte by byte.

        Args:
            send_buffer: Bytes that the kernel may keep, so that little more is counted as sent than was read.

        Raises:
            ConnectionResetError: The server doesn't hand its transport over; what ran the application is to raise it on.
        """
        if self.wire is None:
            self.end("reset")
            raise ConnectionResetError(f"the answer to {self.entry.target} needs a transport, and there is none here")
        self.wire.take(send_buffer)
        return self.wire

    async def start(self, status: int, headers: Sequence[tuple[bytes, bytes]]) -> None:
        """Send status and headers of an answer whose body comes bit by bit."""
        self.entry.status = status
        await self._send({"type": "http.response.start", "status": status, "headers": list(headers)})

    async def part(self, body: bytes, *, more: bool = True) -> None:
        """Send some of the body, and end the answer unless there is more."""
        self.last = not more
        await self._send({"type": "http.response.body", "body": body, "more_body": more})
        if self.wire is None:
            self.entry.bytes_sent += len(body)
            if not more:
                self.end("complete")

    def reset(self) -> None:
        """Drop the connection with RST.

        Raises:
            ConnectionResetError: The server doesn't hand its transport over; what ran the application is to raise it on.
        """
        self.end("reset")
        if self.wire is None:
            raise ConnectionResetError(f"the mock IdP resets the connection of {self.entry.target}")
        self.wire.reset()

    async def gone(self, *, within: float) -> bool:
        """Wait until the client has left; False if it is still there after that many seconds."""
        try:
            async with asyncio.timeout(within):
                while (await self._receive())["type"] != "http.disconnect":
                    pass
        except TimeoutError:
            return False
        self.end("client-left")
        return True

    async def _send_parts(self, answer: Answer) -> None:
        head = self.entry.method == "HEAD"
        *parts, final = (answer.empty,) if head else answer.parts
        self.last = head
        await self._send(answer.start)
        for part in parts:
            await self._send(part)
        self.last = True
        await self._send(final)

"""One request and its answer, as behaviours see it: what they may do to it, and the bookkeeping in its journal entry.

Works on any ASGI server. Where the server hands over its transport (`Wire`), bytes are counted there, answers go out in one
piece, and the connection can be reset; elsewhere, as under an in-process client, `reset` raises and bytes are those of bodies.
"""

import asyncio
import time
from typing import TYPE_CHECKING, Final, Protocol

from idpact_mock.answer import Answer
from idpact_mock.entry import BODY_KEPT, Ended, Entry
from idpact_mock.journal import Journal

if TYPE_CHECKING:
    from starlette.types import Receive, Send

__all__ = ["EXTENSION", "Exchange", "Wire"]

EXTENSION: Final = "idpact.wire"
"""The ASGI scope extension that holds the request's `Wire`."""


class Wire(Protocol):
    """What is beneath one HTTP request, handed to the application by the server."""

    @property
    def target(self) -> bytes:
        """The request target as it was on the wire."""

    @property
    def client(self) -> str:
        """The client as "ip:port"."""

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


class Exchange:
    """One request and its answer.

    Args:
        entry: Its journal entry, which is filled in as things happen.
        journal: The entry's journal.
        receive: ASGI's.
        send: ASGI's.
        wire: What is beneath, where the server hands it over.
    """

    __slots__ = ("_began", "_receive", "_send", "entry", "journal", "last", "wire")

    def __init__(self, entry: Entry, journal: Journal, receive: "Receive", send: "Send", wire: Wire | None) -> None:
        self.entry = entry
        self.journal = journal
        self.wire = wire
        self.last = False
        """The next bytes written are the answer's last."""
        self._began = time.perf_counter()
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

    async def answer(self, answer: Answer) -> None:
        """Send an answer; to HEAD without its body (RFC 9110, section 9.3.2)."""
        entry = self.entry
        if entry.ended != "pending":  # the client has left meanwhile
            return
        entry.content = body = b"" if entry.method == "HEAD" else answer.body
        entry.content_type = answer.content_type
        entry.status = answer.status
        if self.wire is None:
            await self._send_parts(answer)
            entry.bytes_sent = len(body)
            self.end("complete")
        elif len(answer.parts) > 1 or not self.wire.respond(answer.head, body):
            await self._send_parts(answer)

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

    # -- told by the wire ----------------------------------------------------------------------------------------------

    def sending(self, count: int) -> None:
        """That many bytes are about to be written."""
        entry = self.entry
        entry.bytes_sent += count
        if self.last:
            # Before the bytes leave and not after, so that whoever has read the whole answer finds the entry complete.
            entry.seconds = time.perf_counter() - self._began
            entry.ended = "complete"

    def stalled(self) -> None:
        """The bytes written wait in a buffer: the exchange isn't complete after all."""
        entry = self.entry
        if entry.ended == "complete":
            entry.ended, entry.seconds = "pending", None

    def end(self, ended: Ended) -> None:
        """The exchange has ended; what ended it first stays."""
        entry = self.entry
        if entry.ended == "pending":
            entry.seconds = time.perf_counter() - self._began
            entry.ended = ended
        self.journal.changed()

    async def _send_parts(self, answer: Answer) -> None:
        head = self.entry.method == "HEAD"
        *parts, final = (answer.empty,) if head else answer.parts
        self.last = head
        await self._send(answer.start)
        for part in parts:
            await self._send(part)
        self.last = True
        await self._send(final)

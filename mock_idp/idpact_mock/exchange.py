"""One request and its answer, as behaviours see it: what they may do to it, and the bookkeeping in its journal entry.

Works on any ASGI server. Where the server hands over its transport (`Wire`), bytes are counted there and the connection
can be reset; elsewhere, as under an in-process client, `reset` raises and bytes are those of the bodies.
"""

import asyncio
import time
from typing import TYPE_CHECKING, Final, Protocol

from idpact_mock.answer import Answer
from idpact_mock.entry import BODY_KEPT, Ended, Entry
from idpact_mock.journal import Journal

if TYPE_CHECKING:
    from starlette.types import Receive, Send

__all__ = ["EXTENSION", "TARGET", "Exchange", "Wire"]

EXTENSION: Final = "idpact.wire"
"""The ASGI scope extension that holds the connection's `Wire`."""

TARGET: Final = "idpact.target"
"""The ASGI scope extension that holds the request target as it was on the wire."""


class Wire(Protocol):
    """A connection beneath HTTP, handed to the application by the server."""

    client_text: str
    """"ip:port" of the client."""

    def attach(self, exchange: "Exchange") -> None:
        """From now on, count the bytes of this exchange and tell it how it ended."""

    def reset(self) -> None:
        """Drop the connection with RST, and whatever wasn't sent."""


class Exchange:
    """One request and its answer.

    Args:
        entry: Its journal entry, which is filled in as things happen.
        journal: The entry's journal.
        receive: ASGI's.
        send: ASGI's.
        wire: The connection, where the server hands it over.
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
        message = await self._receive()
        if message["type"] != "http.request":
            self.end("client-left")
            return False
        more = message.get("more_body", False)
        if body := message.get("body"):
            self.entry.body = bytes(body[:BODY_KEPT])
        return await self._read_on() if more else True

    async def answer(self, answer: Answer) -> None:
        """Send an answer; to HEAD without its body (RFC 9110, section 9.3.2)."""
        entry = self.entry
        if entry.ended != "pending":  # the client has left meanwhile
            return
        head = entry.method == "HEAD"
        entry.content_type = answer.content_type
        if not head:
            entry.content = answer.body
        entry.status = answer.status
        self.last = head
        await self._send(answer.start)
        if head:
            await self._send(answer.empty)
        else:
            *parts, final = answer.parts
            for part in parts:
                await self._send(part)
            self.last = True
            await self._send(final)
        if self.wire is None:
            entry.bytes_sent = len(entry.content)
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

    # -- told by the wire ----------------------------------------------------------------------------------------------

    def sending(self, count: int) -> None:
        """That many bytes are about to be written."""
        entry = self.entry
        entry.bytes_sent += count
        if self.last and entry.ended == "pending":
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

    async def _read_on(self) -> bool:
        body = bytearray(self.entry.body)
        while True:
            message = await self._receive()
            if message["type"] != "http.request":
                self.end("client-left")
                return False
            room = BODY_KEPT - len(body)
            if room > 0:
                body += message.get("body", b"")[:room]
                self.entry.body = bytes(body)
            if not message.get("more_body", False):
                return True

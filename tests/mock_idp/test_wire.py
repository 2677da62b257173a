"""The server's protocol on a transport of the test's own: what holds at the very moment when bytes are written."""

import asyncio

from uvicorn.server import ServerState

from idpact_mock import Entry, Journal, Outcome
from idpact_mock.answer import json_answer
from idpact_mock.app import App
from idpact_mock.exchange import Exchange
from idpact_mock.issuer import Issuer
from idpact_mock.registry import Registry
from idpact_mock.site import Site
from idpact_mock.threaded import _config  # the configuration that the server really runs with
from idpact_mock.wire import WireProtocol


class Spy(asyncio.Transport):
    """A transport that notes what the journal says when the answer is written."""

    def __init__(self, journal: Journal) -> None:
        super().__init__()
        self.journal = journal
        self.seen: list[tuple[int, str, int, int]] = []

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Note the number of bytes, and the entry."""
        (entry,) = self.journal.entries
        assert entry.status is not None
        self.seen.append((len(data), entry.ended, entry.bytes_sent, entry.status))

    def is_closing(self) -> bool:
        """It is open."""
        return False

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """Nothing is buffered here."""

    def close(self) -> None:
        """Nothing to close."""


def spied_on(body: bytes) -> Spy:
    """The transport after one request for a document of that body."""
    issuer = Issuer(Site(name="acme", base="http://idp.test", path="/a"))
    issuer.serve_raw(body)
    registry = Registry()
    registry.add(issuer)
    app = App(registry, Journal(), control=lambda: app)
    spy = Spy(issuer.journal)

    async def ask() -> None:
        config = _config(app, WireProtocol)
        protocol = WireProtocol(config, ServerState(), {}, asyncio.get_running_loop())
        protocol.connection_made(spy)
        protocol.data_received(b"GET /a/.well-known/openid-configuration HTTP/1.1\r\nHost: a\r\n\r\n")
        await asyncio.gather(*protocol.tasks)
        protocol.connection_lost(None)

    asyncio.run(ask())
    return spy


def test_whoever_reads_the_last_byte_finds_the_entry_complete() -> None:
    """An answer of one piece is entered before it leaves, so that no client is faster than the journal."""
    (written,) = spied_on(b"{}").seen

    size, ended, counted, status = written
    assert (ended, counted, status) == ("complete", size, 200)


def test_an_answer_of_many_pieces_is_complete_with_the_last() -> None:
    """Until then it is pending."""
    seen = spied_on(b"x" * 150_000).seen

    assert [ended for _, ended, _, _ in seen] == ["pending", "pending", "pending", "complete"]
    assert seen[-1][2] == sum(size for size, _, _, _ in seen)


def test_a_client_that_has_left_is_sent_no_status() -> None:
    """What takes its time, such as a key, may find nobody there any more; the entry doesn't pretend otherwise."""
    entry = Entry(at=0, method="GET", target="/", client="", issuer=None, kind="jwks", outcome=Outcome.YES)

    async def never() -> dict[str, object]:
        raise AssertionError

    async def unwanted(_message: object) -> None:
        raise AssertionError

    exchange = Exchange(entry, Journal(), never, unwanted, None)
    exchange.end("client-left")
    asyncio.run(exchange.answer(json_answer(200, {})))

    assert (entry.status, entry.content, entry.ended) == (None, b"", "client-left")


def test_a_connection_that_is_gone_can_be_aborted_once_more() -> None:
    """A failure that writes on after the client left may end the connection when there is none any more."""
    registry = Registry()
    app = App(registry, Journal(), control=lambda: app)

    async def vanish() -> bool:
        loop, lost = asyncio.get_running_loop(), asyncio.get_running_loop().create_future()

        class Told(WireProtocol):
            def connection_lost(self, exc: Exception | None) -> None:
                super().connection_lost(exc)
                lost.set_result(self)

        server = await loop.create_server(
            lambda: Told(_config(app, WireProtocol), ServerState(), {}, loop), "127.0.0.1", 0
        )
        _, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.transport.abort()
        protocol: WireProtocol = await lost
        server.close()
        protocol.transport.abort()
        return protocol.gone

    assert asyncio.run(vanish())

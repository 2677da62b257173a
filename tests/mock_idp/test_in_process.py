"""The application without a server: what in-process clients get."""

import asyncio

import httpx
import pytest

from idpact_mock import Journal, Outcome
from idpact_mock.app import App
from idpact_mock.issuer import Issuer
from idpact_mock.registry import Registry
from idpact_mock.site import Site


class Bench:
    """An application with one issuer at a host that resolves nowhere."""

    def __init__(self, *, failure: str | None = None) -> None:
        self.issuer = Issuer(Site(name="acme", base="https://acme.idp.test", path="/a"), failure=failure)
        self.strays = Journal()
        registry = Registry()
        registry.add(self.issuer)
        self.app = App(registry, self.strays, control=lambda: self.app)

    def ask(self, method: str, url: str) -> httpx.Response:
        """One request without a socket."""

        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, client=("192.0.2.1", 1234))
            async with httpx.AsyncClient(transport=transport) as client:
                return await client.request(method, url)

        return asyncio.run(send())


def test_document_is_served_at_any_host() -> None:
    """The same document, journalled the same way."""
    bench = Bench()

    answer = bench.ask("GET", f"{bench.issuer.discovery_url}?a=%20b")

    (entry,) = bench.issuer.journal.entries
    assert answer.json() == bench.issuer.document
    assert (entry.target, entry.client, entry.outcome) == (
        "/a/.well-known/openid-configuration?a=%20b",
        "192.0.2.1:1234",
        Outcome.YES,
    )
    assert (entry.status, entry.ended, entry.bytes_sent) == (200, "complete", len(answer.content))


def test_large_bodies_and_head() -> None:
    """Bodies that are sent in parts, and answers without one."""
    bench = Bench()
    bench.issuer.serve_raw(b"x" * 200_000)

    assert bench.ask("GET", bench.issuer.discovery_url).content == b"x" * 200_000
    assert bench.ask("HEAD", bench.issuer.discovery_url).headers["content-length"] == "200000"


def test_failures_that_are_answers() -> None:
    """They need no socket."""
    assert (
        Bench(failure="http-404").ask("GET", "https://acme.idp.test/a/.well-known/openid-configuration").status_code
        == 404
    )


def test_reset_is_raised() -> None:
    """Where there is no connection to reset, whoever runs the application learns of it by an exception."""
    bench = Bench(failure="connection-reset")

    with pytest.raises(ConnectionResetError, match="the mock IdP resets the connection"):
        bench.ask("GET", bench.issuer.discovery_url)

    assert bench.issuer.journal.entries[0].ended == "reset"


def test_strays() -> None:
    """Another path is nobody's."""
    bench = Bench()

    assert bench.ask("GET", "https://acme.idp.test/.well-known/openid-configuration").status_code == 404
    assert len(bench.strays) == 1


def test_websockets_are_refused() -> None:
    """The mock IdP speaks HTTP only."""
    bench = Bench()

    async def connect() -> None:
        await bench.app({"type": "websocket"}, _nothing, _ignore)

    with pytest.raises(NotImplementedError, match="speaks http, not websocket"):
        asyncio.run(connect())


async def _nothing() -> dict[str, object]:
    return {}


async def _ignore(_message: object) -> None:
    return None

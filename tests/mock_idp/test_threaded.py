"""Any ASGI application in a thread: somebody else's included."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from idpact_mock import ThreadedServer
from idpact_mock.sockets import bound
from tests.mock_idp.raw import RawClient, ask


async def hello(_request: Request) -> Response:
    """An endpoint that answers at once."""
    return PlainTextResponse("hello")


def application(**options: Any) -> Starlette:  # noqa: ANN401 - starlette's own
    """A user's application."""
    return Starlette(routes=[Route("/", hello)], **options)


def test_serves_an_application() -> None:
    """At its URL, from the moment it is started until it is stopped."""
    with ThreadedServer(application()) as server:
        assert httpx.get(server.url).text == "hello"
        url = server.url

    with pytest.raises(httpx.ConnectError):
        httpx.get(url)


def test_lifespan_is_honoured() -> None:
    """It starts before the first request, hands its state on, and ends with the stop."""
    seen: list[str] = []

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[dict[str, str]]:
        seen.append("started")
        yield {"word": "state"}
        seen.append("stopped")

    async def show(request: Request) -> Response:
        return PlainTextResponse(request.state.word)

    with ThreadedServer(Starlette(routes=[Route("/", show)], lifespan=lifespan)) as server:
        seen.append(httpx.get(server.url).text)

    assert seen == ["started", "state", "stopped"]


def test_lifespan_that_fails() -> None:
    """The start fails, and nobody listens."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        if app.routes:
            raise ZeroDivisionError
        yield

    server = ThreadedServer(application(lifespan=lifespan))
    with pytest.raises(RuntimeError, match="the application's lifespan failed"):
        server.start()

    assert not server.running


def test_stop_cancels_what_hangs(caplog: pytest.LogCaptureFixture) -> None:
    """An application that never answers and never looks whether the client is there is cancelled, without a traceback."""
    began, ended = threading.Event(), threading.Event()

    async def hang(_request: Request) -> Response:
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        return Response()

    server = ThreadedServer(Starlette(routes=[Route("/", hang)]))
    server.start()
    with RawClient(server.port) as client:
        client.send("/")
        assert began.wait(10)
        server.stop()

    assert ended.is_set()
    assert caplog.records == []


def test_listens_on_further_sockets() -> None:
    """Added while it runs, gone once removed; the first listener stays."""
    with ThreadedServer(application()) as server:
        sock = bound("127.0.0.1", 0)
        port = sock.getsockname()[1]
        server.add_socket(sock)
        added = ask(port, "/").body
        server.remove_socket(sock)

        assert added == b"hello"
        with pytest.raises(ConnectionRefusedError):
            RawClient(port)
        assert ask(server.port, "/").body == b"hello"


def test_removing_a_socket_that_was_never_added() -> None:
    """Removing is idempotent, and leaves the stranger alone."""
    with ThreadedServer(application()) as server, bound("127.0.0.1", 0) as sock:
        server.remove_socket(sock)

        assert sock.fileno() != -1


def test_sockets_of_a_server_that_is_not_running() -> None:
    """There is nobody to listen on them."""
    with bound("127.0.0.1", 0) as sock, pytest.raises(RuntimeError, match="isn't running"):
        ThreadedServer(application()).add_socket(sock)


def test_start_twice() -> None:
    """A second start is a mistake that is told."""
    with ThreadedServer(application()) as server, pytest.raises(RuntimeError, match="is running already"):
        server.start()


def test_can_be_stopped_from_its_own_thread() -> None:
    """An application may stop the server that runs it."""
    server = ThreadedServer(application())

    async def stop(_request: Request) -> Response:
        server.stop()
        return Response()

    server._app = Starlette(routes=[Route("/", stop)])  # the application needs the server, which needs the application
    server.start()
    (thread,) = [thread for thread in threading.enumerate() if thread.name == f"idpact-server-{server.port}"]
    with RawClient(server.port) as client:
        client.send("/")
        thread.join(10)

    assert not thread.is_alive()


def test_an_error_of_the_application_is_a_500_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    """A user's own mistakes are shown as uvicorn shows them."""

    async def broken(_request: Request) -> Response:
        raise ZeroDivisionError("a user's mistake")

    with ThreadedServer(Starlette(routes=[Route("/", broken)])) as server:
        assert ask(server.port, "/").status == 500

    assert "a user's mistake" in caplog.text

"""Any ASGI application on uvicorn in a thread of this process: starts and stops in milliseconds, listens where it is told.

uvicorn's own `Server` looks ten times a second whether it should stop, and waits for connections to close by themselves;
this one uses uvicorn's protocol, configuration and lifespan, and is told by an event.
"""

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self, cast

from uvicorn.config import Config
from uvicorn.server import ServerState

from idpact_mock.site import address_text
from idpact_mock.sockets import BACKLOG, bound, reachable_host

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["ThreadedServer"]

_STOP_SECONDS: Final = 10.0
_TASK_SECONDS: Final = 2.0


class ThreadedServer:
    """An ASGI application, served from a daemon thread.

    Args:
        app: The application. Its lifespan is honoured, if it has one.
        host: Address to bind.
        port: Port to bind; 0 takes a free one.
        tls: Context to serve with, on every listener.
        http_protocol: Makes the protocol of a connection; by default uvicorn's own on httptools.
        listener: A bound socket to listen on, in place of `host` and `port`; from the start on it is the server's to close.
    """

    def __init__(
        self,
        app: "ASGIApp",
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        tls: ssl.SSLContext | None = None,
        http_protocol: Callable[..., asyncio.Protocol] | None = None,
        listener: socket.socket | None = None,
    ) -> None:
        self.host: Final = host
        self._listener = listener
        self._app = app
        self._wanted_port = port
        self._tls = tls
        self._protocol: Callable[..., asyncio.Protocol] | str = "httptools" if http_protocol is None else http_protocol
        self._run: _Run | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    @property
    def running(self) -> bool:
        """It was started and not stopped."""
        return self._run is not None

    @property
    def port(self) -> int:
        """The port of the first listener.

        Raises:
            RuntimeError: It isn't running.
        """
        return self._running().port

    @property
    def url(self) -> str:
        """Scheme, host and port by which this machine reaches it, without a final slash.

        Raises:
            RuntimeError: It isn't running.
        """
        scheme = "http" if self._tls is None else "https"
        return f"{scheme}://{address_text(reachable_host(self.host), self.port)}"

    def start(self) -> None:
        """Start, and return once it listens.

        Raises:
            OSError: The address can't be bound.
            RuntimeError: It is running already, or the application's lifespan failed.
        """
        if self._run is not None:
            raise RuntimeError(f"start: the server at {self.url} is running already")
        listener = bound(self.host, self._wanted_port) if self._listener is None else self._listener
        run = _Run(self._app, listener, tls=self._tls, protocol=self._protocol)
        run.start()
        self._run = run

    def stop(self) -> None:
        """Close all connections, cancel what is under way, and return once the thread has ended. Twice is no error."""
        run, self._run = self._run, None
        if run is not None:
            run.stop()

    def add_socket(self, sock: socket.socket, *, tls: ssl.SSLContext | None = None, plain: bool = False) -> None:
        """Listen on one more socket, which must be bound; from then on it is the server's to close.

        Clients can connect once this returns.

        Args:
            sock: The socket.
            tls: Context to serve with there, in place of the server's own.
            plain: Without TLS, whatever the server has.

        Raises:
            RuntimeError: It isn't running.
        """
        self._running().add(sock, None if plain else tls or self._tls)

    def remove_socket(self, sock: socket.socket) -> None:
        """Close a socket of `add_socket`, and the connections that came by it; one that isn't there is no error.

        Raises:
            RuntimeError: It isn't running.
        """
        self._running().remove(sock)

    def _running(self) -> "_Run":
        if self._run is None:
            raise RuntimeError("the server isn't running: call start(), or use it as a context manager")
        return self._run


class _Run:
    """One life of a server: a thread, its loop, its listeners."""

    def __init__(
        self,
        app: "ASGIApp",
        listener: socket.socket,
        *,
        tls: ssl.SSLContext | None,
        protocol: Callable[..., asyncio.Protocol] | str,
    ) -> None:
        self.port: Final[int] = listener.getsockname()[1]
        self._app = app
        self._listener = listener
        self._tls = tls
        self._config = _config(self._call, protocol)
        self._state = ServerState()
        self._lifespan_state: dict[str, Any] = {}
        self._removing: asyncio.Task[None] | None = None
        self._stopping = False
        self._started: Future[_Ready] = Future()
        self._thread = threading.Thread(target=self._main, name=f"idpact-server-{self.port}", daemon=True)
        self._adding: dict[socket.socket, asyncio.Task[None]] = {}
        self._servers: dict[socket.socket, asyncio.Server] = {}

    # -- called from any thread ----------------------------------------------------------------------------------------

    def start(self) -> None:
        self._listener.listen(BACKLOG)
        self._thread.start()
        try:
            self._started.result()
        except BaseException:
            self._listener.close()
            raise

    def stop(self) -> None:
        loop, stop = self._started.result()
        with suppress(RuntimeError):  # the loop is closed: it stopped by itself
            loop.call_soon_threadsafe(stop.set)
        if threading.current_thread() is not self._thread:
            self._thread.join(_STOP_SECONDS)

    def add(self, sock: socket.socket, tls: ssl.SSLContext | None) -> None:
        sock.settimeout(0)
        # From here on the kernel takes connections, so that nobody has to wait for the server's thread.
        sock.listen(BACKLOG)
        self._started.result().loop.call_soon_threadsafe(self._add_soon, sock, tls)

    def remove(self, sock: socket.socket) -> None:
        loop = self._started.result().loop
        if threading.current_thread() is self._thread:
            self._removing = loop.create_task(self._remove(sock))
            return
        closing = self._remove(sock)
        try:
            asyncio.run_coroutine_threadsafe(closing, loop).result(_STOP_SECONDS)
        except RuntimeError:  # the loop is closed, and every listener with it
            closing.close()
        except CancelledError:  # it is just being closed
            pass

    # -- in the thread -------------------------------------------------------------------------------------------------

    def _main(self) -> None:
        try:
            with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
                runner.run(self._serve())
        except BaseException as error:
            if self._started.done():
                raise
            self._started.set_exception(error)

    async def _serve(self) -> None:
        asyncio.get_running_loop().set_exception_handler(_unless_lost_twice)
        lifespan = self._config.lifespan_class(self._config)
        await lifespan.startup()
        if lifespan.should_exit:
            raise RuntimeError("start: the application's lifespan failed; uvicorn has logged why")
        self._lifespan_state = lifespan.state
        await self._add(self._listener, self._tls)
        stop = asyncio.Event()
        self._started.set_result(_Ready(asyncio.get_running_loop(), stop))
        await stop.wait()
        await self._shut_down()
        with suppress(TimeoutError):
            async with asyncio.timeout(_TASK_SECONDS):
                await lifespan.shutdown()

    async def _shut_down(self) -> None:
        self._stopping = True
        await asyncio.gather(*self._adding.values())
        for server in self._servers.values():
            server.close()
        for connection in _connections(self._state):
            connection.shutdown()
        await asyncio.sleep(0)
        # What uvicorn would wait for, and connections that never got as far as a request, such as half a TLS handshake.
        for transport in list(getattr(asyncio.get_running_loop(), "_transports", {}).values()):
            with suppress(AttributeError):  # one that closed once its buffer was empty has let go of its loop already
                transport.abort()
        # Once for the transports to tell that the connections are lost, once for the tasks that learn of it to end.
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        tasks = [task for task in self._state.tasks if not task.done()]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=_TASK_SECONDS)

    async def _call(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        try:
            await self._app(scope, receive, send)
        except asyncio.CancelledError:
            if not self._stopping:  # at the stop it is us who cancelled, and no error for uvicorn to log
                raise

    def _add_soon(self, sock: socket.socket, tls: ssl.SSLContext | None) -> None:
        task = asyncio.get_running_loop().create_task(self._add(sock, tls))
        self._adding[sock] = task
        task.add_done_callback(lambda _: self._adding.pop(sock, None))

    async def _add(self, sock: socket.socket, tls: ssl.SSLContext | None) -> None:
        loop = asyncio.get_running_loop()
        self._servers[sock] = await loop.create_server(self._new_protocol, sock=sock, ssl=tls, backlog=BACKLOG)

    async def _remove(self, sock: socket.socket) -> None:
        if sock in self._adding:
            await self._adding[sock]
        server = self._servers.pop(sock, None)
        if server is None:
            return
        port = sock.getsockname()[1]
        server.close()
        for connection in _connections(self._state):
            name = connection.transport.get_extra_info("sockname")  # None for a TLS connection that is just being lost
            if name is not None and name[1] == port:
                connection.shutdown()
                connection.transport.abort()

    def _new_protocol(self) -> asyncio.Protocol:
        make = cast("Callable[..., asyncio.Protocol]", self._config.http_protocol_class)
        return make(
            config=self._config,
            server_state=self._state,
            app_state=self._lifespan_state,
            _loop=asyncio.get_running_loop(),
        )


class _Ready(NamedTuple):
    loop: asyncio.AbstractEventLoop
    stop: asyncio.Event


def _unless_lost_twice(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """The loop's own handling of what nobody caught, but for one of its faults.

    Where a TLS connection is found reset while the transport tells that it can be written to again, asyncio declares it lost
    twice, and the second time there is nothing left to declare.
    """
    error, handle = context.get("exception"), context.get("handle")
    if not (isinstance(error, AttributeError) and "_call_connection_lost" in repr(handle)):
        loop.default_exception_handler(context)


def _connections(state: ServerState) -> list[Any]:
    """The protocols of uvicorn, as far as they are alike: `shutdown()` and `transport`."""
    return list(state.connections)


def _config(app: "ASGIApp", protocol: Callable[..., asyncio.Protocol] | str) -> Config:
    config = Config(
        cast("Any", app),  # uvicorn has types of its own for what starlette calls an ASGIApp
        http=cast("Any", protocol),  # a literal or a class
        ws="none",
        interface="asgi3",
        lifespan="auto",
        loop="asyncio",
        log_config=None,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        # A client that keeps a connection must not find it closed in the middle of a slow test.
        timeout_keep_alive=75,
        workers=1,
    )
    config.load()
    return config

"""Any ASGI application on uvicorn in a thread of this process: starts and stops in milliseconds, listens where it is told.

uvicorn's own `Server` looks ten times a second whether it should stop, and waits for connections to close by themselves;
this one uses uvicorn's protocol, configuration and lifespan, and is told by an event.
"""

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, Final, Self, cast

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
        http_protocol: The protocol class; by default uvicorn's own on httptools.
    """

    def __init__(
        self,
        app: "ASGIApp",
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        tls: ssl.SSLContext | None = None,
        http_protocol: type[asyncio.Protocol] | None = None,
    ) -> None:
        self.host: Final = host
        self._app = app
        self._wanted_port = port
        self._tls = tls
        self._protocol: type[asyncio.Protocol] | str = "httptools" if http_protocol is None else http_protocol
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
        listener = bound(self.host, self._wanted_port)
        run = _Run(self._app, listener, tls=self._tls, protocol=self._protocol)
        run.start()
        self._run = run

    def stop(self) -> None:
        """Close all connections, cancel what is under way, and return once the thread has ended. Twice is no error."""
        run, self._run = self._run, None
        if run is not None:
            run.stop()

    def add_socket(self, sock: socket.socket) -> None:
        """Listen on one more socket, which must be bound; from then on it is the server's to close.

        Clients can connect once this returns.

        Raises:
            RuntimeError: It isn't running.
        """
        self._running().add(sock)

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
    """One life of a server: a thread, its loop, its listeners. All but the public methods runs in the thread."""

    def __init__(
        self, app: "ASGIApp", listener: socket.socket, *, tls: ssl.SSLContext | None, protocol: type[asyncio.Protocol] | str
    ) -> None:
        self.port: Final[int] = listener.getsockname()[1]
        self._app = app
        self._listener = listener
        self._tls = tls
        self._config = _config(self._call, protocol)
        self._state = ServerState()
        self._stopping = False
        self._started: Future[asyncio.AbstractEventLoop] = Future()
        self._thread = threading.Thread(target=self._main, name=f"idpact-server-{self.port}", daemon=True)
        self._servers: dict[socket.socket, asyncio.Server] = {}
        self._removed: set[socket.socket] = set()

    # -- called from any thread ----------------------------------------------------------------------------------------

    def start(self) -> None:
        self._listener.listen(BACKLOG)
        self._thread.start()
        try:
            self._loop = self._started.result()
        except BaseException:
            self._listener.close()
            self._thread.join(_STOP_SECONDS)
            raise

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._stop_event.set)
        if threading.current_thread() is not self._thread:
            self._thread.join(_STOP_SECONDS)

    def add(self, sock: socket.socket) -> None:
        sock.setblocking(False)
        # From here on the kernel accepts connections, so that nobody has to wait for the server's thread.
        sock.listen(BACKLOG)
        self._loop.call_soon_threadsafe(self._add_soon, sock)

    def remove(self, sock: socket.socket) -> None:
        if threading.current_thread() is self._thread:
            self._close(sock)
            return
        done = threading.Event()

        def close() -> None:
            self._close(sock)
            done.set()

        self._loop.call_soon_threadsafe(close)
        done.wait(_STOP_SECONDS)

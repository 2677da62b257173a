"""The reference implementation in the foreground: one JSON line once it listens, then requests until a signal."""

import contextlib
import json
import signal
import socket
import sqlite3
import ssl
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Final, NoReturn

import trustme
import uvicorn

from idpact_contract.reference.discovery import Trust
from idpact_contract.reference.server import Reference, build

__all__ = ["run"]

_BUSY: Final = 2
_GRACE: Final = 5
_IDLE: Final = 120


def run(
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    tls: bool = False,
    cert: str | Path | None = None,
    key: str | Path | None = None,
    db: str | Path = ":memory:",
    discovery_timeout: float = 3.0,
    trust: Trust = None,
) -> None:
    """Serve until SIGINT or SIGTERM, then let requests under way end and return.

    Prints exactly one line on standard output when it listens: the announcement as JSON, with `ca_file` where the
    certificate is of an authority made for this run. That file goes when the server goes.

    Args:
        host: The address to listen on.
        port: The port; 0 takes a free one.
        tls: Serve https. Without `cert` an authority is made for this run.
        cert: A PEM file with the certificate and its chain.
        key: A PEM file with its key; None where `cert` holds it too.
        db: A database file, or ":memory:".
        discovery_timeout: Seconds for one attempt to read a discovery document.
        trust: Whom discovery trusts over TLS.

    Raises:
        SystemExit: With status 2, after one sentence on standard error: the port is taken, or a file or a value
            can't be used.
    """
    with contextlib.suppress(KeyboardInterrupt), contextlib.ExitStack() as stack:
        try:
            _check_options(tls=tls, cert=cert, key=key)
            listener = stack.enter_context(_listening(host, port))
            reference = stack.enter_context(
                contextlib.closing(build(db, discovery_timeout=discovery_timeout, trust=trust))
            )
            context, ca_file = stack.enter_context(_certificate(host, cert, key)) if tls else (None, None)
        except (OSError, OverflowError, sqlite3.Error, ValueError) as error:
            _give_up(error)
        _serve(reference, listener, host=host, context=context, ca_file=ca_file)


def _serve(
    reference: Reference, listener: socket.socket, *, host: str, context: ssl.SSLContext | None, ca_file: str | None
) -> None:
    base_url = f"{'https' if context else 'http'}://{_reachable(host)}:{listener.getsockname()[1]}"
    announcement = reference.announcement(base_url)
    if ca_file is not None:
        announcement["ca_file"] = ca_file
    config = uvicorn.Config(
        reference.app,
        http="httptools",
        ws="none",
        lifespan="on",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        timeout_keep_alive=_IDLE,  # longer than a suite waits between two requests on one connection
        timeout_graceful_shutdown=_GRACE,
    )
    config.load()
    config.ssl = context
    _Server(config, json.dumps(announcement)).run(sockets=[listener])


class _Server(uvicorn.Server):
    """Says that it listens, and takes a signal as a wish to end well."""

    def __init__(self, config: uvicorn.Config, announcement: str) -> None:
        super().__init__(config)
        self._announcement = announcement

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        sys.stdout.write(self._announcement + "\n")
        sys.stdout.flush()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Handle them while it serves; uvicorn's own way raises them again at the end."""
        before = {number: signal.signal(number, self._stop) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.handle_exit(number, frame)


@contextlib.contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    """Bind first, so that a port in use is known before anything else is set up.

    Raises:
        OSError: The address can't be used; the message names it.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named, since asyncio turns Nagle's algorithm off only where it is: answers would wait 40 ms.
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
            listener.listen(2048)
        except OSError as error:
            raise OSError(f"can't listen on {host} port {port}: {error.strerror or error}") from error
        yield listener


@contextlib.contextmanager
def _certificate(
    host: str, cert: str | Path | None, key: str | Path | None
) -> Iterator[tuple[ssl.SSLContext, str | None]]:
    """Make a context to serve with; its authority is in a file, None where the certificate came with the caller."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if cert is not None:
        try:
            context.load_cert_chain(cert, key)
        except OSError as error:  # ssl doesn't say which file
            raise OSError(f"cert {str(cert)!r}, key {str(key)!r}: wanted PEM files that fit: {error}") from error
        yield context, None
        return
    authority = trustme.CA()
    authority.issue_cert(
        *dict.fromkeys(("localhost", "127.0.0.1", "::1", _reachable(host).strip("[]")))
    ).configure_cert(context)
    with tempfile.TemporaryDirectory(prefix="idpact-") as folder:
        ca_file = Path(folder, "ca.pem")
        authority.cert_pem.write_to_path(ca_file)
        yield context, str(ca_file)


def _reachable(host: str) -> str:
    """Name the host as a URL can: a wildcard address is reached by loopback."""
    named = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - read, not bound
    return f"[{named}]" if ":" in named else named


def _check_options(*, tls: bool, cert: str | Path | None, key: str | Path | None) -> None:
    if key is not None and cert is None:
        raise ValueError(f"key {str(key)!r}: wanted a cert with it")
    if cert is not None and not tls:
        raise ValueError(f"cert {str(cert)!r}: of use with tls only")


def _give_up(error: Exception) -> NoReturn:
    sys.stderr.write(f"idpact reference: {error}\n")
    raise SystemExit(_BUSY)

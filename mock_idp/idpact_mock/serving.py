"""The mock IdP as a process of its own, in the foreground until it is told to stop."""

import gc
import signal
import sys
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import nullcontext
from types import FrameType
from typing import TYPE_CHECKING, Final

from idpact_mock.identity import Identity
from idpact_mock.mock import MockIdP
from idpact_mock.requestlog import written_to
from idpact_mock.sockets import is_loopback
from idpact_mock.tls import ServerTLS

if TYPE_CHECKING:
    import socket

    from idpact_mock.config import WantedIssuer
    from idpact_mock.shared.deployment import Deployment

__all__ = ["DEFAULT_ISSUER", "serve"]

DEFAULT_ISSUER: Final = "default"


def serve(
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    tls: ServerTLS | None = None,
    advertise: str | None = None,
    admin_token: str | None = None,
    allow_origins: Collection[str] = (),
    issuers: "Sequence[WantedIssuer] | None" = None,
    identity: Identity = "pinned",
    preset: str | None = None,
    preset_parameters: Mapping[str, str] | None = None,
    verbatim: bool = False,
    quirks: bool = False,
    log: bool = False,
    workers: int = 1,
    store: str | None = None,
    on_ready: Callable[[MockIdP], None],
) -> None:
    """Serve until SIGINT or SIGTERM. Call it in the main thread.

    Args:
        host: Address to bind.
        port: Port to bind; 0 takes a free one.
        tls: Serve https.
        advertise: The base URL under which others reach the server.
        admin_token: What the control interface asks for; see `MockIdP`.
        allow_origins: Origins whose web pages may use the control interface; see `MockIdP`.
        issuers: The issuers from the start; None makes one, `default` at `/default`.
        identity: Where issuers get their address from; see `MockIdP`.
        preset: The preset of `default`, as the next three; see `MockIdP.make_issuer`.
        preset_parameters: Its parameters.
        verbatim: Its document names the vendor's own hosts and issuer.
        quirks: Its document is as wrong as the vendor's.
        log: Write a line for each request to stderr, see `requestlog`; its time first.
        workers: Processes that serve, as one; more than one need a store.
        store: URL of the Redis in which workers and replicas keep what they share.
        on_ready: Called once it listens and all issuers are there; what it prints is all that is printed.

    Raises:
        OSError: The address can't be bound, such as a busy port.
        ValueError: An argument isn't right.
        StoreError: The store can't be used.
        ModuleNotFoundError: There is a store, and redis-py isn't installed.
    """

    def made(sharing: "Deployment | None" = None, listener: "socket.socket | None" = None) -> MockIdP:
        token = admin_token if sharing is None or is_loopback(host) else admin_token or sharing.admin_token
        idp = MockIdP(
            host=host,
            port=port,
            advertise=advertise,
            tls=tls,
            admin_token=token,
            allow_origins=allow_origins,
            identity=identity,
            sharing=sharing,
            listener=listener,
        )
        idp.ready = False
        return idp

    def set_up(idp: MockIdP) -> None:
        if issuers is None:
            idp.make_issuer(
                DEFAULT_ISSUER, preset=preset, preset_parameters=preset_parameters, verbatim=verbatim, quirks=quirks
            )
        for wanted in issuers or ():
            wanted.make(idp)

    if store is not None:
        from idpact_mock.shared.workers import run_workers  # noqa: PLC0415 - for those who share

        run_workers(workers, store, host=host, port=port, log=log, make=made, set_up=set_up, on_ready=on_ready)
    elif workers > 1:
        raise ValueError(f"workers: {workers} need a store that they share, such as redis://127.0.0.1:6379/0")
    else:
        _run(made(), set_up, on_ready, log=log)


def _run(idp: MockIdP, set_up: Callable[[MockIdP], None], on_ready: Callable[[MockIdP], None], *, log: bool) -> None:
    told = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        told.set()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        with written_to(sys.stderr) if log else nullcontext(), idp:
            set_up(idp)
            idp.ready = True
            on_ready(idp)
            # What was made so far stays, be it 100,000 issuers: nobody need look through it for garbage again and again.
            gc.freeze()
            told.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

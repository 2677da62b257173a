"""The mock IdP: a server and its issuers, which are made and dropped while it runs."""

import os
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final, Self

from idpact_mock.app import App
from idpact_mock.backing import ALONE
from idpact_mock.cors import checked_origins
from idpact_mock.failures import FailureWish, SecondAddress
from idpact_mock.identity import Identity, checked_identity
from idpact_mock.issuer import Issuer
from idpact_mock.journal import Journal
from idpact_mock.making import Blueprint
from idpact_mock.places import Places
from idpact_mock.registry import Registry
from idpact_mock.site import SHARED, checked_base
from idpact_mock.sockets import is_loopback
from idpact_mock.threaded import ThreadedServer
from idpact_mock.tls import ServerTLS
from idpact_mock.wire import WireProtocol

if TYPE_CHECKING:
    import socket

    from starlette.types import ASGIApp

    from idpact_mock.backing import Sharing

__all__ = ["MockIdP"]


class MockIdP:
    """An identity provider for tests: many issuers in one server, in a thread of this process.

    Args:
        host: Address to bind.
        port: Port to bind; 0 takes a free one.
        advertise: The base URL under which others reach the server, where that isn't the address bound. Then there is one
            port only: issuers that ask for a port of their own get a path.
        tls: Serve https, on every port.
        admin_token: What the control interface asks for as a Bearer token. Made up where none is given and others than
            this machine can connect.
        allow_origins: Origins whose web pages may use the control interface besides its own; "*" stands for all.
        identity: Where issuers get their address from: `pinned`, the URL bound or advertised; `host`, each request's Host
            header; `forwarded`, what proxies say first (Forwarded, then X-Forwarded-Proto, -Host and -Port), then Host. A journal
            entry's `identity` says which decided. `Issuer.url` is the pinned one.
        sharing: What it shares with other servers; see `idpact_mock.shared`.
        listener: A bound socket to listen on, in place of `host` and `port`.

    Attributes:
        ready: What `/_idpact/ready` says. Set it to False while issuers are being set up.

    Raises:
        ValueError: `advertise` is no base URL, `identity` is none of the three, `admin_token` can't be sent in a header, or
            `allow_origins` are no origins.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        advertise: str | None = None,
        tls: ServerTLS | None = None,
        admin_token: str | None = None,
        allow_origins: Collection[str] = (),
        identity: Identity = "pinned",
        sharing: "Sharing | None" = None,
        listener: "socket.socket | None" = None,
    ) -> None:
        self.sharing: Final = sharing
        self.strays: Final[Journal] = Journal() if sharing is None else sharing.strays()
        """The requests that matched no issuer."""
        self.tls: Final = tls
        self.admin_token: Final = _checked_token(admin_token, host)
        self.identity: Final = checked_identity(identity)
        self.allow_origins: Final = checked_origins(allow_origins)
        self.ready = True
        self._host = host
        self._wanted_port = port
        self._listener = listener
        self._advertise = None if advertise is None else checked_base(advertise, argument="advertise")
        self._lock = threading.RLock()
        self._registry = Registry()
        self._server: ThreadedServer | None = None
        self._places: Places | None = None

    def __repr__(self) -> str:
        where = self.url if self._server is not None else "stopped"
        return f"<MockIdP {where}, {len(self.issuers)} issuers>"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    # -- the server ----------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start, and return once it listens.

        Raises:
            OSError: The address can't be bound.
            RuntimeError: It is running already.
        """
        with self._lock:
            if self._server is not None:
                raise RuntimeError(f"start: the mock IdP at {self.url} is running already")
            inner = App(self._registry, self.strays, control=self._control, identity=self.identity)
            app: ASGIApp = inner
            protocol: Callable[..., WireProtocol] = partial(WireProtocol, find=inner.find)
            if self.sharing is not None:
                # Nothing lies ready there: every request first looks what others have changed.
                app, protocol = self.sharing.around(inner, control=_once(self._control)), WireProtocol
            tls = None if self.tls is None else self.tls.server_context()
            server = ThreadedServer(
                app,
                host=self._host,
                port=self._wanted_port,
                tls=tls,
                http_protocol=protocol,
                listener=self._listener,
            )
            server.start()
            self._server = server
            self._places = Places(
                host=self._host,
                url=self.url,
                server=server,
                registry=self._registry,
                tls=self.tls,
                shared=self.sharing is not None,
            )

    def stop(self) -> None:
        """Close every connection, drop every issuer, and return once all has ended. Twice is no error.

        Journals can still be read.
        """
        with self._lock:
            server, self._server = self._server, None
            if server is None:
                return
        # Not under the lock: a control request under way may want it, and the stop waits for that request.
        server.stop()
        with self._lock:
            for issuer in self._registry.all():
                self._registry.remove(issuer)
            if self._places is not None:
                self._places.close()

    @property
    def port(self) -> int:
        """The port it listens on.

        Raises:
            RuntimeError: It isn't running.
        """
        return self._running().port

    @property
    def url(self) -> str:
        """The base URL, as advertised, without a final slash.

        Raises:
            RuntimeError: It isn't running.
        """
        return self._running().url if self._advertise is None else self._advertise

    @property
    def ca_pem(self) -> bytes:
        """The authority of certificates that fail, but for the untrusted one, and of redirects to https, as PEM.

        The same as the server's own where that is a throwaway one.

        Raises:
            RuntimeError: It isn't running.
        """
        self._running()
        with self._lock:
            return self._opened().authority.pem

    # -- issuers -------------------------------------------------------------------------------------------------------

    @property
    def issuers(self) -> Mapping[str, Issuer]:
        """The issuers by name: a live, read-only view."""
        return self._registry.issuers

    def make_issuer(
        self,
        name: str | None = None,
        *,
        path: str | None = None,
        own_port: bool = False,
        trailing_slash: bool | None = None,
        failure: FailureWish | None = None,
        document: Mapping[str, object] | None = None,
        endpoints_at: str | None = None,
        preset: str | None = None,
        preset_parameters: Mapping[str, str] | None = None,
        verbatim: bool = False,
        quirks: bool = False,
        switches: Collection[str] = (),
        settings: Mapping[str, object] | None = None,
        clients: Sequence[Mapping[str, object]] = (),
        users: Sequence[Mapping[str, object]] | None = None,
    ) -> Issuer:
        """Make an issuer, which answers from then on.

        Args:
            name: Its name; by default a short one never used before.
            path: Its path, kept exactly; by default "/" and the name. "" (the whole host) needs `own_port`. With a preset: what
                stands for the vendor's host, whose own paths come below it; then "" is the default of `own_port`.
            own_port: Give it a port of its own: every request there is its, matched or not. Where an address is advertised
                it stays on the shared port, and "" becomes "/" and the name.
            trailing_slash: The issuer ends in a slash, as typed and in its document; by default only where the preset's does.
            failure: A failure to begin with: its id, or a mapping of `id` and, as one likes, `endpoint`, `schedule` and
                `parameters`. One that lies in the address, and one about the host's other addresses, gets a port of its own.
            document: A whole document in place of its own.
            endpoints_at: Base URL for the endpoints in its document, such as `https://acme.idp.test`, in place of its own.
            preset: The name of a preset, see `PRESETS`: a vendor's issuer form, paths and document. The endpoints are this
                server's, at the vendor's paths.
            preset_parameters: Parameters of the preset, such as `{"org": "acme"}`, in place of its defaults.
            verbatim: The document names the vendor's own hosts and issuer, for clients that only read it.
            quirks: The document is as wrong as the vendor's: an issuer that is a placeholder, or another than its address.
            switches: Oddities to begin with, see `SWITCHES`, besides those of the preset.
            settings: How its provider behaves from the start: the arguments of `Issuer.configure`.
            clients: Relying parties besides the default one, each by the arguments of `Issuer.add_client`.
            users: Who can log in, each by the arguments of `Issuer.add_user`, in place of `alice`; the first is who is logged in
                without being asked.

        Raises:
            TypeError: A mapping or list is of another type.
            ValueError: An argument isn't right, or the name or path is in use.
            RuntimeError: The server isn't running.
        """
        blueprint = Blueprint.read(
            name=name,
            path=path,
            own_port=own_port,
            trailing_slash=trailing_slash,
            failure=failure,
            document=document,
            endpoints_at=endpoints_at,
            preset=preset,
            preset_parameters=preset_parameters,
            verbatim=verbatim,
            quirks=quirks,
            switches=switches,
            settings=settings,
            clients=clients,
            users=users,
        )
        with self._lock:
            return self._made(blueprint)

    def drop_issuer(self, issuer_or_name: Issuer | str) -> None:
        """Drop an issuer: its path is free again, a port of its own is closed with all its connections.

        Its journal can still be read.

        Raises:
            LookupError: There is no such issuer, or no longer.
        """
        with self._lock:
            places = self._opened()
            issuer = self._registry.remove(issuer_or_name)
        issuer.journal.changed()  # whoever follows it sees that it ends
        places.drop(issuer)

    # -- inside --------------------------------------------------------------------------------------------------------

    def _made(self, blueprint: Blueprint) -> Issuer:
        places, has_ports = self._opened(), self._advertise is None
        name = self._fresh_name() if blueprint.name is None else blueprint.name
        area = blueprint.area(name, has_ports=has_ports)
        place = places.open(blueprint.mode) if blueprint.needs_port(has_ports=has_ports) else None
        base, port = (self.url, SHARED) if place is None else (places.base(place), place.port)
        site = blueprint.site(name, area, base=base, port=port)
        backing = ALONE if self.sharing is None else self.sharing.backing(name)
        issuer = None
        try:
            shape = blueprint.shape(site, area)
            issuer = blueprint.made(site, shape, neighbour=self._neighbour, backing=backing, strays=self.strays)
            self._registry.add(issuer)
        except BaseException:
            if place is not None:
                place.close()
            if issuer is not None:
                self._registry.remove_ports(issuer)
                places.drop(issuer)
            raise
        if place is not None:
            places.begin(issuer, place)
        return issuer

    def _neighbour(self, issuer: Issuer, kind: SecondAddress) -> str:
        with self._lock:
            return self._opened().neighbour(issuer, kind)

    def _fresh_name(self) -> str:
        while True:
            name = os.urandom(5).hex()
            if name not in self._registry.issuers:
                return name

    def _control(self) -> "ASGIApp":
        from idpact_mock.control import control_app  # noqa: PLC0415 - starlette's router, paid for when first asked

        return control_app(self)

    def _opened(self) -> Places:
        self._running()
        assert self._places is not None  # noqa: S101 - made where the server is
        return self._places

    def _running(self) -> ThreadedServer:
        if self._server is None:
            raise RuntimeError("the mock IdP isn't running: call start(), or use it as a context manager")
        return self._server


def _once(make: "Callable[[], ASGIApp]") -> "Callable[[], ASGIApp]":
    """Make it when first asked for."""
    made: list[ASGIApp] = []

    def get() -> "ASGIApp":
        if not made:
            made.append(make())
        return made[0]

    return get


def _checked_token(token: str | None, host: str) -> str | None:
    if token is None:
        if is_loopback(host):
            return None
        import secrets  # noqa: PLC0415 - hashes and random numbers, which few servers need to start

        return secrets.token_urlsafe(24)
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise ValueError("admin_token: it must be printable ASCII without spaces, at least one character")
    return token

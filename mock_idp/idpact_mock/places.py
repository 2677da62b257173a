"""The sockets of issuers that live beside the shared port: ports of their own, addresses that fail, second addresses.

Knows sockets and certificates; what is served there is the server's and the registry's business.
"""

import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from idpact_mock.failures import FAILURES, FailureMode, SecondAddress
from idpact_mock.issuer import Issuer
from idpact_mock.registry import Registry
from idpact_mock.site import address_text
from idpact_mock.sockets import bound, reachable_host
from idpact_mock.threaded import ThreadedServer
from idpact_mock.tls import LOCAL, Authority, ServerTLS

__all__ = ["Place", "Places"]

_SILENT: Final = frozenset({"dns-failure", "connection-refused"})
"""Bound and never listened on."""

_SECONDS: Final = 1.0

_TLS: Final = frozenset({"tls-untrusted", "tls-expired", "tls-wrong-host", "tls-not-tls"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A port of its own.

    Attributes:
        sock: The socket, bound.
        scheme: The scheme that relying parties type.
        host: The host that they type; None for the server's.
        listens: The server answers there.
        tls: The context to serve with; None for the server's own.
        plain: No TLS, whatever the server has.
        filler: A connection that fills the queue of a port that is never served.
    """

    sock: socket.socket
    scheme: str
    host: str | None = None
    listens: bool = True
    tls: ssl.SSLContext | None = None
    plain: bool = False
    filler: socket.socket | None = None

    @property
    def port(self) -> int:
        """The port's number."""
        port: int = self.sock.getsockname()[1]
        return port

    def close(self) -> None:
        """Let go of the port."""
        self.sock.close()
        if self.filler is not None:
            self.filler.close()


class Places:
    """The ports of one server beside its shared one. Every method is called under the server's lock, or may race freely.

    Args:
        host: Address to bind.
        url: The base URL under which others reach the server.
        server: The server.
        registry: Where ports and issuers are matched.
        tls: The server's own TLS.
        shared: Other servers have the same issuers, so that none of them can have a port of its own.
    """

    def __init__(
        self,
        *,
        host: str,
        url: str,
        server: ThreadedServer,
        registry: Registry,
        tls: ServerTLS | None,
        shared: bool = False,
    ) -> None:
        self._shared = shared
        self._host = host
        self._url = urlsplit(url)
        self._server = server
        self._registry = registry
        self._tls = tls
        self._authority: Authority | None = None if tls is None else tls.authority
        self._places: dict[Issuer, list[Place]] = {}
        self._neighbours: dict[tuple[Issuer, SecondAddress], str] = {}

    @property
    def authority(self) -> Authority:
        """Signs the certificates of failing issuers; the server's own authority, if that is a throwaway one."""
        if self._authority is None:
            self._authority = Authority()
        return self._authority

    def open(self, mode: FailureMode | None) -> Place:
        """Bind a port for an issuer, which fails in that way if its address does."""
        self._check_alone()
        failure = None if mode is None or mode.layer != "address" else mode.id
        tls = self._context(failure) if failure in _TLS - {"tls-not-tls"} else None
        sock = bound(self._host, 0)
        scheme = "https" if failure in _TLS else self._url.scheme
        if failure == "connect-timeout":
            return Place(sock=sock, scheme=scheme, listens=False, filler=self._filled(sock))
        return Place(
            sock=sock,
            scheme=scheme,
            host=f"idp-{sock.getsockname()[1]}.invalid" if failure == "dns-failure" else None,
            listens=failure not in _SILENT,
            tls=tls,
            plain=failure == "tls-not-tls",
        )

    def begin(self, issuer: Issuer, place: Place) -> None:
        """Answer there from now on, if anything is answered there; drop it with the issuer."""
        self._places.setdefault(issuer, []).append(place)
        if place.listens:
            self._server.add_socket(place.sock, tls=place.tls, plain=place.plain)

    def neighbour(self, issuer: Issuer, kind: SecondAddress) -> str:
        """A second address of an issuer, which lives as long as it does: scheme, host and port."""
        self._check_alone()
        known = self._neighbours.get((issuer, kind))
        if known is not None:
            return known
        mode = FAILURES.get(kind)
        place = self._beside(kind) if mode is None else self.open(mode)
        self._registry.add_port(place.port, issuer, endpoints=place.listens and kind != "canary")
        self.begin(issuer, place)
        self._neighbours[issuer, kind] = base = self.base(place)
        return base

    def _beside(self, kind: SecondAddress) -> Place:
        secure = kind == "https" or (kind == "same" and self._url.scheme == "https")
        context = self._context(None) if secure and self._tls is None else None
        return Place(
            sock=bound(self._host, 0),
            scheme="https" if secure else "http",
            listens=kind != "refused",
            tls=context,
            plain=not secure,
        )

    def socket_of(self, issuer: Issuer) -> socket.socket:
        """The socket of an issuer with a port of its own.

        Raises:
            KeyError: It has none.
        """
        return self._places[issuer][0].sock

    def drop(self, issuer: Issuer) -> None:
        """Close the ports of an issuer, and the connections that came by them."""
        for kind in [key for key in self._neighbours if key[0] is issuer]:
            del self._neighbours[kind]
        for place in self._places.pop(issuer, []):
            if place.listens:
                self._server.remove_socket(place.sock)
            place.close()

    def close(self) -> None:
        """Let go of all ports, once the server has stopped."""
        for places in self._places.values():
            for place in places:
                place.close()
        self._places.clear()
        self._neighbours.clear()

    def _check_alone(self) -> None:
        if self._shared:
            raise ValueError(
                "own_port, failure: this issuer or failure needs a port of its own, which servers that share a store don't have; "
                "give it a path, or run one server without a store"
            )

    def base(self, place: Place) -> str:
        """The base URL under which an issuer with that port is reached."""
        return f"{place.scheme}://{address_text(place.host or self._url.hostname or '', place.port)}"

    def _context(self, failure: str | None) -> ssl.SSLContext:
        hosts = tuple(dict.fromkeys((*LOCAL, self._url.hostname or LOCAL[0])))
        match failure:
            case "tls-untrusted":
                return Authority().context(hosts)
            case "tls-expired":
                return self.authority.context(hosts, expired=True)
            case "tls-wrong-host":
                return self.authority.context(("wrong-host.invalid",))
            case _:
                return self.authority.context(hosts)

    def _filled(self, sock: socket.socket) -> socket.socket:
        """Fill the queue of connections, so that the kernel drops whoever else would connect."""
        sock.listen(0)
        host, port = sock.getsockname()[:2]
        filler = socket.socket(sock.family, socket.SOCK_STREAM)
        filler.settimeout(_SECONDS)
        with suppress(TimeoutError):  # somebody else was faster: the queue is full all the same
            filler.connect((reachable_host(host), port))
        return filler

"""Which issuers there are, and which of them a request belongs to. In memory; may be used from any thread.

Everything a request needs is read without a lock: dictionaries are changed by one thread at a time, and reading one is
atomic.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from idpact_mock.document import WELL_KNOWN
from idpact_mock.errors import TakenError, UnknownIssuerError
from idpact_mock.issuer import Issuer
from idpact_mock.shape import Shape
from idpact_mock.site import SHARED, Site

__all__ = ["PROVIDER", "Endpoint", "EndpointKind", "Registry"]

EndpointKind = Literal[
    "discovery",
    "jwks",
    "authorize",
    "login",
    "token",
    "userinfo",
    "introspection",
    "revocation",
    "device_authorization",
    "device",
    "logout",
    "unimplemented",
]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address that an issuer answers at.

    Attributes:
        issuer: The issuer.
        kind: What is there.
    """

    issuer: Issuer
    kind: EndpointKind


_ENDPOINTS: Final[Mapping[str, EndpointKind]] = MappingProxyType({WELL_KNOWN: "discovery", "/jwks": "jwks"})
"""Those asked for most, and by themselves: each issuer has them in a dictionary."""

PROVIDER: Final[Mapping[str, EndpointKind]] = MappingProxyType(
    {
        "/authorize": "authorize",
        "/login": "login",
        "/token": "token",
        "/userinfo": "userinfo",
        "/introspect": "introspection",
        "/revoke": "revocation",
        "/device_authorization": "device_authorization",
        "/device": "device",
        "/logout": "logout",
    }
)
"""Those of the provider, which are found by the issuer's path, so that an issuer costs no more for having them."""


_ROLES: Final[Mapping[str, EndpointKind]] = MappingProxyType({**_ENDPOINTS, **PROVIDER})


class Registry:
    """The issuers of one server."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_name: dict[str, Issuer] = {}
        self._by_path: dict[tuple[int, str], Issuer] = {}
        self._by_port: dict[int, Issuer] = {}
        self._second_ports: dict[Issuer, list[int]] = {}
        self._endpoints: dict[tuple[int, bytes], Endpoint] = {}
        self.issuers: Final[Mapping[str, Issuer]] = MappingProxyType(self._by_name)
        """A live, read-only view."""
        self.endpoints: Final[Mapping[tuple[int, bytes], Endpoint]] = MappingProxyType(self._endpoints)
        """By port (or `SHARED`) and request target, as long as the target has no query."""
        self.ports: Final[Mapping[int, Issuer]] = MappingProxyType(self._by_port)
        """The only issuer of each port that isn't shared."""

    def add(self, issuer: Issuer) -> None:
        """Add an issuer.

        Raises:
            TakenError: Its name, its path or a path of one of its endpoints is in use.
        """
        site = issuer.site
        with self._lock:
            self._check(site, issuer.shape)
            self._by_name[site.name] = issuer
            for path in {site.path, issuer.shape.area}:
                self._by_path[site.port, path] = issuer
            if site.port != SHARED:
                self._by_port[site.port] = issuer
            for path, kind in _kinds(site, issuer.shape).items():
                self._endpoints[site.port, path.encode("ascii")] = Endpoint(issuer, kind)

    def add_port(self, port: int, issuer: Issuer, *, endpoints: bool) -> None:
        """One more port is this issuer's, until it is removed; its endpoints answer there too, or nothing does."""
        with self._lock:
            self._by_port[port] = issuer
            self._second_ports.setdefault(issuer, []).append(port)
            if not endpoints:
                return
            self._by_path[port, issuer.site.path] = issuer  # by which the provider's endpoints are found
            for path, kind in _kinds(issuer.site, issuer.shape).items():
                self._endpoints[port, path.encode("ascii")] = Endpoint(issuer, kind)

    def remove_ports(self, issuer: Issuer) -> None:
        """The ports of `add_port` are nobody's any more."""
        with self._lock:
            for port in self._second_ports.pop(issuer, []):
                self._by_port.pop(port, None)
                self._by_path.pop((port, issuer.site.path), None)
                for path in _kinds(issuer.site, issuer.shape):
                    self._endpoints.pop((port, path.encode("ascii")), None)

    def remove(self, issuer_or_name: Issuer | str) -> Issuer:
        """Remove an issuer.

        Raises:
            UnknownIssuerError: There is no such issuer, or no longer.
        """
        name = issuer_or_name if isinstance(issuer_or_name, str) else issuer_or_name.name
        with self._lock:
            issuer = self.get(name)
            if not isinstance(issuer_or_name, str) and issuer is not issuer_or_name:
                raise UnknownIssuerError(
                    f"name: {issuer_or_name!r} was dropped already; another issuer has its name now"
                )
            site = issuer.site
            del self._by_name[site.name]
            for path in {site.path, issuer.shape.area}:
                del self._by_path[site.port, path]
            self._by_port.pop(site.port, None)
            for path in _kinds(site, issuer.shape):
                del self._endpoints[site.port, path.encode("ascii")]
        self.remove_ports(issuer)
        return issuer

    def provider_endpoint(self, port: int, path: str) -> Endpoint | None:
        """The endpoint of a provider at that path."""
        above, slash, last = path.rpartition("/")
        kind = PROVIDER.get(slash + last)
        issuer = None if kind is None else self._by_path.get((port, above))
        return None if issuer is None or kind is None else Endpoint(issuer, kind)

    def get(self, name: str) -> Issuer:
        """The issuer of that name.

        Raises:
            UnknownIssuerError: There is none.
        """
        issuer = self._by_name.get(name)
        if issuer is None:
            import difflib  # noqa: PLC0415 - for who has mistyped

            near = difflib.get_close_matches(str(name), list(self._by_name), n=3)
            hint = f"; did you mean {', '.join(near)}?" if near else ""
            raise UnknownIssuerError(f"name: there is no issuer {name!r}{hint}")
        return issuer

    def all(self) -> tuple[Issuer, ...]:
        """All issuers now."""
        with self._lock:
            return tuple(self._by_name.values())

    def owner(self, port: int, path: str) -> Issuer | None:
        """Whose request this is: of a port's only issuer whatever the path, otherwise of the longest path that is above it."""
        alone = self._by_port.get(port)
        if alone is not None:
            return alone
        while path:
            found = self._by_path.get((port, path))
            if found is not None:
                return found
            path = path.rpartition("/")[0]
        return None

    def _check(self, site: Site, shape: Shape) -> None:
        if site.name in self._by_name:
            raise TakenError(f"name: {site.name!r} is in use by the issuer at {self._by_name[site.name].url}")
        for path in (site.path, shape.area):
            other = self._by_path.get((site.port, path))
            if other is not None:
                raise TakenError(f"path: {path!r} is in use by issuer {other.name!r}")
        provided = PROVIDER if shape.routes is None else ()
        for path in (*_kinds(site, shape), *(f"{site.path}{below}" for below in provided)):
            taken = self._endpoints.get((site.port, path.encode("ascii"))) or self.provider_endpoint(site.port, path)
            if taken is not None:
                raise TakenError(f"path: {path!r} is an endpoint of issuer {taken.issuer.name!r}")


def _kinds(site: Site, shape: Shape) -> dict[str, EndpointKind]:
    """What is where. A preset's paths are found by their role, and what has none is only named."""
    if shape.routes is None:
        return {f"{site.path}{below}": kind for below, kind in _ENDPOINTS.items()}
    kinds = {at: _ROLES.get(f"/{role}", "unimplemented") for at, role in shape.routes.items()}
    return {**kinds, f"{site.path}{WELL_KNOWN}": _ENDPOINTS[WELL_KNOWN]}

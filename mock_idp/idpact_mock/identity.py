"""Under which address a request came: what decides the issuer where that isn't pinned. Pure; reads headers, never answers.

Headers come from anybody. What is no host, no port and no scheme is not used, and a family of headers with one such value
in it isn't used at all: then the next one decides, and in the end the pinned address.
"""

import re
from collections.abc import Iterable
from typing import Final, Literal, get_args

__all__ = ["DecidedBy", "Identity", "checked_identity", "identified"]

Identity = Literal["pinned", "host", "forwarded"]
"""Where issuers get their address from: from the server's own (or advertised) URL; from each request's Host; or from what
proxies say first."""

DecidedBy = Literal["pinned", "host", "x-forwarded", "forwarded"]
"""What decided in the end."""

_NAME: Final = r"\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,253}[A-Za-z0-9_.])?"
_AUTHORITY: Final = re.compile(rf"({_NAME})(?::([0-9]{{1,5}}))?")
_PAIR: Final = re.compile(r'\s*([A-Za-z]+)=("(?:[^"\\]|\\.)*"|[^\s",;]+)\s*')
_HIGHEST_PORT: Final = 65_535
_DEFAULT_PORTS: Final = {"http": "80", "https": "443"}

_Headers = Iterable[tuple[bytes, bytes]]


def checked_identity(identity: object) -> Identity:
    """A way to get the address.

    Raises:
        ValueError: It isn't one.
    """
    for known in get_args(Identity):
        if identity == known:
            return known  # type: ignore[no-any-return]  # one of the literals, which `get_args` can't say
    raise ValueError(f"identity: {identity!r} must be one of {', '.join(get_args(Identity))}")


def identified(headers: _Headers, *, scheme: str, identity: Identity) -> tuple[DecidedBy, str | None]:
    """What decides the base URL of a request's issuer, and that URL; None for the pinned one.

    Args:
        headers: Names in lower case, and values.
        scheme: The scheme that the request came by.
        identity: How issuers get their address.

    Source: RFC 9110, section 7.2 (Host); RFC 7239, section 4 (Forwarded); X-Forwarded-* are in use, and in no standard.
    """
    found: dict[bytes, list[str]] = {}
    for name, value in headers:
        found.setdefault(name, []).append(value.decode("latin-1").strip())
    hosts = found.get(b"host", [])
    host = hosts[0] if len(hosts) == 1 and _is_authority(hosts[0]) else None
    if identity == "forwarded":
        base = _forwarded(found, scheme, host)
        if base is not None:
            return "forwarded", base
        base = _x_forwarded(found, scheme, host)
        if base is not None:
            return "x-forwarded", base
    if identity != "pinned" and host is not None:
        return "host", f"{scheme}://{host}"
    return "pinned", None


def _forwarded(found: dict[bytes, list[str]], scheme: str, host: str | None) -> str | None:
    """The first element is that of the proxy nearest to the client."""
    lines = found.get(b"forwarded")
    if not lines:
        return None
    pairs = _first_element(",".join(lines))
    if not pairs.keys() & {"host", "proto"}:
        return None
    return _base(pairs.get("proto", scheme), pairs.get("host", host))


def _first_element(text: str) -> dict[str, str]:
    """The parameters of the first element; none where it can't be read, or names one twice."""
    pairs: dict[str, str] = {}
    at = 0
    while True:
        match = _PAIR.match(text, at)
        if match is None or match[1].lower() in pairs:
            return {}
        value = match[2]
        pairs[match[1].lower()] = re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') else value
        at = match.end()
        if at == len(text) or text[at] == ",":
            return pairs
        if text[at] != ";":
            return {}
        at += 1


def _x_forwarded(found: dict[bytes, list[str]], scheme: str, host: str | None) -> str | None:
    told = {
        what: found[name][0].partition(",")[0].strip()
        for what, name in (
            ("proto", b"x-forwarded-proto"),
            ("host", b"x-forwarded-host"),
            ("port", b"x-forwarded-port"),
        )
        if name in found
    }
    if not told:
        return None
    return _base(told.get("proto", scheme), told.get("host", host), port=told.get("port"))


def _base(proto: str, authority: str | None, *, port: str | None = None) -> str | None:
    proto = proto.lower()
    if proto not in _DEFAULT_PORTS or authority is None or not _is_authority(authority):
        return None
    if port is not None:
        match = _AUTHORITY.fullmatch(authority)
        name = authority if match is None else match[1]
        authority = name if port == _DEFAULT_PORTS[proto] else f"{name}:{port}"
        if not _is_authority(authority):
            return None
    return f"{proto}://{authority}"


def _is_authority(text: str) -> bool:
    match = _AUTHORITY.fullmatch(text)
    return match is not None and (match[2] is None or 0 < int(match[2]) <= _HIGHEST_PORT)

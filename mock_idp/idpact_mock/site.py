"""Where an issuer lives: its name, its path, and the URLs that follow. Pure; opens no socket.

Paths are kept exactly as given: case and percent-encoding are part of an issuer's identity.
"""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from idpact_mock.document import WELL_KNOWN

__all__ = ["CONTROL", "SHARED", "Site", "address_text", "at_base", "checked_base", "checked_name", "checked_path"]

CONTROL: Final = "/_idpact"
"""The path below which the control interface lives on the shared port."""

SHARED: Final = 0
"""Stands for the port that issuers share, whatever its number is."""

_NAME: Final = re.compile(r"[A-Za-z0-9._~-]+")
_PATH: Final = re.compile(r"(/(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/]|%[0-9A-Fa-f]{2})*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where an issuer lives.

    Attributes:
        name: Its name.
        base: Scheme, host and port under which relying parties reach it, without a final slash.
        path: Its path, empty for a whole host.
        trailing_slash: The issuer as it is typed ends in a slash.
        port: The port at which its requests arrive, if no other issuer has it; `SHARED` otherwise.
        doubled: The address of the document is what is typed as the issuer, by mistake.
    """

    name: str
    base: str
    path: str
    trailing_slash: bool = False
    port: int = SHARED
    doubled: bool = False

    @property
    def url(self) -> str:
        """The issuer identifier as a relying party types it."""
        return self.discovery_url if self.doubled else self.identifier

    @property
    def identifier(self) -> str:
        """The issuer identifier as its document has it."""
        return f"{self.root}/" if self.trailing_slash else self.root

    @property
    def root(self) -> str:
        """The issuer without its final slash: what its endpoints are below."""
        return f"{self.base}{self.path}"

    @property
    def discovery_url(self) -> str:
        """One slash, whatever the issuer ends in. Source: OpenID Connect Discovery 1.0, section 4.1."""
        return f"{self.root}{WELL_KNOWN}"


def checked_name(name: object) -> str:
    """An issuer's name.

    Raises:
        ValueError: It isn't one.
    """
    if not isinstance(name, str) or not _NAME.fullmatch(name) or name in {".", ".."}:
        # Clients resolve '.' and '..' away (RFC 3986, section 5.2.4), so that nobody could ever ask for such an issuer.
        raise ValueError(
            f"name: {name!r} must be letters, digits and ._~- only, at least one, and neither '.' nor '..'"
        )
    return name


def checked_path(path: object, *, own_port: bool) -> str:
    """An issuer's path (RFC 3986, section 3.3).

    Raises:
        ValueError: It isn't one, or it is empty on the shared port, or reserved there.
    """
    if not isinstance(path, str) or not _PATH.fullmatch(path):
        raise ValueError(f"path: {path!r} must be empty or begin with '/', with anything unusual percent-encoded")
    if path.endswith("/"):
        raise ValueError(f"path: {path!r} must not end in '/'; trailing_slash=True puts one at the issuer's end")
    if not own_port and not path:
        raise ValueError("path: '' (the whole host) needs own_port=True, since other issuers live on the shared port")
    if not own_port and (path == CONTROL or path.startswith(f"{CONTROL}/")):
        raise ValueError(f"path: {path!r} is reserved for the control interface")
    return path


def checked_base(url: object, *, argument: str) -> str:
    """An absolute http(s) URL to which paths can be appended, without its final slash.

    Raises:
        ValueError: It isn't one.
    """
    wanted = f"{argument}: {url!r} must be an absolute http or https URL without query and fragment"
    if not isinstance(url, str) or not url.isprintable() or " " in url:
        raise ValueError(wanted)
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises for a port that is no number below 65536
    except ValueError as error:
        raise ValueError(f"{wanted} ({error})") from error
    if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc or "?" in url or "#" in url:
        raise ValueError(wanted)
    return url.rstrip("/")


def at_base(url: str, base: str) -> str:
    """The same path and query below another scheme, host and port."""
    parts, there = urlsplit(url), urlsplit(base)
    return parts._replace(scheme=there.scheme, netloc=there.netloc).geturl()


def address_text(host: str, port: int) -> str:
    """`host:port` as it stands in a URL: an IPv6 address in brackets (RFC 3986, section 3.2.2)."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

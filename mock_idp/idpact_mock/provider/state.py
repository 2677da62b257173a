"""What a provider remembers of those who log in: records, and the bounded shelves they lie on. No rule is decided here."""

import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final, Literal

from idpact_mock.provider.shelf import Shelf

__all__ = ["Access", "Code", "Device", "Grant", "Refresh", "Session", "State", "digest", "fresh"]


@dataclass(slots=True, kw_only=True)
class Grant:
    """What a person, or a client for itself, has agreed to. Everything that comes of it dies with it.

    Attributes:
        client_id: Whom it was given.
        sub: Who gave it.
        scope: What it covers.
        auth_time: When that person logged in, in unix time; None where nobody did.
        sid: The session in which that was.
        nonce: The nonce of the authorization request.
        revoked: It is over.
    """

    client_id: str
    sub: str
    scope: tuple[str, ...]
    auth_time: float | None = None
    sid: str | None = None
    nonce: str | None = None
    revoked: bool = False


@dataclass(slots=True, kw_only=True)
class Code:
    """An authorization code (RFC 6749, section 4.1.2)."""

    grant: Grant
    redirect_uri: str
    uri_was_sent: bool
    challenge: str | None
    expires: float
    used: bool = False


@dataclass(slots=True, kw_only=True)
class Access:
    """An access token."""

    grant: Grant
    claims: dict[str, Any]
    scope: tuple[str, ...]
    revoked: bool = False


@dataclass(slots=True, kw_only=True)
class Refresh:
    """A refresh token."""

    grant: Grant
    issued: float
    expires: float
    used: bool = False


@dataclass(slots=True, kw_only=True)
class Device:
    """A device that waits for a person (RFC 8628)."""

    client_id: str
    scope: tuple[str, ...]
    user_code: str
    pending: int
    slow_down: int
    interval: float
    expires: float
    polled: float | None = None
    status: Literal["pending", "approved", "denied"] = "pending"
    sub: str = ""
    sid: str | None = None
    auth_time: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A login in one browser."""

    sid: str
    sub: str
    auth_time: float


@dataclass(slots=True)
class State:
    """All that an issuer remembers. Secrets are looked up by their digest, so that none is kept."""

    codes: Shelf[Code] = field(default_factory=Shelf)
    access: Shelf[Access] = field(default_factory=Shelf)
    refresh: Shelf[Refresh] = field(default_factory=Shelf)
    devices: Shelf[Device] = field(default_factory=Shelf)
    user_codes: Shelf[Device] = field(default_factory=Shelf)
    sessions: Shelf[Session] = field(default_factory=Shelf)
    assertions: Shelf[bool] = field(default_factory=Shelf)


_BYTES: Final = 32


def fresh() -> str:
    """A secret that nobody guesses (RFC 6749, section 10.10)."""
    return secrets.token_urlsafe(_BYTES)


def digest(secret: str) -> str:
    """What a secret is looked up by."""
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()

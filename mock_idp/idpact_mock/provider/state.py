"""What a provider remembers of those who log in: records, and the bounded shelves they lie on. No rule is decided here.

Records never change: what becomes of one is another in its place, put there by `swap`, which one of several wins.
"""

import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final, Literal

from idpact_mock.provider.store import LIMIT, MEMORY, Shelf, Store

__all__ = ["Access", "Code", "Device", "Grant", "Refresh", "Session", "State", "digest", "fresh"]


@dataclass(slots=True, kw_only=True)  # not frozen, which would cost every token a microsecond
class Grant:
    """What a person, or a client for itself, has agreed to. Everything that comes of it dies with it.

    Attributes:
        id: What it is revoked by; empty where nothing revokes it as a whole.
        client_id: Whom it was given.
        sub: Who gave it.
        scope: What it covers.
        auth_time: When that person logged in, in unix time; None where nobody did.
        sid: The session in which that was.
        nonce: The nonce of the authorization request.
    """

    id: str = ""
    client_id: str
    sub: str
    scope: tuple[str, ...]
    auth_time: float | None = None
    sid: str | None = None
    nonce: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """An authorization code (RFC 6749, section 4.1.2)."""

    grant: Grant
    redirect_uri: str
    uri_was_sent: bool
    challenge: str | None
    expires: float
    used: bool = False


@dataclass(slots=True, kw_only=True)  # not frozen, which would cost every token a microsecond
class Access:
    """An access token."""

    grant: Grant
    claims: dict[str, Any]
    scope: tuple[str, ...]
    revoked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Refresh:
    """A refresh token."""

    grant: Grant
    issued: float
    expires: float
    used: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
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


class State:
    """All that an issuer remembers. Secrets are looked up by their digest, so that none is kept.

    Args:
        store: Where the shelves are.
    """

    __slots__ = ("access", "assertions", "codes", "devices", "refresh", "revoked", "sessions", "taken", "user_codes")

    def __init__(self, store: Store = MEMORY) -> None:
        self.codes: Final[Shelf[Code]] = store.shelf("codes", Code)
        self.access: Final[Shelf[Access]] = store.shelf("access", Access)
        self.refresh: Final[Shelf[Refresh]] = store.shelf("refresh", Refresh)
        self.devices: Final[Shelf[Device]] = store.shelf("devices", Device)
        self.user_codes: Final[Shelf[str]] = store.shelf("user_codes", str)
        """By what a person types: the key of the device."""
        self.sessions: Final[Shelf[Session]] = store.shelf("sessions", Session)
        self.assertions: Final[Shelf[bool]] = store.shelf("assertions", bool)
        self.taken: Final[Shelf[bool]] = store.shelf("taken", bool)
        """Orders and refusals that somebody has followed."""
        self.revoked: Final[Shelf[bool]] = store.shelf("revoked", bool, limit=_REVOKED * LIMIT)
        """Grants that are over, by their ids."""

    def revoke(self, grant: Grant, *, now: float) -> None:
        """End a grant, and with it all that came of it."""
        if grant.id:
            self.revoked.put(grant.id, True, expires=now + _REMEMBERED, now=now)  # noqa: FBT003 - the value says nothing

    def is_revoked(self, grant: Grant, *, now: float) -> bool:
        """The grant is over."""
        return bool(grant.id) and self.revoked.get(grant.id, now=now) is not None


_REVOKED: Final = 4
"""Several tokens, each on its own shelf, may keep a grant alive: its end is remembered longer than any of them."""

_REMEMBERED: Final = 10 * 365 * 86_400.0

_BYTES: Final = 32


def fresh() -> str:
    """A secret that nobody guesses (RFC 6749, section 10.10)."""
    return secrets.token_urlsafe(_BYTES)


def digest(secret: str) -> str:
    """What a secret is looked up by."""
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()

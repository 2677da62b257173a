"""How a provider behaves, as one immutable value: what it asks of people and clients, and how long things live."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Final, Literal, Self, TypedDict, get_args

from idpact_mock.provider.clock import FURTHEST, is_number

__all__ = ["ALGORITHMS", "Algorithm", "Settings", "SettingsChanges", "checked_algorithm"]

Algorithm = Literal["RS256", "PS256", "ES256", "EdDSA"]

ALGORITHMS: Final[tuple[Algorithm, ...]] = get_args(Algorithm)
"""What tokens can be signed with (RFC 7518, section 3.1; RFC 8037, section 3.1)."""


def checked_algorithm(alg: object) -> Algorithm:
    """A signature algorithm.

    Raises:
        ValueError: It is none that we sign with.
    """
    for known in ALGORITHMS:
        if alg == known:
            return known
    raise ValueError(f"alg: {alg!r} must be one of {', '.join(ALGORITHMS)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How a provider behaves. All durations are in seconds.

    Attributes:
        auto_approve: A user is logged in and agrees without being asked; otherwise there is a login page.
        alg: What tokens are signed with, where a client asks for nothing else.
        require_pkce: Every client must use PKCE (RFC 7636).
        code_seconds: How long a code can be redeemed (RFC 6749, section 4.1.2: ten minutes at most).
        access_token_seconds: How long an access token is valid.
        id_token_seconds: How long an ID token is valid.
        refresh_token_seconds: How long a refresh token is valid.
        session_seconds: How long a login lasts.
        device_seconds: How long a device code is valid.
        device_interval: Seconds between polls; who polls sooner is told to slow down (RFC 8628, section 3.5). 0 lets
            everybody poll as often as they like.
        device_pending: How many polls find a device's authorization pending, whatever the user does meanwhile.
        device_slow_down: How many polls after those are told to slow down.
    """

    auto_approve: bool = True
    alg: Algorithm = "RS256"
    require_pkce: bool = False
    code_seconds: float = 60
    access_token_seconds: float = 3600
    id_token_seconds: float = 3600
    refresh_token_seconds: float = 14 * 86400
    session_seconds: float = 86400
    device_seconds: float = 600
    device_interval: float = 5
    device_pending: int = 0
    device_slow_down: int = 0

    def changed(self, changes: Mapping[str, Any]) -> Self:
        """The same with these settings.

        Raises:
            ValueError: A setting is unknown or has a wrong value; the message names it.
        """
        known = {field.name: getattr(self, field.name) for field in fields(self)}
        for name, value in changes.items():
            if name not in known:
                raise ValueError(f"settings: {name!r} is unknown; known are {', '.join(sorted(known))}")
            _check(name, value, type(known[name]))
        return replace(self, **changes)

    def to_json(self) -> dict[str, Any]:
        """A JSON value."""
        return asdict(self)


class SettingsChanges(TypedDict, total=False):
    """What can be changed, by name; see `Settings`."""

    auto_approve: bool
    alg: str
    require_pkce: bool
    code_seconds: float
    access_token_seconds: float
    id_token_seconds: float
    refresh_token_seconds: float
    session_seconds: float
    device_seconds: float
    device_interval: float
    device_pending: int
    device_slow_down: int


def _check(name: str, value: object, kind: type) -> None:
    if name == "alg":
        checked_algorithm(value)
    elif kind is bool:
        if not isinstance(value, bool):
            raise ValueError(f"{name}: {value!r} must be True or False")
    elif name in {"device_pending", "device_slow_down"}:
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise ValueError(f"{name}: {value!r} must be a whole number from 0")
    elif not is_number(value) or not 0 <= value <= FURTHEST:
        raise ValueError(f"{name}: {value!r} must be a number of seconds from 0 to {FURTHEST}")

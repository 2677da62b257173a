"""Settings, clients and users as they are asked for before there is a provider: all checked, none made. Pure."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from idpact_mock.provider.clients import ClientMetadata, Clients
from idpact_mock.provider.settings import Settings, SettingsChanges
from idpact_mock.provider.users import Users
from idpact_mock.wishes import only

__all__ = ["CLIENT_WORDS", "SETTINGS_WORDS", "USER_WORDS", "wanted_clients", "wanted_settings", "wanted_users"]

SETTINGS_WORDS: Final = tuple(SettingsChanges.__annotations__)
"""What can be set: the arguments of `configure`."""

CLIENT_WORDS: Final = ("client_id", *ClientMetadata.__annotations__)
"""What can be said of a client: the arguments of `add_client`."""

USER_WORDS: Final = ("sub", "claims")
"""What can be said of a user: the arguments of `add_user`."""

Words = dict[str, Any]


def wanted_settings(told: object) -> Words:
    """Settings by their names, as `configure` takes them; none for None.

    Raises:
        TypeError: It is no mapping.
        ValueError: A setting is unknown or has a wrong value; the message names it.
    """
    if told is None:
        return {}
    return _checked(told, "settings", SETTINGS_WORDS, Settings().changed)


def wanted_clients(told: object) -> tuple[Words, ...]:
    """Clients, each by the arguments of `add_client`.

    Raises:
        TypeError, ValueError: It is no list of mappings, or one isn't right; the message names it by its index.
    """
    among = Clients("")
    return _each(told, "clients", CLIENT_WORDS, lambda words: among.add(**words))


def wanted_users(told: object) -> tuple[Words, ...]:
    """Users, each by the arguments of `add_user`.

    Raises:
        TypeError, ValueError: It is no list of mappings, or one isn't right; the message names it by its index.
    """
    among = Users()
    return _each(told, "users", USER_WORDS, lambda words: among.add(**{"sub": "", **words}))


def _each(told: object, argument: str, known: Sequence[str], check: Callable[[Words], object]) -> tuple[Words, ...]:
    if isinstance(told, str) or not isinstance(told, Sequence):
        raise TypeError(f"{argument}: it must be a list, each of {', '.join(known)}")
    return tuple(_checked(one, f"{argument}[{index}]", known, check) for index, one in enumerate(told))


def _checked(told: object, where: str, known: Sequence[str], check: Callable[[Words], object]) -> Words:
    if not isinstance(told, Mapping):
        # Not what it is instead, which may hold a secret.
        raise TypeError(f"{where}: it must be a mapping of {', '.join(known)}")
    only(told, known, within=where)
    words = dict(told)
    try:
        check(words)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{where}.{error}") from error
    return words

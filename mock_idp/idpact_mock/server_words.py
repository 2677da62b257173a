"""The words of the server, one by one: how each is read from a file or from text. Pure; knows nothing of where they come from."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from idpact_mock.cors import checked_origins
from idpact_mock.errors import ConfigError
from idpact_mock.identity import checked_identity
from idpact_mock.site import checked_base

__all__ = ["FROM_TEXT", "MOST_WORKERS", "READERS", "pairs"]

MOST_WORKERS: Final = 256


def _string(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError(f"{value!r} must be a string, not empty")
    return value


def _port(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 65535:  # noqa: PLR2004 - the highest port
        raise ValueError(f"{value!r} must be a whole number from 0 to 65535")
    return value


def _switch(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{value!r} must be true or false")  # noqa: TRY004 - as all others
    return value


def _url(value: object) -> str:
    return checked_base(value, argument="").removeprefix(": ")


def _origins(value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(origin, str) for origin in value):
        raise ValueError(f"{value!r} must be a list of origins, such as ['https://app.example']")
    checked_origins(value)
    return tuple(value)


def _parameters(value: object) -> dict[str, str]:
    if not isinstance(value, Mapping) or not all(isinstance(one, str) for one in value.values()):
        raise ValueError(f"{value!r} must be names and strings, such as org = 'acme'")
    return dict(value)


def _listed(text: str) -> list[str]:
    return [one.strip() for one in text.split(",") if one.strip()]


def pairs(told: Iterable[str]) -> dict[str, str]:
    """Parameters of a preset, each as NAME=VALUE.

    Raises:
        ConfigError: One isn't.
    """
    split = [text.partition("=") for text in told]
    for name, equals, value in split:
        if not name or not equals:
            raise ConfigError(f"preset_parameters: {name + value!r} must be given as NAME=VALUE")
    return {name: value for name, _, value in split}


def _workers(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MOST_WORKERS:
        raise ValueError(f"{value!r} must be a whole number from 1 to {MOST_WORKERS}")
    return value


def _store(value: object) -> str:
    from idpact_mock.shared.link import checked_store  # noqa: PLC0415 - for those who share

    return checked_store(value)


READERS: Final[Mapping[str, Callable[[object], Any]]] = {
    "host": _string,
    "port": _port,
    "url": _url,
    "tls": _switch,
    "cert": _string,
    "key": _string,
    "ca_out": _string,
    "allow_origins": _origins,
    "identity": checked_identity,
    "preset": _string,
    "preset_parameters": _parameters,
    "verbatim": _switch,
    "quirks": _switch,
    "log": _switch,
    "workers": _workers,
    "store": _store,
}
"""How each word is read: raises ValueError where it isn't right."""

FROM_TEXT: Final[Mapping[str, Callable[[str], object]]] = {
    **dict.fromkeys(
        ("port", "workers"),
        lambda text: int(text) if text.isascii() and text.isdigit() and len(text) <= 5 else text,  # noqa: PLR2004 - digits of 65535
    ),
    **dict.fromkeys(
        ("tls", "verbatim", "quirks", "log"),
        lambda text: {"true": True, "1": True, "false": False, "0": False}.get(text.lower(), text),
    ),
    "allow_origins": _listed,
    "preset_parameters": lambda text: pairs(_listed(text)),
}
"""What text in the environment stands for, where it stands for something else."""

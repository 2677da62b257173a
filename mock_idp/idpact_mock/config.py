"""What `idpact serve` is told: by a TOML file, the environment and the command line, in that order of weight. Starts nothing.

Issuers are read by what reads the control interface's bodies, so that the same words mean the same and fail alike. All that
takes is loaded when there is a file, or a variable: a server that is told nothing starts without.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from idpact_mock.errors import ConfigError
from idpact_mock.identity import Identity
from idpact_mock.server_words import FROM_TEXT, READERS

if TYPE_CHECKING:
    from idpact_mock.issuer import Issuer
    from idpact_mock.mock import MockIdP
    from idpact_mock.wishes import Change, Making

__all__ = ["PREFIX", "Settings", "WantedIssuer", "settings"]

PREFIX: Final = "IDPACT_SERVE_"
"""What the environment's names begin with."""

_CHANGED: Final = ("document", "headers")
"""The words of an issuer that are a change of it, not an argument of its making."""


_OF_DEFAULT: Final = ("preset", "preset_parameters", "verbatim", "quirks")
"""The words of the server that are of the issuer `default`."""


@dataclass(frozen=True, slots=True)
class WantedIssuer:
    """An issuer that the configuration asks for.

    Attributes:
        where: The file and the key, for messages.
        making: What it is made with.
        change: What is changed about it then.
    """

    where: str
    making: "Making"
    change: "Change"

    def make(self, idp: "MockIdP") -> "Issuer":
        """Make it.

        Raises:
            ConfigError: It can't be made; the message names file and key.
        """
        with _within(self.where):
            issuer = self.making.make(idp)
            self.change.apply(issuer)
        return issuer


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What to serve.

    Attributes:
        host: Address to bind.
        port: Port to bind.
        url: Base URL at which others reach the server.
        tls: Serve https with a CA of its own.
        cert: PEM file to serve https with.
        key: PEM file of its key.
        ca_out: File for the CA of `tls`.
        allow_origins: Origins whose pages may use the control interface.
        identity: Where issuers get their address from; see `MockIdP`.
        preset: The preset of the issuer `default`, as the next three; see `MockIdP.make_issuer`.
        preset_parameters: Its parameters.
        verbatim: Its document names the vendor's own hosts.
        quirks: Its document is as wrong as the vendor's.
        log: Write a line for each request to stderr.
        workers: Processes that serve.
        store: URL of the Redis in which workers and replicas keep what they share.
        issuers: The issuers; None where the file doesn't speak of any.
    """

    host: str = "127.0.0.1"
    port: int = 0
    url: str | None = None
    tls: bool = False
    cert: str | None = None
    key: str | None = None
    ca_out: str | None = None
    allow_origins: tuple[str, ...] = ()
    identity: Identity = "pinned"
    preset: str | None = None
    preset_parameters: Mapping[str, str] | None = None
    verbatim: bool = False
    quirks: bool = False
    log: bool = False
    workers: int = 1
    store: str | None = field(default=None, repr=False)  # it may hold a password
    issuers: tuple[WantedIssuer, ...] | None = field(default=None)

    def __post_init__(self) -> None:
        if self.key is not None and self.cert is None:
            raise ConfigError("key: it goes with cert, the certificate that it is of")
        if self.cert is not None and self.tls:
            raise ConfigError("cert: there is a certificate, so tls, which makes one up, must not be on")
        if self.ca_out is not None and not self.tls:
            raise ConfigError("ca_out: only tls makes a CA that can be written")
        for name in _OF_DEFAULT:
            if getattr(self, name) and self.issuers is not None:
                raise ConfigError(f"{name}: it is of the issuer 'default', and issuers are listed; say it there")
        if self.workers > 1 and self.store is None:
            raise ConfigError(
                f"workers: {self.workers} need a store that they share: set store to a Redis, such as "
                f"redis://127.0.0.1:6379/0 (--store, {PREFIX}STORE), or leave workers at 1"
            )


def settings(
    file: Path | None, *, environment: Mapping[str, str], command_line: Mapping[str, object] | None = None
) -> Settings:
    """Read all there is.

    Args:
        file: A TOML file.
        environment: The environment, of which names that begin with `IDPACT_SERVE_` count.
        command_line: Words of the server and their values; None where the command line doesn't speak of it.

    Raises:
        ConfigError: Something is unknown or wrong; the message names the file or variable, the key, the value and what is right.
    """
    server, issuers = ({}, None) if file is None else _from_file(file)
    told = {name: value for name, value in (command_line or {}).items() if value is not None}
    return Settings(**{**server, **_from_environment(environment), **_checked(told, where="")}, issuers=issuers)


def _checked(told: Mapping[str, object], *, where: str) -> dict[str, Any]:
    """The server's words, each read."""
    values = {}
    for name, value in told.items():
        try:
            values[name] = READERS[name](value)
        except ValueError as error:
            reason = str(error).removeprefix(": ").removeprefix(f"{name}: ")
            raise ConfigError(f"{where}{name}: {reason}") from error
    return values


# -- where it comes from -----------------------------------------------------------------------------------------------


def _server_words() -> Collection[str]:
    from idpact_mock.config_schema import SERVER  # noqa: PLC0415 - all schemas, for who tells something

    words: Collection[str] = SERVER["properties"]
    return words


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    values = {}
    for variable, text in sorted(environment.items()):
        word = variable.removeprefix(PREFIX).lower()
        if not variable.startswith(PREFIX) or word == "config" or not text:
            continue
        if word == "admin_token":
            raise ConfigError(f"{variable}: the admin token is set by IDPACT_ADMIN_TOKEN")
        _known(word, _server_words(), where=variable, shown=lambda name: f"{PREFIX}{name.upper()}")
        with _within(variable, shows_key=True):
            values.update(_checked({word: FROM_TEXT.get(word, str)(text)}, where=""))
    return values


def _from_file(file: Path) -> tuple[dict[str, Any], tuple[WantedIssuer, ...] | None]:
    import tomllib  # noqa: PLC0415 - as above

    try:
        whole = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{file}: it can't be read ({error.strerror})") from error
    except ValueError as error:  # no TOML, or no UTF-8
        raise ConfigError(f"{file}: it is no TOML ({error})") from error
    for name in whole:
        _known(name, ("server", "issuers"), where=str(file))
    server = _table(whole.get("server", {}), where=f"{file}: server")
    if "admin_token" in server:
        raise ConfigError(f"{file}: server.admin_token: a secret has no place in a file; set IDPACT_ADMIN_TOKEN")
    for name in server:
        _known(name, _server_words(), where=f"{file}: server")
    values = _checked(server, where=f"{file}: server.")
    for name in ("cert", "key", "ca_out"):
        if name in values:
            values[name] = str(file.parent / values[name])
    if "issuers" not in whole:
        return values, None
    return values, tuple(_issuers(whole["issuers"], file))


def _issuers(listed: object, file: Path) -> Iterator[WantedIssuer]:
    from idpact_mock.config_schema import ISSUER  # noqa: PLC0415 - as above
    from idpact_mock.wishes import Change, Making  # noqa: PLC0415 - as above

    if not isinstance(listed, list):
        raise ConfigError(f"{file}: issuers: it must be a list of tables, each headed [[issuers]]")
    for index, value in enumerate(listed):
        where = f"{file}: issuers[{index}]"
        table = _table(value, where=where)
        for name in table:
            _known(name, ISSUER["properties"], where=where)
        with _within(where):
            making = Making.read({name: told for name, told in table.items() if name not in _CHANGED})
            change = Change.read({name: told for name, told in table.items() if name in _CHANGED})
        yield WantedIssuer(where, making, change)


def _table(value: object, *, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ConfigError(f"{where}: {value!r} must be a table")
    return value


def _known(name: str, names: Collection[str], *, where: str, shown: Callable[[str], str] = str) -> None:
    if name in names:
        return
    import difflib  # noqa: PLC0415 - for who has mistyped

    near = difflib.get_close_matches(name, names, n=2)
    hint = (
        f"did you mean {' or '.join(map(shown, near))}?"
        if near
        else f"known are {', '.join(map(shown, sorted(names)))}"
    )
    raise ConfigError(f"{where}: {name!r} is unknown; {hint}" if shown is str else f"{where}: it is unknown; {hint}")


@contextmanager
def _within(where: str, *, shows_key: bool = False) -> Iterator[None]:
    """Errors begin with the key as one sees it from outside."""
    try:
        yield
    except (TypeError, ValueError, LookupError) as error:
        told = str(error).partition(": ")[2] if shows_key else str(error)
        raise ConfigError(f"{where}: {told}" if shows_key else f"{where}.{told}") from error

"""The way to Redis: one client, one namespace, and errors that say what to do. Knows nothing of what is kept there."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from idpact_mock.errors import StoreError

if TYPE_CHECKING:
    from redis.client import PubSub

__all__ = ["IDLE", "Link", "Script", "checked_store"]

IDLE: Final = 86_400
"""Seconds after which what no server touches any more is gone."""

_SCHEMES: Final = ("redis", "rediss", "unix")
_SECONDS: Final = 2.0
_OPTIONS: Final = ("prefix", "db")
_PREFIX: Final = "idpact"

Script = Callable[[Sequence[str], Sequence[str | int | float]], Any]
"""A script's call: keys, arguments."""


def checked_store(url: object) -> str:
    """The URL of a store.

    Raises:
        ValueError: It isn't one; the message doesn't show what may hold a password.
    """
    wanted = "must be a Redis URL, such as redis://127.0.0.1:6379/0?prefix=idpact"
    if not isinstance(url, str) or not url.isprintable() or " " in url:
        raise ValueError(f"store: it {wanted}")
    parts = urlsplit(url)
    if parts.scheme not in _SCHEMES or (parts.scheme != "unix" and not parts.hostname):
        raise ValueError(f"store: a URL of {parts.scheme or 'no'!r} scheme or without a host {wanted}")
    try:
        _ = parts.port
    except ValueError as error:
        raise ValueError(f"store: it {wanted} ({error})") from error
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    unknown = [name for name in options if name not in _OPTIONS and not name.startswith("ssl_")]
    if unknown:
        raise ValueError(
            f"store: {unknown[0]!r} is unknown; known are {', '.join(_OPTIONS)} and redis-py's ssl_ options"
        )
    prefix = options.get("prefix", _PREFIX)
    if not prefix.isprintable() or not prefix or " " in prefix:
        raise ValueError(f"store: prefix: {prefix!r} must be printable, without spaces, and not empty")
    return url


class Link:
    """A deployment's part of one Redis. May be used from any thread; connects when first used.

    Args:
        url: As `checked_store` has it.

    Attributes:
        shown: Where Redis is, without what is secret.

    Raises:
        ValueError: The URL isn't right.
        ModuleNotFoundError: redis-py isn't installed.
    """

    def __init__(self, url: str) -> None:
        from redis import Redis  # noqa: PLC0415 - an extra, for those who share
        from redis.backoff import NoBackoff  # noqa: PLC0415 - as above
        from redis.exceptions import RedisError  # noqa: PLC0415 - as above
        from redis.retry import Retry  # noqa: PLC0415 - as above

        parts = urlsplit(checked_store(url))
        options = dict(parse_qsl(parts.query))
        self._prefix = options.pop("prefix", _PREFIX)
        self._error = RedisError
        where = parts.path if parts.scheme == "unix" else f"{parts.hostname}:{parts.port or 6379}"
        self.shown: Final = f"Redis at {where}"
        try:
            self.client: Final = Redis.from_url(
                urlunsplit(parts._replace(query=urlencode(options))),
                decode_responses=True,
                socket_timeout=_SECONDS,
                socket_connect_timeout=_SECONDS,
                # Once more, on a fresh connection: those in the pool are dead after a restart of Redis.
                retry=Retry(NoBackoff(), 1),
            )
        except (ValueError, TypeError) as error:
            raise ValueError(f"store: {error}") from error

    def key(self, *parts: str) -> str:
        """A key of this deployment."""
        return ":".join((self._prefix, *parts))

    def script(self, source: str) -> Script:
        """A script that runs at once and whole."""
        registered = self.client.register_script(source)

        def run(keys: Sequence[str], arguments: Sequence[str | int | float]) -> Any:  # noqa: ANN401 - what Lua returns
            with self.talking():
                return registered(keys=list(keys), args=list(arguments))

        return run

    @contextmanager
    def talking(self) -> Iterator[None]:
        """Whatever goes wrong between here and Redis is a `StoreError`.

        Raises:
            StoreError: That.
        """
        try:
            yield
        except self._error as error:
            raise StoreError(f"{self.shown} can't be used: {error}") from error

    def listening(self) -> "PubSub":
        """A connection that hears what is published."""
        return cast("PubSub", self.client.pubsub())  # type: ignore[no-untyped-call]  # redis-py's

    def check(self) -> None:
        """Redis answers.

        Raises:
            StoreError: It doesn't.
        """
        with self.talking():
            self.client.ping()

    def close(self) -> None:
        """Close all connections; the next use opens others."""
        self.client.close()

"""The log of changes: what was asked of the control interface at any server, in the one order in which all make it. In Redis."""

import json
import secrets
from dataclasses import asdict, dataclass
from typing import Any, Final, Self, cast

from idpact_mock.errors import BusyError, StoreError
from idpact_mock.shared.link import IDLE, Link

__all__ = ["LIMIT", "Log", "Operation"]

LIMIT: Final = 100_000
"""Changes of living issuers that a server may have to make as it joins."""

_DROPS: Final = 10_000
"""Beyond that limit things may still be dropped."""

_BATCH: Final = 500
_FIELD: Final = "told"

_APPEND: Final = """
if redis.call('XLEN', KEYS[1]) >= tonumber(ARGV[1]) then return false end
local id = redis.call('XADD', KEYS[1], '*', ARGV[2], ARGV[3])
redis.call('EXPIRE', KEYS[1], ARGV[4])
redis.call('PUBLISH', ARGV[5], 'look -')
return id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A control request that changes something, admitted already.

    Attributes:
        token: Names it among all, also where it is sent twice.
        method: The method.
        path: The path, decoded.
        query: The query string.
        media_type: The Content-Type.
        body: The body, each byte a character.
    """

    token: str
    method: str
    path: str
    query: str
    media_type: str
    body: str

    @classmethod
    def read(cls, text: str) -> Self:
        """The operation that was written so."""
        return cls(**json.loads(text))

    def text(self) -> str:
        """It as it is written."""
        return json.dumps(asdict(self))


class Log:
    """The changes of a deployment, and the secret that all its servers share. May be used from any thread.

    Args:
        link: The way to Redis.
    """

    def __init__(self, link: Link) -> None:
        self._link = link
        self._key = link.key("log")
        self._secret_key = link.key("secret")
        self._append = link.script(_APPEND)

    def secret(self) -> str:
        """The deployment's secret, made up by whoever asks first. Another one stands for another life of Redis.

        Raises:
            StoreError: Redis can't be used.
        """
        with self._link.talking():
            self._link.client.set(self._secret_key, secrets.token_urlsafe(32), nx=True, ex=IDLE)
            return cast("str", self._link.client.get(self._secret_key))

    def append(self, operation: Operation) -> None:
        """Write a change down, and have those look who listen.

        Raises:
            BusyError: The log is full.
            StoreError: Redis can't be used.
        """
        room = LIMIT + (_DROPS if operation.method == "DELETE" else 0)
        if self._append([self._key], [room, _FIELD, operation.text(), IDLE, self._link.key("calls")]) is None:
            raise BusyError(f"the log holds {LIMIT} changes of issuers that are still there; drop some of those first")

    def after(self, position: str) -> tuple[str | None, list[tuple[str, Operation]]]:
        """The secret as it is now, and the first changes after a position, oldest first; none where there are no more.

        Raises:
            StoreError: Redis can't be used.
        """
        with self._link.talking(), self._link.client.pipeline(transaction=True) as pipe:
            pipe.get(self._secret_key)
            pipe.xrange(self._key, f"({position}", "+", count=_BATCH)
            secret, found = cast("tuple[str | None, list[tuple[str, Any]]]", pipe.execute())
        try:
            return secret, [(at, Operation.read(told[_FIELD])) for at, told in found]
        except (KeyError, TypeError, ValueError) as error:
            raise StoreError(f"{self._link.shown} holds a change that this version can't read: {error!r}") from error

    def forget(self, *positions: str) -> None:
        """Take changes out that nobody has to make any more.

        Raises:
            StoreError: Redis can't be used.
        """
        if positions:
            with self._link.talking():
                self._link.client.xdel(self._key, *positions)

    def touch(self) -> None:
        """Keep it.

        Raises:
            StoreError: Redis can't be used.
        """
        with self._link.talking(), self._link.client.pipeline(transaction=False) as pipe:
            pipe.expire(self._key, IDLE)
            pipe.expire(self._secret_key, IDLE)
            pipe.execute()

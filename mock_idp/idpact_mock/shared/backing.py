"""What is behind an issuer that several servers share: the same names give the same secrets, keys and counts at each of them."""

import hmac
import json
import time
from typing import TYPE_CHECKING, Final, Protocol, cast

from idpact_mock.backing import Counter
from idpact_mock.journal import Journal
from idpact_mock.provider.store import Store
from idpact_mock.shared.journal import Outbox
from idpact_mock.shared.link import IDLE, Link

if TYPE_CHECKING:
    from idpact_mock.provider.settings import Algorithm
    from idpact_mock.provider.signing import SigningKey

__all__ = ["Now", "SharedBacking"]


class Now(Protocol):
    """The change that a server is making."""

    @property
    def change(self) -> str:
        """Its name, which is the same at all servers."""

    @property
    def at(self) -> float | None:
        """When it was asked for, unix time; None outside any change."""


class SharedBacking:
    """Of one issuer. May be used from any thread.

    Args:
        link: The way to Redis.
        outbox: Where its journal's entries go.
        secret: The deployment's.
        issuer: What its keys begin with: its name, and the change that made it.
        now: The change that is being made.
    """

    blocks: Final = True

    def __init__(self, link: Link, outbox: Outbox, *, secret: bytes, issuer: str, now: Now) -> None:
        self._link = link
        self._outbox = outbox
        self._secret = secret
        self._issuer = issuer
        self._now = now
        self.keys: Final = tuple(link.key(kind, issuer) for kind in ("journal", "keys", "counts"))
        self._store: Store | None = None
        self._change, self._asked = "", 0

    @property
    def store(self) -> Store:
        """Where what its provider remembers is."""
        if self._store is None:
            from idpact_mock.shared.shelf import RedisStore  # noqa: PLC0415 - for issuers that are more than read

            self._store = RedisStore(self._link, self._issuer)
        return self._store

    def all_keys(self, shelves: tuple[str, ...]) -> list[str]:
        """All that is kept of it."""
        kept = [self._link.key("shelf", self._issuer, name) for name in shelves]
        return [*self.keys, *kept, *(f"{key}:order" for key in kept)]

    def journal(self) -> Journal:
        """Its journal."""
        return self._outbox.journal(self.keys[0])

    def secret(self, size: int, *, of: str = "") -> bytes:
        """Bytes that nobody guesses who doesn't know the deployment's secret."""
        name = f"{self._issuer} {of or self._label()}"
        return hmac.digest(self._secret, name.encode(), "sha512")[:size]

    def key(self, alg: "Algorithm", *, kid: str | None = None, own: bool = False) -> "SigningKey":
        """The key of that name, made by the server that is first to need it."""
        from idpact_mock.provider.signing import key_of, make_key  # noqa: PLC0415 - cryptography, when first needed

        name = f"own {alg}" if own else f"{alg} {self._label()}"
        client = self._link.client
        with self._link.talking():
            text = cast("str | None", client.hget(self.keys[1], name))
        if text is None:
            made = json.dumps(make_key(alg, kid=kid).to_private_jwk())
            with self._link.talking():
                client.hsetnx(self.keys[1], name, made)
                client.expire(self.keys[1], IDLE)
                text = cast("str", client.hget(self.keys[1], name))
        return key_of(json.loads(text))

    def counter(self) -> Counter:
        """A count that begins now."""
        return _Count(self._link, self.keys[2], self._label())

    def _label(self) -> str:
        """What this change asks for next, by the same name at all servers."""
        change = self._now.change
        self._change, self._asked = change, self._asked + 1 if change == self._change else 1
        return f"{change}.{self._asked}"

    def age(self) -> float:
        """Seconds since the change under way was asked for."""
        return 0.0 if self._now.at is None else max(0.0, time.time() - self._now.at)


class _Count:
    """A count in Redis. Waits for Redis where it is asked, since the server's rules are asked there too."""

    __slots__ = ("_key", "_link", "_name")

    def __init__(self, link: Link, key: str, name: str) -> None:
        self._link = link
        self._key = key
        self._name = name

    def next(self) -> int:
        with self._link.talking(), self._link.client.pipeline(transaction=True) as pipe:
            pipe.hincrby(self._key, self._name, 1)
            pipe.expire(self._key, IDLE)
            return int(pipe.execute()[0])

    def seen(self) -> int:
        with self._link.talking():
            return int(self._link.client.hget(self._key, self._name) or 0)

"""What is behind an issuer and may have to be shared by several servers: its journal, memory, keys, secrets and counts.

One process keeps all of that for itself, as `ALONE` does. Knows no Redis; opens nothing.
"""

import os
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Protocol

from idpact_mock.journal import Journal
from idpact_mock.provider.store import MEMORY, Store

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp

    from idpact_mock.provider.settings import Algorithm
    from idpact_mock.provider.signing import SigningKey

__all__ = ["ALONE", "Backing", "Counter", "Sharing"]


class Counter(Protocol):
    """Counts, whoever counts."""

    def next(self) -> int:
        """One more; returns how many that makes."""

    def seen(self) -> int:
        """How many there were."""


class Backing(Protocol):
    """What is behind one issuer.

    Attributes:
        store: Where what its provider remembers is.
        blocks: The store may let one wait: not for an event loop.
    """

    @property
    def store(self) -> Store:
        """See above."""

    @property
    def blocks(self) -> bool:
        """See above."""

    def journal(self) -> Journal:
        """Its journal."""

    def secret(self, size: int, *, of: str = "") -> bytes:
        """That many bytes that nobody guesses; by its name `of`, or as the next one that the change under way asks for."""

    def key(self, alg: "Algorithm", *, kid: str | None = None, own: bool = False) -> "SigningKey":
        """A new key, of that id if one is given. Blocks.

        Args:
            alg: Its algorithm.
            kid: Its id.
            own: The one that the issuer signs with from the start.
        """

    def counter(self) -> Counter:
        """A count that begins now."""

    def age(self) -> float:
        """Seconds since the change under way was asked for."""


class Sharing(Protocol):
    """What a server shares with others."""

    def backing(self, name: str) -> Backing:
        """What is behind the issuer of that name, which is just being made."""

    def strays(self) -> Journal:
        """The journal of requests that match no issuer."""

    def around(self, app: "ASGIApp", *, control: "Callable[[], ASGIApp]") -> "ASGIApp":
        """The application as requests are to reach it."""

    def passes_on(self, request: "Request") -> bool:
        """Whether this control request is a change that all servers have to make."""

    async def pass_on(self, request: "Request") -> "Response":
        """Have all servers make a change; returns this one's answer."""

    def is_passed_on(self, request: "Request") -> bool:
        """Whether this is such a change, which was admitted where it came in."""


class _Count:
    __slots__ = ("_lock", "_seen")

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen = 0

    def next(self) -> int:
        with self._lock:
            self._seen += 1
            return self._seen

    def seen(self) -> int:
        return self._seen


class _Alone:
    store: Final = MEMORY
    blocks: Final = False

    def journal(self) -> Journal:
        return Journal()

    def secret(self, size: int, *, of: str = "") -> bytes:  # noqa: ARG002 - a server of its own needs no names
        return os.urandom(size)

    def key(self, alg: "Algorithm", *, kid: str | None = None, own: bool = False) -> "SigningKey":  # noqa: ARG002 - as above
        from idpact_mock.provider.signing import make_key  # noqa: PLC0415 - cryptography, paid for when first needed

        return make_key(alg, kid=kid)

    def counter(self) -> Counter:
        return _Count()

    def age(self) -> float:
        return 0.0


ALONE: Final[Backing] = _Alone()
"""Of a server that shares nothing."""

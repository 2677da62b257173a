"""Where a provider's memory is: shelves of records, by a narrow protocol that one process and many can keep. In memory here.

A shelf's operations are each done at once and whole, whoever else uses it: what may happen once only is decided by `add`, `take`
or `swap`, never by `get` and then `put`.
"""

from typing import Final, Protocol, TypeVar

from idpact_mock.provider.shelf import LIMIT, MemoryShelf

__all__ = ["LIMIT", "MEMORY", "Shelf", "Store"]

Value = TypeVar("Value")


class Shelf(Protocol[Value]):
    """A bounded map of things that expire; the oldest is dropped first. Times are unix times of the issuer's own clock."""

    def put(self, key: str, value: Value, *, expires: float, now: float) -> None:
        """Keep a value until `expires`; in place of one that is there."""

    def add(self, key: str, value: Value, *, expires: float, now: float) -> bool:
        """Keep a value where none is; False, and nothing is done, if there is one."""

    def get(self, key: str, *, now: float) -> Value | None:
        """The value, if it is there and hasn't expired."""

    def take(self, key: str, *, now: float) -> Value | None:
        """The value, which is gone then: one of several who take it gets it."""

    def swap(self, key: str, old: Value, new: Value, *, now: float) -> bool:
        """Keep `new` in place of `old`, as long as that was; False, and nothing is done, if another value is there or none."""


class Store(Protocol):
    """What makes an issuer's shelves."""

    def shelf(self, name: str, kind: type[Value], *, limit: int = LIMIT) -> Shelf[Value]:
        """The shelf of that name, for values of one kind: a record of `state`, `str` or `bool`."""


class _Memory:
    def shelf(self, _name: str, _kind: type[Value], *, limit: int = LIMIT) -> Shelf[Value]:
        return MemoryShelf(limit=limit)


MEMORY: Final[Store] = _Memory()
"""Each shelf is this process's own. Callers hold the provider's lock."""

"""What a provider remembers for a while: a map whose entries expire, bounded, oldest dropped first. No lock of its own."""

from collections import OrderedDict
from typing import Final, Generic, TypeVar

__all__ = ["LIMIT", "MemoryShelf"]

LIMIT: Final = 10_000

_SWEPT: Final = 2
"""Expired entries looked for at each `put`: more than one comes in, so that a shelf shrinks after a rush."""

Value = TypeVar("Value")


class MemoryShelf(Generic[Value]):
    """A bounded map of things that expire.

    Args:
        limit: Entries kept; beyond it the oldest is dropped.
    """

    __slots__ = ("_items", "_limit")

    def __init__(self, *, limit: int = LIMIT) -> None:
        self._limit = limit
        # Not a dict: whose oldest item is found the slower, the more were dropped before it.
        self._items: OrderedDict[str, tuple[float, Value]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._items)

    def put(self, key: str, value: Value, *, expires: float, now: float) -> None:
        """Keep a value until `expires`, in unix time; in place of one that is there."""
        items = self._items
        items.pop(key, None)
        for _ in range(_SWEPT):
            oldest = next(iter(items), None)
            if oldest is None or (len(items) < self._limit and items[oldest][0] > now):
                break
            del items[oldest]
        items[key] = (expires, value)

    def add(self, key: str, value: Value, *, expires: float, now: float) -> bool:
        """Keep a value where none is; False if there is one."""
        if self.get(key, now=now) is not None:
            return False
        self.put(key, value, expires=expires, now=now)
        return True

    def swap(self, key: str, old: Value, new: Value, *, now: float) -> bool:
        """Keep `new` in place of `old`, as long as that was; False if another value is there or none."""
        found = self._items.get(key)
        if found is None or found[0] <= now or found[1] != old:
            return False
        self._items[key] = (found[0], new)
        return True

    def get(self, key: str, *, now: float) -> Value | None:
        """The value, if it is there and hasn't expired."""
        found = self._items.get(key)
        if found is None:
            return None
        if found[0] <= now:
            del self._items[key]
            return None
        return found[1]

    def take(self, key: str, *, now: float) -> Value | None:
        """The value, which is gone then."""
        found = self._items.pop(key, None)
        return None if found is None or found[0] <= now else found[1]

    def sweep(self, now: float) -> None:
        """Drop all that has expired."""
        for key in [key for key, (expires, _) in self._items.items() if expires <= now]:
            del self._items[key]

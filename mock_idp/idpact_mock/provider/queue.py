"""What is to be done once, in order, by whoever comes to it first: that may be another server that has the same queue."""

from collections import deque
from collections.abc import Callable
from typing import Final, Generic, TypeVar

from idpact_mock.provider.store import Shelf

__all__ = ["Queue"]

_QUEUED: Final = 10_000
_REMEMBERED: Final = 10 * 365 * 86_400.0

Item = TypeVar("Item")


class Queue(Generic[Item]):
    """A queue of which each item is had once. Bounded, the oldest is dropped first. Callers hold the provider's lock.

    Args:
        name: Its name among those that share a shelf.
        taken: Where it is noted which items were had.
    """

    def __init__(self, name: str, taken: Shelf[bool]) -> None:
        self._name = name
        self._taken = taken
        self._items: Final[deque[tuple[int, Item]]] = deque(maxlen=_QUEUED)
        self._count = 0

    def __len__(self) -> int:
        """How many there are, those included that another server has had and this one hasn't come across yet."""
        return len(self._items)

    def append(self, item: Item) -> None:
        """Put an item at the end."""
        self._count += 1
        self._items.append((self._count, item))

    def next(self, *, now: Callable[[], float], fits: Callable[[Item], bool] = lambda _: True) -> Item | None:
        """The first item, which is gone then; None if there is none, or it doesn't fit and so is to wait."""
        while self._items:
            number, item = self._items[0]
            key, at = f"{self._name} {number}", now()
            if fits(item):
                had = not self._taken.add(key, True, expires=at + _REMEMBERED, now=at)  # noqa: FBT003 - the value says nothing
                self._items.popleft()
                if not had:
                    return item
            elif self._taken.get(key, now=at) is None:
                return None
            else:
                self._items.popleft()
        return None

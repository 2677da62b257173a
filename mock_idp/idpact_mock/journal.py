"""A journal: the requests that came, oldest first. Bounded, safe between threads, and one can wait on it."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Final

from idpact_mock.entry import Entry
from idpact_mock.questions import Questions

__all__ = ["LIMIT", "Journal", "timed_out"]

LIMIT: Final = 10_000

_SHOWN: Final = 10


class Journal(Questions):
    """The requests that reached one issuer, or none.

    Entries are numbered from 1. Beyond the limit the oldest are dropped, and numbering goes on.

    Args:
        limit: Entries kept.
    """

    def __init__(self, *, limit: int = LIMIT) -> None:
        if limit < 1:
            raise ValueError(f"limit: {limit!r} entries can't hold anything; it must be 1 or more")
        self.limit: Final = limit
        self._lock = threading.Lock()
        self._entries: deque[Entry] = deque(maxlen=limit)
        self._last = 0
        # Replaced whole, never changed, so that the server's thread can walk it without the lock.
        self._listeners: tuple[Callable[[], None], ...] = ()

    def __len__(self) -> int:
        return len(self._entries)

    def __repr__(self) -> str:
        return f"<Journal: {len(self)} entries, the last is number {self._last}>"

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All entries kept, oldest first."""
        return self.since(0)

    def mark(self) -> int:
        """The number of the newest entry; 0 before the first."""
        return self._last

    def total(self) -> int:
        """How many entries there were."""
        return self._last

    def since(self, mark: int) -> tuple[Entry, ...]:
        """The entries numbered above `mark`, oldest first."""
        with self._lock:
            newer = max(0, self._last - max(0, mark))
            return tuple(islice(self._entries, max(0, len(self._entries) - newer), None))

    def wait(self, count: int, *, since: int = 0, timeout: float = 5.0, ended: bool = False) -> tuple[Entry, ...]:
        """Wait until at least `count` requests came.

        Args:
            count: How many, among those numbered above `since`.
            since: A mark.
            timeout: Seconds.
            ended: Count only exchanges that have ended, so that `bytes_sent`, `ended` and `seconds` are final.

        Returns:
            All entries numbered above `since`.

        Raises:
            TimeoutError: They didn't come; the message lists what did.
            ValueError: The journal can't hold that many.
        """
        if count > self.limit:
            raise ValueError(f"count: {count} can't come, since the journal keeps {self.limit} entries")
        woken = threading.Event()
        deadline = time.monotonic() + timeout
        with self.listening(woken.set):
            while True:
                woken.clear()
                entries = self.since(since)
                if arrived(entries, ended=ended) >= count:
                    return entries
                if not woken.wait(deadline - time.monotonic()):
                    raise timed_out(count, entries, since=since, timeout=timeout, ended=ended)

    def clear(self) -> None:
        """Forget all entries; numbering goes on."""
        with self._lock:
            self._entries.clear()

    def append(self, entry: Entry) -> None:
        """Number an entry and keep it. The server's business."""
        with self._lock:
            self._last += 1
            entry.number = self._last
            self._entries.append(entry)
        if self._listeners:
            self.changed()

    def changed(self) -> None:
        """Tell the listeners that an entry came or changed. The server's business."""
        for listener in self._listeners:
            listener()

    @contextmanager
    def listening(self, listener: Callable[[], None]) -> Iterator[None]:
        """Have `listener` called, in the server's thread, whenever an entry came or ended. It must not block."""
        with self._lock:
            self._listeners = (*self._listeners, listener)
        try:
            yield
        finally:
            with self._lock:
                kept = list(self._listeners)
                kept.remove(listener)
                self._listeners = tuple(kept)


def arrived(entries: tuple[Entry, ...], *, ended: bool) -> int:
    """How many entries count for a waiter: all of them, or those that have ended."""
    return sum(entry.ended != "pending" for entry in entries) if ended else len(entries)


def timed_out(count: int, entries: tuple[Entry, ...], *, since: int, timeout: float, ended: bool) -> TimeoutError:
    """The error of a waiter that waited in vain."""
    what = "ended exchanges" if ended else "requests"
    after = f" after entry {since}" if since else ""
    came = "; ".join(entry.summary() for entry in entries[-_SHOWN:]) or "none"
    if len(entries) > _SHOWN:
        came = f"... {came}"
    return TimeoutError(f"waited {timeout:g} s for {count} {what}{after}, and {len(entries)} came ({came})")

"""A journal as a stream of server-sent events (HTML standard, section 9.2). Bounded in rounds a second, entries a round, seconds.

An entry is sent when it came, and once more when it has ended. The id of an event is the number up to which everything is
over: whoever comes again with it as Last-Event-ID gets what they missed, and again what was under way.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Final

from idpact_mock.entry import Entry
from idpact_mock.journal import Journal
from idpact_mock.queries import Follow

__all__ = ["CONTENT_KEPT", "events"]

CONTENT_KEPT: Final = 64 * 1024
"""Bytes of an answer that an event shows; the journal has all of it."""

_BATCH: Final = 100
_PAUSE: Final = 0.05
_ALIVE: Final = 15.0


class _Follower:
    """Which entries were sent, and which of them are to be sent again."""

    def __init__(self, journal: Journal, since: int | None) -> None:
        newest = journal.mark()
        self._journal = journal
        # A mark beyond the newest is of a server that ran before this one.
        self._mark = newest if since is None else since if since <= newest else 0
        self._pending: dict[int, Entry] = {}

    def news(self) -> Iterator[bytes]:
        """Events for what has ended and what has come since the last time."""
        for entry in [entry for entry in self._pending.values() if entry.ended != "pending"]:
            yield self._event(entry)
        for entry in self._journal.since(self._mark)[:_BATCH]:
            self._mark = entry.number
            yield self._event(entry)

    @property
    def behind(self) -> bool:
        """More entries are there than were sent."""
        return self._mark < self._journal.mark() and bool(self._journal.since(self._mark))

    def _event(self, entry: Entry) -> bytes:
        shown = replace(entry, content=entry.content[:CONTENT_KEPT]).to_json()
        if shown["ended"] == "pending":
            self._pending[entry.number] = entry
        else:
            self._pending.pop(entry.number, None)
        settled = min(self._pending, default=self._mark + 1) - 1
        shown["content_size"] = len(entry.content)
        return f"event: entry\nid: {settled}\ndata: {json.dumps(shown)}\n\n".encode("ascii")


async def events(journal: Journal, follow: Follow, *, gone: Callable[[], bool]) -> AsyncIterator[bytes]:
    """Events until the time is over or the journal's issuer is gone.

    Args:
        journal: The journal.
        follow: From where, and for how long.
        gone: Its issuer was dropped.
    """
    loop = asyncio.get_running_loop()
    woken = asyncio.Event()
    follower = _Follower(journal, follow.since)
    until = time.monotonic() + follow.timeout

    def wake() -> None:
        if not woken.is_set():  # else it looks again anyway: a busy journal must not pay for whoever follows it
            loop.call_soon_threadsafe(woken.set)

    with journal.listening(wake):
        yield b"retry: 1000\n\n"  # at once, so that the client knows that it is heard
        while True:
            woken.clear()
            for event in follower.news():
                yield event
            if gone():
                yield b"event: gone\ndata: {}\n\n"
                return
            left = until - time.monotonic()
            if left <= 0:
                return
            if not follower.behind and not await _within(woken, min(left, _ALIVE)) and left > _ALIVE:
                yield b": still here\n\n"
            await asyncio.sleep(min(_PAUSE, left))


async def _within(woken: asyncio.Event, seconds: float) -> bool:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await woken.wait()
    return woken.is_set()

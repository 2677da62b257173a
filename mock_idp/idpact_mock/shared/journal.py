"""Journals that several servers write and read as one. In Redis: a hash by number; each server reads along in a copy.

What a server journals goes through its outbox: a request is written there before it is answered, its end as soon as it is known.
"""

import json
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import fields
from typing import Any, Final, cast
from weakref import WeakValueDictionary

from idpact_mock.entry import Entry
from idpact_mock.errors import StoreError
from idpact_mock.journal import LIMIT, Journal
from idpact_mock.shared.link import IDLE, Link

__all__ = ["Outbox", "SharedJournal"]

_WAITING: Final = 10_000
"""Entries kept for a Redis that is away; beyond that the oldest are lost."""

_BATCH: Final = 500
_BARRIER_SECONDS: Final = 1.0
_PAUSE: Final = 0.5
_LISTEN_SECONDS: Final = 5.0
_CLOSE_SECONDS: Final = 3.0

_APPEND: Final = """
local numbers, told = {}, {}
for i, key in ipairs(KEYS) do
  local number = redis.call('HINCRBY', key, 'n', 1)
  redis.call('HSET', key, number, ARGV[i + 3])
  redis.call('HDEL', key, number - tonumber(ARGV[1]))
  redis.call('EXPIRE', key, ARGV[2])
  numbers[i] = number
  if not told[key] then told[key] = true redis.call('PUBLISH', ARGV[3], 'journal ' .. key) end
end
return numbers
"""
_UPDATE: Final = """
local told = {}
for i, key in ipairs(KEYS) do
  local number = ARGV[2 * i]
  if redis.call('HEXISTS', key, number) == 1 then redis.call('HSET', key, number, ARGV[2 * i + 1]) end
  if not told[key] then told[key] = true redis.call('PUBLISH', ARGV[1], 'journal ' .. key) end
end
"""
_CLEAR: Final = """
local number = redis.call('HGET', KEYS[1], 'n') or 0
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'n', number, 'from', number)
redis.call('EXPIRE', KEYS[1], ARGV[1])
redis.call('PUBLISH', ARGV[2], 'journal ' .. KEYS[1])
"""


class Outbox:
    """What this server has journalled and the others don't know yet. May be used from any thread.

    Args:
        link: The way to Redis.
        look: Called when the log of changes has grown, in a thread of the outbox.
    """

    def __init__(self, link: Link, *, look: Callable[[], None]) -> None:
        self.link: Final = link
        self._look = look
        self.channel: Final = link.key("calls")
        self.clear: Final = link.script(_CLEAR)
        self._append = link.script(_APPEND)
        self._update = link.script(_UPDATE)
        self._lock = threading.Lock()
        self._new: deque[tuple[str, Entry]] = deque(maxlen=_WAITING)
        self._open: dict[tuple[str, int], tuple[Entry, tuple[Any, ...]]] = {}
        self._woken = threading.Event()
        self._closing = threading.Event()
        self._journals: WeakValueDictionary[str, SharedJournal] = WeakValueDictionary()
        self._threads = [
            threading.Thread(target=work, name=f"idpact-{work.__name__}", daemon=True)
            for work in (self._send_on, self._listen)
        ]

    def begin(self) -> None:
        """Send on and listen from now on."""
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Send what is left, as far as Redis is there, and end."""
        self._closing.set()
        self._woken.set()
        with suppress(StoreError):
            with self.link.talking():
                self.link.client.publish(self.channel, "close -")  # for the own ear
            self.flush()
        for thread in self._threads:
            thread.join(_CLOSE_SECONDS)

    def journal(self, key: str) -> "SharedJournal":
        """The journal at a key."""
        journal = self._journals[key] = SharedJournal(key, self)
        return journal

    def journals(self) -> "list[SharedJournal]":
        """All journals."""
        return list(self._journals.values())

    def add(self, key: str, entry: Entry) -> None:
        """An entry has come."""
        self._new.append((key, entry))

    def wake(self) -> None:
        """An entry has changed."""
        self._woken.set()

    def flush(self) -> None:
        """Return once the others can read whatever came and changed before.

        Raises:
            StoreError: Redis can't be used; nothing is lost yet.
        """
        with self._lock:
            self._flush_new()
            self._flush_changed()

    def ask_others(self) -> None:
        """Have all servers flush, and wait until those have that are well.

        Raises:
            StoreError: Redis can't be used.
        """
        link, answer = self.link, self.link.key("answer", secrets.token_hex(8))
        until = time.monotonic() + _BARRIER_SECONDS
        with link.talking():
            waiting = link.client.publish(self.channel, f"flush {answer}")
            while waiting and (left := until - time.monotonic()) > 0:
                if link.client.blpop([answer], timeout=max(0.01, left)) is not None:
                    waiting -= 1

    def _flush_new(self) -> None:
        while self._new:
            batch = [self._new.popleft() for _ in range(min(_BATCH, len(self._new)))]
            marks = [_mark(entry) for _, entry in batch]
            try:
                numbers = self._append(
                    [key for key, _ in batch], [LIMIT, IDLE, self.channel, *(_text(entry) for _, entry in batch)]
                )
            except StoreError:
                self._new.extendleft(reversed(batch))
                raise
            for (key, entry), number, mark in zip(batch, numbers, marks, strict=True):
                if mark[0] == "pending":
                    self._open[key, number] = (entry, mark)

    def _flush_changed(self) -> None:
        changed = [(at, entry, _mark(entry)) for at, (entry, mark) in self._open.items() if _mark(entry) != mark]
        for begin in range(0, len(changed), _BATCH):
            batch = changed[begin : begin + _BATCH]
            texts = [text for at, entry, _ in batch for text in (str(at[1]), _text(entry))]
            self._update([at[0] for at, _, _ in batch], [self.channel, *texts])
            for at, entry, mark in batch:
                self._open[at] = (entry, mark)
                if mark[0] != "pending":
                    del self._open[at]

    def _send_on(self) -> None:
        while not self._closing.is_set():
            self._woken.wait()
            self._woken.clear()
            try:
                self.flush()
            except StoreError:
                self._closing.wait(_PAUSE)
                self._woken.set()

    def _listen(self) -> None:
        while not self._closing.is_set():
            try:
                with self.link.talking(), self.link.listening() as heard:
                    heard.subscribe(self.channel)
                    while not self._closing.is_set():
                        message = heard.get_message(timeout=_LISTEN_SECONDS)
                        if message is not None and message["type"] == "subscribe":
                            self._hear_all()
                        elif message is not None:
                            self._hear(*str(message["data"]).split(" ", 1))
            except StoreError:
                self._closing.wait(_PAUSE)

    def _hear_all(self) -> None:
        """From now on nothing passes unheard; what came before may have."""
        self._look()
        for journal in self.journals():
            if journal.is_followed:
                journal.follow()

    def _hear(self, what: str, key: str) -> None:
        if what == "flush":
            self.flush()
            self.link.client.lpush(key, 1)
            self.link.client.expire(key, 10)
            return
        if what == "look":
            self._look()
        journal = self._journals.get(key) if what == "journal" else None
        if journal is not None and journal.is_followed:
            journal.follow()


class SharedJournal(Journal):
    """A journal of several servers: a copy, which is as new as its last `refresh`, and follows while somebody listens.

    Args:
        key: Where it is in Redis.
        outbox: Where this server's entries go.
    """

    def __init__(self, key: str, outbox: Outbox) -> None:
        super().__init__()
        self.key: Final = key
        self._outbox = outbox
        self._pulling = threading.Lock()
        self._first = 0
        self._heard = 0

    @property
    def is_followed(self) -> bool:
        """Somebody listens."""
        return bool(self._listeners)

    def append(self, entry: Entry) -> None:
        """Hand an entry to the outbox."""
        self._outbox.add(self.key, entry)

    def changed(self) -> None:
        """An entry has changed: send it on, and tell the listeners."""
        self._outbox.wake()
        super().changed()

    def total(self) -> int:
        """How many entries there were, as far as was heard."""
        return max(self._heard, self._last)

    def hear(self, total: int) -> None:
        """So many there were."""
        self._heard = total

    def since(self, mark: int) -> tuple[Entry, ...]:
        """The entries numbered above `mark`, oldest first."""
        return tuple(entry for entry in super().since(mark) if entry.number > mark)

    def clear(self) -> None:
        """Forget all entries, at all servers; numbering goes on."""
        self._outbox.flush()
        self._outbox.clear([self.key], [IDLE, self._outbox.channel])
        self._pull()

    def refresh(self) -> None:
        """Read all that has come to any server and ended there.

        Raises:
            StoreError: Redis can't be used.
        """
        self._outbox.flush()
        self._pull()
        if any(entry.ended == "pending" for entry in self.since(0)):
            self._outbox.ask_others()
            self._pull()

    def follow(self) -> None:
        """Read what is new, and tell the listeners.

        Raises:
            StoreError: Redis can't be used.
        """
        self._pull()
        super().changed()

    @contextmanager
    def listening(self, listener: Callable[[], None]) -> Iterator[None]:
        """See `Journal.listening`."""
        with super().listening(listener):
            # What came between the last refresh and now nobody would tell of.
            threading.Thread(target=self._follow_now, daemon=True).start()
            yield

    def _follow_now(self) -> None:
        try:
            self.follow()
        except StoreError:  # the listener waits in vain, as for a request that doesn't come
            super().changed()

    def _pull(self) -> None:
        with self._pulling:
            last, first = (int(told or 0) for told in self._read("n", "from"))
            self._forget(last, first)
            pending = [entry for entry in super().since(0) if entry.ended == "pending"]
            for entry, text in zip(pending, self._read(*(str(entry.number) for entry in pending)), strict=True):
                if text is not None:
                    _become(entry, _entry(entry.number, text))
            newer = range(max(self._last, first, last - self.limit) + 1, last + 1)
            texts = self._read(*map(str, newer))
            fresh = [_entry(number, text) for number, text in zip(newer, texts, strict=True) if text is not None]
            with self._lock:
                self._entries.extend(fresh)
                self._last = last

    def _forget(self, last: int, first: int) -> None:
        with self._lock:
            if last < self._last:  # another life of Redis
                self._entries.clear()
                self._last = self._first = 0
            if first > self._first:
                kept = [entry for entry in self._entries if entry.number > first]
                self._entries.clear()
                self._entries.extend(kept)
                self._first = first

    def _read(self, *names: str) -> list[str | None]:
        link, found = self._outbox.link, list[str | None]()
        for begin in range(0, len(names), _BATCH):
            with link.talking():
                found += cast("list[str | None]", link.client.hmget(self.key, list(names[begin : begin + _BATCH])))
        return found


def _mark(entry: Entry) -> tuple[Any, ...]:
    """What changes about an entry."""
    return entry.ended, entry.status, entry.bytes_sent, len(entry.body), len(entry.content)


def _text(entry: Entry) -> str:
    return json.dumps(entry.to_json())


def _entry(number: int, text: str) -> Entry:
    return Entry.from_json({**json.loads(text), "number": number})


def _become(entry: Entry, other: Entry) -> None:
    for one in fields(Entry):
        setattr(entry, one.name, getattr(other, one.name))

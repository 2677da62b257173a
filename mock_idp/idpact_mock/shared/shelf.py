"""Shelves in Redis: the same promises as in memory, kept by scripts, each of which runs at once and whole.

A shelf is a hash of values, each behind the time at which it expires, and a sorted set of its keys in the order they came in.
Values are JSON: what is read from a Redis that others can write to must not be able to run anything.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, is_dataclass
from typing import Any, Final, Generic, TypeVar, cast

from idpact_mock.provider.state import Access, Code, Device, Grant, Refresh, Session
from idpact_mock.provider.store import LIMIT, Shelf
from idpact_mock.shared.link import IDLE, Link, Script

__all__ = ["RedisShelf", "RedisStore"]

Value = TypeVar("Value")

_PUT: Final = """
local hash, order = KEYS[1], KEYS[2]
local key, expires, value, now, limit, idle = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5]), ARGV[6]
local function expiry(raw) return tonumber(string.sub(raw, 1, string.find(raw, ' ', 1, true) - 1)) end
local there = redis.call('HGET', hash, key)
if ARGV[7] == '1' and there and expiry(there) > now then return 0 end
if there then redis.call('ZREM', order, key) redis.call('HDEL', hash, key) end
for _ = 1, 2 do
  local oldest = redis.call('ZRANGE', order, 0, 0)[1]
  if not oldest then break end
  local raw = redis.call('HGET', hash, oldest)
  if raw and redis.call('ZCARD', order) < limit and expiry(raw) > now then break end
  redis.call('ZREM', order, oldest) redis.call('HDEL', hash, oldest)
end
local last = redis.call('ZRANGE', order, -1, -1, 'WITHSCORES')[2]
redis.call('ZADD', order, (last or 0) + 1, key)
redis.call('HSET', hash, key, expires .. ' ' .. value)
redis.call('EXPIRE', hash, idle) redis.call('EXPIRE', order, idle)
return 1
"""
_TAKE: Final = """
local raw = redis.call('HGET', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[1], ARGV[1]) redis.call('ZREM', KEYS[2], ARGV[1])
return raw
"""
_SWAP: Final = """
local raw = redis.call('HGET', KEYS[1], ARGV[1])
if not raw then return 0 end
local space = string.find(raw, ' ', 1, true)
local expires = string.sub(raw, 1, space - 1)
if tonumber(expires) <= tonumber(ARGV[4]) or string.sub(raw, space + 1) ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], expires .. ' ' .. ARGV[3])
return 1
"""


class RedisStore:
    """The shelves of one issuer, shared by all servers of a deployment.

    Args:
        link: The way to Redis.
        issuer: What the issuer's keys begin with.
    """

    def __init__(self, link: Link, issuer: str) -> None:
        self._link = link
        self._issuer = issuer
        self._scripts = tuple(link.script(source) for source in (_PUT, _TAKE, _SWAP))

    def shelf(self, name: str, kind: type[Value], *, limit: int = LIMIT) -> Shelf[Value]:
        """The shelf of that name."""
        return RedisShelf(self._link, self._link.key("shelf", self._issuer, name), kind, self._scripts, limit=limit)


class RedisShelf(Generic[Value]):
    """A bounded map of things that expire, in Redis."""

    def __init__(self, link: Link, key: str, kind: type[Value], scripts: tuple[Script, ...], *, limit: int) -> None:
        self._link = link
        self._keys = (key, f"{key}:order")
        self._read = _READERS[kind]
        self._put, self._take, self._swap = scripts
        self._limit = limit

    def put(self, key: str, value: Value, *, expires: float, now: float) -> None:
        """Keep a value until `expires`; in place of one that is there."""
        self._put(self._keys, (key, repr(expires), _text(value), repr(now), self._limit, IDLE, 0))

    def add(self, key: str, value: Value, *, expires: float, now: float) -> bool:
        """Keep a value where none is; False if there is one."""
        return bool(self._put(self._keys, (key, repr(expires), _text(value), repr(now), self._limit, IDLE, 1)))

    def get(self, key: str, *, now: float) -> Value | None:
        """The value, if it is there and hasn't expired."""
        with self._link.talking():
            raw = cast("str | None", self._link.client.hget(self._keys[0], key))
        return self._value(raw, now)

    def take(self, key: str, *, now: float) -> Value | None:
        """The value, which is gone then."""
        return self._value(self._take(self._keys, (key,)), now)

    def swap(self, key: str, old: Value, new: Value, *, now: float) -> bool:
        """Keep `new` in place of `old`, as long as that was."""
        return bool(self._swap(self._keys, (key, _text(old), _text(new), repr(now))))

    def _value(self, raw: str | None, now: float) -> Value | None:
        if raw is None:
            return None
        expires, _, text = raw.partition(" ")
        return cast("Value", self._read(json.loads(text))) if float(expires) > now else None


def _text(value: object) -> str:
    return json.dumps(asdict(value) if is_dataclass(value) and not isinstance(value, type) else value)


def _grant(told: Mapping[str, Any]) -> Grant:
    return Grant(**{**told, "scope": tuple(told["scope"])})


def _access(told: Mapping[str, Any]) -> Access:
    return Access(**{**told, "grant": _grant(told["grant"]), "scope": tuple(told["scope"])})


_READERS: Final[Mapping[type, Callable[[Any], object]]] = {
    Access: _access,
    Code: lambda told: Code(**{**told, "grant": _grant(told["grant"])}),
    Refresh: lambda told: Refresh(**{**told, "grant": _grant(told["grant"])}),
    Device: lambda told: Device(**{**told, "scope": tuple(told["scope"])}),
    Session: lambda told: Session(**told),
    str: str,
    bool: bool,
    int: int,
}

"""What a shelf promises, in memory and in Redis alike."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from itertools import count
from typing import Any

import pytest

from idpact_mock.errors import StoreError
from idpact_mock.provider.state import Access, Code, Device, Grant, Refresh, Session
from idpact_mock.provider.store import MEMORY, Shelf, Store
from idpact_mock.shared.link import Link
from idpact_mock.shared.shelf import RedisStore
from tests.mock_idp.shared.running import RedisServer

_NUMBERS = count()
_GRANT = Grant(id="g", client_id="c", sub="alice", scope=("openid", "email"), auth_time=1.5, sid="s", nonce="n\ud800")
_RECORDS = {
    "code": Code(grant=_GRANT, redirect_uri="https://a.test", uri_was_sent=True, challenge=None, expires=1e9),
    "access": Access(grant=_GRANT, claims={"aud": ["a", "b"], "n": 1.25, "deep": {"x": None}}, scope=("openid",)),
    "refresh": Refresh(grant=_GRANT, issued=1.0, expires=2.0),
    "device": Device(client_id="c", scope=("a",), user_code="BCDF", pending=1, slow_down=0, interval=5.0, expires=9.0),
    "session": Session(sid="s", sub="alice", auth_time=0.1),
    "text": "letters",
    "flag": True,
}


@pytest.fixture(params=["memory", "redis"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """A store of each kind, empty."""
    if request.param == "memory":
        yield MEMORY
        return
    link = Link(request.getfixturevalue("redis").url(f"shelves{next(_NUMBERS)}"))
    yield RedisStore(link, "issuer")
    link.close()


@pytest.fixture
def shelf(store: Store) -> Shelf[int]:
    """A shelf of three."""
    return store.shelf("numbers", int, limit=3)


def test_gives_what_it_keeps(shelf: Shelf[int]) -> None:
    """Any number of times."""
    shelf.put("a", 1, expires=10, now=0)

    assert (shelf.get("a", now=0), shelf.get("a", now=9.9), shelf.get("b", now=0)) == (1, 1, None)


def test_forgets_what_expires(shelf: Shelf[int]) -> None:
    """At that very time, by the clock of whoever asks."""
    shelf.put("a", 1, expires=10, now=0)

    assert shelf.get("a", now=10) is None


def test_drops_the_oldest(shelf: Shelf[int]) -> None:
    """It is bounded; one that is kept again counts as new."""
    for key in "abc":
        shelf.put(key, 1, expires=10, now=0)
    shelf.put("a", 2, expires=10, now=0)
    shelf.put("d", 3, expires=10, now=0)

    assert [shelf.get(key, now=0) for key in "abcd"] == [2, None, 1, 3]


def test_is_swept_as_it_is_used(shelf: Shelf[int]) -> None:
    """What has expired makes room, before anything that hasn't."""
    shelf.put("a", 1, expires=1, now=0)
    shelf.put("b", 2, expires=10, now=0)
    shelf.put("c", 3, expires=10, now=0)
    shelf.put("d", 4, expires=10, now=2)

    assert [shelf.get(key, now=2) for key in "bcd"] == [2, 3, 4]


def test_adds_once(shelf: Shelf[int]) -> None:
    """Until what was added has expired."""
    assert shelf.add("a", 1, expires=10, now=0)
    assert not shelf.add("a", 2, expires=20, now=5)
    assert shelf.get("a", now=5) == 1
    assert shelf.add("a", 3, expires=20, now=10)


def test_is_taken_from_once(shelf: Shelf[int]) -> None:
    """What is taken is gone."""
    shelf.put("a", 1, expires=10, now=0)

    assert (shelf.take("a", now=0), shelf.take("a", now=0), shelf.get("a", now=0)) == (1, None, None)


def test_nobody_takes_what_has_expired(shelf: Shelf[int]) -> None:
    """As nobody gets it."""
    shelf.put("a", 1, expires=10, now=0)

    assert shelf.take("a", now=10) is None


def test_swaps_what_is_there(shelf: Shelf[int]) -> None:
    """And keeps the time at which it expires."""
    shelf.put("a", 1, expires=10, now=0)

    assert shelf.swap("a", 1, 2, now=0)
    assert (shelf.get("a", now=9), shelf.get("a", now=10)) == (2, None)


@pytest.mark.parametrize(("old", "now"), [(2, 0), (1, 10)], ids=["another", "expired"])
def test_swaps_nothing_else(shelf: Shelf[int], old: int, now: int) -> None:
    """Neither what has changed meanwhile nor what has expired."""
    shelf.put("a", 1, expires=10, now=0)

    assert not shelf.swap("a", old, 3, now=now)
    assert not shelf.swap("b", 1, 3, now=0)
    assert shelf.get("a", now=0) in {1, None}


@pytest.mark.parametrize("kept", _RECORDS.values(), ids=list(_RECORDS))
def test_keeps_every_kind_of_record(store: Store, kept: Any) -> None:  # noqa: ANN401 - records of all kinds
    """As it was, to the last claim."""
    shelf: Shelf[Any] = store.shelf("records", type(kept))
    shelf.put("a", kept, expires=10, now=0)

    found = shelf.get("a", now=0)

    assert found == kept
    assert shelf.swap("a", found, kept, now=0)


class TestRaces:
    """Of many at once exactly one wins, time after time. In memory, callers hold a lock, as the provider's do."""

    def winners(self, work: Callable[[str], bool], *, locked: bool) -> list[int]:
        """How many of eight that start together win, for each of thirty keys."""
        start, lock = threading.Barrier(8), threading.Lock()

        def race(_: int) -> list[bool]:
            won = []
            for key in map(str, range(30)):
                start.wait()
                with lock if locked else nullcontext():
                    won.append(work(key))
            return won

        with ThreadPoolExecutor(8) as pool:
            return [sum(won) for won in zip(*pool.map(race, range(8)), strict=True)]

    def test_swap(self, store: Store) -> None:
        """A code is spent once."""
        shelf = store.shelf("codes", int)
        for key in map(str, range(30)):
            shelf.put(key, 0, expires=10, now=0)

        assert self.winners(lambda key: shelf.swap(key, 0, 1, now=0), locked=store is MEMORY) == [1] * 30

    def test_add(self, store: Store) -> None:
        """An assertion is used once."""
        shelf = store.shelf("codes", int)

        assert self.winners(lambda key: shelf.add(key, 1, expires=10, now=0), locked=store is MEMORY) == [1] * 30

    def test_take(self, store: Store) -> None:
        """A device code gives tokens once."""
        shelf = store.shelf("codes", int)
        for key in map(str, range(30)):
            shelf.put(key, 1, expires=10, now=0)

        assert self.winners(lambda key: shelf.take(key, now=0) is not None, locked=store is MEMORY) == [1] * 30


class TestRedis:
    """What only a shared store has to promise."""

    def test_another_sees_it(self, redis: RedisServer) -> None:
        """Two that share a prefix share their shelves; another prefix and another issuer are apart."""
        links = [Link(redis.url(prefix)) for prefix in ("apart1", "apart1", "apart2")]
        shelves = [RedisStore(link, "i").shelf("numbers", int) for link in links]
        shelves[0].put("a", 1, expires=10, now=0)
        other = RedisStore(links[0], "j").shelf("numbers", int)

        assert [shelf.get("a", now=0) for shelf in (*shelves, other)] == [1, 1, None, None]
        for link in links:
            link.close()

    def test_nothing_is_left_for_ever(self, redis: RedisServer) -> None:
        """Every key goes by itself once nobody touches it."""
        link = Link(redis.url("idle"))
        RedisStore(link, "i").shelf("numbers", int).put("a", 1, expires=10, now=0)
        client = redis.client()

        keys = list(client.scan_iter("idle:*"))

        assert len(keys) == 2
        assert all(0 < client.ttl(key) <= 86_400 for key in keys)
        link.close()

    def test_a_redis_that_is_away_is_named(self) -> None:
        """By host and port, and without its password."""
        link = Link("redis://:hush@127.0.0.1:1/0")
        with pytest.raises(StoreError, match=r"Redis at 127\.0\.0\.1:1 can't be used") as caught:
            link.check()

        assert "hush" not in str(caught.value)

    @pytest.mark.parametrize(
        "url",
        ["memcached://a", "redis://", "redis://a:99999", "redis://a/0?prefix=", "redis://a/0?no_such=1", "a b", 5],
    )
    def test_a_url_that_is_none_is_refused(self, url: object) -> None:
        """With what is right."""
        with pytest.raises((ValueError, StoreError), match=r"store: |can't be used"):
            Link(url).check()  # type: ignore[arg-type]  # what a user may give

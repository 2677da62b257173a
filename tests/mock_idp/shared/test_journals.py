"""Journals of two servers, without the servers."""

import threading
from collections.abc import Iterator
from itertools import count

import pytest

from idpact_mock.entry import Entry
from idpact_mock.errors import StoreError
from idpact_mock.failures import Outcome
from idpact_mock.shared.journal import Outbox, SharedJournal
from idpact_mock.shared.link import Link
from tests.mock_idp.shared.running import RedisServer, redis_server

_NUMBERS = count()


def entry(target: str = "/a") -> Entry:
    """A request that has just come."""
    return Entry(at=1.5, method="GET", target=target, client="", issuer="a", kind="discovery", outcome=Outcome.YES)


@pytest.fixture
def journals(redis: RedisServer) -> Iterator[tuple[SharedJournal, SharedJournal]]:
    """One journal at two servers."""
    prefix = f"journals{next(_NUMBERS)}"
    links = [Link(redis.url(prefix)) for _ in range(2)]
    outboxes = [Outbox(link, look=lambda: None) for link in links]
    for outbox in outboxes:
        outbox.begin()
    one, other = (outbox.journal(outbox.link.key("journal")) for outbox in outboxes)
    yield one, other
    for outbox, link in zip(outboxes, links, strict=True):
        outbox.close()
        link.close()


def test_numbers_go_over_all(journals: tuple[SharedJournal, SharedJournal]) -> None:
    """In the order in which they came."""
    one, other = journals
    for journal, target in ((one, "/1"), (other, "/2"), (one, "/3")):
        journal.append(entry(target))
        journal.refresh()
    other.refresh()

    assert [(found.number, found.target) for found in other.entries] == [(1, "/1"), (2, "/2"), (3, "/3")]
    assert other.since(2) == other.entries[2:]


def test_who_reads_waits_for_ends_that_others_know(journals: tuple[SharedJournal, SharedJournal]) -> None:
    """Also where the other server has had no time yet to tell."""
    one, other = journals
    for _ in range(3):
        came = entry()
        one.append(came)
        one.refresh()
        came.ended, came.status, came.bytes_sent = "complete", 200, 7
        other.refresh()

        assert (other.entries[-1].ended, other.entries[-1].status, other.entries[-1].bytes_sent) == ("complete", 200, 7)


def test_an_entry_that_was_read_pending_becomes_what_it_is(journals: tuple[SharedJournal, SharedJournal]) -> None:
    """The same object, as whoever follows the journal needs it."""
    one, other = journals
    came = entry()
    one.append(came)
    one.refresh()
    other.refresh()
    (read,) = other.entries
    came.ended = "complete"
    other.refresh()

    assert (read.ended, other.entries) == ("complete", (read,))


def test_listeners_hear_of_others(journals: tuple[SharedJournal, SharedJournal]) -> None:
    """That an entry came, and that it ended."""
    one, other = journals
    heard = threading.Semaphore(0)
    came = entry()
    with other.listening(heard.release):
        one.append(came)
        one.changed()
        while not other.entries:
            assert heard.acquire(timeout=30)
        came.ended = "complete"
        one.changed()
        while other.entries[0].ended == "pending":
            assert heard.acquire(timeout=30)


def test_is_bounded(journals: tuple[SharedJournal, SharedJournal], monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest go first, and numbering goes on."""
    monkeypatch.setattr("idpact_mock.shared.journal.LIMIT", 3)
    one, other = journals
    for number in range(5):
        one.append(entry(f"/{number}"))
    one.refresh()
    other.refresh()

    assert [found.number for found in other.entries] == [3, 4, 5]
    assert other.mark() == 5


def test_is_forgotten_by_all(journals: tuple[SharedJournal, SharedJournal]) -> None:
    """Also by those who had read it."""
    one, other = journals
    one.append(entry())
    one.refresh()
    other.refresh()
    one.clear()
    other.refresh()
    other.append(entry())
    other.refresh()

    assert (one.entries, [found.number for found in other.entries]) == ((), [2])


def test_what_came_while_redis_was_away_is_kept() -> None:
    """And told once it is back."""
    with redis_server() as server:
        link = Link(server.url())
        outbox = Outbox(link, look=lambda: None)
        journal = outbox.journal("key")
        server.stop()
        journal.append(entry("/kept"))
        with pytest.raises(StoreError):
            outbox.flush()
        server.start()
        journal.refresh()

        assert [found.target for found in journal.entries] == ["/kept"]
        link.close()

"""The journal as a data structure: numbering, bounds, waiting. No server."""

import threading

import pytest

from idpact_mock import Entry, Journal, Outcome


def entry(target: str = "/a") -> Entry:
    """An entry, of which only the target matters here."""
    return Entry(
        at=1.0, method="GET", target=target, client="127.0.0.1:1", issuer=None, kind="other", outcome=Outcome.NOT
    )


def filled(count: int, *, limit: int = 10_000) -> Journal:
    """A journal of so many entries, whose targets are their numbers."""
    journal = Journal(limit=limit)
    for number in range(1, count + 1):
        journal.append(entry(f"/{number}"))
    return journal


def targets(entries: tuple[Entry, ...]) -> list[str]:
    """What was asked for."""
    return [entry.target for entry in entries]


class TestNumbering:
    def test_begins_at_one(self) -> None:
        """The first entry is number 1."""
        assert [entry.number for entry in filled(3).entries] == [1, 2, 3]

    def test_mark_of_an_empty_journal_is_zero(self) -> None:
        """All entries come after the mark of an empty journal."""
        assert Journal().mark() == 0

    def test_since_a_mark(self) -> None:
        """Only what came later."""
        journal = filled(2)
        mark = journal.mark()
        journal.append(entry("/later"))

        assert targets(journal.since(mark)) == ["/later"]

    @pytest.mark.parametrize(("mark", "expected"), [(-5, 3), (0, 3), (2, 1), (3, 0), (99, 0)])
    def test_since_any_number(self, mark: int, expected: int) -> None:
        """A mark before the first entry gives all, one after the last none."""
        assert len(filled(3).since(mark)) == expected

    def test_clear_forgets_but_numbers_on(self) -> None:
        """A mark from before stays meaningful."""
        journal = filled(3)
        journal.clear()
        journal.append(entry())

        assert (len(journal), journal.entries[0].number) == (1, 4)


class TestBounds:
    def test_drops_the_oldest(self) -> None:
        """Beyond the limit the newest are kept, under their own numbers."""
        journal = filled(5, limit=3)

        assert [entry.number for entry in journal.entries] == [3, 4, 5]
        assert targets(journal.since(3)) == ["/4", "/5"]

    def test_default_is_ten_thousand(self) -> None:
        """As documented."""
        assert Journal().limit == 10_000

    def test_limit_must_hold_something(self) -> None:
        """A journal of nothing is a mistake."""
        with pytest.raises(ValueError, match="limit: 0"):
            Journal(limit=0)


class TestWait:
    def test_returns_at_once_what_is_there(self) -> None:
        """No waiting for what came already."""
        assert targets(filled(2).wait(2, timeout=0)) == ["/1", "/2"]

    def test_is_woken_by_another_thread(self) -> None:
        """A waiter goes on when the last of what it waits for comes."""
        journal = filled(1)
        feeders = [
            threading.Timer(0.01, journal.append, [entry("/2")]),
            threading.Timer(0.02, journal.append, [entry("/3")]),
        ]
        for feeder in feeders:
            feeder.start()

        assert targets(journal.wait(2, since=1)) == ["/2", "/3"]

    def test_counts_only_what_came_since(self) -> None:
        """Entries up to the mark don't count."""
        with pytest.raises(TimeoutError, match=r"waited 0 s for 1 requests after entry 2, and 0 came \(none\)"):
            filled(2).wait(1, since=2, timeout=0)

    def test_says_what_came(self) -> None:
        """The error shows what did come, each in a line's length."""
        with pytest.raises(TimeoutError, match=r"for 3 requests, and 1 came \(1: GET /1 -> no answer, pending\)"):
            filled(1).wait(3, timeout=0)

    def test_does_not_show_headers(self) -> None:
        """A timeout's message holds no credentials."""
        journal = Journal()
        secret = entry()
        secret.headers = (("authorization", "Bearer s3cret"),)
        secret.body = b"s3cret"
        journal.append(secret)

        with pytest.raises(TimeoutError) as caught:
            journal.wait(2, timeout=0)

        assert "s3cret" not in str(caught.value) + repr(secret) + repr(journal)

    def test_for_ended_exchanges(self) -> None:
        """On demand only what has ended counts."""
        journal = filled(1)
        with pytest.raises(TimeoutError, match="for 1 ended exchanges"):
            journal.wait(1, timeout=0, ended=True)
        journal.entries[0].ended = "complete"

        assert len(journal.wait(1, timeout=0, ended=True)) == 1

    def test_for_more_than_can_be_kept(self) -> None:
        """What can't happen is refused at once."""
        with pytest.raises(ValueError, match="count: 4 can't come"):
            Journal(limit=3).wait(4)

    def test_leaves_no_listener(self) -> None:
        """A waiter that gave up is forgotten."""
        journal = Journal()
        with pytest.raises(TimeoutError):
            journal.wait(1, timeout=0)

        assert journal._listeners == ()  # no public trace: that is the point

    def test_many_threads(self) -> None:
        """Appending from many threads loses and doubles nothing."""
        journal = Journal()

        def feed() -> None:
            for _ in range(200):
                journal.append(entry())

        threads = [threading.Thread(target=feed) for _ in range(8)]
        for thread in threads:
            thread.start()

        entries = journal.wait(1600)
        assert [entry.number for entry in entries] == list(range(1, 1601))
        for thread in threads:
            thread.join()


class TestEntry:
    def test_survives_json(self) -> None:
        """What an entry holds, bytes included, comes back from JSON."""
        whole = Entry(
            number=7,
            at=1.5,
            method="POST",
            target="/a%2F?b=%20",
            headers=(("accept", "*/*"), ("cookie", "a=b")),
            body=b"\x00\xff",
            client="[::1]:80",
            issuer="x",
            kind="discovery",
            status=200,
            outcome=Outcome.YES_UNUSABLE,
            failure="not-json",
            content=b"\xfe",
            content_type="text/html",
            bytes_sent=9,
            ended="complete",
            seconds=0.25,
        )

        assert Entry.from_json(whole.to_json()) == whole

    @pytest.mark.parametrize(
        "value", [{}, {**entry().to_json(), "headers": [["alone"]]}, {**entry().to_json(), "body": "%"}]
    )
    def test_refuses_other_json(self, value: dict[str, object]) -> None:
        """What is no entry is a ValueError."""
        with pytest.raises(ValueError, match=r".+"):
            Entry.from_json(value)

"""Journals as streams of server-sent events."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from idpact_mock import Issuer, MockIdP
from idpact_mock.control import STREAMS
from idpact_mock.events import CONTENT_KEPT
from tests.mock_idp.raw import RawClient, ask, path_of

Event = dict[str, Any]


@contextmanager
def following(url: str, **headers: str) -> Iterator[Iterator[Event]]:
    """The events of a stream, as they come; the server hears us once this is entered."""
    with httpx.Client(verify=False, timeout=10) as client, client.stream("GET", url, headers=headers) as answer:
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
        lines = answer.iter_lines()
        assert next(lines) == "retry: 1000"
        yield _parsed(lines)


def _parsed(lines: Iterator[str]) -> Iterator[Event]:
    event: Event = {}
    for line in lines:
        name, _, value = line.partition(": ")
        if not line and event:
            yield event
            event = {}
        elif name == "data":
            event["data"] = json.loads(value)
        elif name:
            event[name] = value


@pytest.fixture
def stream(idp: MockIdP, issuer: Issuer) -> str:
    """Where the issuer's events are."""
    return f"{idp.url}/_idpact/issuers/{issuer.name}/events"


def test_what_came_before_comes_first(idp: MockIdP, issuer: Issuer, stream: str) -> None:
    """Whoever opens a console late sees all that is kept."""
    ask(idp.port, path_of(issuer.discovery_url))

    with following(stream) as events:
        event = next(events)

    content = issuer.journal.entries[0].to_json()
    assert event == {
        "event": "entry",
        "id": "1",
        "data": {**content, "content_size": len(issuer.journal.entries[0].content)},
    }


def test_what_comes_is_told_at_once(idp: MockIdP, issuer: Issuer, stream: str) -> None:
    """Live: no need to ask again."""
    with following(f"{stream}?since=latest") as events:
        ask(idp.port, f"{issuer.path}/one")
        ask(idp.port, f"{issuer.path}/two")
        targets = {event["data"]["target"] for event in (next(events), next(events))}

    assert targets == {f"{issuer.path}/one", f"{issuer.path}/two"}


def test_what_hangs_is_told_twice(idp: MockIdP, issuer: Issuer, stream: str) -> None:
    """Once when it came and once when it ended; until then no id says that it is over."""
    issuer.fail("hang-before-headers")
    with following(stream) as events:
        with RawClient(idp.port) as client:
            client.send(path_of(issuer.discovery_url))
            came = next(events)
        ended = next(events)

    assert (came["data"]["number"], came["data"]["ended"], came["id"]) == (1, "pending", "0")
    assert (ended["data"]["number"], ended["data"]["ended"], ended["id"]) == (1, "client-left", "1")


@pytest.mark.parametrize(("last", "expected"), [("1", [2, 3]), ("3", []), ("latest", []), ("99", [1, 2, 3])])
def test_goes_on_where_it_was(idp: MockIdP, issuer: Issuer, stream: str, last: str, expected: list[int]) -> None:
    """Last-Event-ID says up to where one knows; beyond the newest it is of an earlier server and counts for nothing."""
    for _ in range(3):
        ask(idp.port, f"{issuer.path}/x")

    with following(f"{stream}?timeout=0&since=1", **{"Last-Event-ID": last}) as events:
        numbers = [event["data"]["number"] for event in events]

    assert numbers == expected


def test_large_answers_are_cut(idp: MockIdP, issuer: Issuer, stream: str) -> None:
    """A console needs no megabytes; the size is told."""
    issuer.serve_raw(b"x" * (CONTENT_KEPT + 1))
    ask(idp.port, path_of(issuer.discovery_url))

    with following(stream) as events:
        shown = next(events)["data"]

    assert (len(shown["content"]), shown["content_size"]) == ((CONTENT_KEPT + 2) // 3 * 4, CONTENT_KEPT + 1)


def test_many_entries_come_in_order(idp: MockIdP, issuer: Issuer, stream: str) -> None:
    """More than one round holds: none is lost and none comes twice."""
    with RawClient(idp.port) as client:
        for _ in range(250):
            client.ask(f"{issuer.path}/x")

    with following(stream) as events:
        numbers = [next(events)["data"]["number"] for _ in range(250)]

    assert numbers == list(range(1, 251))


def test_ends_with_its_issuer(idp: MockIdP, issuer: Issuer, stream: str) -> None:
    """Whoever follows is told that it is gone."""
    with following(stream) as events:
        idp.drop_issuer(issuer)

        assert [event["event"] for event in events] == ["gone"]


def test_ends_with_the_server(idp: MockIdP, stream: str) -> None:
    """An open console holds no stop up."""
    stopped = threading.Event()

    def stop() -> None:
        idp.stop()
        stopped.set()

    with following(stream) as events:
        threading.Thread(target=stop).start()
        with pytest.raises(httpx.RemoteProtocolError):
            list(events)

    assert stopped.wait(5)


def test_strays_are_followed_too(idp: MockIdP) -> None:
    """The requests of no issuer."""
    with following(f"{idp.url}/_idpact/strays/events") as events:
        ask(idp.port, "/lost")

        assert next(events)["data"]["target"] == "/lost"


def test_a_stream_that_is_left_leaves_nothing(issuer: Issuer, stream: str) -> None:
    """A journal has no listener once the client is gone, and the stream's place is free again."""
    for _ in range(STREAMS + 1):
        with following(f"{stream}?timeout=0") as events:
            list(events)

    assert issuer.journal._listeners == ()  # the only way to see that nothing is held


class Streams:
    """So many streams, each of which was heard."""

    def __init__(self, port: int, count: int, target: str) -> None:
        self._clients = [RawClient(port) for _ in range(count)]
        self._target = target

    def __enter__(self) -> None:
        for client in self._clients:
            client.send(self._target, headers=("Host: localhost",))
        for client in self._clients:
            client.sock.recv(1)

    def __exit__(self, *exception: object) -> None:
        for client in self._clients:
            client.sock.close()


def test_streams_are_bounded(idp: MockIdP, stream: str) -> None:
    """Beyond the bound: 503, in the shape of all errors."""
    with Streams(idp.port, STREAMS, path_of(stream)):
        answer = httpx.get(stream)

    assert (answer.status_code, answer.json()["error"]) == (503, "busy")


def test_head_has_no_events(stream: str) -> None:
    """HEAD ends at once."""
    assert httpx.head(stream).status_code == 200


@pytest.mark.parametrize(
    ("query", "headers", "named"),
    [
        ("since=x", {}, "since: 'x'"),
        ("timeout=-1", {}, "timeout: '-1'"),
        ("timeout=nan", {}, "timeout: 'nan'"),
        ("timeout=3601", {}, "timeout: '3601'"),
        ("wait=1", {}, "query: 'wait' is unknown"),
        ("", {"Last-Event-ID": "x"}, "Last-Event-ID: since: 'x'"),
    ],
)
def test_bad_wishes(stream: str, query: str, headers: dict[str, str], named: str) -> None:
    """422 with the name of what is wrong."""
    answer = httpx.get(f"{stream}?{query}", headers=headers)

    assert (answer.status_code, answer.json()["message"].startswith(named)) == (422, True)

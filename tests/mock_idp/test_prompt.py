"""The short way of the hot path: what lies ready is answered at once, and nobody can tell it from the long way."""

import asyncio

import pytest

from idpact_mock import Entry, Issuer, MockIdP
from idpact_mock.app import App
from idpact_mock.prompt import Finder
from idpact_mock.registry import Registry
from idpact_mock.site import Site
from tests.mock_idp.raw import RawClient, ask, path_of

LONG = ("Upgrade: nothing",)
"""Whoever wants another protocol goes the long way, whether there is such a one or not."""


def told(entry: Entry) -> dict[str, object]:
    """What an entry says, but for what differs from request to request."""
    return {
        key: value
        for key, value in entry.to_json().items()
        if key not in {"number", "at", "client", "seconds", "headers"}
    }


def test_the_short_way_does_without_the_application(
    issuer: Issuer, idp: MockIdP, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A document that lies ready needs no task."""

    async def broken(*_: object) -> None:
        await asyncio.sleep(0)
        raise AssertionError("the application was called")

    monkeypatch.setattr(App, "__call__", broken)

    assert ask(idp.port, path_of(issuer.discovery_url)).status == 200


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/jwks"])
def test_both_ways_give_the_same_answer_and_the_same_entry(issuer: Issuer, idp: MockIdP, path: str) -> None:
    """Byte for byte, and but for times and addresses."""
    issuer.keys.jwks()
    target = issuer.path + path
    ask(idp.port, target)  # renders what wasn't rendered yet

    short, long = ask(idp.port, target), ask(idp.port, target, headers=LONG)

    assert short.wire == long.wire
    _, first, second = issuer.journal.wait(3, ended=True)
    assert told(first) == told(second)


def test_answers_keep_the_order_of_pipelined_requests(idp: MockIdP) -> None:
    """A request whose answer lies ready waits for one before it that goes the long way."""
    one, other = idp.make_issuer(), idp.make_issuer()
    with RawClient(idp.port) as client:
        head = "GET {} HTTP/1.1\r\nHost: idp.test\r\n{}\r\n"
        first = head.format(path_of(one.discovery_url), f"{LONG[0]}\r\n")
        second = head.format(path_of(other.discovery_url), "")
        client.sock.sendall((first + second).encode())

        answers = client.read_two()

    assert [one.url.encode() in answers[0].body, other.url.encode() in answers[1].body] == [True, True]


def test_a_failure_switched_on_is_met_by_the_next_request_of_the_same_connection(issuer: Issuer, idp: MockIdP) -> None:
    """Nothing lies ready while a failure is on."""
    path = path_of(issuer.discovery_url)
    with RawClient(idp.port) as client:
        before = client.ask(path).status
        issuer.fail("http-503")

        assert (before, client.ask(path).status) == (200, 503)


def test_the_journal_tells_changed_headers_of_one_connection_apart(issuer: Issuer, idp: MockIdP) -> None:
    """Headers that repeat are kept once; others are not taken for them."""
    with RawClient(idp.port) as client:
        for number in (1, 1, 2):
            client.ask(path_of(issuer.discovery_url), headers=(f"X-Number: {number}",))

    assert [dict(entry.headers)["x-number"] for entry in issuer.journal.wait(3)] == ["1", "1", "2"]


def test_a_client_of_http_1_0_finds_the_connection_closed(issuer: Issuer, idp: MockIdP) -> None:
    """It goes the long way, where connections end."""
    with RawClient(idp.port) as client:
        client.send(path_of(issuer.discovery_url), version="1.0")

        assert (client.read().status, client.at_end()) == (200, True)


def test_nothing_lies_ready_where_requests_decide_the_address() -> None:
    """By Host, or by what proxies say, each request has its own document."""
    registry = Registry()
    issuer = Issuer(Site(name="acme", base="http://idp.test", path="/a"))
    registry.add(issuer)
    target = path_of(issuer.discovery_url).encode()

    assert (Finder(registry, "host")(b"GET", 80, target), Finder(registry, "forwarded")(b"GET", 80, target)) == (
        None,
        None,
    )
    assert Finder(registry, "pinned")(b"GET", 80, target) is not None

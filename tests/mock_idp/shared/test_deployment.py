"""Two servers of one deployment in this process, so that what they know can be taken away from them."""

from collections.abc import Iterator
from itertools import count

import httpx
import pytest

from idpact_mock import MockIdP
from idpact_mock.errors import StoreError
from idpact_mock.shared.deployment import Deployment
from idpact_mock.shared.link import Link
from idpact_mock.shared.log import Log, Operation
from tests.mock_idp.shared.running import RedisServer

_NUMBERS = count()


class Server:
    """One of them."""

    def __init__(self, url: str) -> None:
        self.lost = 0
        self.deployment = Deployment(Link(url), lost=self._lose)
        self.idp = MockIdP(sharing=self.deployment, advertise="http://idp.test")

    def start(self) -> None:
        """As a worker does."""
        self.idp.start()
        self.deployment.open()

    def stop(self) -> None:
        """As a worker does."""
        self.idp.stop()
        self.deployment.close()

    def request(self, method: str, path: str, told: object = None) -> httpx.Response:
        """A request on a connection of its own."""
        return httpx.request(method, f"http://127.0.0.1:{self.idp.port}{path}", json=told, timeout=30)

    def _lose(self) -> None:
        self.lost += 1


@pytest.fixture
def url(redis: RedisServer) -> str:
    """A store of this test's own."""
    return redis.url(f"deployment{next(_NUMBERS)}")


@pytest.fixture
def servers(url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Server, Server]]:
    """Two that aren't told when the log grows: what they know, they know because they look before they answer."""
    monkeypatch.setattr(Deployment, "_look_now", lambda _: None)
    one, other = Server(url), Server(url)
    one.start()
    other.start()
    yield one, other
    one.stop()
    other.stop()


def test_who_answers_has_looked_before(servers: tuple[Server, Server]) -> None:
    """A change is seen by whatever request comes after it, and by no luck."""
    one, other = servers
    for number in range(5):
        one.request("POST", "/_idpact/issuers", {"name": f"a{number}"})
        found = other.request("GET", f"/a{number}/.well-known/openid-configuration").status_code
        other.request("DELETE", f"/_idpact/issuers/a{number}")

        assert (found, one.request("GET", f"/a{number}/jwks").status_code) == (200, 404)


def test_no_answer_lies_ready_that_others_have_changed(servers: tuple[Server, Server]) -> None:
    """However short the way to a document or a set of keys is otherwise."""
    one, other = servers
    one.request("POST", "/_idpact/issuers", {"name": "a"})
    at, keys = "/a/.well-known/openid-configuration", other.request("GET", "/a/jwks").text
    for number in range(3):
        other.request("GET", at)
        other.request("GET", "/a/jwks")
        one.request("PATCH", "/_idpact/issuers/a", {"document": {"set": {"x": number}}})
        one.request("POST", "/_idpact/issuers/a/keys", {"do": "rotate"})

        assert other.request("GET", at).json()["x"] == number
        assert other.request("GET", "/a/jwks").text == one.request("GET", "/a/jwks").text != keys


def test_a_request_is_written_down_before_it_is_answered(
    servers: tuple[Server, Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By whatever way it is answered: another server that doesn't ask around has it in its journal."""
    one, other = servers
    one.request("POST", "/_idpact/issuers", {"name": "a"})
    monkeypatch.setattr("idpact_mock.shared.journal.Outbox.wake", lambda _: None)
    monkeypatch.setattr("idpact_mock.shared.journal.Outbox.ask_others", lambda _: None)
    token = {"grant_type": "client_credentials"}
    for number, (method, path) in enumerate([("GET", "/a/jwks"), ("GET", "/a/userinfo"), ("POST", "/a/token")] * 2, 1):
        one.request(method, path, token if method == "POST" else None)

        entries = other.request("GET", "/_idpact/issuers/a/journal").json()["entries"]
        assert [entry["target"] for entry in entries][number - 1 :] == [path]


def test_an_error_of_ours_stops_no_other_change(
    servers: tuple[Server, Server], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is answered 500 and logged, once; the log goes on."""
    one, other = servers
    monkeypatch.setattr("idpact_mock.wishes.Making.make", lambda *_: 1 / 0)
    broken = one.request("POST", "/_idpact/issuers", {"name": "a"}).status_code
    monkeypatch.undo()

    assert broken == 500
    assert "POST /_idpact/issuers can't be made" in caplog.text
    assert one.request("POST", "/_idpact/issuers", {"name": "b"}).status_code == 201
    assert other.request("GET", "/b/.well-known/openid-configuration").status_code == 200


def test_a_change_that_redis_interrupts_is_made_by_a_server_anew(
    servers: tuple[Server, Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody knows how much of it was made: the server is lost, and answers 503 until it has begun anew."""
    one, _ = servers

    def away(*_: object) -> None:
        raise StoreError("Redis is away")

    monkeypatch.setattr("idpact_mock.wishes.Making.make", away)

    assert one.request("POST", "/_idpact/issuers", {"name": "a"}).status_code == 503
    assert one.lost == 1


def test_a_change_written_down_twice_is_made_once(servers: tuple[Server, Server], url: str) -> None:
    """As where an answer of Redis was lost, and it was written again."""
    one, _ = servers
    one.request("POST", "/_idpact/issuers", {"name": "a"})
    link = Link(url)
    operation = Operation(
        token="same",
        method="POST",
        path="/_idpact/issuers/a/clock",
        query="",
        media_type="application/json",
        body='{"move": 10}',
    )
    for _ in range(2):
        Log(link).append(operation)
    link.close()

    assert one.request("GET", "/_idpact/issuers/a/provider").json()["clock"]["offset"] == 10


def test_a_change_that_cant_be_read_is_no_traceback(
    servers: tuple[Server, Server], redis: RedisServer, url: str
) -> None:
    """Such as one of another version: 503, in a sentence."""
    one, _ = servers
    redis.client().xadd(f"{url.partition('prefix=')[2]}:log", {"told": "{}"})

    answer = one.request("GET", "/")

    assert answer.status_code == 503
    assert "holds a change that this version can't read" in answer.json()["message"]


def test_a_full_log_refuses_changes(servers: tuple[Server, Server], monkeypatch: pytest.MonkeyPatch) -> None:
    """And says what to do; requests are answered on."""
    monkeypatch.setattr("idpact_mock.shared.log.LIMIT", 1)
    one, other = servers
    one.request("POST", "/_idpact/issuers", {"name": "a"})
    answer = other.request("POST", "/_idpact/issuers", {"name": "b"})

    assert (answer.status_code, answer.json()["error"]) == (503, "busy")
    assert "drop some of those first" in answer.json()["message"]
    assert other.request("GET", "/a/jwks").status_code == 200
    assert other.request("DELETE", "/_idpact/issuers/a").status_code == 204


def test_the_word_of_a_drop_is_kept_while_somebody_may_need_it(
    servers: tuple[Server, Server], redis: RedisServer, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then it goes, too: servers that make and drop issuers for ever fill no log."""
    one, other = servers
    log = f"{url.partition('prefix=')[2]}:log"
    monkeypatch.setattr("idpact_mock.shared.ledger.TRIMMED", 0.0)
    for number in range(6):
        server = (one, other)[number % 2]
        server.request("POST", "/_idpact/issuers", {"name": "a"})
        server.request("DELETE", "/_idpact/issuers/a")

    assert redis.client().xlen(log) <= 1


def test_a_server_that_could_have_missed_something_begins_anew(
    servers: tuple[Server, Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It hasn't looked for so long that changes may have come and gone."""
    one, _ = servers
    one.request("GET", "/")
    monkeypatch.setattr("idpact_mock.shared.deployment.STALE", -1.0)

    answer = one.request("GET", "/")

    assert (answer.status_code, one.lost) == (503, 1)
    assert "begins anew" in answer.json()["message"]

"""Each failure, at the wire."""

import contextlib
import json
import socket
import threading
import time

import httpx
import pytest

from idpact_mock import FAILURES, Entry, FailureMode, Issuer, MockIdP, Outcome, behaviours
from idpact_mock.exchange import Exchange
from idpact_mock.failures.connection import HANG_SECONDS
from tests.mock_idp.raw import RawClient, ask, path_of

LIVE = [failure_id for failure_id, mode in FAILURES.items() if mode.layer != "address"]


def failing(idp: MockIdP, failure_id: str) -> tuple[Issuer, str]:
    """An issuer with that failure, and the target of its document."""
    issuer = idp.make_issuer(failure=failure_id)
    return issuer, path_of(issuer.discovery_url)


def ended(issuer: Issuer) -> Entry:
    """The issuer's only entry, once its exchange has ended."""
    (entry,) = issuer.journal.wait(1, ended=True)
    return entry


class TestCatalogue:
    def test_is_keyed_by_its_ids(self) -> None:
        """A failure is found under its own id."""
        assert all(failure_id == mode.id for failure_id, mode in FAILURES.items())

    def test_can_not_be_changed(self) -> None:
        """The catalogue is data for everybody and nobody's to edit."""
        with pytest.raises(TypeError):
            FAILURES["http-404"] = FAILURES["not-json"]  # type: ignore[index]  # that it can't be done is the point

    @pytest.mark.parametrize("mode", FAILURES.values(), ids=lambda mode: mode.id)
    def test_says_what_is_on_the_wire_in_one_sentence(self, mode: FailureMode) -> None:
        """A statement is one sentence with its full stop."""
        assert mode.statement.endswith(".")
        assert ". " not in mode.statement

    def test_has_a_behaviour_for_all_that_requests_can_reach(self) -> None:
        """What is declared is done, and nothing is done that isn't declared."""
        silent = {"dns-failure", "connection-refused", "connect-timeout"}
        assert set(behaviours.BEHAVIOURS) == set(FAILURES) - silent

    @pytest.mark.parametrize("failure_id", LIVE)
    def test_outcome_is_journalled(self, idp: MockIdP, failure_id: str) -> None:
        """An entry counts as the catalogue says, and names the failure."""
        issuer, target = failing(idp, failure_id)
        endpoint = FAILURES[failure_id].endpoints[0]
        if endpoint == "jwks":
            target = path_of(str(issuer.document["jwks_uri"]))

        with RawClient(issuer.site.port or idp.port) as client:
            client.send(target)
            (entry,) = issuer.journal.wait(1)

        assert (entry.failure, entry.outcome, entry.kind) == (failure_id, FAILURES[failure_id].outcome, endpoint)


class TestAnswers:
    def test_http_404_is_a_json_error(self, idp: MockIdP) -> None:
        """404 with a JSON body in which there is no document."""
        _, target = failing(idp, "http-404")

        answer = ask(idp.port, target)

        assert (answer.status, answer.headers["content-type"]) == (404, "application/json")
        assert "issuer" not in json.loads(answer.body)

    def test_http_500_has_the_perfect_document(self, idp: MockIdP) -> None:
        """A client that ignores the status finds a document it could use."""
        issuer, target = failing(idp, "http-500-with-document")

        answer = ask(idp.port, target)

        assert (answer.status, answer.headers["content-type"]) == (500, "application/json")
        assert json.loads(answer.body) == issuer.document

    def test_not_json_is_cut(self, idp: MockIdP) -> None:
        """200 as JSON, and the body is none."""
        _, target = failing(idp, "not-json")

        answer = ask(idp.port, target)

        assert (answer.status, answer.headers["content-type"], answer.body) == (200, "application/json", b'{"issuer":')

    def test_html_login_page_is_a_form(self, idp: MockIdP) -> None:
        """200 with a login form, as gateways answer who isn't signed in."""
        _, target = failing(idp, "html-login-page")

        answer = ask(idp.port, target)

        assert (answer.status, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert b"<form" in answer.body

    def test_journal_has_what_was_sent(self, idp: MockIdP) -> None:
        """Body, content type, status and bytes of a failing answer are those on the wire."""
        issuer, target = failing(idp, "html-login-page")

        answer = ask(idp.port, target)

        entry = ended(issuer)
        assert (entry.status, entry.content, entry.content_type) == (200, answer.body, "text/html; charset=utf-8")
        assert (entry.bytes_sent, entry.ended) == (len(answer.wire), "complete")

    def test_httpx_sees_the_status(self, idp: MockIdP) -> None:
        """An ordinary client gets the answer as well."""
        issuer, _ = failing(idp, "http-404")

        assert httpx.get(issuer.discovery_url).status_code == 404


class TestConnectionReset:
    def test_client_sees_a_reset(self, idp: MockIdP) -> None:
        """RST, not FIN: reading ends in ECONNRESET."""
        _, target = failing(idp, "connection-reset")

        with RawClient(idp.port) as client:
            client.send(target)
            with pytest.raises(ConnectionResetError):
                client.sock.recv(1)

    def test_journal_says_reset_and_no_status(self, idp: MockIdP) -> None:
        """Not a byte of an answer left."""
        issuer, target = failing(idp, "connection-reset")

        with RawClient(idp.port) as client, contextlib.suppress(ConnectionResetError):
            client.send(target)
            client.sock.recv(1)

        entry = ended(issuer)
        assert (entry.ended, entry.status, entry.bytes_sent, entry.content) == ("reset", None, 0, b"")

    def test_httpx_reports_an_error(self, idp: MockIdP) -> None:
        """An ordinary client can tell."""
        issuer, _ = failing(idp, "connection-reset")

        with pytest.raises(httpx.ReadError):
            httpx.get(issuer.discovery_url)


class TestHang:
    def test_nothing_is_sent(self, idp: MockIdP) -> None:
        """The client's own limit ends it."""
        issuer, _ = failing(idp, "hang-before-headers")

        with pytest.raises(httpx.ReadTimeout):
            httpx.get(issuer.discovery_url, timeout=0.05)

    def test_is_seen_while_it_lasts(self, idp: MockIdP) -> None:
        """A waiter sees the request at once, as pending."""
        issuer, target = failing(idp, "hang-before-headers")

        with RawClient(idp.port) as client:
            client.send(target)
            (entry,) = issuer.journal.wait(1)

            assert (entry.ended, entry.status, entry.seconds) == ("pending", None, None)

    def test_journal_says_when_the_client_left(self, idp: MockIdP) -> None:
        """How long a client waited can be read off its entry."""
        issuer, target = failing(idp, "hang-before-headers")

        before = time.perf_counter()
        with RawClient(idp.port) as client:
            client.send(target)
            issuer.journal.wait(1)
        entry = ended(issuer)
        waited = time.perf_counter() - before

        assert (entry.ended, entry.status, entry.bytes_sent) == ("client-left", None, 0)
        assert entry.seconds is not None
        assert 0 < entry.seconds < waited

    def test_ends_by_itself(self, idp: MockIdP, issuer: Issuer) -> None:
        """No connection hangs for ever: at the limit it is reset."""
        issuer.fail("hang-before-headers", seconds=0.01)
        target = path_of(issuer.discovery_url)

        with RawClient(idp.port) as client:
            client.send(target)
            with pytest.raises(ConnectionResetError):
                client.sock.recv(1)

        assert ended(issuer).ended == "reset"

    def test_limit_is_longer_than_a_judge_waits(self) -> None:
        """A judge gives up after 75 s; the mock must not be the one that ends it."""
        assert HANG_SECONDS == 90

    def test_stop_ends_it(self) -> None:
        """A server that stops waits for no hanging client."""
        with MockIdP() as idp:
            issuer, target = failing(idp, "hang-before-headers")
            client = RawClient(idp.port)
            client.send(target)
            issuer.journal.wait(1)

        with client:
            assert ended(issuer).ended == "shutdown"

    def test_two_hundred_do_not_keep_others_waiting(self, idp: MockIdP) -> None:
        """While two hundred clients hang, another one is answered and the two hundred are still pending."""
        hanging, target = failing(idp, "hang-before-headers")
        good = idp.make_issuer()

        with contextlib.ExitStack() as stack:
            for _ in range(200):
                stack.enter_context(RawClient(idp.port)).send(target)
            hanging.journal.wait(200)
            answer = ask(idp.port, path_of(good.discovery_url))
            pending = {entry.ended for entry in hanging.journal.entries}

        assert (answer.status, pending) == (200, {"pending"})

    def test_pipelined_before_another_it_ends_with_the_client(
        self, idp: MockIdP, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Two requests in one packet: the hanging first is let go when the client leaves, the second never starts."""
        let_go = threading.Event()
        waiting = Exchange.gone

        async def gone(exchange: Exchange, *, within: float) -> bool:
            left = await waiting(exchange, within=within)
            let_go.set()
            return left

        monkeypatch.setattr(Exchange, "gone", gone)
        issuer, target = failing(idp, "hang-before-headers")

        with RawClient(idp.port) as client:
            one = f"GET {target} HTTP/1.1\r\nHost: idp.test\r\n\r\n".encode()
            client.sock.sendall(one + one)
            issuer.journal.wait(1)

        assert let_go.wait(10)
        assert [entry.ended for entry in issuer.journal.entries] == ["client-left"]


class TestConnectionRefused:
    @pytest.mark.parametrize("path", [None, "/tenant", ""], ids=["default path", "path", "whole host"])
    def test_nobody_listens(self, idp: MockIdP, path: str | None) -> None:
        """The issuer's port refuses every connection."""
        issuer = idp.make_issuer(path=path, own_port=path == "", failure="connection-refused")

        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", httpx.URL(issuer.url).port or 0), timeout=5)

    def test_port_is_nobody_elses(self, idp: MockIdP) -> None:
        """The port stays taken for as long as the issuer lives, so that nobody can begin to listen there."""
        issuer = idp.make_issuer(failure="connection-refused")
        port = httpx.URL(issuer.url).port
        assert port is not None

        with socket.socket() as other, pytest.raises(OSError, match="in use"):
            other.bind(("127.0.0.1", port))

    def test_port_is_free_once_it_is_dropped(self, idp: MockIdP) -> None:
        """A dropped issuer keeps nothing."""
        issuer = idp.make_issuer(failure="connection-refused")
        port = httpx.URL(issuer.url).port
        assert port is not None

        idp.drop_issuer(issuer)

        with socket.socket() as other:
            other.bind(("127.0.0.1", port))

    def test_keeps_path_and_slash(self, idp: MockIdP) -> None:
        """Only the port is special."""
        issuer = idp.make_issuer(path="/a/b", trailing_slash=True, failure="connection-refused")

        assert issuer.url.endswith("/a/b/")
        assert issuer.document["issuer"] == issuer.url

    def test_can_not_be_switched_on_later(self, issuer: Issuer) -> None:
        """A live issuer's address can't change; the message says what to do."""
        with pytest.raises(
            ValueError, match=r"lies in the address; choose it in make_issuer\(failure='connection-refused'\)"
        ):
            issuer.fail("connection-refused")

    @pytest.mark.parametrize("act", ["recover", "fail"])
    def test_can_not_be_switched_off(self, idp: MockIdP, act: str) -> None:
        """Nor can it change back."""
        issuer = idp.make_issuer(failure="connection-refused")

        with pytest.raises(ValueError, match="lies in its address; make another issuer"):
            issuer.recover() if act == "recover" else issuer.fail("http-404")

        assert issuer.failure == "connection-refused"


class TestSwitching:
    def test_fail_and_recover_on_a_live_issuer(self, idp: MockIdP, issuer: Issuer) -> None:
        """Over the same URL and the same connection, each request sees what holds now."""
        target = path_of(issuer.discovery_url)
        with RawClient(idp.port) as client:
            before = client.ask(target).status
            issuer.fail("http-404")
            during = client.ask(target).status
            issuer.recover()
            after = client.ask(target).status

        assert (before, during, after) == (200, 404, 200)

    def test_one_failure_replaces_another(self, idp: MockIdP, issuer: Issuer) -> None:
        """There is one failure at a time."""
        issuer.fail("http-404")
        issuer.fail("not-json")

        assert issuer.failure == "not-json"
        assert ask(idp.port, path_of(issuer.discovery_url)).status == 200

    def test_recovering_a_working_issuer_is_no_error(self, issuer: Issuer) -> None:
        """Recovering is idempotent."""
        issuer.recover()

        assert issuer.failure is None

    @pytest.mark.parametrize(
        ("typed", "hint"),
        [("http404", "did you mean http-404"), ("zzz", "known are cache-stale, charset-latin1")],
    )
    def test_unknown_id_lists_near_ones(self, issuer: Issuer, typed: str, hint: str) -> None:
        """A slip of the pen is answered with what was meant, or with all there is."""
        with pytest.raises(ValueError, match=f"failure: '{typed}' is no failure of the catalogue; {hint}"):
            issuer.fail(typed)

    def test_unknown_id_makes_no_issuer(self, idp: MockIdP) -> None:
        """The same at the making, and no issuer is left behind."""
        with pytest.raises(ValueError, match="did you mean not-json"):
            idp.make_issuer(failure="not-jso")

        assert not idp.issuers

    def test_keys_and_other_paths_work_on(self, idp: MockIdP) -> None:
        """A failure is the discovery endpoint's alone."""
        issuer, _ = failing(idp, "connection-reset")

        assert ask(idp.port, f"{issuer.path}/jwks").status == 200

    def test_document_is_what_is_served_without_the_failure(self, issuer: Issuer) -> None:
        """A failure doesn't touch the document."""
        before = issuer.document
        issuer.fail("http-404")

        assert issuer.document == before

    def test_outcome_of_a_member_shaped_by_hand_is_told_too(self, idp: MockIdP, issuer: Issuer) -> None:
        """Without any failure the journal says how the document served counts."""
        issuer.set_members({"issuer": "https://other.example"})
        ask(idp.port, path_of(issuer.discovery_url))

        assert issuer.journal.entries[-1].outcome is Outcome.NOT_STRICT

    def test_threads_may_switch_while_others_ask(self, idp: MockIdP, issuer: Issuer) -> None:
        """However fast it is switched, an answer is wholly one or wholly the other."""
        target = path_of(issuer.discovery_url)
        done = threading.Event()

        def switch() -> None:
            while not done.is_set():
                issuer.fail("http-500-with-document")
                issuer.recover()

        thread = threading.Thread(target=switch)
        thread.start()
        try:
            with RawClient(idp.port) as client:
                answers = [client.ask(target) for _ in range(40)]
        finally:
            done.set()
            thread.join()

        assert {answer.status for answer in answers} <= {200, 500}
        assert [entry.status for entry in issuer.journal.entries] == [answer.status for answer in answers]
        assert all((entry.failure is None) == (entry.status == 200) for entry in issuer.journal.entries)

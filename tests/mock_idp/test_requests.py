"""Whose request it is, and what the journal says of it, at the wire."""

import contextlib
import socket
import threading
from collections.abc import Iterator

import httpx
import pytest

from idpact_mock import Issuer, MockIdP, Outcome
from tests.mock_idp.raw import RawClient, ask, path_of


class TestTargets:
    @pytest.mark.parametrize(
        "suffix",
        [
            "//.well-known/openid-configuration",
            "/.well-known/openid-configuration/",
            "/.well-known/openid%2Dconfiguration",
            "/.WELL-KNOWN/openid-configuration",
            "/%2e%2E/x",
            "/a/../b",
            "/x;y=1?a=b&c=%20%C3%A9&&=",
            "/?",
        ],
    )
    def test_are_journalled_exactly_as_sent(self, idp: MockIdP, issuer: Issuer, suffix: str) -> None:
        """No decoding, no collapsing of slashes, no case folding, no resolving of dots; and none of these is the document."""
        target = issuer.path + suffix

        answer = ask(idp.port, target)

        (entry,) = issuer.journal.entries
        assert (entry.target, entry.status, entry.kind, entry.outcome) == (target, 404, "other", Outcome.NOT)
        assert answer.status == 404

    def test_doubled_slash_is_not_found(self, idp: MockIdP) -> None:
        """An issuer that ends in a slash has its document below one slash; two are the issuer's own 404."""
        issuer = idp.make_issuer(path="/a", trailing_slash=True)

        assert ask(idp.port, "/a//.well-known/openid-configuration").status == 404
        assert ask(idp.port, "/a/.well-known/openid-configuration").status == 200
        assert [entry.kind for entry in issuer.journal.entries] == ["other", "discovery"]

    def test_query_does_not_hide_the_document(self, idp: MockIdP, issuer: Issuer) -> None:
        """A query is journalled and otherwise ignored."""
        target = f"{path_of(issuer.discovery_url)}?client_id=a%20b"

        assert ask(idp.port, target).status == 200
        (entry,) = issuer.journal.entries
        assert (entry.target, entry.kind) == (target, "discovery")

    def test_absolute_form(self, idp: MockIdP, issuer: Issuer) -> None:
        """A client that takes the mock for a proxy is answered, and its target is shown as sent."""
        assert ask(idp.port, issuer.discovery_url).status == 200
        assert issuer.journal.entries[0].target == issuer.discovery_url

    def test_path_of_an_issuer_is_case_sensitive(self, idp: MockIdP) -> None:
        """Another case is another path, and may be another issuer's."""
        lower, upper = idp.make_issuer(path="/tenant"), idp.make_issuer(path="/Tenant")

        ask(idp.port, "/Tenant/.well-known/openid-configuration")

        assert (len(lower.journal), len(upper.journal)) == (0, 1)

    def test_percent_encoding_in_an_issuer_is_kept(self, idp: MockIdP) -> None:
        """An encoded path is that path and not the decoded one."""
        issuer = idp.make_issuer(path="/a%2Fb%20c")

        assert ask(idp.port, "/a%2Fb%20c/.well-known/openid-configuration").status == 200
        assert ask(idp.port, "/a/b%20c/.well-known/openid-configuration").status == 404
        assert (len(issuer.journal), len(idp.strays)) == (1, 1)


class TestOwners:
    def test_longest_path_owns_it(self, idp: MockIdP) -> None:
        """Issuers can live below one another."""
        outer, inner = idp.make_issuer(path="/a"), idp.make_issuer(path="/a/b")

        ask(idp.port, "/a/b/nothing")
        ask(idp.port, "/a/bc/nothing")

        assert [entry.target for entry in inner.journal.entries] == ["/a/b/nothing"]
        assert [entry.target for entry in outer.journal.entries] == ["/a/bc/nothing"]

    def test_no_issuers_are_strays(self, idp: MockIdP, issuer: Issuer) -> None:
        """A path that was lost lands where it can be seen."""
        ask(idp.port, "/.well-known/openid-configuration")

        (entry,) = idp.strays.entries
        assert (entry.target, entry.issuer, entry.status) == ("/.well-known/openid-configuration", None, 404)
        assert len(issuer.journal) == 0

    def test_inserted_well_known_is_a_stray(self, idp: MockIdP, issuer: Issuer) -> None:
        """The form of RFC 8414 is below no issuer's path."""
        ask(idp.port, f"/.well-known/openid-configuration{issuer.path}")

        assert len(idp.strays) == 1

    def test_entry_names_its_issuer(self, idp: MockIdP, issuer: Issuer) -> None:
        """So that entries of many journals can be told apart."""
        ask(idp.port, path_of(issuer.discovery_url))

        assert issuer.journal.entries[0].issuer == issuer.name


class TestWhatIsKept:
    def test_of_the_request(self, idp: MockIdP, issuer: Issuer) -> None:
        """Method, headers in order, body and client."""
        with RawClient(idp.port) as client:
            client.ask(f"{issuer.path}/x", method="POST", headers=("X-B: 1", "X-A: 2", "X-B: 3"), body=b"\x00\xff")
            address = client.address

        (entry,) = issuer.journal.entries
        assert (entry.method, entry.body, entry.client) == ("POST", b"\x00\xff", address)
        assert [pair for pair in entry.headers if pair[0].startswith("x-")] == [
            ("x-b", "1"),
            ("x-a", "2"),
            ("x-b", "3"),
        ]

    def test_of_the_answer(self, idp: MockIdP, issuer: Issuer) -> None:
        """Status, whole body, type, bytes and end are those on the wire, at the moment the client has read it."""
        answer = ask(idp.port, path_of(issuer.discovery_url))

        (entry,) = issuer.journal.entries
        assert (entry.status, entry.content, entry.content_type) == (200, answer.body, "application/json")
        assert (entry.bytes_sent, entry.ended) == (len(answer.wire), "complete")
        assert entry.seconds is not None

    def test_body_is_bounded(self, idp: MockIdP, issuer: Issuer) -> None:
        """64 KiB are kept of what may be endless, and the rest is read and let go."""
        body = bytes(range(256)) * 1024

        answer = ask(idp.port, f"{issuer.path}/x", method="POST", body=body)

        assert (answer.status, issuer.journal.entries[0].body) == (404, body[: 64 * 1024])

    def test_body_of_a_get(self, idp: MockIdP, issuer: Issuer) -> None:
        """A GET with a body is answered, and the body is seen."""
        assert ask(idp.port, path_of(issuer.discovery_url), body=b"odd").status == 200
        assert issuer.journal.entries[0].body == b"odd"

    def test_client_that_leaves_within_its_request(self, idp: MockIdP, issuer: Issuer) -> None:
        """What came of it is kept, and that it left."""
        with RawClient(idp.port) as client:
            client.send(f"{issuer.path}/x", method="POST", headers=("Content-Length: 100",))
            issuer.journal.wait(1)
            client.sock.sendall(b"half")

        (entry,) = issuer.journal.wait(1, ended=True)
        assert (entry.ended, entry.status, entry.body) == ("client-left", None, b"half")

    def test_client_that_leaves_within_a_large_answer(self, idp: MockIdP, issuer: Issuer) -> None:
        """Bytes are counted at the transport: far fewer than the body has."""
        issuer.serve_raw(b"x" * 64_000_000)

        with RawClient(idp.port) as client:
            client.send(path_of(issuer.discovery_url))
            client.sock.recv(1000)

        (entry,) = issuer.journal.wait(1, ended=True)
        assert entry.ended == "client-left"
        assert 1000 <= entry.bytes_sent < 32_000_000


class TestSlowClients:
    """Answers of one piece, of which the last bytes wait in the server's own buffer."""

    BODY = b"x" * 60_000

    @pytest.fixture
    def slow(self, idp: MockIdP) -> Iterator[tuple[Issuer, RawClient]]:
        """An issuer whose answer is under way to a client that doesn't read; the kernel holds next to nothing."""
        issuer = idp.make_issuer(own_port=True, path="")
        issuer.serve_raw(self.BODY)
        # Behind the door: accepted connections inherit the small buffer of the listener.
        idp._opened().socket_of(issuer).setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2048)
        with RawClient(issuer.site.port, receive_buffer=2048) as client:
            client.send(path_of(issuer.discovery_url))
            client.sock.recv(100, socket.MSG_PEEK)
            ask(idp.port, "/")  # once another is answered, the server is done with what it could do for this one
            yield issuer, client

    def test_answer_is_pending_until_its_last_byte_left(self, slow: tuple[Issuer, RawClient]) -> None:
        """Handed to a buffer isn't sent; once it is read it is complete, with all its bytes."""
        issuer, client = slow
        (before,) = issuer.journal.entries
        assert (before.ended, before.seconds) == ("pending", None)

        answer = client.read()

        (after,) = issuer.journal.wait(1, ended=True)
        assert (after.ended, after.bytes_sent, answer.body) == ("complete", len(answer.wire), self.BODY)

    def test_client_that_leaves_before_the_last_byte(self, slow: tuple[Issuer, RawClient]) -> None:
        """The journal doesn't take it for complete."""
        issuer, client = slow
        client.sock.close()

        (entry,) = issuer.journal.wait(1, ended=True)
        assert entry.ended == "client-left"

    def test_next_request_on_the_same_connection(self, slow: tuple[Issuer, RawClient]) -> None:
        """A request that comes while the answer before it still waits is answered after it, and both end."""
        issuer, client = slow
        client.send("/next")
        issuer.journal.wait(2)
        first, second = client.read_two()

        entries = issuer.journal.wait(2, ended=True)
        assert (len(first.body), second.status) == (len(self.BODY), 404)
        assert [entry.ended for entry in entries] == ["complete", "complete"]
        assert [entry.bytes_sent for entry in entries] == [len(first.wire), len(second.wire)]


class TestMethods:
    def test_head_has_the_headers_only(self, idp: MockIdP, issuer: Issuer) -> None:
        """As GET, without the body; and no document was retrieved by it."""
        target = path_of(issuer.discovery_url)
        with RawClient(idp.port) as client:
            head = client.ask(target, method="HEAD")
            get = client.ask(target)

        assert (head.status, head.headers) == (200, get.headers)
        first, second = issuer.journal.entries
        assert (first.content, first.outcome, first.bytes_sent) == (b"", Outcome.NOT, len(head.wire))
        assert second.outcome is Outcome.YES

    @pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
    @pytest.mark.parametrize("endpoint", ["/.well-known/openid-configuration", "/jwks"])
    def test_others_are_refused(self, idp: MockIdP, issuer: Issuer, method: str, endpoint: str) -> None:
        """405 with Allow, and it isn't counted as a document retrieved."""
        answer = ask(idp.port, issuer.path + endpoint, method=method)

        assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
        assert issuer.journal.entries[0].outcome is Outcome.NOT


class TestKeys:
    def test_jwks_holds_one_public_rs256_key(self, issuer: Issuer) -> None:
        """A JWK Set with what verifies RS256, and nothing that signs."""
        url = issuer.document["jwks_uri"]
        assert isinstance(url, str)

        (key,) = httpx.get(url).json()["keys"]

        assert {"kty": "RSA", "alg": "RS256", "use": "sig"}.items() <= key.items()
        assert set(key) == {"kty", "alg", "use", "kid", "n", "e"}
        assert issuer.journal.entries[0].kind == "jwks"

    def test_jwks_stays_the_same(self, idp: MockIdP, issuer: Issuer) -> None:
        """Keys are made once; other issuers have others."""
        bodies = [ask(idp.port, f"{issuer.path}/jwks").body for _ in range(2)]

        assert bodies[0] == bodies[1] != ask(idp.port, f"{idp.make_issuer().path}/jwks").body

    def test_keys_are_made_when_first_asked_for(self, idp: MockIdP, issuer: Issuer) -> None:
        """Neither making an issuer nor its document costs a key."""
        ask(idp.port, path_of(issuer.discovery_url))
        assert not issuer.keys.made

        ask(idp.port, f"{issuer.path}/jwks")
        assert issuer.keys.made

    def test_key_is_made_beside_the_event_loop(
        self, idp: MockIdP, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """While a key is being made, others are answered."""
        making, go_on = threading.Event(), threading.Event()
        made = issuer.keys.jwks

        def slowly() -> bytes:
            making.set()
            assert go_on.wait(10)
            return made()

        monkeypatch.setattr(issuer.keys, "jwks", slowly)
        with RawClient(idp.port) as client:
            client.send(f"{issuer.path}/jwks")
            assert making.wait(10)
            answered = ask(idp.port, path_of(issuer.discovery_url)).status
            go_on.set()

            assert (answered, client.read().status) == (200, 200)


class TestConnections:
    def test_are_kept_alive(self, idp: MockIdP, issuer: Issuer) -> None:
        """Many requests on one connection, each with its own entry and its own bytes."""
        target = path_of(issuer.discovery_url)
        with RawClient(idp.port) as client:
            answers = [client.ask(target) for _ in range(3)]

        assert [entry.bytes_sent for entry in issuer.journal.entries] == [len(answer.wire) for answer in answers]
        assert len({entry.client for entry in issuer.journal.entries}) == 1

    def test_close_on_demand(self, idp: MockIdP, issuer: Issuer) -> None:
        """`Connection: close` is honoured and echoed."""
        with RawClient(idp.port) as client:
            answer = client.ask(path_of(issuer.discovery_url), headers=("Connection: close",))

            assert answer.headers["connection"] == "close"
            assert client.at_end()

    def test_http_1_0(self, idp: MockIdP, issuer: Issuer) -> None:
        """An old client is answered, and the connection closed."""
        with RawClient(idp.port) as client:
            client.send(path_of(issuer.discovery_url), version="1.0")
            answer = client.read()

            assert (answer.status, client.at_end()) == (200, True)

    def test_pipelined_requests_are_answered_in_order(self, idp: MockIdP, issuer: Issuer) -> None:
        """Two requests in one packet: two answers, two entries, each with its own figures."""
        first, second = f"{issuer.path}/1", f"{issuer.path}/2"
        with RawClient(idp.port) as client:
            both = "".join(f"GET {target} HTTP/1.1\r\nHost: a\r\n\r\n" for target in (first, second))
            client.sock.sendall(both.encode())
            wire = b""
            while wire.count(b"HTTP/1.1 404") < 2 or not wire.endswith(b"}"):
                wire += client.sock.recv(65536)

        entries = issuer.journal.entries
        assert [entry.target for entry in entries] == [first, second]
        assert sum(entry.bytes_sent for entry in entries) == len(wire)

    def test_garbage_is_survived(self, idp: MockIdP, issuer: Issuer, capfd: pytest.CaptureFixture[str]) -> None:
        """What is no HTTP gets a 400, others are answered, and nothing is printed."""
        with RawClient(idp.port) as client:
            client.sock.sendall(b"\x16\x03\x01\x02\x00\r\n\r\n")
            assert client.sock.recv(12) == b"HTTP/1.1 400"

        assert ask(idp.port, path_of(issuer.discovery_url)).status == 200
        assert capfd.readouterr() == ("", "")

    def test_clients_that_vanish_leave_no_trace_on_stderr(
        self, idp: MockIdP, issuer: Issuer, capfd: pytest.CaptureFixture[str]
    ) -> None:
        """Half requests, early closes and resets are ordinary life."""
        for sent in (b"", b"GET / HT", f"GET {issuer.path}/jwks HTTP/1.1\r\nHost: a\r\n\r\n".encode()):
            with RawClient(idp.port) as client, contextlib.suppress(OSError):
                client.sock.sendall(sent)
        issuer.journal.wait(1, ended=True)
        idp.stop()

        assert capfd.readouterr() == ("", "")


def test_front_page_lists_the_issuers(idp: MockIdP, issuer: Issuer) -> None:
    """Who opens the server's address sees what is there."""
    assert httpx.get(f"{idp.url}/").json() == {"issuers": [issuer.url]}

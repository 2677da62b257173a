"""What an issuer serves, and how it is changed, seen at the wire."""

import threading
from collections.abc import Callable

import httpx
import pytest

from idpact_mock import Issuer, MockIdP, Outcome
from tests.mock_idp.raw import ask, path_of

REQUIRED = {
    "issuer",
    "authorization_endpoint",
    "token_endpoint",
    "userinfo_endpoint",
    "jwks_uri",
    "response_types_supported",
    "subject_types_supported",
    "id_token_signing_alg_values_supported",
}


def served(issuer: Issuer) -> dict[str, object]:
    """The document as a client gets it."""
    document: dict[str, object] = httpx.get(issuer.discovery_url).json()
    return document


class TestOwnDocument:
    def test_has_what_the_standard_requires(self, issuer: Issuer) -> None:
        """OpenID Connect Discovery 1.0, section 3, and the recommended userinfo endpoint."""
        assert set(served(issuer)) >= REQUIRED

    def test_is_what_the_property_says(self, issuer: Issuer) -> None:
        """`document` and the wire agree."""
        assert served(issuer) == issuer.document

    def test_endpoints_are_its_own(self, issuer: Issuer) -> None:
        """They live below the issuer, so that a call lands in its journal."""
        assert served(issuer)["token_endpoint"] == f"{issuer.url}/token"

    def test_endpoints_elsewhere(self, idp: MockIdP) -> None:
        """Names that resolve nowhere, so that nothing is called by accident; the issuer stays."""
        issuer = idp.make_issuer(endpoints_at="https://acme.idp.test/")

        document = served(issuer)

        assert [
            document[name] for name in ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
        ] == [
            "https://acme.idp.test/authorize",
            "https://acme.idp.test/token",
            "https://acme.idp.test/userinfo",
            "https://acme.idp.test/jwks",
        ]
        assert document["issuer"] == issuer.url

    @pytest.mark.parametrize(
        "base", ["acme.idp.test", "ftp://acme.idp.test", "https://u@acme.test", "https://acme.test/?a", "https://[x"]
    )
    def test_endpoints_elsewhere_need_a_base_url(self, idp: MockIdP, base: str) -> None:
        """The message names the argument and the value."""
        with pytest.raises(ValueError, match="endpoints_at: ") as caught:
            idp.make_issuer(endpoints_at=base)

        assert repr(base) in str(caught.value)

    def test_counts_as_retrieved(self, issuer: Issuer) -> None:
        """The perfect document is a YES."""
        served(issuer)

        assert issuer.journal.entries[0].outcome is Outcome.YES

    def test_headers(self, idp: MockIdP, issuer: Issuer) -> None:
        """JSON, nothing to be cached, and any web page may read it."""
        answer = ask(idp.port, path_of(issuer.discovery_url))

        assert answer.headers == {
            "content-type": "application/json",
            "cache-control": "no-store",
            "access-control-allow-origin": "*",
            "content-length": str(len(answer.body)),
        }


class TestMembers:
    def test_set(self, issuer: Issuer) -> None:
        """Members set are served, exactly as written; the others stay."""
        before = issuer.document
        issuer.set_members({"token_endpoint": "https://idp.test/Token%2f?x=é", "x": None})

        assert served(issuer) == {**before, "token_endpoint": "https://idp.test/Token%2f?x=é", "x": None}

    def test_remove(self, issuer: Issuer) -> None:
        """Members removed are absent, not null."""
        issuer.remove_members("userinfo_endpoint", "never_there")

        assert "userinfo_endpoint" not in served(issuer)

    def test_the_last_change_wins(self, issuer: Issuer) -> None:
        """Set after removed is there, removed after set is gone."""
        issuer.remove_members("a", "jwks_uri")
        issuer.set_members({"jwks_uri": "https://idp.test/k", "b": 1})
        issuer.remove_members("b")

        document = served(issuer)
        assert (document["jwks_uri"], "b" in document) == ("https://idp.test/k", False)

    def test_later_changes_of_the_callers_object_do_not_count(self, issuer: Issuer) -> None:
        """What was set is a copy, and so is what is read."""
        value = {"list": [1]}
        issuer.set_members({"x": value})
        value["list"].append(2)
        read = issuer.document["x"]
        assert isinstance(read, dict)
        read["list"].append(3)
        issuer.document["x"] = "changed"

        assert served(issuer)["x"] == {"list": [1]}

    def test_hostile_values(self, idp: MockIdP, issuer: Issuer) -> None:
        """NaN, NUL and lone surrogates can be sent."""
        issuer.set_members({"a": float("nan"), "b": "\x00", "c": "\ud800"})

        body = ask(idp.port, path_of(issuer.discovery_url)).body
        assert b'"a": NaN' in body
        assert b'"b": "\\u0000"' in body
        assert b'"c": "\\ud800"' in body

    @pytest.mark.parametrize("value", [object(), b"bytes", {1, 2}, 10**5000], ids=["object", "bytes", "set", "bigint"])
    def test_values_that_are_no_json(self, issuer: Issuer, value: object) -> None:
        """Refused with the member's name, and nothing has changed."""
        before = issuer.document
        with pytest.raises(ValueError, match=r"members: the value of 'x' can't be written as JSON .*serve_raw"):
            issuer.set_members({"fine": 1, "x": value})

        assert issuer.document == before

    def test_names_are_strings(self, issuer: Issuer) -> None:
        """JSON has no other names."""
        with pytest.raises(TypeError, match="member name 7 must be a string"):
            issuer.set_members({7: "x"})  # type: ignore[dict-item]  # what a caller without types may do

    def test_replace(self, issuer: Issuer) -> None:
        """A whole document: nothing is added, and earlier changes are gone."""
        issuer.set_members({"x": 1})
        issuer.replace_document({"issuer": "https://other.example"})

        assert served(issuer) == {"issuer": "https://other.example"}

    def test_change_after_replacing(self, issuer: Issuer) -> None:
        """Members can be changed on top of a replacement."""
        issuer.replace_document({"a": 1, "b": 2})
        issuer.set_members({"c": 3})
        issuer.remove_members("a")

        assert served(issuer) == {"b": 2, "c": 3}

    def test_document_at_the_making(self, idp: MockIdP) -> None:
        """`make_issuer(document=...)` replaces it from the start."""
        assert served(idp.make_issuer(document={"only": "this"})) == {"only": "this"}

    def test_reset(self, issuer: Issuer) -> None:
        """Its own document again."""
        before = issuer.document
        issuer.replace_document({})
        issuer.reset_document()

        assert served(issuer) == before


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda issuer: issuer.set_members({"b": 2}), {"a": 1, "b": 2}),
        (lambda issuer: issuer.remove_members("a"), {}),
        (lambda issuer: issuer.replace_document({"c": 3}), {"c": 3}),
        (lambda issuer: issuer.serve_raw(b'{"d": 4}'), {"d": 4}),
    ],
    ids=["set", "remove", "replace", "raw"],
)
def test_a_change_is_seen_by_the_next_request(
    idp: MockIdP, change: Callable[[Issuer], None], expected: dict[str, object]
) -> None:
    """Also after the document has been served, and its bytes were kept."""
    issuer = idp.make_issuer(document={"a": 1})
    before = served(issuer)
    change(issuer)

    assert (before, served(issuer)) == ({"a": 1}, expected)


class TestRaw:
    @pytest.mark.parametrize(
        "body", [b"", b"\xff\x00", b"[]", b" " * 1_000_000], ids=["empty", "binary", "array", "large"]
    )
    def test_bytes_are_served_as_they_are(self, idp: MockIdP, issuer: Issuer, body: bytes) -> None:
        """Whatever they are."""
        issuer.serve_raw(body)

        assert ask(idp.port, path_of(issuer.discovery_url)).body == body

    def test_large_bodies_are_counted_whole(self, idp: MockIdP, issuer: Issuer) -> None:
        """What the client read is what the journal says was sent."""
        issuer.serve_raw(b"x" * 3_000_000)

        answer = ask(idp.port, path_of(issuer.discovery_url))

        (entry,) = issuer.journal.wait(1, ended=True)
        assert (entry.bytes_sent, entry.ended) == (len(answer.wire), "complete")

    @pytest.mark.parametrize("content_type", ["text/plain", None])
    def test_content_type(self, idp: MockIdP, issuer: Issuer, content_type: str | None) -> None:
        """Any, or none at all."""
        issuer.serve_raw(b"{}", content_type=content_type)

        assert ask(idp.port, path_of(issuer.discovery_url)).headers.get("content-type") == content_type

    def test_has_no_members(self, issuer: Issuer) -> None:
        """Changing members of bytes is a mistake; the message says the way out."""
        issuer.serve_raw(b"{}")

        with pytest.raises(ValueError, match="raw bytes are served; call reset_document"):
            issuer.set_members({"x": 1})

    def test_document_of_raw_json(self, issuer: Issuer) -> None:
        """`document` reads bytes that are an object."""
        issuer.serve_raw(b'{"x": 1}')

        assert issuer.document == {"x": 1}

    def test_document_of_raw_garbage(self, issuer: Issuer) -> None:
        """And says so when they aren't."""
        issuer.serve_raw(b"[1]")

        with pytest.raises(ValueError, match="no JSON object"):
            _ = issuer.document

    def test_counts_as_what_it_is(self, idp: MockIdP, issuer: Issuer) -> None:
        """Garbage served by hand is not retrieved, whatever its status."""
        issuer.serve_raw(b"garbage")
        ask(idp.port, path_of(issuer.discovery_url))

        assert issuer.journal.entries[0].outcome is Outcome.NOT

    def test_needs_bytes(self, issuer: Issuer) -> None:
        """Text has no encoding yet."""
        with pytest.raises(TypeError, match="body: str must be bytes"):
            issuer.serve_raw("{}")  # type: ignore[arg-type]  # what a caller without types may do

    def test_content_type_must_fit_a_header(self, issuer: Issuer) -> None:
        """No header injection by accident."""
        with pytest.raises(ValueError, match="content-type"):
            issuer.serve_raw(b"", content_type="a\r\nb: c")


class TestHeaders:
    def test_are_added(self, idp: MockIdP, issuer: Issuer) -> None:
        """Extra headers come with the discovery answer."""
        issuer.set_headers({"Set-Cookie": "a=b", "ETag": '"1"'})

        headers = ask(idp.port, path_of(issuer.discovery_url)).headers
        assert (headers["set-cookie"], headers["etag"]) == ("a=b", '"1"')

    def test_win_over_ours(self, idp: MockIdP, issuer: Issuer) -> None:
        """Caching and type can be chosen."""
        issuer.set_headers({"cache-control": "max-age=86400", "CONTENT-TYPE": "text/html"})

        headers = ask(idp.port, path_of(issuer.discovery_url)).headers
        assert (headers["cache-control"], headers["content-type"]) == ("max-age=86400", "text/html")
        assert issuer.journal.entries[0].content_type == "text/html"

    def test_replace_those_before(self, idp: MockIdP, issuer: Issuer) -> None:
        """An empty mapping takes them all away."""
        target = path_of(issuer.discovery_url)
        issuer.set_headers({"ETag": '"1"'})
        before = ask(idp.port, target).headers
        issuer.set_headers({})

        assert ("etag" in before, "etag" in ask(idp.port, target).headers) == (True, False)

    def test_stay_when_the_document_is_reset(self, issuer: Issuer) -> None:
        """Headers are not the document's."""
        issuer.set_headers({"ETag": '"1"'})
        issuer.reset_document()

        assert issuer.headers == {"ETag": '"1"'}

    @pytest.mark.parametrize(
        ("headers", "message"),
        [
            ({"a b": "x"}, "'a b' is no header name"),
            ({"": "x"}, "'' is no header name"),
            ({"a": "x\r\ny: z"}, "without line breaks"),
            ({"a": "\u20ac"}, "printable Latin-1"),
            ({"Content-Length": "5"}, "frames the message"),
            ({"Transfer-Encoding": "chunked"}, "frames the message"),
        ],
        ids=["space", "empty", "line break", "beyond Latin-1", "length", "encoding"],
    )
    def test_that_can_not_be_sent(self, issuer: Issuer, headers: dict[str, str], message: str) -> None:
        """Refused when they are set, not when they are sent."""
        with pytest.raises(ValueError, match=message):
            issuer.set_headers(headers)

    def test_must_be_strings(self, issuer: Issuer) -> None:
        """Numbers are no header values."""
        with pytest.raises(TypeError, match="must both be strings"):
            issuer.set_headers({"Age": 5})  # type: ignore[dict-item]  # what a caller without types may do


def test_concurrent_changes_of_different_members_all_survive(issuer: Issuer) -> None:
    """No change of one thread undoes another's."""

    def change(thread: int) -> None:
        for turn in range(50):
            issuer.set_members({f"{thread}-{turn}": turn})

    threads = [threading.Thread(target=change, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {f"{thread}-{turn}" for thread in range(4) for turn in range(50)} <= set(issuer.document)

"""DISC, INFER, CRED and PREC: when a document is read, what is taken from it, and what was typed beats it."""

import itertools
import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.reference.conftest import Api, Idp

WELL_KNOWN = "/.well-known/openid-configuration"
MEMBERS = {
    "authorization_url": "authorization_endpoint",
    "token_url": "token_endpoint",
    "userinfo_url": "userinfo_endpoint",
    "jwks_url": "jwks_uri",
}
NO_URLS = dict.fromkeys(MEMBERS, "")
SUBSETS = [subset for size in range(5) for subset in itertools.combinations(MEMBERS, size)]


def inferred(path: str) -> dict[str, str]:
    """Say what the identity provider's document at that path makes of the four URLs."""
    return {field: f"https://idp.test{path}/{field}" for field in MEMBERS}


@pytest.mark.parametrize("path", ["", "/a", "/A/b%20c"])
def test_the_document_is_read_below_the_issuer(api: "Api", idp: "Idp", path: str) -> None:
    """DISC-1 and DISC-3: the issuer's path is kept, and there is one request."""
    connection_id = api.new()

    api.update(connection_id, issuer=idp.issuer(path))

    assert idp.targets() == [path + WELL_KNOWN]
    assert api.urls(connection_id) == inferred(path)


def test_a_second_issuer_is_read_anew(api: "Api", idp: "Idp") -> None:
    """DISC-2, INFER-6, INFER-11: its document replaces what was inferred, and what an earlier update typed."""
    connection_id = api.new()
    api.update(connection_id, issuer=idp.issuer("/one"), token_url="https://typed.test/token")

    api.update(connection_id, issuer=idp.issuer("/two"))

    assert idp.targets() == ["/one" + WELL_KNOWN, "/two" + WELL_KNOWN]
    assert api.urls(connection_id) == inferred("/two")


def test_a_final_slash_makes_one_slash(api: "Api", idp: "Idp") -> None:
    """DISC-4: the request goes below one slash, and the issuer is stored as typed."""
    connection_id, issuer = api.new(), idp.issuer("/a/")

    api.update(connection_id, issuer=issuer)

    assert idp.targets() == ["/a" + WELL_KNOWN]
    assert api.read(connection_id)["issuer"] == issuer


@pytest.mark.parametrize("repeated", [False, True], ids=["without issuer", "with the same issuer"])
def test_without_a_change_of_issuer_nothing_is_read(api: "Api", idp: "Idp", *, repeated: bool) -> None:
    """DISC-5 and DISC-6: the identity provider isn't asked, and no URL changes that the body doesn't name."""
    connection_id, issuer = api.new(), idp.issuer("/a")
    api.update(connection_id, issuer=issuer, token_url="https://typed.test/token")

    api.update(connection_id, client_id="x", **({"issuer": issuer} if repeated else {}))

    assert len(idp.asked) == 1
    assert api.urls(connection_id) == {**inferred("/a"), "token_url": "https://typed.test/token"}


def test_the_request_is_plain(api: "Api", idp: "Idp") -> None:
    """DISC-7 and CRED-3: a GET without body, cookies or credentials, and without any value of the connection's."""
    connection_id = api.new()
    answer = b"HTTP/1.1 404 Not Found\r\nSet-Cookie: a=1; Path=/\r\nContent-Length: 0\r\n\r\n"
    api.update(connection_id, issuer=idp.answer("/first", answer), client_secret="hush-hush")

    api.update(connection_id, issuer=idp.issuer("/second"), client_id="client-x", client_secret="hush-hush-2")

    asked = idp.asked[-1]
    assert (asked.method, asked.body) == ("GET", b"")
    assert sorted(asked.headers) == ["accept", "accept-encoding", "connection", "host", "user-agent"]
    assert "hush" not in str(idp.asked)


def test_issuers_are_compared_with_case(api: "Api", idp: "Idp") -> None:
    """DISC-8: another case in the path is another issuer."""
    connection_id = api.new()
    api.update(connection_id, issuer=idp.issuer("/tenant"))

    api.update(connection_id, issuer=idp.issuer("/Tenant"))

    assert api.urls(connection_id) == inferred("/Tenant")


@pytest.mark.parametrize("field", MEMBERS)
def test_a_member_is_taken_as_written(api: "Api", idp: "Idp", field: str) -> None:
    """INFER-1 to INFER-4: letter by letter, be it ever so odd a URL."""
    connection_id, odd = api.new(), "HTTPS://IDP.test:443/%7Ea//b/../c/?p=B2C_1&x=ü"

    api.update(connection_id, issuer=idp.issuer("/a", **{MEMBERS[field]: odd}))

    assert api.read(connection_id)[field] == odd


@pytest.mark.parametrize("field", MEMBERS)
def test_a_member_that_is_missing_is_not_invented(api: "Api", idp: "Idp", field: str) -> None:
    """INFER-5: the other three are inferred, and the field stays empty."""
    connection_id = api.new()

    api.update(connection_id, issuer=idp.issuer("/a", **{MEMBERS[field]: None}))

    assert api.urls(connection_id) == {**inferred("/a"), field: ""}


def test_a_member_that_is_missing_keeps_the_old_value(api: "Api", idp: "Idp") -> None:
    """INFER-5, left open by the source: this implementation keeps what it had."""
    connection_id = api.new()
    api.update(connection_id, issuer=idp.issuer("/one"))

    api.update(connection_id, issuer=idp.issuer("/two", userinfo_endpoint=None))

    assert api.urls(connection_id) == {**inferred("/two"), "userinfo_url": inferred("/one")["userinfo_url"]}


def test_the_issuer_is_stored_as_typed(api: "Api", idp: "Idp") -> None:
    """INFER-7: also where the document gives another spelling."""
    connection_id = api.new()
    issuer = idp.issuer("/a", issuer=f"{idp.base}/A")

    api.update(connection_id, issuer=issuer)

    assert api.read(connection_id)["issuer"] == issuer


@pytest.mark.parametrize(
    "member",
    [7, True, [], {}, "", "   ", "/token", "host/path", "javascript:alert(1)", "https://u:p@x.test/", "https://x\r\n",
     "\ud800", "https://x.test/\0", "https://x:99999/", "http://[::1"],
    ids=repr,
)  # fmt: skip
def test_a_member_that_is_no_url_is_not_stored(api: "Api", idp: "Idp", member: object) -> None:
    """INFER-8: no value of another type, nor its text form, nor a string that is no URL; the others are inferred."""
    connection_id = api.new()

    api.update(connection_id, issuer=idp.issuer("/a", token_endpoint=member))

    assert api.urls(connection_id) == {**inferred("/a"), "token_url": ""}


@pytest.mark.parametrize("issuer", ["https://other.test", None, 7, ["x"]], ids=repr)
def test_another_issuers_document_is_not_used(api: "Api", idp: "Idp", issuer: object) -> None:
    """INFER-9: nor is one that names no issuer, and a warning says so."""
    connection_id = api.new()
    typed = idp.issuer("/a", issuer=issuer)

    answer = api.update(connection_id, issuer=typed)

    assert api.urls(connection_id) == NO_URLS
    assert "another issuer" in answer["warning"]


def test_only_the_four_urls_are_inferred(api: "Api", idp: "Idp") -> None:
    """INFER-10, CRED-1 and CRED-2: a document may offer names and credentials; they are nobody's."""
    connection_id = api.new()
    before = api.read(connection_id)
    decoys = {name: "decoy" for name in before if name != "issuer"}
    issuer = idp.issuer("/a", **decoys, clientId="decoy")

    api.update(connection_id, issuer=issuer)

    assert api.read(connection_id) == {**before, "issuer": issuer, **inferred("/a")}


@pytest.mark.parametrize("subset", SUBSETS, ids=lambda subset: "+".join(subset) or "none")
@pytest.mark.parametrize("filled", [False, True], ids=["empty connection", "filled connection"])
def test_typed_urls_beat_inferred_ones(api: "Api", idp: "Idp", subset: tuple[str, ...], *, filled: bool) -> None:
    """PREC-1 to PREC-3: in every subset of the four, the typed ones are stored as typed and the others are inferred."""
    connection_id = api.new()
    if filled:
        api.update(connection_id, issuer=idp.issuer("/old"))
    typed = {field: f"https://typed.test/{field}" for field in subset}

    api.update(connection_id, issuer=idp.issuer("/new"), **typed)

    assert api.urls(connection_id) == {**inferred("/new"), **typed}
    assert idp.targets()[-1] == "/new" + WELL_KNOWN


def test_typed_urls_are_stored_without_a_change_of_issuer(api: "Api", idp: "Idp") -> None:
    """PREC-4: no document has to be read for that."""
    connection_id = api.new()
    api.update(connection_id, issuer=idp.issuer("/a"))

    api.update(connection_id, jwks_url="https://typed.test/keys")

    assert api.urls(connection_id) == {**inferred("/a"), "jwks_url": "https://typed.test/keys"}


def test_a_document_of_any_content_type_and_with_a_bom_is_read(api: "Api", idp: "Idp") -> None:
    """Left open by the source: bytes that are JSON are JSON."""
    issuer = idp.issuer("/a")
    body = b"\xef\xbb\xbf" + json.dumps({"issuer": issuer, "jwks_uri": "https://idp.test/k"}).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n"
    idp.answer("/a", head.encode() + body)
    connection_id = api.new()

    api.update(connection_id, issuer=issuer)

    assert api.read(connection_id)["jwks_url"] == "https://idp.test/k"

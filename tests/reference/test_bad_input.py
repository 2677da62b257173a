"""INPUT: what a request can get wrong. Never a 5xx, and nothing is changed."""

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from tests.reference.conftest import Api, Idp

STRINGS = (
    "display_name",
    "identity_provider",
    "issuer",
    "client_id",
    "client_secret",
    "authorization_url",
    "token_url",
    "userinfo_url",
    "jwks_url",
    "custom_scopes",
)
TEXT = st.text(st.characters(exclude_categories=()))
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | TEXT
JSON = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner), max_leaves=10)
NO_URLS = [
    "idp.test",
    "//idp.test",
    "ftp://idp.test/",
    "file:///etc/passwd",
    "data:,x",
    "javascript:alert(1)",
    " https://idp.test",
    "https://idp.test/\r\nX: 1",
    "https://idp.test/a b",
    "https://idp.test/\u2028",
    "https://",
    "https:///path",
    "https://idp.test:99999/",
    "http://[::1",
    "https://user:hush-hush@idp.test/",
]


@pytest.mark.parametrize("name", STRINGS)
@pytest.mark.parametrize("value", [7, 1.5, True, ["x"], {"x": "y"}], ids=repr)
def test_a_string_is_no_other_json_value(api: "Api", name: str, value: object) -> None:
    """INPUT-1: 400 with the parameter's name, and the connection is as it was."""
    before = api.create(display_name="before")

    answer = api.put(before["connection_id"], {"client_id": "id", name: value})

    assert answer.status_code == 400
    assert answer.json()["error_message"].startswith(f"{name} (a JSON ")
    assert api.read(before["connection_id"]) == before


@pytest.mark.parametrize("value", ["", "x", 7, ["x"], {"a": ["\ud800"]}, {"\0": "a"}], ids=repr)
def test_an_attribute_mapping_is_an_object(api: "Api", value: object) -> None:
    """INPUT-1: of text that can be stored."""
    answer = api.put(api.new(), {"attribute_mapping": value})

    assert answer.status_code == 400
    assert answer.json()["error_message"].startswith("attribute_mapping")


@pytest.mark.parametrize("content", ['{"attribute_mapping": {"a": 1e999}}', '{"attribute_mapping": {"a": "😀"}}'])
def test_numbers_of_an_attribute_mapping_are_finite(api: "Api", content: str) -> None:
    """INPUT-1: JSON knows no infinity, so none is stored; text of any script is."""
    path = f"{api.front}/oidc/{api.new()}"

    answer = api.send("PUT", path, auth=api.member, content=content.encode())

    assert answer.status_code == (400 if "999" in content else 200)


@pytest.mark.parametrize(("depth", "status"), [(64, 200), (65, 400), (900, 400)])
@pytest.mark.parametrize("kind", ["objects", "arrays"])
def test_an_attribute_mapping_has_a_limited_depth(api: "Api", depth: int, status: int, kind: str) -> None:
    """INPUT-1: what could be read but not written again would break every later answer."""
    opening, closing = {"objects": ('{"a":', "}"), "arrays": ("[", "]")}[kind]
    levels = depth - 2  # the mapping itself, and the number at the bottom
    value = '{"a":' + opening * levels + "1" + closing * levels + "}"
    path = f"{api.front}/oidc/{api.new()}"

    answer = api.send("PUT", path, auth=api.member, content=f'{{"attribute_mapping": {value}}}'.encode())

    assert answer.status_code == status
    assert api.send("GET", api.front, auth=api.member).status_code == 200


@settings(max_examples=150, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.dictionaries(st.sampled_from((*STRINGS, "attribute_mapping", "connection_id", "x")), JSON))
def test_no_body_breaks_the_server(api: "Api", body: dict[str, object]) -> None:
    """INPUT-2: any JSON value in any member is stored or refused, and the list can be read afterwards."""
    assert api.put(api.create()["connection_id"], body).status_code in {200, 400}
    assert api.send("GET", api.front, auth=api.member).status_code == 200


@pytest.mark.parametrize("name", STRINGS)
@pytest.mark.parametrize("value", ["a\0b", "a\ud800b"], ids=["NUL", "lone surrogate"])
def test_a_string_that_cannot_be_stored_is_refused(api: "Api", name: str, value: str) -> None:
    """INPUT-1: JSON can spell what UTF-8 and many a database can't hold."""
    answer = api.put(api.new(), {name: value})

    assert answer.status_code == 400
    assert "no NUL and no lone surrogate" in answer.json()["error_message"]


@pytest.mark.parametrize("name", ["issuer", "authorization_url", "token_url", "userinfo_url", "jwks_url"])
@pytest.mark.parametrize("value", NO_URLS, ids=repr)
def test_what_is_no_plain_url_is_refused(api: "Api", name: str, value: str) -> None:
    """INPUT-3: nothing of it is stored, and a password in it isn't repeated."""
    before = api.create()

    answer = api.put(before["connection_id"], {name: value})

    assert answer.status_code == 400
    assert answer.json()["error_message"].startswith(name)
    assert "hush-hush" not in answer.text
    assert api.read(before["connection_id"]) == before


@pytest.mark.parametrize("issuer", ["https://idp.test/?a=b", "https://idp.test/#a", "https://idp.test?"])
def test_an_issuer_has_no_query_and_no_fragment(api: "Api", issuer: str) -> None:
    """Discovery 1.0, section 3."""
    answer = api.put(api.new(), {"issuer": issuer})

    assert answer.status_code == 400
    assert issuer in answer.json()["error_message"]


@pytest.mark.parametrize("host", ["127.0.0.1:1", "localhost:1", "[::1]:1", "10.0.0.1:1", "169.254.169.254:1"])
@pytest.mark.parametrize("name", ["authorization_url", "jwks_url"])
def test_inner_addresses_are_urls(api: "Api", host: str, name: str) -> None:
    """Left open by the source: many an identity provider lives on an inner network, without https."""
    assert api.update(api.new(), **{name: f"http://{host}/x"})["connection"][name] == f"http://{host}/x"


def test_an_inner_issuer_is_read(api: "Api", idp: "Idp") -> None:
    """Left open by the source: http on loopback is good enough."""
    assert "warning" not in api.update(api.new(), issuer=idp.issuer("/a"))


def test_an_unknown_identity_provider_is_refused(api: "Api") -> None:
    """INPUT-1: the message lists the documented ones."""
    answer = api.put(api.new(), {"identity_provider": "octa"})

    assert answer.status_code == 400
    assert "'octa'" in answer.json()["error_message"]
    assert "okta" in answer.json()["error_message"]


@pytest.mark.parametrize(
    "content",
    [b"{", b"x", b"[]", b"null", b'"x"', b"7", b'{"client_id": NaN}', b'{"client_id": "\xff"}', b"[" * 100_000,
     b'{"x": ' + b"9" * 5000 + b"}"],
    ids=lambda content: repr(content[:12]),
)  # fmt: skip
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_a_body_that_is_no_json_object_is_refused(api: "Api", method: str, content: bytes) -> None:
    """INPUT-1: 400 in the error shape, on create and update."""
    path = f"{api.front}/oidc" + (f"/{api.new()}" if method == "PUT" else "")

    answer = api.send(method, path, auth=api.member, content=content)

    assert (answer.status_code, answer.json()["error_type"]) == (400, "malformed_request_body")


def test_a_body_that_is_too_large_is_refused(api: "Api") -> None:
    """413, and one just within the limit is accepted."""
    path = f"{api.front}/oidc/{api.new()}"
    sizes = (1024 * 1024, 1024 * 1024 + 1)

    answers = [api.send("PUT", path, auth=api.member, content=b"{}".ljust(size)) for size in sizes]

    assert [answer.status_code for answer in answers] == [200, 413]


@pytest.mark.parametrize(
    "connection_id", ["no-such-thing", "%00", "%F0%9F%98%80", "..%2F..", "'%20OR%201=1", "x" * 2000]
)
def test_an_unknown_connection_is_not_found(api: "Api", connection_id: str) -> None:
    """INPUT-1: whatever stands in its place in the path."""
    assert api.put(connection_id, {"client_id": "x"}).status_code == 404


def test_a_secret_is_not_repeated_in_an_error(api: "Api") -> None:
    """The message names the parameter alone."""
    answer = api.put(api.new(), {"client_secret": "hush-hush\0"})

    assert answer.status_code == 400
    assert "hush" not in answer.text


def test_create_takes_a_name_and_an_identity_provider_and_nothing_else(api: "Api") -> None:
    """Its other members are ignored; the identity provider isn't set up yet."""
    connection = api.create(display_name="Acme", identity_provider="okta", client_id="x", issuer=7)

    assert (connection["display_name"], connection["identity_provider"]) == ("Acme", "okta")
    assert (connection["client_id"], connection["issuer"]) == ("", "")


def test_create_refuses_what_update_refuses(api: "Api") -> None:
    """INPUT-1: and creates nothing."""
    answer = api.send("POST", f"{api.front}/oidc", auth=api.member, json={"display_name": 7})

    assert answer.status_code == 400
    assert api.send("GET", api.front, auth=api.member).json()["data"]["oidc_connections"] == []

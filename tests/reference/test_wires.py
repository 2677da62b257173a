"""WIRE: what answers look like on both wires, on errors, and to a browser on another origin."""

import logging
from typing import TYPE_CHECKING, Any

import pytest

from idpact_contract.reference import Reference, Store, build

if TYPE_CHECKING:
    from tests.reference.conftest import Api, Idp

STRINGS = {
    "connection_id",
    "organization_id",
    "redirect_url",
    "status",
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
}
ERROR = {"status_code", "request_id", "error_type", "error_message", "error_url"}


def backend(api: "Api", method: str, path: str, json: object = None) -> dict[str, Any]:
    """Send a request on the backend wire, `*` standing for the organization, and return the whole answer."""
    answer = api.send(
        method, f"/v1/b2b/sso{path.replace('*', api.ours['organization_id'])}", auth=api.backend, json=json
    )
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def test_a_connection_is_made_of_strings(api: "Api", idp: "Idp") -> None:
    """WIRE-1 and WIRE-7: the thirteen and custom_scopes, none of them null, plus one object."""
    connection = api.update(api.new(), issuer=idp.issuer("/a"), attribute_mapping={"a": {"b": [1, None]}})["connection"]

    assert {name for name, value in connection.items() if isinstance(value, str)} == STRINGS
    assert {name: connection[name] for name in connection.keys() - STRINGS} == {
        "attribute_mapping": {"a": {"b": [1, None]}}
    }


def test_the_frontend_wraps_every_success(api: "Api") -> None:
    """WIRE-1: create, update, list and delete answer with `data` and nothing beside it."""
    connection_id = api.new()
    requests: list[tuple[str, str, object, set[str]]] = [
        ("POST", "/oidc", {}, {"connection"}),
        ("PUT", f"/oidc/{connection_id}", {}, {"connection"}),
        ("GET", "", None, {"oidc_connections", "saml_connections", "external_connections"}),
        ("DELETE", f"/{connection_id}", None, {"connection_id"}),
    ]
    for method, path, body, members in requests:
        answer = api.send(method, api.front + path, auth=api.member, json=body).json()

        assert answer.keys() == {"data"}
        assert answer["data"].keys() == {*members, "status_code", "request_id"}


def test_the_backend_wraps_nothing(api: "Api") -> None:
    """WIRE-1 and WIRE-7: the same four operations, flat; both wires see the same connections."""
    created = backend(api, "POST", "/oidc/*", {"display_name": "x"})
    connection_id = created["connection"]["connection_id"]

    updated = backend(api, "PUT", f"/oidc/*/connections/{connection_id}", {"client_id": "id"})
    listed = backend(api, "GET", "/*")
    read = api.read(connection_id)
    deleted = backend(api, "DELETE", f"/*/connections/{connection_id}", {})

    assert created.keys() == updated.keys() == {"connection", "status_code", "request_id"}
    assert listed.keys() == {
        "oidc_connections",
        "saml_connections",
        "external_connections",
        "status_code",
        "request_id",
    }
    assert listed["oidc_connections"] == [updated["connection"]] == [read]
    assert deleted["connection_id"] == connection_id
    assert backend(api, "GET", "/*")["oidc_connections"] == []


def test_a_deleted_connection_is_gone(api: "Api") -> None:
    """A second delete and an update find nothing."""
    path = f"{api.front}/{api.new()}"
    api.send("DELETE", path, auth=api.member)

    assert api.send("DELETE", path, auth=api.member).status_code == 404


def test_status_code_repeats_the_http_status(api: "Api") -> None:
    """WIRE-2: an integer, on a success and on errors."""
    answers = [api.put(api.new(), body) for body in ({}, {"client_id": 7})]
    answers.append(api.put("no-such-thing", {}))

    codes = [(answer.json().get("data") or answer.json())["status_code"] for answer in answers]

    assert codes == [answer.status_code for answer in answers] == [200, 400, 404]


def test_every_request_has_an_id_of_its_own(api: "Api") -> None:
    """WIRE-3: two equal requests, two ids."""
    ids = {api.update(api.new())["request_id"] for _ in range(2)} | {api.put("x", {}).json()["request_id"]}

    assert len(ids) == 3
    assert all(request_id.startswith("request-id-test-") for request_id in ids)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/sdk/v1/b2b/sso/", 404),
        ("POST", "/sdk/v1/b2b/sessions/authenticate", 401),
        ("GET", "/sdk/v1/projects/bootstrap/x", 404),
        ("PATCH", "/sdk/v1/b2b/sso/oidc/x", 405),
        ("POST", "/sdk/v1/b2b/sso", 405),
        ("BREW", "/v1/b2b/sso/x", 405),
        ("PUT", "/sdk/v1/b2b/sso/oidc/x", 401),
    ],
)
def test_an_error_has_the_documented_shape(api: "Api", method: str, path: str, status: int) -> None:
    """WIRE-5: flat on both wires, JSON that says so."""
    answer = api.send(method, path)

    assert answer.status_code == answer.json()["status_code"] == status
    assert answer.json().keys() == ERROR
    assert answer.headers["content-type"] == "application/json"


def test_a_405_says_what_is_allowed(api: "Api") -> None:
    """RFC 9110, section 15.5.6: all methods of the path, which two routes may share."""
    answer = api.send("PATCH", f"{api.front}/oidc")

    assert answer.headers["allow"] == "DELETE, OPTIONS, POST"


def test_an_unexpected_exception_shows_no_trace(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, api: "Api"
) -> None:
    """WIRE-5: 500 in the error shape; neither the answer nor the log repeats what the exception says."""

    def fail(_: Store, __: str) -> None:
        raise RuntimeError("hush-hush")

    monkeypatch.setattr(Store, "connection", fail)

    with caplog.at_level(logging.DEBUG):
        answer = api.send(
            "PUT", f"{api.front}/oidc/x", auth=api.member, headers={"Origin": "https://app.test"}, json={}
        )

    assert (answer.status_code, answer.json().keys()) == (500, ERROR)
    assert answer.headers["access-control-allow-origin"] == "https://app.test"
    assert "hush" not in answer.text + caplog.text
    assert "RuntimeError at test_an_unexpected_exception_shows_no_trace.<locals>.fail" in caplog.text


def test_ids_repeated_in_the_body_do_no_harm(api: "Api") -> None:
    """WIRE-6: as the Python SDK sends them on the backend, and the browser SDK on the frontend."""
    ids = {"organization_id": api.ours["organization_id"]}
    ids["connection_id"] = backend(api, "POST", "/oidc/*", ids)["connection"]["connection_id"]

    back = backend(api, "PUT", f"/oidc/*/connections/{ids['connection_id']}", {**ids, "client_id": "id"})
    front = api.put(ids["connection_id"], {"connection_id": ids["connection_id"], "client_secret": "secret"})

    assert back["connection"]["client_id"] == "id"
    assert front.json()["data"]["connection"]["client_secret"] == "secret"


def test_the_list_may_name_its_organization_in_the_query(api: "Api") -> None:
    """As the Python SDK does; what it says is ignored."""
    assert backend(api, "GET", f"/*?organization_id={api.theirs['organization_id']}")["oidc_connections"] == []


@pytest.mark.parametrize("host", ["reference.test:8443", "[", "a b", ""], ids=repr)
def test_the_redirect_url_is_where_the_server_was_reached(api: "Api", host: str) -> None:
    """A hostile Host header does no harm."""
    answer = api.send("POST", f"{api.front}/oidc", auth=api.member, headers={"Host": host}, json={})

    connection = answer.json()["data"]["connection"]
    assert connection["redirect_url"] == f"http://{host}/v1/b2b/sso/callback/{connection['connection_id']}"


@pytest.mark.parametrize("path", ["/sdk/v1/b2b/sso/oidc/x", "/nothing/here"])
def test_a_preflight_is_answered_everywhere(api: "Api", path: str) -> None:
    """The browser SDK: without credentials, with the very origin and all four headers it sends."""
    answer = api.send("OPTIONS", path, headers={"Origin": "https://app.test", "Access-Control-Request-Method": "PUT"})

    assert answer.status_code == 204
    assert dict(answer.headers) == {
        "access-control-allow-origin": "https://app.test",
        "access-control-allow-credentials": "true",
        "access-control-allow-methods": "GET, POST, PUT, DELETE, OPTIONS",
        "access-control-allow-headers": "authorization, content-type, x-sdk-client, x-sdk-parent-host",
        "vary": "Origin",
    }


@pytest.mark.parametrize(("path", "status"), [("/sdk/v1/b2b/sso", 200), ("/sdk/v1/b2b/sso/x", 405), ("/x", 404)])
def test_every_answer_can_be_read_across_origins(api: "Api", path: str, status: int) -> None:
    """The browser SDK: on errors too, else it speaks of an unreachable server."""
    answer = api.send("GET", path, auth=api.member, headers={"Origin": "https://app.test"})

    assert answer.status_code == status
    assert answer.headers["access-control-allow-origin"] == "https://app.test"
    assert answer.headers["access-control-allow-credentials"] == "true"
    assert answer.headers["vary"] == "Origin"


def test_without_an_origin_there_are_no_cors_headers(api: "Api") -> None:
    """Only browsers ask; a cache learns that it depends on the origin."""
    answer = api.send("GET", api.front, auth=api.member)

    assert [name for name in answer.headers if name.startswith("access-control")] == []
    assert answer.headers["vary"] == "Origin"


def test_answers_are_not_cached(api: "Api") -> None:
    """They hold secrets."""
    assert api.send("GET", api.front, auth=api.member).headers["cache-control"] == "no-store"


def test_two_implementations_share_nothing() -> None:
    """Each run has credentials of its own."""
    first, second = build(), build()

    values = [first.settings.secret, *(org.session_token for org in first.settings.orgs)]
    others = [second.settings.secret, *(org.session_token for org in second.settings.orgs)]

    assert not set(values) & set(others)
    for reference in (first, second):
        assert isinstance(reference, Reference)
        reference.close()

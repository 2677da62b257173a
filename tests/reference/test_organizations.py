"""ORG: whose a connection is, and who may touch it."""

import base64
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.reference.conftest import Api


def test_the_session_names_the_organization(api: "Api") -> None:
    """ORG-1: two members of two organizations send the same request, and each creates in its own."""
    assert api.create()["organization_id"] == api.ours["organization_id"]
    assert api.create(auth=api.stranger)["organization_id"] == api.theirs["organization_id"]


def test_the_path_names_the_organization_on_the_backend(api: "Api") -> None:
    """ORG-1: the holder of the secret acts for the organization in the path."""
    path = f"/v1/b2b/sso/oidc/{api.theirs['organization_id']}"

    answer = api.send("POST", path, auth=api.backend, json={})

    assert answer.json()["connection"]["organization_id"] == api.theirs["organization_id"]


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_another_organizations_connection_is_untouched(api: "Api", method: str) -> None:
    """ORG-2: the stranger is refused, and the owner reads what was there before."""
    path = api.front + ("/oidc/" if method == "PUT" else "/")
    connection = api.create(display_name="ours")

    answer = api.send(method, path + connection["connection_id"], auth=api.stranger, json={"display_name": "theirs"})

    assert answer.status_code == 404
    assert api.read(connection["connection_id"]) == connection


def test_a_list_holds_the_organizations_own_connections_only(api: "Api") -> None:
    """ORG-2: reading respects the boundary as well."""
    api.create()
    theirs = api.create(auth=api.stranger)

    assert api.send("GET", api.front, auth=api.stranger).json()["data"]["oidc_connections"] == [theirs]


def test_a_foreign_connection_looks_like_an_unknown_one(api: "Api") -> None:
    """ORG-3 and ORG-5: the answers differ in their request ids alone."""
    foreign, unknown = (api.put(name, {"client_id": "x"}, auth=api.stranger) for name in (api.new(), "no-such-thing"))

    assert foreign.status_code == unknown.status_code == 404
    assert {**foreign.json(), "request_id": ""} == {**unknown.json(), "request_id": ""}


def test_an_organization_in_the_body_moves_nothing(api: "Api") -> None:
    """ORG-4: naming another organization in the body neither moves the connection nor fails the update."""
    connection_id = api.new()

    connection = api.update(connection_id, organization_id=api.theirs["organization_id"], client_id="x")["connection"]

    assert connection["organization_id"] == api.ours["organization_id"]
    assert api.read(connection_id) == connection


@pytest.mark.parametrize("who", ["nobody", "impostor", "public token alone", "no Basic", "no base64", "backend secret"])
def test_without_a_session_nothing_is_done_on_the_frontend(api: "Api", who: str) -> None:
    """ORG-6: whatever stands in for the session, the answer is 401 and the connection stays as it was."""
    before = api.create(display_name="before")
    pairs = {
        "impostor": (api.public_token, "made-up"),
        "public token alone": (api.public_token, api.public_token),
        "backend secret": api.backend,
    }
    headers = {"no Basic": {"Authorization": "Bearer x"}, "no base64": {"Authorization": "Basic ???"}}.get(who, {})
    path = f"{api.front}/oidc/{before['connection_id']}"

    answer = api.send("PUT", path, auth=pairs.get(who), headers=headers, json={"display_name": "after"})

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Basic ")
    assert api.read(before["connection_id"]) == before


@pytest.mark.parametrize("wrong", ["project", "secret", "both"])
def test_without_the_secret_nothing_is_done_on_the_backend(api: "Api", wrong: str) -> None:
    """ORG-6: half of the credentials is none."""
    project_id, secret = api.backend
    auth = ("x" if wrong != "secret" else project_id, "x" if wrong != "project" else secret)

    answer = api.send("GET", f"/v1/b2b/sso/{api.ours['organization_id']}", auth=auth)

    assert answer.status_code == 401


def test_an_unknown_organization_is_not_found_on_the_backend(api: "Api") -> None:
    """The secret opens this project's organizations and no others."""
    answer = api.send("POST", "/v1/b2b/sso/oidc/organization-test-none", auth=api.backend, json={})

    assert (answer.status_code, answer.json()["error_type"]) == (404, "organization_not_found")


@pytest.mark.parametrize(
    ("session", "status"), [("ours", 200), ("theirs", 401), ("made-up", 401)], ids=["ours", "theirs", "made-up"]
)
def test_a_member_session_on_the_backend_must_be_the_organizations(api: "Api", session: str, status: int) -> None:
    """ORG-6: the header is optional, but a session of nobody or of another organization is refused."""
    tokens = {"ours": api.ours["session_token"], "theirs": api.theirs["session_token"]}
    headers = {"X-Stytch-Member-Session": tokens.get(session, session)}

    answer = api.send("GET", f"/v1/b2b/sso/{api.ours['organization_id']}", auth=api.backend, headers=headers)

    assert answer.status_code == status


def test_a_session_jwt_is_refused(api: "Api") -> None:
    """ORG-6: what can't be checked is not waved through."""
    headers = {"X-Stytch-Member-SessionJWT": "a.b.c"}

    answer = api.send("GET", f"/v1/b2b/sso/{api.ours['organization_id']}", auth=api.backend, headers=headers)

    assert answer.status_code == 401


def test_the_scheme_of_the_credentials_has_no_case(api: "Api") -> None:
    """RFC 9110, section 11.1: `basic` is `Basic`."""
    credentials = base64.b64encode(":".join(api.member).encode()).decode()

    assert api.send("GET", api.front, headers={"Authorization": f"basic {credentials}"}).status_code == 200

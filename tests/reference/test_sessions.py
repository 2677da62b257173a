"""Sessions: opened, confirmed, ended; one that is over opens nothing on either wire."""

import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.reference.conftest import Api


def opened(api: "Api", **body: object) -> str:
    """Open a session of the first organization over HTTP, and return its token."""
    told = {"organization_id": api.ours["organization_id"], **body}
    answer = api.send("POST", "/_reference/sessions", auth=api.backend, json=told)
    assert answer.status_code == 200, answer.text
    token: str = answer.json()["session_token"]
    return token


def ended(api: "Api", how: str) -> str:
    """A session of the first organization that is over."""
    if how == "expired":
        return api.reference.store.open_session(api.ours["organization_id"], ends_at=time.time())
    token = opened(api)
    by_member = how == "logged-out"
    path = "/sdk/v1/b2b/sessions/revoke" if by_member else "/v1/b2b/sessions/revoke"
    auth = (api.public_token, token) if by_member else api.backend
    assert api.send("POST", path, auth=auth, json={} if by_member else {"session_token": token}).status_code == 200
    return token


def test_a_new_session_works(api: "Api") -> None:
    """It creates, and the other sessions of its organization read what it created."""
    member = (api.public_token, opened(api, seconds=60))

    connection = api.create(auth=member, display_name="By the new one")

    assert api.read(connection["connection_id"]) == connection


@pytest.mark.parametrize("how", ["revoked", "logged-out", "expired"])
def test_a_session_that_is_over_changes_nothing_on_the_frontend(api: "Api", how: str) -> None:
    """401, and the connection reads as before."""
    before = api.create(display_name="Kept")

    answer = api.put(before["connection_id"], {"display_name": "x"}, auth=(api.public_token, ended(api, how)))

    assert (answer.status_code, answer.json()["error_type"]) == (401, "session_not_found")
    assert api.read(before["connection_id"]) == before


@pytest.mark.parametrize("how", ["revoked", "logged-out", "expired"])
def test_a_session_that_is_over_changes_nothing_on_the_backend(api: "Api", how: str) -> None:
    """401 although the secret is right, and the connection reads as before."""
    before = api.create(display_name="Kept")
    path = f"/v1/b2b/sso/oidc/{api.ours['organization_id']}/connections/{before['connection_id']}"
    headers = {"X-Stytch-Member-Session": ended(api, how)}

    answer = api.send("PUT", path, auth=api.backend, headers=headers, json={"display_name": "x"})

    assert (answer.status_code, answer.json()["error_type"]) == (401, "session_not_found")
    assert api.read(before["connection_id"]) == before


def test_a_session_is_confirmed_to_the_browser(api: "Api") -> None:
    """The answer names session, member and organization, without which the SDK drops its cookie."""
    answer = api.send("POST", "/sdk/v1/b2b/sessions/authenticate", auth=api.member, json={}).json()["data"]

    assert answer["session_token"] == api.ours["session_token"]
    assert answer["member_session"]["organization_id"] == api.ours["organization_id"]


def test_opened_sessions_are_not_announced(api: "Api") -> None:
    """The announcement lists the two organizations once each, also after a restart on the same file."""
    opened(api)

    assert api.reference.store.settings() == api.reference.settings


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"organization_id": "nobody"}, 404),
        ({"seconds": 0}, 400),
        ({"seconds": True}, 400),
        ({"seconds": 1e999}, 400),
    ],
    ids=["no-organization", "unknown-organization", "no-time", "boolean", "endless"],
)
def test_a_session_is_opened_for_right_values_only(api: "Api", body: dict[str, object], status: int) -> None:
    """The error says which member is wrong."""
    told = {"organization_id": api.ours["organization_id"], **body} if "seconds" in body else body

    assert api.send("POST", "/_reference/sessions", auth=api.backend, json=told).status_code == status


@pytest.mark.parametrize("path", ["/_reference/sessions", "/v1/b2b/sessions/revoke"])
def test_sessions_are_the_projects_matter(api: "Api", path: str) -> None:
    """A member's own credentials open and end no session of others."""
    told = {"organization_id": api.ours["organization_id"], "session_token": api.theirs["session_token"]}

    assert api.send("POST", path, auth=api.member, json=told).status_code == 401
    assert api.send("GET", api.front, auth=api.stranger).status_code == 200

"""ACT: when a connection is active."""

import itertools
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.reference.conftest import Api, Idp

URLS = ("authorization_url", "token_url", "userinfo_url", "jwks_url")
REQUIRED = ("issuer", "client_id", "client_secret", *URLS)
CREDENTIALS = {"client_id": "id", "client_secret": "secret"}


def seven(issuer: str) -> dict[str, str]:
    """Fill all required fields in."""
    return {"issuer": issuer, **CREDENTIALS, **{name: f"https://typed.test/{name}" for name in URLS}}


def test_a_new_connection_is_pending(api: "Api") -> None:
    """ACT-1: nothing of what it needs is there yet."""
    assert api.create()["status"] == "pending"


@pytest.mark.parametrize("missing", REQUIRED)
def test_a_connection_that_lacks_one_field_is_pending(api: "Api", idp: "Idp", missing: str) -> None:
    """ACT-2: any one of the seven."""
    connection_id = api.new()
    body = {name: value for name, value in seven(f"{idp.base}/nothing-there").items() if name != missing}

    api.update(connection_id, **body)

    assert api.read(connection_id)["status"] == "pending"


@pytest.mark.parametrize("last", REQUIRED)
def test_the_seventh_field_makes_it_active(api: "Api", idp: "Idp", last: str) -> None:
    """ACT-3 and FALL-3: one field per update, whichever is last, and though no document can be read."""
    connection_id = api.new()
    body = seven(f"{idp.base}/nothing-there")
    order = [*(name for name in body if name != last), last]

    statuses = [api.update(connection_id, **{name: body[name]})["connection"]["status"] for name in order]

    assert [status for status, _ in itertools.groupby(statuses)] == ["pending", "active"]
    assert statuses[-2] == "pending"


def test_inferred_values_count(api: "Api", idp: "Idp") -> None:
    """ACT-4: issuer, credentials and a full document suffice."""
    assert api.update(api.new(), issuer=idp.issuer("/a"), **CREDENTIALS)["connection"]["status"] == "active"


def test_a_document_without_userinfo_is_not_enough(api: "Api", idp: "Idp") -> None:
    """ACT-5: pending until userinfo_url is typed."""
    connection_id = api.new()

    before = api.update(connection_id, issuer=idp.issuer("/a", userinfo_endpoint=None), **CREDENTIALS)
    after = api.update(connection_id, userinfo_url="https://typed.test/me")

    assert (before["connection"]["status"], after["connection"]["status"]) == ("pending", "active")


def test_a_new_name_keeps_it_active(api: "Api", idp: "Idp") -> None:
    """ACT-6: an update of display_name alone takes nothing away."""
    connection_id = api.new()
    api.update(connection_id, issuer=idp.issuer("/a"), **CREDENTIALS)

    assert api.update(connection_id, display_name="new")["connection"]["status"] == "active"


def test_a_connection_that_loses_a_field_is_pending_again(api: "Api", idp: "Idp") -> None:
    """Left open by the source: the status always tells whether something is missing."""
    connection_id = api.new()
    api.update(connection_id, issuer=idp.issuer("/a"), **CREDENTIALS)

    assert api.update(connection_id, client_id="")["connection"]["status"] == "pending"

"""FALL and SAFE at the endpoint: the update goes through whatever the identity provider does."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.reference.conftest import Api, Idp

URLS = ("authorization_url", "token_url", "userinfo_url", "jwks_url")
HOSTILE = {
    "refused": None,
    "nothing": b"",
    "garbage": b"\0\1garbage\r\n\r\n",
    "status 500": b"HTTP/1.1 500 Oops\r\nContent-Length: 2\r\n\r\n{}",
    "a login page": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>",
    "deep nesting": b"HTTP/1.1 200 OK\r\n\r\n" + b"[" * 100_000,
    "too large": b"HTTP/1.1 200 OK\r\n\r\n" + b" " * (1024 * 1024 + 1),
    "a redirect loop": b"HTTP/1.1 302 Found\r\nLocation: /a/.well-known/openid-configuration\r\n\r\n",
}


@pytest.mark.parametrize("answer", HOSTILE.values(), ids=HOSTILE)
def test_what_was_typed_is_stored(api: "Api", idp: "Idp", answer: bytes | None) -> None:
    """FALL-1, FALL-2, FALL-5 and SAFE-3: all of it and nothing else, with a warning, and the server works on."""
    connection_id = api.new()
    before = api.read(connection_id)
    issuer = "http://127.0.0.1:1/a" if answer is None else idp.answer("/a", answer)
    typed = {"issuer": issuer, "client_id": "id", "display_name": "name", "token_url": "https://typed.test/token"}

    data = api.update(connection_id, **typed)

    assert api.read(connection_id) == {**before, **typed} == data["connection"]
    assert data["warning"].startswith("The issuer's discovery document could not be read: ")


def test_a_later_issuer_that_works_is_read(api: "Api", idp: "Idp") -> None:
    """FALL-4: one failure spoils nothing."""
    connection_id = api.new()
    api.update(connection_id, issuer=idp.base + "/nothing-there")

    data = api.update(connection_id, issuer=idp.issuer("/a"))

    assert all(data["connection"][name] for name in URLS)


@pytest.mark.parametrize("changes", [{"issuer": ""}, {"display_name": "x"}, {}], ids=repr)
def test_nobody_is_warned_where_nothing_was_read(api: "Api", changes: dict[str, object]) -> None:
    """FALL-5: a warning means that reading was tried."""
    assert "warning" not in api.update(api.new(), **changes)


def test_nobody_is_warned_of_a_document_that_was_read(api: "Api", idp: "Idp") -> None:
    """FALL-5: not even where it lacks a member."""
    assert "warning" not in api.update(api.new(), issuer=idp.issuer("/a", userinfo_endpoint=None))


def test_old_urls_are_kept_when_the_new_issuer_cannot_be_read(api: "Api", idp: "Idp") -> None:
    """Left open by the source: what was there stays."""
    connection_id = api.new()
    before = api.update(connection_id, issuer=idp.issuer("/a"))["connection"]

    after = api.update(connection_id, issuer=idp.base + "/nothing-there")["connection"]

    assert [after[name] for name in URLS] == [before[name] for name in URLS]


def test_the_same_issuer_is_not_tried_again(api: "Api", idp: "Idp") -> None:
    """Left open by the source: after a failure, only another issuer is read."""
    connection_id = api.new()
    issuer = idp.base + "/a"
    api.update(connection_id, issuer=issuer)
    idp.issuer("/a")

    data = api.update(connection_id, issuer=issuer)

    assert len(idp.asked) == 1
    assert "warning" not in data

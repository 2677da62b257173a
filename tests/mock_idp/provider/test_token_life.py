"""What happens to tokens after they were issued: refresh, userinfo, introspection, revocation, logout."""

import base64
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from idpact_mock import Issuer
from tests.mock_idp.provider.party import CALLBACK, Party, payload_of
from tests.mock_idp.provider.test_token_endpoint import refused


class TestRefresh:
    def test_rotates(self, party: Party) -> None:
        """New tokens, a new refresh token, the same person and time of login, and no nonce (Core, section 12.2)."""
        first = party.login()
        second = party.refresh(first["refresh_token"]).json()

        assert second["refresh_token"] != first["refresh_token"]
        before, after = payload_of(first["id_token"]), payload_of(second["id_token"])
        assert (after["sub"], after["auth_time"]) == (before["sub"], before["auth_time"])
        assert "nonce" not in after
        assert party.is_active(first["access_token"])

    def test_reuse_revokes_the_family(self, party: Party) -> None:
        """RFC 9700, section 4.14.2: an old one means that somebody stole one of them."""
        first = party.login()
        second = party.refresh(first["refresh_token"]).json()

        refused(party.refresh(first["refresh_token"]), "invalid_grant")
        refused(party.refresh(second["refresh_token"]), "invalid_grant")
        assert not party.is_active(second["access_token"])

    def test_unknown_ones_are_refused(self, party: Party) -> None:
        """A mock that is too lenient hides bugs."""
        refused(party.refresh("made-up"), "invalid_grant")

    def test_of_another_client(self, party: Party, issuer: Issuer) -> None:
        """Refused, and still good for its own."""
        token = party.login()["refresh_token"]

        refused(party.as_client(issuer.add_client()).refresh(token), "invalid_grant")
        assert party.refresh(token).status_code == 200

    def test_expires(self, party: Party, issuer: Issuer) -> None:
        """By the issuer's clock."""
        issuer.configure(refresh_token_seconds=100)
        token = party.login()["refresh_token"]
        issuer.clock.move(101)

        refused(party.refresh(token), "invalid_grant")

    def test_scope_can_be_narrowed(self, party: Party) -> None:
        """RFC 6749, section 6: for this access token only, and never widened."""
        token = party.login(scope="openid email profile")["refresh_token"]
        narrow = party.refresh(token, scope="openid").json()

        assert narrow["scope"] == "openid"
        assert "api" in refused(party.refresh(narrow["refresh_token"], scope="openid api"), "invalid_scope")
        assert party.refresh(narrow["refresh_token"]).json()["scope"] == "openid email profile"


class TestUserinfo:
    @pytest.mark.parametrize("way", ["header", "lower-case", "form", "POST-header"])
    def test_gives_claims(self, party: Party, way: str) -> None:
        """What the scopes let out, whichever way the token comes (RFC 6750, section 2)."""
        token = party.login(scope="openid email")["access_token"]
        where = party.document["userinfo_endpoint"]
        match way:
            case "header":
                answer = party.userinfo(token)
            case "lower-case":
                answer = party.http.get(where, headers={"Authorization": f"bearer {token}"})
            case "form":
                answer = party.http.post(where, data={"access_token": token})
            case _:
                answer = party.http.post(where, headers={"Authorization": f"Bearer {token}"})

        assert answer.json() == {"sub": "alice", "email": "alice@example.com", "email_verified": True}

    def test_without_a_token(self, party: Party) -> None:
        """401 with a challenge that names no error (RFC 6750, section 3.1)."""
        answer = party.http.get(party.document["userinfo_endpoint"])

        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer realm=")
        assert "error" not in answer.headers["www-authenticate"]

    @pytest.mark.parametrize("token", ["x", "a.b.c", "é".encode().decode("latin-1")])
    def test_unknown_token(self, party: Party, token: str) -> None:
        """401 `invalid_token`."""
        headers = [(b"authorization", b"Bearer " + token.encode("latin-1"))]
        answer = party.http.get(party.document["userinfo_endpoint"], headers=headers)

        assert answer.status_code == 401
        assert 'error="invalid_token"' in answer.headers["www-authenticate"]

    @pytest.mark.parametrize("authorization", ["Bearer", "Basic eDp5", "x"])
    def test_malformed(self, party: Party, authorization: str) -> None:
        """400 `invalid_request`."""
        answer = party.http.get(party.document["userinfo_endpoint"], headers={"Authorization": authorization})

        refused(answer, "invalid_request")
        assert 'error="invalid_request"' in answer.headers["www-authenticate"]

    def test_two_tokens(self, party: Party) -> None:
        """RFC 6750, section 2: one way only."""
        token = party.login()["access_token"]
        answer = party.http.post(
            party.document["userinfo_endpoint"],
            data={"access_token": token},
            headers={"Authorization": f"Bearer {token}"},
        )

        refused(answer, "invalid_request")

    def test_without_openid(self, party: Party) -> None:
        """403 with the scope that is wanted (RFC 6750, section 3.1)."""
        answer = party.userinfo(party.login(scope="api")["access_token"])

        assert answer.status_code == 403
        assert 'error="insufficient_scope"' in answer.headers["www-authenticate"]
        assert 'scope="openid"' in answer.headers["www-authenticate"]

    def test_expired(self, party: Party, issuer: Issuer) -> None:
        """By the issuer's clock."""
        token = party.login()["access_token"]
        issuer.clock.move(3601)

        assert party.userinfo(token).status_code == 401

    def test_an_id_token_is_none(self, party: Party) -> None:
        """It opens nothing."""
        assert party.userinfo(party.login()["id_token"]).status_code == 401


class TestIntrospection:
    def test_of_an_access_token(self, party: Party, issuer: Issuer) -> None:
        """All that is known of it (RFC 7662, section 2.2)."""
        said = party.introspect(party.login()["access_token"]).json()

        expected = {
            "active": True,
            "iss": issuer.url,
            "sub": "alice",
            "username": "alice",
            "client_id": party.client.client_id,
            "aud": party.client.client_id,
            "scope": "openid profile",
            "token_type": "Bearer",
        }
        assert expected.items() <= said.items()
        assert said["exp"] - said["iat"] == 3600

    def test_of_a_refresh_token(self, party: Party) -> None:
        """Active until it was used."""
        token = party.login()["refresh_token"]
        assert party.introspect(token).json()["token_type"] == "refresh_token"

        party.refresh(token)
        assert party.introspect(token).json() == {"active": False}

    @pytest.mark.parametrize("token", ["x", "a.b.c", "é"])
    def test_of_garbage(self, party: Party, token: str) -> None:
        """Inactive, and nothing more is said."""
        assert party.introspect(token).json() == {"active": False}

    def test_of_an_expired_one(self, party: Party, issuer: Issuer) -> None:
        """Inactive."""
        issuer.configure(access_token_seconds=5)
        token = party.login()["access_token"]
        issuer.clock.move(6)

        assert not party.is_active(token)

    def test_needs_a_client_that_proves_itself(self, party: Party, issuer: Issuer) -> None:
        """RFC 7662, section 2.1."""
        public = party.as_client(issuer.add_client(auth_method="none"))
        answers = [
            party.introspect("x", auth=None),
            party.introspect("x", auth=("nobody", "x")),
            public.http.post(
                public.document["introspection_endpoint"], data={"token": "x", "client_id": public.client.client_id}
            ),
        ]

        for answer in answers:
            refused(answer, "invalid_client", status=401)

    def test_without_a_token(self, party: Party) -> None:
        """`invalid_request`."""
        refused(party.introspect(""), "invalid_request")


class TestRevocation:
    def test_of_an_access_token(self, party: Party) -> None:
        """It is refused from then on; the refresh token stays good."""
        tokens = party.login()
        assert party.revoke(tokens["access_token"]).status_code == 200

        assert not party.is_active(tokens["access_token"])
        assert party.userinfo(tokens["access_token"]).status_code == 401
        assert party.refresh(tokens["refresh_token"]).status_code == 200

    def test_of_a_refresh_token(self, party: Party) -> None:
        """RFC 7009, section 2.1: the access tokens of its grant go with it."""
        tokens = party.login()
        party.revoke(tokens["refresh_token"])

        refused(party.refresh(tokens["refresh_token"]), "invalid_grant")
        assert not party.is_active(tokens["access_token"])

    def test_of_an_unknown_one(self, party: Party) -> None:
        """RFC 7009, section 2.2: no error."""
        answer = party.revoke("x")

        assert (answer.status_code, answer.content) == (200, b"")

    @pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
    def test_of_another_client(self, party: Party, issuer: Issuer, kind: str) -> None:
        """Refused, and nothing happens to it."""
        token = party.login()[kind]

        refused(party.as_client(issuer.add_client()).revoke(token), "unauthorized_client")
        assert party.is_active(token)

    def test_by_a_public_client(self, party: Party, issuer: Issuer) -> None:
        """RFC 7009, section 5: its own tokens."""
        public = party.as_client(issuer.add_client(auth_method="none", require_pkce=False))
        token = public.login()["access_token"]

        assert public.revoke(token).status_code == 200
        assert not party.is_active(token)


class TestLogout:
    @pytest.fixture(autouse=True)
    def _session(self, party: Party, issuer: Issuer) -> None:
        party.authorize()  # which begins a session
        issuer.auto_approve = False

    def logout(self, party: Party, *, method: str = "GET", **given: str) -> httpx.Response:
        """A logout request."""
        where = party.document["end_session_endpoint"]
        return party.http.post(where, data=given) if method == "POST" else party.http.get(where, params=given)

    def is_logged_in(self, party: Party) -> bool:
        """The browser has a session."""
        return "code" in parse_qs(urlsplit(party.authorize(prompt="none").headers["location"]).query)

    @pytest.mark.parametrize("method", ["GET", "POST"])
    def test_ends_the_session_and_comes_back(self, party: Party, issuer: Issuer, method: str) -> None:
        """With state, at a URI that the client may use."""
        assert self.is_logged_in(party)
        hint = issuer.token(kind="id_token", flaw="expired")

        answer = self.logout(
            party, method=method, id_token_hint=hint, post_logout_redirect_uri=f"{CALLBACK}?a=b", state="s s"
        )

        assert answer.status_code == (302 if method == "GET" else 303)
        assert answer.headers["location"] == f"{CALLBACK}?a=b&state=s+s"
        assert not self.is_logged_in(party)

    def test_without_anything(self, party: Party) -> None:
        """A page says that it is done."""
        answer = self.logout(party)

        assert answer.status_code == 200
        assert "signed out" in answer.text
        assert not self.is_logged_in(party)

    @pytest.mark.parametrize(
        "given",
        [
            {"post_logout_redirect_uri": CALLBACK},
            {"post_logout_redirect_uri": CALLBACK, "client_id": "nobody"},
            {"post_logout_redirect_uri": "http://evil.test", "client_id": "{default}"},
            {"id_token_hint": "garbage"},
            {"id_token_hint": "{hint}", "client_id": "nobody"},
        ],
        ids=str,
    )
    def test_nobody_is_sent_to_a_stranger(self, party: Party, issuer: Issuer, given: dict[str, Any]) -> None:
        """RP-Initiated Logout 1.0, section 3: a page says why, and nobody is logged out."""
        known = {"default": party.client.client_id, "hint": issuer.token(kind="id_token")}
        answer = self.logout(party, **{name: value.format(**known) for name, value in given.items()})

        assert answer.status_code == 400
        assert "location" not in answer.headers
        assert self.is_logged_in(party)

    def test_registered_uris_are_exact(self, party: Party, issuer: Issuer) -> None:
        """As redirect URIs are."""
        client = issuer.add_client(post_logout_redirect_uris=["https://rp.test/bye"])
        good, bad = (
            self.logout(party, client_id=client.client_id, post_logout_redirect_uri=f"https://rp.test/bye{end}")
            for end in ("", "/")
        )

        assert (good.status_code, bad.status_code) == (302, 400)


def test_logs_and_reprs_show_no_secret(party: Party, issuer: Issuer) -> None:
    """The journal keeps what was sent, and its entries don't show it."""
    tokens = party.login()
    party.introspect(tokens["access_token"])
    party.http.get(party.document["end_session_endpoint"], params={"id_token_hint": tokens["id_token"]})
    party.http.get(party.document["userinfo_endpoint"], params={"access_token": tokens["access_token"]})
    secret = str(party.client.client_secret)
    sent = base64.b64encode(f"{party.client.client_id}:{secret}".encode()).decode()

    shown = repr((party.client, issuer, issuer.provider, issuer.keys, issuer.journal.entries))
    shown += "".join(entry.summary() for entry in issuer.journal.entries)

    for private in (secret, sent, tokens["access_token"], tokens["refresh_token"], tokens["id_token"]):
        assert private not in shown
    assert any(sent in value for entry in issuer.journal.entries for _, value in entry.headers)

"""Tokens that are wrong on purpose, claims on request, the clock, and keys that rotate."""

import time
from typing import Any

import httpx
import pytest
from joserfc.errors import JoseError

from idpact_mock import Issuer, MockIdP
from idpact_mock.provider.flaws import FLAWS
from tests.mock_idp.provider.party import Party, header_of, payload_of


def wrong_with(token: str, issuer: Issuer, party: Party, nonce: str | None = "n0") -> list[str]:
    """What a relying party finds wrong with an ID token, checking one thing after another."""
    found = []
    header, claims, now = header_of(token), payload_of(token), issuer.clock.now()
    kids = [key["kid"] for key in party.http.get(party.document["jwks_uri"]).json()["keys"]]
    try:
        party.verified(token)
    except (JoseError, ValueError):
        found.append("signature")
    checks = {
        "alg": header["alg"] != "none",
        "kid": header["kid"] in kids,
        "iss": claims["iss"] == issuer.url,
        "aud": claims["aud"] == party.client.client_id,
        "exp": claims["exp"] > now,
        "nbf": claims.get("nbf", 0) <= now and claims["iat"] <= now,
        "nonce": claims.get("nonce") == nonce,
    }
    return found + [name for name, good in checks.items() if not good]


WRONG = {
    "expired": ["exp"],
    "not-yet-valid": ["nbf"],
    "wrong-issuer": ["iss"],
    "wrong-audience": ["aud"],
    "wrong-nonce": ["nonce"],
    "tampered-signature": ["signature"],
    "unknown-kid": ["signature", "kid"],
    "alg-none": ["signature", "alg"],
}


class TestFlaws:
    def test_there_is_a_test_for_each(self) -> None:
        """A flaw that is added needs an expectation."""
        assert tuple(WRONG) == FLAWS

    @pytest.mark.parametrize("flaw", FLAWS)
    def test_of_the_next_id_token(self, party: Party, issuer: Issuer, flaw: str) -> None:
        """One thing is wrong and nothing else, once; the access token is right."""
        issuer.next_token(flaw=flaw)
        first, second = party.login(), party.login()

        assert wrong_with(first["id_token"], issuer, party) == WRONG[flaw]
        assert party.userinfo(first["access_token"]).status_code == 200
        assert wrong_with(second["id_token"], issuer, party) == []

    @pytest.mark.parametrize("flaw", FLAWS)
    @pytest.mark.parametrize("alg", ["RS256", "EdDSA"])
    def test_of_minted_tokens(self, shared_idp: MockIdP, http: httpx.Client, flaw: str, alg: str) -> None:
        """Without a round trip, with any algorithm."""
        issuer = shared_idp.make_issuer()
        issuer.configure(alg=alg)
        token = issuer.token(kind="id_token", nonce="n0", flaw=flaw)

        assert wrong_with(token, issuer, Party(issuer, http)) == WRONG[flaw]

    @pytest.mark.parametrize("flaw", FLAWS)
    def test_of_access_tokens(self, party: Party, issuer: Issuer, flaw: str) -> None:
        """No endpoint of ours accepts them."""
        issuer.next_token(flaw=flaw, kind="access_token")
        token = party.login()["access_token"]

        assert party.userinfo(token).status_code == 401
        assert not party.is_active(token)
        assert party.userinfo(issuer.token(flaw=flaw)).status_code == 401

    def test_an_order_waits_for_its_kind(self, party: Party, issuer: Issuer) -> None:
        """One for an ID token isn't spent on an answer that has none."""
        issuer.next_token(flaw="wrong-issuer", kind="id_token")

        assert payload_of(party.credentials().json()["access_token"])["iss"] == issuer.url
        assert payload_of(party.login()["id_token"])["iss"] != issuer.url

    def test_without_an_id_token_the_access_token_is_meant(self, party: Party, issuer: Issuer) -> None:
        """As in client credentials."""
        issuer.next_token(flaw="wrong-audience")

        assert payload_of(party.credentials().json()["access_token"])["aud"] == "another-client"

    @pytest.mark.parametrize(
        "wish", [{"flaw": "expird"}, {"kind": "token"}, {"claims": {1: 2}}, {"claims": {"a": {1}}}], ids=str
    )
    def test_bad_orders(self, issuer: Issuer, wish: dict[str, Any]) -> None:
        """Refused at once, and nothing is queued."""
        with pytest.raises((TypeError, ValueError), match=next(iter(wish))):
            issuer.next_token(**wish)
        assert not issuer.provider.orders


class TestClaims:
    def test_of_a_user(self, party: Party, issuer: Issuer) -> None:
        """Standard ones by scope, others always, in the ID token and at userinfo."""
        issuer.add_user("alice", {"name": "A", "email": "a@b.test", "groups": ["x"]})
        tokens = party.login(scope="openid profile")

        assert {"name": "A", "groups": ["x"]}.items() <= payload_of(tokens["id_token"]).items()
        assert party.userinfo(tokens["access_token"]).json() == {"sub": "alice", "name": "A", "groups": ["x"]}

    def test_of_a_user_do_not_forge_the_token(self, party: Party, issuer: Issuer) -> None:
        """A user's claims can't say who issued it to whom."""
        issuer.add_user("alice", {"iss": "https://x.test", "aud": "x", "nonce": "x"})

        assert wrong_with(party.login()["id_token"], issuer, party) == []

    def test_of_the_next_token(self, party: Party, issuer: Issuer) -> None:
        """Set or, by None, left out; in the order in which they were asked for."""
        issuer.next_token(claims={"acr": "high", "auth_time": None})
        issuer.next_token(claims={"acr": "low"})

        first, second, third = (payload_of(party.login()["id_token"]) for _ in range(3))
        assert (first["acr"], second["acr"]) == ("high", "low")
        assert "acr" not in third
        assert "auth_time" not in first

    def test_of_a_minted_token(self, party: Party, issuer: Issuer) -> None:
        """It says what was wished, and is as good as any."""
        token = issuer.token(sub="carol", claims={"groups": ["a"]}, scope="openid", audience="api")

        claims = party.verified(token)
        assert (claims["sub"], claims["groups"], claims["aud"]) == ("carol", ["a"], "api")
        assert party.userinfo(token).json() == {"sub": "carol"}

    def test_minting_for_a_stranger(self, issuer: Issuer) -> None:
        """An unknown client is a slip."""
        with pytest.raises(ValueError, match="client_id: there is no client 'x'"):
            issuer.token(client_id="x")


class TestClock:
    def test_moves(self, party: Party, issuer: Issuer) -> None:
        """Forth and back; tokens are dated by it, the journal isn't."""
        issuer.clock.move(-1000)
        claims = payload_of(party.login()["id_token"])

        assert abs(claims["iat"] - (time.time() - 1000)) < 10
        assert abs(issuer.journal.entries[-1].at - time.time()) < 10
        issuer.clock.move(1500)
        assert issuer.clock.offset == 500
        issuer.clock.reset()
        assert issuer.clock.offset == 0

    @pytest.mark.parametrize("seconds", [float("nan"), float("inf"), "5", True, None])
    def test_by_a_number_only(self, issuer: Issuer, seconds: Any) -> None:  # noqa: ANN401 - wrong on purpose
        """Anything else is a slip."""
        with pytest.raises(ValueError, match="seconds"):
            issuer.clock.move(seconds)

    def test_is_one_issuers_own(self, shared_idp: MockIdP, issuer: Issuer) -> None:
        """Others go on as they were."""
        issuer.clock.move(100)

        assert shared_idp.make_issuer().clock.offset == 0

    @pytest.mark.parametrize(
        "changes",
        [
            {"alg": "HS256"},
            {"code_seconds": -1},
            {"code_seconds": float("nan")},
            {"auto_approve": 1},
            {"device_pending": 1.5},
            {"x": 1},
        ],
        ids=str,
    )
    def test_bad_settings(self, issuer: Issuer, changes: dict[str, Any]) -> None:
        """The error names the setting, and nothing changes."""
        before = issuer.settings
        with pytest.raises(ValueError, match=next(iter(changes))):
            issuer.configure(**changes)
        assert issuer.settings == before


class TestKeys:
    def kids(self, party: Party) -> list[str]:
        """The key ids published."""
        return [key["kid"] for key in party.http.get(party.document["jwks_uri"]).json()["keys"]]

    def used(self, party: Party) -> str:
        """The key id of a token."""
        kid: str = header_of(party.login()["id_token"])["kid"]
        return kid

    def test_rotate_in_phases(self, party: Party, issuer: Issuer) -> None:
        """Publish the next, sign with it, retire the old: each phase is seen by itself."""
        old = self.used(party)
        assert self.kids(party) == [old]

        new = issuer.keys.publish_next()
        assert (self.kids(party), self.used(party)) == ([old, new], old)
        assert issuer.keys.publish_next() == new

        issuer.keys.sign_with_next()
        assert (self.kids(party), self.used(party)) == ([old, new], new)

        assert issuer.keys.retire_old() == (old,)
        assert (self.kids(party), self.used(party)) == ([new], new)

    def test_old_tokens_stay_valid_until_their_key_goes(self, party: Party, issuer: Issuer) -> None:
        """A retired key verifies nothing."""
        token = party.login()["id_token"]
        issuer.keys.rotate()
        assert party.verified(token)

        issuer.keys.retire_old()
        with pytest.raises((JoseError, ValueError)):
            party.verified(token)

    def test_without_a_next_key(self, issuer: Issuer) -> None:
        """The phases have an order."""
        with pytest.raises(RuntimeError, match="publish_next"):
            issuer.keys.sign_with_next()

    def test_several_and_a_clash(self, party: Party, issuer: Issuer) -> None:
        """Extra keys never sign; one under the same id stands before the right one."""
        extra = issuer.keys.add("EdDSA")
        signing = issuer.keys.clash()

        assert self.kids(party) == [signing, signing, extra]
        assert self.used(party) == signing
        assert party.userinfo(issuer.token()).status_code == 200

    def test_withdrawn(self, party: Party, issuer: Issuer) -> None:
        """The key that signs can be missing from what is published."""
        issuer.keys.withdraw(self.used(party))

        assert self.kids(party) == []
        with pytest.raises(LookupError, match="kid"):
            issuer.keys.withdraw("x")

    def test_are_rendered_once(self, issuer: Issuer, party: Party) -> None:
        """The same bytes until a key comes or goes."""
        party.http.get(party.document["jwks_uri"])
        first = issuer.keys.jwks()
        assert issuer.keys.jwks() is first

        issuer.keys.rotate()
        assert issuer.keys.jwks() != first

    def test_no_rsa_key_is_made_for_others(self, shared_idp: MockIdP) -> None:
        """An issuer that was told another algorithm first never pays for RSA."""
        issuer = shared_idp.make_issuer()
        issuer.configure(alg="ES256")
        issuer.token()

        assert issuer.keys.algs == ("ES256",)


class TestQuestions:
    def test_discovery_requests(self, party: Party, issuer: Issuer) -> None:
        """How often, since when."""
        party.http.get(issuer.discovery_url)
        mark = issuer.journal.mark()
        party.http.get(issuer.discovery_url)

        assert len(issuer.journal.discovery_requests()) == 2
        assert len(issuer.journal.discovery_requests(since=mark)) == 1

    def test_jwks_refetched_after_unknown_kid(self, party: Party, issuer: Issuer) -> None:
        """Only a fetch after a token of an unknown key counts."""
        journal = issuer.journal
        party.login()
        party.http.get(party.document["jwks_uri"])
        party.http.get(party.document["jwks_uri"])
        assert not journal.jwks_refetched_after_unknown_kid()

        issuer.keys.rotate()
        party.login()
        assert not journal.jwks_refetched_after_unknown_kid()
        party.http.get(party.document["jwks_uri"])
        assert journal.jwks_refetched_after_unknown_kid()
        assert len(journal.jwks_requests()) == 3

    def test_client_authentications(self, party: Party, issuer: Issuer) -> None:
        """Who, by which method, and whether it was accepted."""
        secret, client_id = str(party.client.client_secret), party.client.client_id
        public = party.as_client(issuer.add_client("spa", auth_method="none"))
        party.credentials()
        party.credentials(auth=None, client_id=client_id, client_secret=secret)
        party.credentials(auth=(client_id, "wrong"))
        public.refresh("x")
        party.revoke("x")

        seen = [(one.kind, one.client_id, one.method, one.accepted) for one in issuer.journal.client_authentications()]
        assert seen == [
            ("token", client_id, "client_secret_basic", True),
            ("token", client_id, "client_secret_post", True),
            ("token", client_id, "client_secret_basic", False),
            ("token", "spa", "none", True),
            ("revocation", client_id, "client_secret_basic", True),
        ]

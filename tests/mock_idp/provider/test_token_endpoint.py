"""The token endpoint: who a client is, and what it may ask for."""

import base64
import time
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

from idpact_mock import Issuer, MockIdP
from idpact_mock.provider.replies import json_reply
from tests.mock_idp.provider.party import Party, header_of, payload_of

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def refused(answer: httpx.Response, error: str, status: int = 400) -> str:
    """The description of a refusal, which must be complete (RFC 6749, section 5.2)."""
    body = answer.json()
    assert (answer.status_code, body["error"], set(body)) == (status, error, {"error", "error_description"})
    assert answer.headers["cache-control"] == "no-store"
    description: str = body["error_description"]
    return description


class TestClientCredentials:
    def test_gives_an_access_token(self, party: Party, issuer: Issuer) -> None:
        """A signed JWT for the client itself, and neither ID token nor refresh token."""
        answer = party.credentials(scope="openid api:read")

        body = answer.json()
        assert answer.status_code == 200
        assert set(body) == {"access_token", "token_type", "expires_in", "scope"}
        assert (body["token_type"], body["expires_in"], body["scope"]) == ("Bearer", 3600, "openid api:read")
        claims = party.verified(body["access_token"])
        client_id = issuer.default_client.client_id
        assert (claims["iss"], claims["sub"], claims["client_id"]) == (issuer.url, client_id, client_id)
        assert header_of(body["access_token"])["typ"] == "at+jwt"

    def test_answers_are_not_cached(self, party: Party) -> None:
        """RFC 6749, section 5.1."""
        headers = party.credentials().headers

        assert (headers["cache-control"], headers["pragma"]) == ("no-store", "no-cache")

    @pytest.mark.parametrize(
        ("form", "audience"),
        [({"resource": "https://api.test/"}, "https://api.test/"), ({"audience": "api"}, "api")],
        ids=["resource", "audience"],
    )
    def test_audience_is_the_one_asked_for(self, party: Party, form: dict[str, Any], audience: str) -> None:
        """RFC 8707, section 2."""
        assert payload_of(party.credentials(**form).json()["access_token"])["aud"] == audience

    def test_a_resource_that_is_no_uri(self, party: Party) -> None:
        """`invalid_target`."""
        assert "resource" in refused(party.credentials(resource="api"), "invalid_target")

    def test_scopes_of_the_client_are_its_limit(self, party: Party, issuer: Issuer) -> None:
        """What it isn't registered for is refused."""
        limited = party.as_client(issuer.add_client(scopes=["a"]))

        assert limited.credentials(scope="a").status_code == 200
        assert "b" in refused(limited.credentials(scope="a b"), "invalid_scope")

    def test_public_clients_have_none(self, party: Party, issuer: Issuer) -> None:
        """Who can't prove anything gets nothing for it."""
        refused(party.as_client(issuer.add_client(auth_method="none")).credentials(), "unauthorized_client")

    def test_claims_of_a_client(self, party: Party, issuer: Issuer) -> None:
        """Its tokens hold them."""
        client = issuer.add_client(claims={"tenant": "t1"})

        assert payload_of(party.as_client(client).credentials().json()["access_token"])["tenant"] == "t1"


class TestBadRequests:
    @pytest.mark.parametrize(
        ("form", "error"),
        [
            ({}, "invalid_request"),
            ({"grant_type": "password"}, "unsupported_grant_type"),
            ({"grant_type": "authorization_code"}, "invalid_request"),
            ({"grant_type": "refresh_token"}, "invalid_request"),
            ({"grant_type": "urn:ietf:params:oauth:grant-type:device_code"}, "invalid_request"),
            ({"grant_type": "urn:ietf:params:oauth:grant-type:token-exchange"}, "invalid_request"),
            ({"grant_type": "client_credentials", "scope": "a  b"}, "invalid_scope"),
            ({"grant_type": "client_credentials", "scope": "é"}, "invalid_scope"),
        ],
    )
    def test_are_named(self, party: Party, form: dict[str, Any], error: str) -> None:
        """The right error, with 400."""
        refused(party.token(**form), error)

    def test_grants_that_a_client_may_not_use(self, party: Party, issuer: Issuer) -> None:
        """`unauthorized_client`."""
        client = issuer.add_client(grant_types=["authorization_code"])

        refused(party.as_client(client).credentials(), "unauthorized_client")

    @pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
    def test_other_methods(self, party: Party, method: str) -> None:
        """405 with Allow (RFC 6749, section 3.2: a client must use POST)."""
        answer = party.http.request(method, party.document["token_endpoint"])

        assert (answer.status_code, answer.headers["allow"]) == (405, "POST")

    def test_preflight(self, party: Party) -> None:
        """A browser asks before it sends a script's request, and may go on from any origin."""
        answer = party.http.options(party.document["token_endpoint"])

        assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, "*")
        assert "POST" in answer.headers["access-control-allow-methods"]
        assert "Authorization" in answer.headers["access-control-allow-headers"]
        assert "access-control-allow-credentials" not in answer.headers

    def test_json_is_no_form(self, party: Party) -> None:
        """The commonest slip is told by its name."""
        answer = party.http.post(party.document["token_endpoint"], json={"grant_type": "client_credentials"})

        assert "x-www-form-urlencoded" in refused(answer, "invalid_request")

    def test_doubled_parameters(self, party: Party) -> None:
        """RFC 6749, section 3.2: none may come twice."""
        answer = party.http.post(
            party.document["token_endpoint"],
            content=b"grant_type=client_credentials&grant_type=client_credentials",
            headers={"Content-Type": "application/x-www-form-urlencoded"},
            auth=party.auth or httpx.USE_CLIENT_DEFAULT,
        )

        assert "grant_type" in refused(answer, "invalid_request")

    def test_a_long_body(self, party: Party) -> None:
        """413 beyond 64 KiB, since no more is read."""
        refused(party.credentials(pad="x" * 70_000), "invalid_request", status=413)


class TestSecrets:
    def test_post(self, party: Party, issuer: Issuer) -> None:
        """`client_secret_post` works for a client that may use either."""
        secret = issuer.default_client.client_secret
        assert secret is not None

        answer = party.credentials(client_id=party.client.client_id, client_secret=secret, auth=None)

        assert answer.status_code == 200

    def test_basic_is_form_encoded_within(self, party: Party, issuer: Issuer) -> None:
        """RFC 6749, section 2.3.1: a secret may hold anything."""
        client = issuer.add_client("c d", client_secret="a:b%c+d é".replace("é", "!"))
        encoded = base64.b64encode(b"c+d:a%3Ab%25c%2Bd+!").decode()

        answer = party.as_client(client).credentials(auth=None, headers={"Authorization": f"Basic {encoded}"})

        assert answer.status_code == 200

    @pytest.mark.parametrize(
        "authorization",
        ["Basic", "Basic !", "Basic bm9jb2xvbg==", "Basic YTpi", "Bearer x", "Basic /w==", ""],
    )
    def test_wrong_basic(self, party: Party, authorization: str) -> None:
        """401 with a challenge of the same scheme (RFC 6749, section 5.2)."""
        answer = party.credentials(auth=None, headers={"Authorization": authorization})

        refused(answer, "invalid_client", status=401)
        assert answer.headers["www-authenticate"].startswith("Basic realm=")

    def test_a_wrong_secret_is_not_shown(self, party: Party) -> None:
        """Nor is the right one."""
        answer = party.credentials(auth=(party.client.client_id, "wrong-one"))

        refused(answer, "invalid_client", status=401)
        assert "wrong-one" not in answer.text
        assert str(party.client.client_secret) not in answer.text

    def test_without_any_proof(self, party: Party) -> None:
        """A confidential client must authenticate."""
        refused(party.credentials(auth=None, client_id=party.client.client_id), "invalid_client", status=401)

    def test_two_proofs(self, party: Party) -> None:
        """RFC 6749, section 2.3: no more than one."""
        refused(party.credentials(client_secret=str(party.client.client_secret)), "invalid_request")

    @pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
    def test_only_the_registered_way(self, party: Party, issuer: Issuer, method: str) -> None:
        """A client that is registered for one way can't use the other."""
        one = party.as_client(issuer.add_client(auth_method=method))
        by_basic = one.credentials()
        by_post = one.credentials(
            auth=None, client_id=one.client.client_id, client_secret=str(one.client.client_secret)
        )

        good, bad = (by_basic, by_post) if method == "client_secret_basic" else (by_post, by_basic)
        assert good.status_code == 200
        refused(bad, "invalid_client", status=401)


class TestAssertions:
    @pytest.fixture(params=["ES256", "RS256", "PS256"])
    def key(self, request: pytest.FixtureRequest) -> RSAKey | ECKey:
        """The client's key."""
        parameters: Any = {"alg": request.param, "kid": "k1"}
        if request.param == "ES256":
            return ECKey.generate_key("P-256", parameters)
        return RSAKey.generate_key(2048, parameters)

    def ask(
        self,
        party: Party,
        issuer: Issuer,
        key: RSAKey | ECKey,
        *,
        signing: RSAKey | ECKey | OctKey | None = None,
        alg: str | None = None,
        **changes: str | float | list[str] | None,
    ) -> httpx.Response:
        """A client credentials request with an assertion."""
        jwks: Any = {"keys": [key.as_dict(private=False)]}
        client = issuer.add_client("signer", auth_method="private_key_jwt", jwks=jwks)
        now = int(time.time())
        given: dict[str, Any] = {
            "iss": "signer",
            "sub": "signer",
            "aud": issuer.url,
            "exp": now + 60,
            "jti": "j1",
            **changes,
        }
        claims = {name: value for name, value in given.items() if value is not None}
        used = alg or str(key.alg)
        assertion = jwt.encode({"alg": used, "kid": "k1"}, claims, signing or key, algorithms=[used])
        return party.as_client(client).credentials(
            auth=None, client_assertion=assertion, client_assertion_type=ASSERTION_TYPE
        )

    def test_prove_a_client(self, party: Party, issuer: Issuer, key: RSAKey | ECKey) -> None:
        """RFC 7523, section 2.2."""
        assert self.ask(party, issuer, key).status_code == 200

    def test_may_name_the_token_endpoint(self, party: Party, issuer: Issuer) -> None:
        """As OpenID Connect Core has it."""
        key = ECKey.generate_key("P-256", {"alg": "ES256", "kid": "k1"})

        assert self.ask(party, issuer, key, aud=[party.document["token_endpoint"], "x"]).status_code == 200

    @pytest.mark.parametrize("failure", [None, "tls-untrusted"], ids=["where-it-was", "moved"])
    def test_may_name_it_where_a_preset_has_it(
        self, shared_idp: MockIdP, http: httpx.Client, failure: str | None
    ) -> None:
        """The URL is the one that the document hands out."""
        issuer = shared_idp.make_issuer(preset="keycloak")
        before = str(issuer.document["token_endpoint"])
        if failure is not None:
            issuer.fail(failure, endpoint="token")
        party = Party(issuer, http)
        told, party.document = party.document["token_endpoint"], {**party.document, "token_endpoint": before}
        key = ECKey.generate_key("P-256", {"alg": "ES256", "kid": "k1"})

        assert self.ask(party, issuer, key, aud=told).status_code == 200

    @pytest.mark.parametrize(
        "changes",
        [
            {"iss": "other"},
            {"sub": "other"},
            {"aud": "https://other.test"},
            {"aud": None},
            {"exp": 1},
            {"exp": None},
            {"exp": 10**11},
            {"exp": "9999999999"},
            {"nbf": 10**11},
            {"jti": None},
        ],
        ids=str,
    )
    def test_with_wrong_claims(self, party: Party, issuer: Issuer, changes: dict[str, Any]) -> None:
        """RFC 7523, section 3: all are checked."""
        key = ECKey.generate_key("P-256", {"alg": "ES256", "kid": "k1"})

        refused(self.ask(party, issuer, key, **changes), "invalid_client", status=401)

    def test_of_another_key(self, party: Party, issuer: Issuer) -> None:
        """The signature is verified."""
        key, other = (ECKey.generate_key("P-256", {"alg": "ES256", "kid": "k1"}) for _ in range(2))

        refused(self.ask(party, issuer, key, signing=other), "invalid_client", status=401)

    def test_by_a_shared_secret(self, party: Party, issuer: Issuer) -> None:
        """HS256 over the public key is the oldest trick."""
        key = ECKey.generate_key("P-256", {"kid": "k1"})
        secret = OctKey.import_key("s" * 32)

        refused(self.ask(party, issuer, key, signing=secret, alg="HS256"), "invalid_client", status=401)

    def test_work_once(self, party: Party, issuer: Issuer) -> None:
        """RFC 7523, section 3: a `jti` isn't accepted again."""
        key = ECKey.generate_key("P-256", {"alg": "ES256", "kid": "k1"})

        assert self.ask(party, issuer, key).status_code == 200
        assert "before" in refused(self.ask(party, issuer, key), "invalid_client", status=401)

    @pytest.mark.parametrize("assertion", ["", "x", "a.b.c", "e30.e30.", "e30.W10.x", "....", "é.é.é"])
    def test_that_are_garbage(self, party: Party, assertion: str) -> None:
        """Refused like any other."""
        answer = party.credentials(auth=None, client_assertion=assertion, client_assertion_type=ASSERTION_TYPE)

        assert answer.status_code in {400, 401}


class TestAlgorithms:
    @pytest.mark.parametrize("alg", ["RS256", "PS256", "ES256", "EdDSA"])
    def test_of_an_issuer(self, shared_idp: MockIdP, http: httpx.Client, alg: str) -> None:
        """Both tokens are signed by it, and the document says so."""
        issuer = shared_idp.make_issuer()
        issuer.configure(alg=alg)
        party = Party(issuer, http)

        tokens = party.login()

        for token in (tokens["access_token"], tokens["id_token"]):
            assert header_of(token)["alg"] == alg
            assert party.verified(token)["iss"] == issuer.url
        assert issuer.document["id_token_signing_alg_values_supported"] == [alg]

    def test_of_a_client(self, party: Party, issuer: Issuer) -> None:
        """A client's own wins over the issuer's, and is in the document beside it."""
        signed = party.as_client(issuer.add_client(alg="EdDSA"))

        assert header_of(signed.credentials().json()["access_token"])["alg"] == "EdDSA"
        assert header_of(party.credentials().json()["access_token"])["alg"] == "ES256"
        assert issuer.document["id_token_signing_alg_values_supported"] == ["ES256", "EdDSA"]
        assert signed.verified(signed.credentials().json()["access_token"])


def test_prepared_answers_are_like_the_others() -> None:
    """The short way to a JSON answer has the headers of the long way."""
    short, long = json_reply({"a": 1}), json_reply({"a": 1}, headers={})

    assert short == long
    assert (short.head, short.start) == (long.head, long.start)

"""A provider steered by another process: the same words over REST and through the remote Python API."""

from collections.abc import Iterator

import httpx
import pytest

from idpact_mock import Issuer, MockIdP, RemoteIssuer, RemoteMockIdP
from tests.mock_idp.provider.party import Party, header_of, payload_of


@pytest.fixture
def remote(shared_idp: MockIdP, issuer: Issuer) -> Iterator[RemoteIssuer]:
    """The issuer, as another process has it."""
    with RemoteMockIdP(shared_idp.url, verify=False) as idp:
        yield idp.issuers[issuer.name]


class TestRemote:
    def test_default_client(self, remote: RemoteIssuer, issuer: Issuer) -> None:
        """Its credentials, which its repr doesn't show."""
        client = remote.default_client

        assert client.client_id == issuer.default_client.client_id
        assert client.client_secret == issuer.default_client.client_secret
        assert str(client.client_secret) not in repr(client)

    def test_clients(self, remote: RemoteIssuer, issuer: Issuer) -> None:
        """Registered with all that the local call takes, and removed."""
        made = remote.add_client("c/1", auth_method="none", redirect_uris=["https://rp.test/cb"], claims={"a": 1})

        local = issuer.provider.clients.get("c/1")
        assert local is not None
        assert (made.client_secret, local.redirect_uris, local.claims) == (None, ("https://rp.test/cb",), {"a": 1})
        remote.remove_client("c/1")
        assert issuer.provider.clients.get("c/1") is None

    def test_users_and_next_token(self, remote: RemoteIssuer, party: Party) -> None:
        """A user's claims, and an order for one token."""
        remote.add_user("bob", {"groups": ["x"]})
        remote.next_token(claims={"acr": "high"}, flaw="wrong-nonce")

        claims = payload_of(party.login(login_hint="bob")["id_token"])
        assert (claims["groups"], claims["acr"], claims["nonce"]) == (["x"], "high", "another-nonce")
        remote.remove_user("bob")
        with pytest.raises(LookupError, match="bob"):
            remote.remove_user("bob")

    def test_refusals(self, remote: RemoteIssuer, party: Party) -> None:
        """One request, from afar."""
        remote.refuse_next("token", "invalid_grant")

        assert [party.credentials().status_code for _ in range(2)] == [400, 200]

    def test_settings_and_clock(self, remote: RemoteIssuer, issuer: Issuer) -> None:
        """Read and changed."""
        changed = remote.configure(auto_approve=False, code_seconds=5)
        remote.clock.move(100)

        assert changed == remote.settings == issuer.settings
        assert issuer.settings.code_seconds == 5
        assert not issuer.auto_approve
        assert remote.clock.offset == issuer.clock.offset == 100
        assert abs(remote.clock.now() - issuer.clock.now()) < 10
        remote.clock.reset()
        assert remote.clock.offset == 0

    def test_tokens(self, remote: RemoteIssuer, party: Party) -> None:
        """Minted at the other end, and as good as any."""
        token = remote.token(sub="carol", scope="openid", claims={"a": None})

        assert party.userinfo(token).json() == {"sub": "carol"}
        assert header_of(remote.token(flaw="alg-none"))["alg"] == "none"

    def test_keys(self, remote: RemoteIssuer, party: Party) -> None:
        """Rotated in phases."""
        (old,) = remote.keys.published
        remote.keys.publish_next()
        _, new = remote.keys.published
        remote.keys.sign_with_next()
        remote.keys.retire_old()
        assert list(remote.keys.published) == [new]
        assert header_of(party.login()["id_token"])["kid"] == new != old

        remote.keys.rotate()
        remote.keys.clash()
        remote.keys.add("EdDSA", kid="extra")
        remote.keys.withdraw("extra")
        assert len(remote.keys.published) == 3
        with pytest.raises(ValueError, match="publish_next"):
            remote.keys.sign_with_next()

    def test_questions(self, remote: RemoteIssuer, party: Party) -> None:
        """A journal answers the same from afar."""
        party.credentials()

        (seen,) = remote.journal.client_authentications()
        assert (seen.method, seen.client_id, seen.accepted) == ("client_secret_basic", party.client.client_id, True)


class TestRest:
    @pytest.fixture
    def at(self, shared_idp: MockIdP, issuer: Issuer) -> str:
        """The issuer in the control interface."""
        return f"{shared_idp.url}/_idpact/issuers/{issuer.name}"

    @pytest.mark.parametrize(
        ("request_", "names"),
        [
            (("PATCH", "/provider", {"auto_approve": "yes"}), "auto_approve"),
            (("PATCH", "/provider", {"x": 1}), "x"),
            (("PATCH", "/provider", {"alg": ["RS256"]}), "alg"),
            (("POST", "/clients", {"x": 1}), "x"),
            (("POST", "/clients", {"client_id": 5}), "client_id"),
            (("POST", "/clients", {"redirect_uris": "https://a.test"}), "redirect_uris"),
            (("POST", "/clients", {"redirect_uris": [5]}), "redirect_uris"),
            (("POST", "/clients", {"require_pkce": "no"}), "require_pkce"),
            (("POST", "/clients", {"claims": []}), "claims"),
            (("POST", "/clients", {"auth_method": "private_key_jwt", "jwks": []}), "jwks"),
            (("POST", "/clients", {"auth_method": []}), "auth_method"),
            (("POST", "/clients", {"alg": "none"}), "alg"),
            (("POST", "/users", {}), "sub"),
            (("POST", "/users", {"sub": 1}), "sub"),
            (("POST", "/users", {"sub": "a", "claims": [1]}), "claims"),
            (("POST", "/users", {"sub": "a", "claims": {"sub": "b"}}), "sub"),
            (("POST", "/next-token", {"flaw": "late"}), "flaw"),
            (("POST", "/next-token", {"kind": "refresh_token"}), "kind"),
            (("POST", "/next-refusal", {"endpoint": "jwks", "error": "x"}), "endpoint"),
            (("POST", "/next-refusal", {"endpoint": [], "error": "x"}), "endpoint"),
            (("POST", "/next-refusal", {"endpoint": "token", "error": "a b"}), "error"),
            (("POST", "/next-refusal", {"endpoint": "token"}), "error"),
            (("POST", "/next-refusal", {"endpoint": "token", "error": "x", "status": 200}), "status"),
            (("POST", "/next-refusal", {"endpoint": "token", "error": "x", "description": 5}), "description"),
            (("POST", "/tokens", {"client_id": "nobody"}), "client_id"),
            (("POST", "/tokens", {"scope": ["a"]}), "scope"),
            (("POST", "/clock", {}), "move"),
            (("POST", "/clock", {"move": "1"}), "seconds"),
            (("POST", "/clock", {"reset": 5}), "reset"),
            (("POST", "/clock", {"reset": []}), "reset"),
            (("POST", "/keys", {"do": "dance"}), "do"),
            (("POST", "/keys", {"do": []}), "do"),
            (("POST", "/keys", {"do": "rotate", "alg": "HS256"}), "alg"),
            (("POST", "/keys", {"do": "withdraw", "kid": "x"}), "kid"),
            (("POST", "/keys", {"do": "add", "kid": 5}), "kid"),
        ],
        ids=str,
    )
    def test_bad_wishes(self, at: str, http: httpx.Client, request_: tuple[str, str, object], names: str) -> None:
        """422, and the message names the member."""
        method, path, body = request_
        answer = http.request(method, at + path, json=body)

        assert (answer.status_code, answer.json()["error"]) == (422, "invalid"), answer.text
        assert names in answer.json()["message"]

    @pytest.mark.parametrize("path", ["/clients/x", "/users/x"])
    def test_removing_what_is_not_there(self, at: str, http: httpx.Client, path: str) -> None:
        """404."""
        assert http.delete(at + path).status_code == 404

    def test_lists(self, at: str, issuer: Issuer, http: httpx.Client) -> None:
        """Clients, users and keys as they are."""
        assert http.get(f"{at}/clients").json() == {"clients": [issuer.default_client.to_json()]}
        assert [user["sub"] for user in http.get(f"{at}/users").json()["users"]] == ["alice"]
        assert http.get(f"{at}/keys").json()["published"] == list(issuer.keys.published)

    def test_asks_for_the_token(self, http: httpx.Client) -> None:
        """Secrets are behind it."""
        with MockIdP(admin_token="s3cret") as idp:
            name = idp.make_issuer().name
            for path in ("provider", "clients", "users", "keys"):
                assert http.get(f"{idp.url}/_idpact/issuers/{name}/{path}").status_code == 401

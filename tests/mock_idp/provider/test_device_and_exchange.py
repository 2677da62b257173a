"""The device flow and token exchange."""

import re
from html import unescape
from typing import Any

import httpx
import pytest

from idpact_mock import Issuer
from idpact_mock.provider.clients import DEVICE, EXCHANGE
from tests.mock_idp.provider.party import Party, payload_of
from tests.mock_idp.provider.test_token_endpoint import refused

ACCESS = "urn:ietf:params:oauth:token-type:access_token"
ID = "urn:ietf:params:oauth:token-type:id_token"
JWT = "urn:ietf:params:oauth:token-type:jwt"


class TestDevice:
    def begin(self, party: Party, **form: str) -> dict[str, Any]:
        """A device asks."""
        where = party.document["device_authorization_endpoint"]
        auth = party.auth or httpx.USE_CLIENT_DEFAULT
        sent = {"scope": "openid", **form}
        if party.auth is None:
            sent["client_id"] = party.client.client_id
        answer = party.http.post(where, data=sent, auth=auth)
        assert answer.status_code == 200, answer.text
        begun: dict[str, Any] = answer.json()
        return begun

    def poll(self, party: Party, device: dict[str, Any]) -> httpx.Response:
        """The device asks whether somebody let it in."""
        return party.token(grant_type=DEVICE, device_code=device["device_code"])

    def decide(self, party: Party, device: dict[str, Any], **form: str) -> httpx.Response:
        """A person uses the page."""
        page = party.http.get(device["verification_uri_complete"])
        code = unescape(re.findall(r'name="user_code" value="(.*?)"', page.text)[0])
        return party.http.post(device["verification_uri"], data={"user_code": code, **form})

    def test_answer(self, party: Party, issuer: Issuer) -> None:
        """RFC 8628, section 3.2."""
        device = self.begin(party)

        assert re.fullmatch(r"[B-DF-HJ-NP-TV-XZ]{4}-[B-DF-HJ-NP-TV-XZ]{4}", device["user_code"])
        assert device["verification_uri"] == f"{issuer.url}/device"
        assert device["verification_uri_complete"] == f"{issuer.url}/device?user_code={device['user_code']}"
        assert (device["expires_in"], device["interval"]) == (600, 5)

    def test_approved_at_once(self, party: Party) -> None:
        """By itself, as long as logins are; and once only."""
        device = self.begin(party)

        tokens = self.poll(party, device).json()
        assert payload_of(tokens["id_token"])["sub"] == "alice"
        refused(self.poll(party, device), "invalid_grant")

    def test_pending_polls_can_be_set(self, party: Party, issuer: Issuer) -> None:
        """So many find it pending, so many are told to slow down."""
        issuer.configure(device_pending=2, device_slow_down=1, device_interval=0)
        device = self.begin(party)

        errors = [self.poll(party, device).json().get("error") for _ in range(4)]
        assert errors == ["authorization_pending", "authorization_pending", "slow_down", None]

    def test_polling_too_fast(self, party: Party, issuer: Issuer) -> None:
        """RFC 8628, section 3.5: slow_down, and the interval grows by five seconds."""
        issuer.auto_approve = False
        device = self.begin(party)

        seen = []
        for seconds in (0, 4, 9, 11):
            issuer.clock.move(seconds)
            seen.append(self.poll(party, device).json()["error"])
        assert seen == ["authorization_pending", "slow_down", "slow_down", "slow_down"]
        issuer.clock.move(20)
        refused(self.poll(party, device), "authorization_pending")

    @pytest.mark.parametrize("public", [False, True])
    def test_a_person_lets_it_in(self, party: Party, issuer: Issuer, public: bool) -> None:  # noqa: FBT001 - a parameter
        """Whoever they choose to be, for confidential and public clients."""
        issuer.configure(auto_approve=False, device_interval=0)
        device_party = party.as_client(issuer.add_client(auth_method="none")) if public else party
        device = self.begin(device_party)
        refused(self.poll(device_party, device), "authorization_pending")

        assert "connected" in self.decide(party, device, sub="bob").text
        assert payload_of(self.poll(device_party, device).json()["id_token"])["sub"] == "bob"

    def test_a_person_denies(self, party: Party, issuer: Issuer) -> None:
        """`access_denied`."""
        issuer.configure(auto_approve=False, device_interval=0)
        device = self.begin(party)
        self.decide(party, device, deny="1")

        refused(self.poll(party, device), "access_denied")

    def test_code_as_people_type_it(self, party: Party, issuer: Issuer) -> None:
        """RFC 8628, section 6.1: case and punctuation don't matter."""
        issuer.auto_approve = False
        device = self.begin(party)
        typed = device["user_code"].lower().replace("-", " ")

        done = party.http.post(device["verification_uri"], data={"user_code": typed, "sub": "bob"})
        assert done.status_code == 200

    @pytest.mark.parametrize("form", [{}, {"user_code": "BBBB-BBBB", "sub": "a"}, {"user_code": '"><script>'}])
    def test_unknown_codes(self, party: Party, form: dict[str, str]) -> None:
        """The page again, which says so, and nothing can be injected."""
        again = party.http.post(f"{party.issuer.url}/device", data=form)

        assert again.status_code == 400
        assert "<script" not in again.text

    def test_expires(self, party: Party, issuer: Issuer) -> None:
        """`expired_token`, by the issuer's clock."""
        issuer.configure(device_seconds=10)
        device = self.begin(party)
        issuer.clock.move(11)

        refused(self.poll(party, device), "expired_token")

    def test_of_another_client(self, party: Party, issuer: Issuer) -> None:
        """Refused, and still good."""
        device = self.begin(party)

        refused(self.poll(party.as_client(issuer.add_client()), device), "invalid_grant")
        assert self.poll(party, device).status_code == 200

    def test_clients_without_the_grant(self, party: Party, issuer: Issuer) -> None:
        """`unauthorized_client`."""
        client = party.as_client(issuer.add_client(grant_types=["authorization_code"]))
        answer = party.http.post(
            party.document["device_authorization_endpoint"],
            auth=client.auth or httpx.USE_CLIENT_DEFAULT,
            data={"a": "b"},
        )

        refused(answer, "unauthorized_client")


class TestExchange:
    def exchange(self, party: Party, subject: str, kind: str = ACCESS, **form: Any) -> httpx.Response:  # noqa: ANN401 - see Party
        """A token exchange request."""
        return party.token(grant_type=EXCHANGE, subject_token=subject, subject_token_type=kind, **form)

    @pytest.mark.parametrize(("member", "kind"), [("access_token", ACCESS), ("access_token", JWT), ("id_token", ID)])
    def test_gives_an_access_token(self, party: Party, member: str, kind: str) -> None:
        """For the same person and the audience asked for (RFC 8693, section 2.2.1)."""
        answer = self.exchange(party, party.login()[member], kind, audience="api", scope="openid").json()

        claims = payload_of(answer["access_token"])
        assert (claims["sub"], claims["aud"], claims["scope"]) == ("alice", "api", "openid")
        assert (answer["issued_token_type"], answer["token_type"]) == (ACCESS, "Bearer")
        assert "refresh_token" not in answer
        assert party.is_active(answer["access_token"])

    def test_actor(self, party: Party, issuer: Issuer) -> None:
        """RFC 8693, section 4.1: who acts is in `act`."""
        actor = issuer.token(sub="service")
        answer = self.exchange(party, issuer.token(), actor_token=actor, actor_token_type=ACCESS).json()

        assert payload_of(answer["access_token"])["act"] == {"sub": "service"}

    def test_scope_is_not_widened(self, party: Party, issuer: Issuer) -> None:
        """Beyond the subject token's nothing is given."""
        refused(self.exchange(party, issuer.token(scope="a"), scope="a b"), "invalid_scope")

    @pytest.mark.parametrize(
        "form",
        [
            {"subject_token": "x", "subject_token_type": ACCESS},
            {"subject_token": "x", "subject_token_type": "urn:x"},
            {"subject_token": "x"},
            {"subject_token_type": ACCESS},
            {"subject_token": "{good}", "subject_token_type": ID},
            {"subject_token": "{good}", "subject_token_type": ACCESS, "actor_token": "x", "actor_token_type": ACCESS},
            {"subject_token": "{good}", "subject_token_type": ACCESS, "actor_token_type": ACCESS},
            {"subject_token": "{good}", "subject_token_type": ACCESS, "requested_token_type": "urn:x"},
        ],
        ids=str,
    )
    def test_refusals(self, party: Party, issuer: Issuer, form: dict[str, Any]) -> None:
        """RFC 8693, section 2.2.2: `invalid_request`."""
        good = issuer.token()

        answer = party.token(grant_type=EXCHANGE, **{name: value.format(good=good) for name, value in form.items()})

        refused(answer, "invalid_request")

    @pytest.mark.parametrize("how", ["revoked", "expired"])
    def test_dead_tokens(self, party: Party, issuer: Issuer, how: str) -> None:
        """What isn't good any longer is exchanged for nothing, as access token or as JWT."""
        token = issuer.token()
        if how == "revoked":
            party.revoke(token)
        else:
            issuer.clock.move(3601)

        for kind in (ACCESS, JWT):
            refused(self.exchange(party, token, kind), "invalid_request")

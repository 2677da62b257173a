"""Requests that are refused on request, and requests that come at the same time."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import httpx
import pytest

from idpact_mock import Issuer
from tests.mock_idp.provider.party import Party, parameters_of
from tests.mock_idp.provider.test_token_endpoint import refused

TOGETHER = 8


class TestRefusals:
    def test_of_a_login(self, party: Party, issuer: Issuer) -> None:
        """The client is told by a redirect, with state; the next login works."""
        issuer.refuse_next("authorize", "access_denied", description="not today")
        carried = parameters_of(party.authorize())

        assert (carried["error"], carried["error_description"], carried["state"]) == (
            "access_denied",
            "not today",
            "st ate",
        )
        assert party.login()

    def test_of_a_code(self, party: Party, issuer: Issuer) -> None:
        """The code isn't spent by it."""
        code = party.code()
        issuer.refuse_next("token", "temporarily_unavailable", status=503)

        refused(party.redeem(code), "temporarily_unavailable", status=503)
        assert party.redeem(code).status_code == 200

    def test_queue_by_endpoint(self, party: Party, issuer: Issuer) -> None:
        """One that waits at an endpoint holds back no other."""
        token = issuer.token()
        issuer.refuse_next("userinfo", "invalid_token", status=401)
        issuer.refuse_next("userinfo", "insufficient_scope", status=403)

        assert party.is_active(token)
        assert [party.userinfo(token).status_code for _ in range(3)] == [401, 403, 200]


class TestRaces:
    def at_once(self, act: Callable[[httpx.Client], httpx.Response]) -> list[int]:
        """The statuses of requests that are sent at the same time."""
        barrier = Barrier(TOGETHER)

        def run() -> int:
            with httpx.Client(verify=False, trust_env=False) as http:
                barrier.wait(10)
                return act(http).status_code

        with ThreadPoolExecutor(TOGETHER) as pool:
            return sorted(one.result() for one in [pool.submit(run) for _ in range(TOGETHER)])

    def test_a_code_is_redeemed_once(self, party: Party, issuer: Issuer) -> None:
        """Whoever comes first."""
        code = party.code()

        statuses = self.at_once(lambda http: Party(issuer, http).redeem(code))
        assert statuses == [200] + [400] * (TOGETHER - 1)

    def test_a_refresh_token_is_used_once(self, party: Party, issuer: Issuer) -> None:
        """And its family is revoked by the rest."""
        token = party.login()["refresh_token"]

        statuses = self.at_once(lambda http: Party(issuer, http).refresh(token))
        assert statuses == [200] + [400] * (TOGETHER - 1)

    @pytest.mark.parametrize("alg", ["RS256", "PS256"])
    def test_a_key_is_made_once(self, issuer: Issuer, alg: str) -> None:
        """By requests that all need it first."""
        issuer.configure(alg=alg)

        statuses = self.at_once(lambda http: Party(issuer, http).credentials())
        assert statuses == [200] * TOGETHER
        assert len(issuer.keys.published) == 1

"""Two replicas of two workers each are one mock IdP: what one has done, all know."""

import json
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from idpact_mock.errors import TakenError
from idpact_mock.provider.authentication import ASSERTION_TYPE
from idpact_mock.remote import RemoteIssuer
from tests.mock_idp.provider.party import Party, header_of, payload_of
from tests.mock_idp.shared.running import ADVERTISED, RedisServer, Replica, party_at

Replicas = tuple[Replica, Replica]

AT_ONCE = 12
"""Requests that start together: more than there are workers."""


@pytest.fixture
def clients(replicas: Replicas) -> Iterator[tuple[httpx.Client, httpx.Client]]:
    """A client of each replica, which connects anew each time."""
    with replicas[0].client() as here, replicas[1].client() as there:
        yield here, there


@pytest.fixture
def here(replicas: Replicas, clients: tuple[httpx.Client, httpx.Client], issuer: RemoteIssuer) -> Party:
    """A relying party at the first replica."""
    return party_at(replicas[0], clients[0], issuer)


@pytest.fixture
def there(replicas: Replicas, clients: tuple[httpx.Client, httpx.Client], issuer: RemoteIssuer) -> Party:
    """The same relying party at the second."""
    return party_at(replicas[1], clients[1], issuer)


def all_at_once(*work: Callable[[], int]) -> Counter[int]:
    """What each of these gives, all started together, in turn."""
    start = threading.Barrier(AT_ONCE)

    def begin(one: Callable[[], int]) -> int:
        start.wait()
        return one()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        futures = [pool.submit(begin, work[index % len(work)]) for index in range(AT_ONCE)]
        return Counter(future.result() for future in futures)


class TestOnce:
    """What works once works once over all workers."""

    def test_a_code_works_elsewhere(self, here: Party, there: Party) -> None:
        """It was issued here, and gives tokens there."""
        assert there.redeem(here.code()).status_code == 200

    def test_a_code_works_once(self, here: Party, there: Party) -> None:
        """And its reuse elsewhere revokes what it gave."""
        code = here.code()
        tokens = here.redeem(code).json()

        assert there.redeem(code).json()["error"] == "invalid_grant"
        assert here.userinfo(tokens["access_token"]).status_code == 401
        assert here.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"

    def test_of_many_that_redeem_a_code_one_wins(self, here: Party, there: Party) -> None:
        """However close together they come, at whatever workers."""
        code = here.code()

        codes = all_at_once(lambda: here.redeem(code).status_code, lambda: there.redeem(code).status_code)

        assert codes == {200: 1, 400: AT_ONCE - 1}

    def test_of_many_that_refresh_one_wins(self, here: Party, there: Party) -> None:
        """Rotation, with its detection of reuse: afterwards the grant is over."""
        token = here.login()["refresh_token"]

        codes = all_at_once(lambda: here.refresh(token).status_code, lambda: there.refresh(token).status_code)

        assert codes == {200: 1, 400: AT_ONCE - 1}
        assert "revoked" in here.refresh(token).json()["error_description"]

    def test_rotation_goes_on_elsewhere(self, here: Party, there: Party) -> None:
        """Each refresh token at another replica."""
        first = here.login()["refresh_token"]
        second = there.refresh(first).json()["refresh_token"]

        assert here.refresh(second).status_code == 200
        assert there.refresh(first).json()["error"] == "invalid_grant"

    def test_an_assertion_works_once(self, here: Party, there: Party, issuer: RemoteIssuer) -> None:
        """private_key_jwt, by its jti."""
        key = ECKey.generate_key("P-256", {"kid": "k", "alg": "ES256", "use": "sig"})
        issuer.add_client("signer", auth_method="private_key_jwt", jwks={"keys": [key.as_dict(private=False)]})
        now = int(time.time())
        claims = {"iss": "signer", "sub": "signer", "aud": issuer.url, "exp": now + 60, "iat": now, "jti": "one"}
        form: dict[str, Any] = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": jwt.encode({"alg": "ES256", "kid": "k"}, claims, key),
        }

        codes = all_at_once(
            lambda: here.token(auth=None, **form).status_code, lambda: there.token(auth=None, **form).status_code
        )

        assert codes == {200: 1, 401: AT_ONCE - 1}

    def test_a_device_gets_its_tokens_once(self, here: Party, there: Party, issuer: RemoteIssuer) -> None:
        """Begun here, polled there, and everywhere at once; polls that are to wait are counted over all."""
        issuer.configure(device_interval=0, device_pending=AT_ONCE)
        begun = here.http.post(
            here.document["device_authorization_endpoint"], data={"scope": "openid"}, auth=here.auth or ("", "")
        )
        form = {
            "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
            "device_code": begun.json()["device_code"],
        }
        poll = (lambda: here.token(**form).status_code, lambda: there.token(**form).status_code)

        assert all_at_once(*poll) == {400: AT_ONCE}
        assert all_at_once(*poll) == {200: 1, 400: AT_ONCE - 1}


class TestEverywhere:
    """What is done at one worker holds at all."""

    def test_a_token_is_good_everywhere(self, here: Party, there: Party) -> None:
        """At userinfo and introspection, and verified by the keys of any."""
        tokens = here.login()

        assert there.userinfo(tokens["access_token"]).json()["sub"] == "alice"
        assert there.is_active(tokens["access_token"])
        assert there.verified(tokens["id_token"])["iss"].startswith(ADVERTISED)

    def test_a_revoked_grant_is_dead_everywhere(self, here: Party, there: Party) -> None:
        """With all that came of it."""
        tokens = here.login()
        there.revoke(tokens["refresh_token"])

        assert not here.is_active(tokens["access_token"])
        assert here.userinfo(tokens["access_token"]).status_code == 401

    def test_a_session_is_known_everywhere_and_ends_everywhere(self, here: Party, there: Party) -> None:
        """A login needs no second one elsewhere; after a logout elsewhere it does."""
        cookie = here.authorize().headers["set-cookie"].partition(";")[0]
        with httpx.Client(headers={"Cookie": cookie}) as browser:
            elsewhere = there.document["authorization_endpoint"]
            asked = {
                "client_id": there.client.client_id,
                "redirect_uri": "http://127.0.0.1:9/",
                "response_type": "code",
            }
            here.http.patch(f"/_idpact/issuers/{here.issuer.name}/provider", json={"auto_approve": False})

            assert browser.get(elsewhere, params=asked).is_redirect
            browser.get(there.document["end_session_endpoint"])
            assert not browser.get(here.document["authorization_endpoint"], params=asked).is_redirect

    def test_keys_are_the_same_and_rotate_together(self, here: Party, there: Party, issuer: RemoteIssuer) -> None:
        """All publish the same set; the token after a rotation is signed by the new key, wherever."""
        before = {there.http.get(there.document["jwks_uri"]).text for _ in range(6)}
        before |= {here.http.get(here.document["jwks_uri"]).text for _ in range(6)}
        issuer.keys.rotate()
        new = issuer.keys.published[-1]

        kids = {header_of(party.credentials().json()["access_token"])["kid"] for party in (here, there) * 4}

        assert (len(before), kids) == (1, {new})
        assert {party.http.get(party.document["jwks_uri"]).text for party in (here, there) * 4} == {
            here.http.get(here.document["jwks_uri"]).text
        }

    def test_another_algorithm_is_the_same_everywhere(self, here: Party, there: Party, issuer: RemoteIssuer) -> None:
        """Whatever keys a worker had made by then."""
        here.credentials()
        issuer.configure(alg="ES256")

        sets = {party.http.get(party.document["jwks_uri"]).text for party in (here, there) * 5}

        assert len(sets) == 1
        assert there.verified(there.login()["id_token"])["sub"] == "alice"

    def test_a_clock_moves_for_all(self, here: Party, there: Party, issuer: RemoteIssuer) -> None:
        """What has expired here has expired there."""
        token = here.login()["access_token"]
        issuer.clock.move(7_200)

        assert {party.userinfo(token).status_code for party in (here, there) * 3} == {401}

    def test_an_order_is_followed_once(self, here: Party, there: Party, issuer: RemoteIssuer) -> None:
        """The next token differs, wherever it is issued, and only that."""
        issuer.next_token(claims={"odd": True})

        odd = all_at_once(
            lambda: payload_of(here.credentials().json()["access_token"]).get("odd", False),
            lambda: payload_of(there.credentials().json()["access_token"]).get("odd", False),
        )

        assert odd == {True: 1, False: AT_ONCE - 1}

    def test_refusals_are_counted_over_all(self, here: Party, there: Party, issuer: RemoteIssuer) -> None:
        """Two were asked for, and two requests are refused."""
        for _ in range(2):
            issuer.refuse_next("token", "temporarily_unavailable", status=503)

        codes = all_at_once(lambda: here.credentials().status_code, lambda: there.credentials().status_code)

        assert codes == {503: 2, 200: AT_ONCE - 2}

    def test_clients_and_users_are_there(self, replicas: Replicas, there: Party, issuer: RemoteIssuer) -> None:
        """With the secrets that were made up for them."""
        added = issuer.add_client(scopes=["openid", "a"])
        issuer.add_user("bob", {"email": "bob@idp.test"})
        told = {"client_id": added.client_id, "client_secret": added.client_secret}
        party = party_at(replicas[1], there.http, issuer, told)

        tokens = party.login(login_hint="bob@idp.test", scope="openid")

        assert party.userinfo(tokens["access_token"]).json()["sub"] == "bob"


class TestControl:
    """A request after a change was answered sees it, at any worker."""

    def test_an_issuer_is_there_and_gone_at_once(self, replicas: Replicas) -> None:
        """Made here, it answers there; dropped there, it is gone here."""
        with replicas[0].remote() as one, replicas[1].remote() as other, replicas[1].client() as http:
            for _ in range(5):
                made = one.make_issuer()
                found = [http.get(f"{made.path}/.well-known/openid-configuration").status_code for _ in range(4)]
                other.drop_issuer(made.name)

                assert found == [200] * 4
                assert made.name not in one.issuers

    def test_of_many_that_want_a_name_one_gets_it(self, replicas: Replicas) -> None:
        """At whatever worker; and all agree which."""
        with replicas[0].client() as here, replicas[1].client() as there:
            wish = {"name": "wanted"}
            codes = all_at_once(
                lambda: here.post("/_idpact/issuers", json=wish).status_code,
                lambda: there.post("/_idpact/issuers", json=wish).status_code,
            )
            here.delete("/_idpact/issuers/wanted")

        assert codes == {201: 1, 409: AT_ONCE - 1}

    def test_a_name_that_is_free_again_begins_anew(self, replicas: Replicas) -> None:
        """The issuer of that name has other keys, secrets and an empty journal."""
        with replicas[0].remote() as one, replicas[1].remote() as other, replicas[0].client() as http:
            first = one.make_issuer("again")
            keys = http.get(f"{first.path}/jwks").text
            other.drop_issuer("again")
            second = other.make_issuer("again")

            assert http.get(f"{second.path}/jwks").text != keys
            assert len(second.journal) == 1
            one.drop_issuer("again")

    def test_a_document_changes_everywhere(self, there: Party, issuer: RemoteIssuer) -> None:
        """Also if it changes often."""
        for number in range(10):
            issuer.set_members({"x": number})
            assert there.http.get(f"{issuer.path}/.well-known/openid-configuration").json()["x"] == number

    def test_a_schedule_counts_over_all(self, here: Party, there: Party, issuer: RemoteIssuer) -> None:
        """The first five fail, and no more."""
        issuer.fail("http-503", schedule="first 5")
        at = f"{issuer.path}/.well-known/openid-configuration"

        codes = all_at_once(lambda: here.http.get(at).status_code, lambda: there.http.get(at).status_code)

        assert codes == {503: 5, 200: AT_ONCE - 5}

    def test_a_sequence_goes_on_over_all(self, here: Party, there: Party, issuer: RemoteIssuer) -> None:
        """Each step is served once."""
        issuer.serve_sequence([{"set": {"x": number}} for number in range(AT_ONCE)])
        at = f"{issuer.path}/.well-known/openid-configuration"

        seen = all_at_once(lambda: here.http.get(at).json()["x"], lambda: there.http.get(at).json()["x"])

        assert seen == dict.fromkeys(range(AT_ONCE), 1)

    @pytest.mark.parametrize("wish", [{"failure": "connection-refused"}, {"failure": "tls-expired"}])
    def test_what_needs_a_port_is_refused(self, replicas: Replicas, wish: dict[str, str]) -> None:
        """With a word on what to do."""
        with replicas[0].client() as http:
            answer = http.post("/_idpact/issuers", json=wish)

        assert answer.status_code == 422
        assert "run one server without a store" in answer.json()["message"]

    def test_a_refused_change_leaves_nothing(self, replicas: Replicas, issuer: RemoteIssuer) -> None:
        """Errors are those of one server."""
        with replicas[1].remote() as other:
            with pytest.raises(TakenError):
                other.make_issuer(issuer.name)
            with pytest.raises(ValueError, match="no_such"):
                other.issuers[issuer.name].fail("no_such")

            assert other.issuers[issuer.name].failure is None

    def test_an_issuer_that_is_gone_leaves_nothing(self, replicas: Replicas, redis: RedisServer) -> None:
        """But the word that it is gone, for those who haven't heard it yet: no key, and none of its changes."""
        store = redis.client()
        before = store.xlen("package:log")
        with replicas[0].client() as here, replicas[1].remote() as other:
            made = other.make_issuer("leaving")
            for number in range(5):
                made.set_members({"x": number})
            party_at(replicas[0], here, made).login()
            assert list(store.scan_iter("package:*:leaving@*"))
            other.drop_issuer("leaving")

        assert not list(store.scan_iter("package:*:leaving@*"))
        assert store.xlen("package:log") == before + 1

    def test_a_refused_change_isnt_kept(self, replicas: Replicas, redis: RedisServer, issuer: RemoteIssuer) -> None:
        """Whoever joins later need not be refused it, too."""
        store = redis.client()
        before = store.xlen("package:log")
        with replicas[1].client() as http:
            at = f"/_idpact/issuers/{issuer.name}"
            wrong: list[Any] = [{"no": 1}, {"failure": "no"}, []]
            codes = [http.patch(at, json=told).status_code for told in wrong]

        assert codes == [422, 422, 400]
        assert store.xlen("package:log") == before

    def test_nothing_is_left_for_ever(self, here: Party, there: Party, redis: RedisServer) -> None:
        """Every key of a deployment goes by itself once no server touches it."""
        there.refresh(here.login()["refresh_token"])
        here.http.get("/nowhere")
        here.http.patch(f"/_idpact/issuers/{here.issuer.name}", json={"failure": "http-503"})
        here.http.get(f"{here.issuer.path}/.well-known/openid-configuration")
        store = redis.client()

        keys = list(store.scan_iter("package:*"))

        assert len(keys) > 10
        assert [key for key in keys if not 0 < store.ttl(key) <= 86_400] == []

    def test_who_joins_later_knows_all(self, replicas: Replicas, issuer: RemoteIssuer) -> None:
        """A worker that takes another's place has every issuer as it is now."""
        issuer.set_members({"x": 1})
        issuer.fail("http-503", schedule="first 3")
        at = f"{issuer.path}/.well-known/openid-configuration"
        with replicas[1].client() as http:
            first = [http.get(at).status_code for _ in range(2)]
            for pid in replicas[1].children():
                replicas[1].errors.clear()
                os.kill(pid, signal.SIGKILL)
                replicas[1].wait_for("another takes its place")
            rest = [http.get(at) for _ in range(2)]

        assert (first, [answer.status_code for answer in rest]) == ([503, 503], [503, 200])
        assert rest[1].json()["x"] == 1


class TestJournals:
    """Journals are one."""

    def test_all_requests_are_in_it_and_ended(self, here: Party, there: Party, issuer: RemoteIssuer) -> None:
        """Whoever has read an answer finds its entry, complete, wherever he looks."""
        at = f"{issuer.path}/.well-known/openid-configuration"
        for number in range(1, 9):
            (here, there)[number % 2].http.get(at)
            entries = issuer.journal.entries

            assert [entry.number for entry in entries] == list(range(1, number + 1))
            assert {(entry.ended, entry.status) for entry in entries} == {("complete", 200)}
            assert all(entry.bytes_sent > 500 for entry in entries)

    def test_waits_for_requests_elsewhere(self, there: Party, issuer: RemoteIssuer) -> None:
        """As soon as they come."""
        at = f"{issuer.path}/.well-known/openid-configuration"
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(issuer.journal.wait, 2, timeout=20, ended=True)
            there.http.get(at)
            there.http.get(at)

            assert len(waiting.result()) == 2

    def test_answers_questions(self, there: Party, issuer: RemoteIssuer) -> None:
        """In OIDC terms."""
        there.http.get(f"{issuer.path}/.well-known/openid-configuration")
        there.login()

        assert len(issuer.journal.discovery_requests()) == 1
        assert [used.method for used in issuer.journal.client_authentications()] == ["client_secret_basic"]

    def test_is_followed_live(self, there: Party, issuer: RemoteIssuer) -> None:
        """The console's stream of events, too."""
        with there.http.stream("GET", f"/_idpact/issuers/{issuer.name}/events", params={"timeout": 20}) as stream:
            lines = stream.iter_lines()
            next(lines)
            httpx.get(issuer.discovery_url.replace(ADVERTISED, there.document["jwks_uri"].partition(issuer.path)[0]))
            event = next(line for line in lines if line.startswith("data:"))

        assert json.loads(event.removeprefix("data:"))["kind"] == "discovery"

    def test_a_stream_ends_with_its_issuer(self, replicas: Replicas) -> None:
        """Dropped at another replica, without a request to this one."""
        with replicas[0].remote() as one, replicas[1].client() as http:
            made = one.make_issuer()
            at = f"/_idpact/issuers/{made.name}/events"
            with http.stream("GET", at, params={"timeout": 60}) as stream:
                lines = stream.iter_lines()
                next(lines)
                one.drop_issuer(made)

                assert "event: gone" in lines

    def test_is_cleared_for_all(self, here: Party, there: Party, issuer: RemoteIssuer, replicas: Replicas) -> None:
        """And numbering goes on."""
        at = f"{issuer.path}/.well-known/openid-configuration"
        here.http.get(at)
        with replicas[1].remote() as other:
            assert len(other.issuers[issuer.name].journal) == 1
            issuer.journal.clear()
            there.http.get(at)

            assert [entry.number for entry in other.issuers[issuer.name].journal.entries] == [2]

    def test_strays_are_shared(self, replicas: Replicas) -> None:
        """Requests that belong to no issuer."""
        with replicas[0].remote() as one, replicas[1].client() as http:
            mark = one.strays.mark()
            http.get("/nowhere")

            assert [entry.target for entry in one.strays.since(mark)] == ["/nowhere"]

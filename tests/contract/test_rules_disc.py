"""DISC's judges: each passes right evidence and catches a planted fault."""

import base64
from typing import Any

import pytest

from idpact_contract.evidence import Asked
from idpact_contract.judgement import Judgement, Passed, Violated
from idpact_contract.rules.disc import carriers, discovery_target
from idpact_mock import Outcome
from tests.contract.building import (
    CREDENTIALS,
    ISSUER,
    OTHER_ISSUER,
    OTHER_URLS,
    URLS,
    connection,
    document,
    judged,
    not_served,
    refused,
    served,
    stray,
    updated,
)

WELL_KNOWN = "/.well-known/openid-configuration"
FIRST = {"issuer": ISSUER}
FILLED = connection(issuer=ISSUER, **CREDENTIALS, **URLS)
OTHER = served(document(OTHER_ISSUER, at=OTHER_URLS), issuer=OTHER_ISSUER)


class TestTarget:
    @pytest.mark.parametrize(
        ("issuer", "target"),
        [
            ("https://idp.test", WELL_KNOWN),
            ("https://idp.test/", WELL_KNOWN),
            ("https://idp.test/a/b", f"/a/b{WELL_KNOWN}"),
            ("https://idp.test/a/", f"/a{WELL_KNOWN}"),
            ("https://idp.test/%7Ba%7D", f"/%7Ba%7D{WELL_KNOWN}"),
        ],
    )
    def test_the_path_is_kept_and_one_final_slash_dropped(self, issuer: str, target: str) -> None:
        """Discovery 1.0, section 4.1."""
        assert discovery_target(issuer) == target


@pytest.mark.parametrize("rule_id", ["DISC-1", "DISC-3"])
class TestDisc1And3:
    ISSUER = "https://idp.test/auth/realms/Acme"

    def judge(self, rule_id: str, *asked: Asked) -> Judgement:
        """What the rule says of an update with an issuer with a path."""
        return judged(rule_id, updated({"issuer": self.ISSUER}, *asked))

    def test_passes_the_right_address(self, rule_id: str) -> None:
        """The document was requested below the issuer's path."""
        assert self.judge(rule_id, served(issuer=self.ISSUER)) == Passed()

    def test_passes_a_request_that_got_a_failure(self, rule_id: str) -> None:
        """What was answered doesn't matter."""
        assert self.judge(rule_id, not_served(issuer=self.ISSUER)) == Passed()

    def test_passes_a_second_look_elsewhere(self, rule_id: str) -> None:
        """Other addresses may be asked as well."""
        assert self.judge(rule_id, stray(), served(issuer=self.ISSUER)) == Passed()

    def test_catches_a_dropped_path(self, rule_id: str) -> None:
        """The common bug: the document is looked for at the host's root."""
        assert self.judge(rule_id, stray(WELL_KNOWN)) == Violated(
            expected=f"GET /auth/realms/Acme{WELL_KNOWN}", observed=f"GET {WELL_KNOWN} (after 0.005 s)"
        )

    def test_catches_the_inserted_form(self, rule_id: str) -> None:
        """RFC 8414 puts the well-known part before the path, Discovery doesn't."""
        assert isinstance(self.judge(rule_id, stray(f"{WELL_KNOWN}/auth/realms/Acme")), Violated)

    def test_catches_no_request(self, rule_id: str) -> None:
        """Nothing was looked up at all."""
        verdict = self.judge(rule_id)

        assert isinstance(verdict, Violated)
        assert verdict.observed == "no request reached the mock IdP"

    def test_catches_the_right_path_at_another_issuer(self, rule_id: str) -> None:
        """The same target on another issuer's port is another address."""
        elsewhere = Asked(at=0.0, method="GET", target=discovery_target(self.ISSUER), issuer=OTHER_ISSUER)

        assert isinstance(self.judge(rule_id, elsewhere), Violated)

    def test_catches_a_refusal(self, rule_id: str) -> None:
        """An issuer must be accepted."""
        assert judged(rule_id, refused(400, FIRST)) == Violated(
            expected="200 to the update", observed='400 "That can\'t be."'
        )

    @pytest.mark.parametrize("method", ["HEAD", "POST"])
    def test_catches_a_request_that_can_get_no_document(self, rule_id: str, method: str) -> None:
        """A document is got by GET (Discovery 1.0, section 4.1): a HEAD or a POST alone requested none."""
        asked = Asked(at=0.0, method=method, target=discovery_target(self.ISSUER), issuer=self.ISSUER, status=405)

        assert isinstance(self.judge(rule_id, asked), Violated)


@pytest.mark.parametrize("rule_id", ["DISC-2", "DISC-8"])
class TestDisc2And8:
    def judge(self, rule_id: str, *asked: Asked, inferred: dict[str, str] | None = None) -> Judgement:
        """What the rule says of a change to the other issuer."""
        return judged(rule_id, updated({"issuer": OTHER_ISSUER}, *asked, before=FILLED, inferred=inferred))

    def test_passes_new_values_from_the_new_issuer(self, rule_id: str) -> None:
        """Requested again, there, and used."""
        assert self.judge(rule_id, OTHER, inferred=OTHER_URLS) == Passed()

    def test_catches_a_request_at_the_old_issuer(self, rule_id: str) -> None:
        """The old document was read again."""
        assert isinstance(self.judge(rule_id, served()), Violated)

    def test_catches_old_values_kept(self, rule_id: str) -> None:
        """Requested, and then not used."""
        verdict = self.judge(rule_id, OTHER)

        assert isinstance(verdict, Violated)
        assert {entry.field for entry in verdict.differences} == set(URLS)

    def test_catches_no_request(self, rule_id: str) -> None:
        """A change that was taken for none."""
        assert isinstance(self.judge(rule_id), Violated)

    def test_catches_a_refusal(self, rule_id: str) -> None:
        """A changed issuer must be accepted."""
        assert isinstance(judged(rule_id, refused(409, {"issuer": OTHER_ISSUER}, before=FILLED)), Violated)


class TestDisc4:
    ISSUER = "https://idp.test/a/"

    def judge(self, *asked: Asked, stored: str = ISSUER) -> Judgement:
        """What DISC-4 says of an issuer with a final slash, stored so."""
        step = updated({"issuer": self.ISSUER}, *asked, after=connection(issuer=stored))
        return judged("DISC-4", step)

    def test_passes_one_slash(self) -> None:
        """Requested below one slash and stored as typed."""
        assert self.judge(served(issuer=self.ISSUER)) == Passed()

    def test_catches_a_doubled_slash(self) -> None:
        """The commonest bug: the suffix is glued to an issuer that already ends in a slash."""
        assert self.judge(stray(f"/a/{WELL_KNOWN}")) == Violated(
            expected=f"GET /a{WELL_KNOWN}", observed=f"GET /a/{WELL_KNOWN} (after 0.005 s)"
        )

    def test_catches_a_doubled_slash_beside_a_right_request(self) -> None:
        """Asking both ways is still asking with two."""
        assert isinstance(self.judge(served(issuer=self.ISSUER), stray(f"/a/{WELL_KNOWN}")), Violated)

    def test_catches_an_issuer_that_was_trimmed(self) -> None:
        """The stored issuer is the typed one, slash and all."""
        verdict = self.judge(served(issuer=self.ISSUER), stored="https://idp.test/a")

        assert isinstance(verdict, Violated)
        assert verdict.differences[0].field == "issuer"

    def test_catches_no_request(self) -> None:
        """Nothing was looked up."""
        assert isinstance(self.judge(), Violated)

    def test_catches_a_refusal(self) -> None:
        """A final slash is no reason to refuse."""
        assert isinstance(judged("DISC-4", refused(400, {"issuer": self.ISSUER})), Violated)


@pytest.mark.parametrize("rule_id", ["DISC-5", "DISC-6"])
class TestDisc5And6:
    MOVED = served(document(at=OTHER_URLS))

    def test_passes_values_that_stay(self, rule_id: str) -> None:
        """What the body names changes, nothing else."""
        assert judged(rule_id, updated({"display_name": "New"}, before=FILLED)) == Passed()

    def test_passes_a_needless_request_without_effect(self, rule_id: str) -> None:
        """Reading the document again is no fault; using it would be."""
        assert judged(rule_id, updated({}, self.MOVED, before=FILLED)) == Passed()

    def test_passes_an_empty_url_that_is_filled(self, rule_id: str) -> None:
        """Filling an empty URL is open."""
        before = {**FILLED, "token_url": ""}

        assert (
            judged(rule_id, updated({}, served(), before=before, inferred={"token_url": URLS["token_url"]})) == Passed()
        )

    def test_catches_urls_inferred_again(self, rule_id: str) -> None:
        """Without a change of issuer the document is nobody's business."""
        verdict = judged(rule_id, updated({}, self.MOVED, before=FILLED, inferred=OTHER_URLS))

        assert isinstance(verdict, Violated)
        assert {entry.field for entry in verdict.differences} == set(URLS)

    def test_catches_a_cleared_value(self, rule_id: str) -> None:
        """Emptying what the body didn't name is a change."""
        assert isinstance(judged(rule_id, updated({}, before=FILLED, after={**FILLED, "client_id": ""})), Violated)

    def test_catches_a_change_in_the_response_alone(self, rule_id: str) -> None:
        """The answer counts as well as the read."""
        step = updated({}, before=FILLED, response={**FILLED, "token_url": "https://other.example"})

        assert isinstance(judged(rule_id, step), Violated)

    def test_catches_a_refusal(self, rule_id: str) -> None:
        """Such an update must be accepted."""
        assert isinstance(judged(rule_id, refused(400, before=FILLED)), Violated)

    def test_catches_a_connection_that_is_gone(self, rule_id: str) -> None:
        """What its owner can't read any more has changed."""
        assert isinstance(judged(rule_id, updated({}, before=FILLED, after=None)), Violated)


class TestDisc7:
    SECRET = "canary/secret+0001"

    def judge(self, **told: Any) -> Judgement:  # noqa: ANN401 - fields of Asked
        """What DISC-7 says of a request that is plain but for this."""
        asked = served(**{"headers": (("host", "idp.test"), ("accept", "*/*")), **told})
        return judged("DISC-7", updated(FIRST, asked), credentials=(self.SECRET,))

    def test_passes_a_plain_get(self) -> None:
        """Host and Accept are all that it needs."""
        assert self.judge() == Passed()

    @pytest.mark.parametrize(
        ("told", "fault"),
        [
            pytest.param({"method": "POST"}, "the method POST", id="method"),
            pytest.param({"body": "{}"}, "a body of 2 characters", id="body"),
            pytest.param({"headers": (("cookie", "a=b"),)}, "the header Cookie", id="cookie"),
            pytest.param({"headers": (("Authorization", "Basic x"),)}, "the header Authorization", id="authorization"),
            pytest.param({"headers": (("x-key", SECRET),)}, "credentials in the header x-key", id="header"),
            pytest.param(
                {"target": f"{WELL_KNOWN}?key=canary%2Fsecret%2B0001"},
                "credentials in the target",
                id="percent-encoded",
            ),
        ],
    )
    def test_catches_what_is_not_plain(self, told: dict[str, object], fault: str) -> None:
        """Each thing that doesn't belong into the request is named."""
        verdict = self.judge(**told)

        assert isinstance(verdict, Violated)
        assert verdict.observed == fault

    def test_never_tells_the_credential(self) -> None:
        """The finding says where, never what."""
        assert self.SECRET not in repr(self.judge(headers=(("x-key", self.SECRET),)))

    def test_catches_no_request(self) -> None:
        """A request that never came was no plain GET."""
        assert isinstance(judged("DISC-7", updated(FIRST)), Violated)

    def test_leaves_other_requests_alone(self) -> None:
        """Only requests for a document are meant."""
        keys = Asked(at=0.1, method="GET", target="/jwks", kind="jwks", headers=(("cookie", "a=b"),))

        assert judged("DISC-7", updated(FIRST, served(), keys)) == Passed()


class TestCarriers:
    @pytest.mark.parametrize("before", ["", "u", "us", "use", "user:", "client-0001:"])
    @pytest.mark.parametrize("after", ["", "x", "xy", "xyz"])
    @pytest.mark.parametrize("alphabet", ["standard", "urlsafe"])
    def test_base64_is_seen_through_in_every_alignment(self, before: str, after: str, alphabet: str) -> None:
        """Whatever stands before and after the secret in what was encoded."""
        encode = base64.b64encode if alphabet == "standard" else base64.urlsafe_b64encode
        token = encode(f"{before}canary?secret>0001~{after}".encode()).decode()
        asked = served(headers=(("x-token", token),))

        assert carriers(asked, ("canary?secret>0001~",)) == "the header x-token"

    def test_a_secret_in_json_is_seen(self) -> None:
        """As JSON writes it."""
        assert carriers(served(body='{"s": "can\\"ary"}'), ('can"ary',)) == "the body"

    def test_an_innocent_request_carries_nothing(self) -> None:
        """No secret, no place."""
        assert carriers(served(headers=(("accept", "*/*"),), outcome=Outcome.YES), ("canary-0001", "")) is None

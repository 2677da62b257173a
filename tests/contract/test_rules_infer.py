"""INFER's and CRED's judges: each passes right evidence and catches a planted fault."""

from typing import Any, ClassVar

import pytest

from idpact_contract.connection import MEMBER_OF, URL_FIELDS
from idpact_contract.evidence import WireFacts
from idpact_contract.judgement import Judgement, NotJudged, Passed, Violated
from idpact_contract.rules.infer import no_text_form_is_stored
from idpact_mock import Outcome
from tests.contract.building import (
    CREDENTIALS,
    ISSUER,
    OTHER_ISSUER,
    OTHER_URLS,
    TYPED_URLS,
    URLS,
    connection,
    document,
    evidence,
    judged,
    refused,
    served,
    stray,
    updated,
)

FIRST = {"issuer": ISSUER}
CHANGE = {"issuer": OTHER_ISSUER}
FILLED = connection(issuer=ISSUER, **URLS)
OTHER = served(document(OTHER_ISSUER, at=OTHER_URLS), issuer=OTHER_ISSUER)
OWN_MEMBER = [(f"INFER-{number}", field) for number, field in enumerate(URL_FIELDS, start=1)]
ABOUT_DOCUMENTS = [
    *(f"INFER-{number}" for number in range(1, 12)),
    "CRED-1",
    "CRED-2",
]


@pytest.mark.parametrize("rule_id", ABOUT_DOCUMENTS)
class TestWhereNothingCanBeInferred:
    def test_is_not_judged_where_another_address_was_asked(self, rule_id: str) -> None:
        """Having asked elsewhere, and got nothing there, is DISC's matter."""
        verdict = judged(rule_id, updated(FIRST, stray()))

        assert isinstance(verdict, NotJudged)
        assert "/.well-known/oauth-authorization-server" in verdict.reason

    def test_catches_that_nothing_was_asked(self, rule_id: str) -> None:
        """The issuer changed, and nothing was looked up."""
        assert judged(rule_id, updated(FIRST)) == Violated(
            expected="GET /.well-known/openid-configuration", observed="no request reached the mock IdP"
        )

    def test_catches_a_refusal(self, rule_id: str) -> None:
        """The update must be accepted."""
        assert isinstance(judged(rule_id, refused(500, FIRST)), Violated)


@pytest.mark.parametrize("rule_id", [name for name in ABOUT_DOCUMENTS if name != "INFER-8"])
def test_an_accepted_update_whose_connection_shows_nowhere_is_caught(rule_id: str) -> None:
    """Response and read both lack it, so nothing can be as it should."""
    assert isinstance(judged(rule_id, updated(FIRST, served(), response=None, after=None)), Violated)


@pytest.mark.parametrize(("rule_id", "field"), OWN_MEMBER)
class TestOwnMembers:
    def test_passes_the_member_as_written(self, rule_id: str, field: str) -> None:
        """Exactly what stands there."""
        del field
        assert judged(rule_id, updated(FIRST, served(), inferred=URLS)) == Passed()

    def test_catches_another_members_value(self, rule_id: str, field: str) -> None:
        """Two members mixed up."""
        swapped = {**URLS, field: URLS[next(name for name in URL_FIELDS if name != field)]}
        verdict = judged(rule_id, updated(FIRST, served(), inferred=swapped))

        assert isinstance(verdict, Violated)
        assert verdict.differences[0].allowed == (URLS[field],)

    def test_catches_a_tidied_value(self, rule_id: str, field: str) -> None:
        """A URL that was normalised isn't as written."""
        written = "https://IdP.example:443/a/./b"
        asked = served({**document(), MEMBER_OF[field]: written})
        verdict = judged(rule_id, updated(FIRST, asked, inferred={**URLS, field: "https://idp.example/a/b"}))

        assert isinstance(verdict, Violated)

    def test_catches_nothing_inferred(self, rule_id: str, field: str) -> None:
        """The document was served, and not used."""
        del field
        assert isinstance(judged(rule_id, updated(FIRST, served())), Violated)

    def test_leaves_the_other_fields_to_their_rules(self, rule_id: str, field: str) -> None:
        """One member's fault is told once."""
        assert judged(rule_id, updated(FIRST, served(), inferred={field: URLS[field]})) == Passed()


class TestInfer5:
    LACKING = served(document(without=["userinfo_endpoint"]))
    THREE: ClassVar = {field: url for field, url in URLS.items() if field != "userinfo_url"}

    def test_passes_the_others_inferred_and_nothing_invented(self) -> None:
        """Three inferred, the fourth empty."""
        assert judged("INFER-5", updated(FIRST, self.LACKING, inferred=self.THREE)) == Passed()

    @pytest.mark.parametrize("left", [URLS["userinfo_url"], ""], ids=["kept", "cleared"])
    def test_passes_an_old_value_kept_or_cleared(self, left: str) -> None:
        """What happens to an old value is open."""
        lacking = served(document(OTHER_ISSUER, at=OTHER_URLS, without=["userinfo_endpoint"]), issuer=OTHER_ISSUER)
        step = updated(CHANGE, lacking, before=FILLED, inferred={**OTHER_URLS, "userinfo_url": left})

        assert judged("INFER-5", step) == Passed()

    def test_catches_an_invented_value(self) -> None:
        """A guess from the issuer's address is an invention."""
        guessed = {**self.THREE, "userinfo_url": f"{ISSUER}/userinfo"}

        assert isinstance(judged("INFER-5", updated(FIRST, self.LACKING, inferred=guessed)), Violated)

    def test_catches_a_document_given_up(self) -> None:
        """One missing member is no reason to infer nothing."""
        assert isinstance(judged("INFER-5", updated(FIRST, self.LACKING)), Violated)


@pytest.mark.parametrize("rule_id", ["INFER-6", "INFER-11"])
class TestInfer6And11:
    def test_passes_the_new_documents_values(self, rule_id: str) -> None:
        """All four replaced."""
        assert judged(rule_id, updated(CHANGE, OTHER, before=FILLED, inferred=OTHER_URLS)) == Passed()

    def test_passes_a_value_typed_in_this_body(self, rule_id: str) -> None:
        """What is typed now isn't replaced."""
        typed = {**CHANGE, "jwks_url": TYPED_URLS["jwks_url"]}

        assert judged(rule_id, updated(typed, OTHER, before=FILLED, inferred=OTHER_URLS)) == Passed()

    def test_catches_old_values_that_stayed(self, rule_id: str) -> None:
        """Only empty fields were filled."""
        assert isinstance(judged(rule_id, updated(CHANGE, OTHER, before=FILLED)), Violated)


class TestInfer7:
    MISNAMED = served(document("https://elsewhere.test"))

    def test_passes_the_typed_issuer(self) -> None:
        """The document's name for itself changes nothing."""
        assert judged("INFER-7", updated(FIRST, self.MISNAMED)) == Passed()

    @pytest.mark.parametrize("stored", ["https://elsewhere.test", f"{ISSUER}/", ""])
    def test_catches_any_other_issuer(self, stored: str) -> None:
        """The document's, a tidied one, none at all."""
        step = updated(FIRST, self.MISNAMED, after=connection(issuer=stored))

        assert isinstance(judged("INFER-7", step), Violated)


class TestInfer8:
    NUMBER = served(document(userinfo_endpoint=7), outcome=Outcome.YES_UNUSABLE)

    @pytest.mark.parametrize("value", ["", "7", "https://kept.example"])
    def test_passes_any_string(self, value: str) -> None:
        """Which string is the other half's matter."""
        assert judged("INFER-8", updated(FIRST, self.NUMBER, inferred={**URLS, "userinfo_url": value})) == Passed()

    @pytest.mark.parametrize("value", [7, None, True, ["a"], {"a": 1}])
    def test_catches_anything_but_a_string(self, value: object) -> None:
        """The field is what an SDK parses as a string."""
        step = updated(FIRST, self.NUMBER, after=connection(issuer=ISSUER, **{**URLS, "userinfo_url": value}))

        assert isinstance(judged("INFER-8", step), Violated)

    def test_passes_null_on_a_wire_of_its_own(self) -> None:
        """That unset strings are "" is the documented wires' way alone."""
        step = updated(FIRST, self.NUMBER, after=connection(issuer=ISSUER, **{**URLS, "userinfo_url": None}))

        assert judged("INFER-8", step, wire=WireFacts(documented=False)) == Passed()

    def test_does_not_pass_where_no_connection_shows(self) -> None:
        """Without a connection there is no string."""
        assert not isinstance(judged("INFER-8", updated(FIRST, self.NUMBER, response=None, after=None)), Passed)

    def test_the_other_half_passes_nothing_stored(self) -> None:
        """The member skipped, the others inferred."""
        step = updated(FIRST, self.NUMBER, inferred={**URLS, "userinfo_url": ""})

        assert no_text_form_is_stored(evidence(step)) == Passed()

    def test_the_other_half_passes_a_document_not_used(self) -> None:
        """Nothing inferred at all."""
        assert no_text_form_is_stored(evidence(updated(FIRST, self.NUMBER))) == Passed()

    @pytest.mark.parametrize("value", ["7", 7])
    def test_the_other_half_catches_the_value_in_any_form(self, value: object) -> None:
        """Neither the number nor its text."""
        step = updated(FIRST, self.NUMBER, after=connection(issuer=ISSUER, **{**URLS, "userinfo_url": value}))

        assert isinstance(no_text_form_is_stored(evidence(step)), Violated)


class TestInfer9:
    MISNAMED = served(document("https://elsewhere.test", at=OTHER_URLS), outcome=Outcome.NOT_STRICT)

    def test_passes_a_document_that_is_not_used(self) -> None:
        """A new connection's URLs stay empty."""
        assert judged("INFER-9", updated(FIRST, self.MISNAMED)) == Passed()

    @pytest.mark.parametrize("left", [URLS, dict.fromkeys(URLS, "")], ids=["kept", "cleared"])
    def test_passes_old_values_kept_or_cleared(self, left: dict[str, str]) -> None:
        """As when a document can't be read."""
        before = connection(issuer=OTHER_ISSUER, **URLS)

        assert judged("INFER-9", updated(FIRST, self.MISNAMED, before=before, inferred=left)) == Passed()

    def test_passes_typed_values(self) -> None:
        """What was typed has nothing to do with the document."""
        assert judged("INFER-9", updated({**FIRST, **TYPED_URLS}, self.MISNAMED)) == Passed()

    def test_catches_a_document_that_is_used(self) -> None:
        """One field is enough."""
        step = updated(FIRST, self.MISNAMED, inferred={"token_url": OTHER_URLS["token_url"]})

        assert isinstance(judged("INFER-9", step), Violated)


class TestInfer10:
    DECOY = served(document(display_name="Decoy", identity_provider="okta"))

    def test_passes_what_was_there_before(self) -> None:
        """A name of its own stays."""
        before = connection(display_name="Own", identity_provider="generic")

        assert judged("INFER-10", updated(FIRST, self.DECOY, before=before)) == Passed()

    @pytest.mark.parametrize("inferred", [{"display_name": "Decoy"}, {"identity_provider": "okta"}])
    def test_catches_the_documents_value(self, inferred: dict[str, str]) -> None:
        """Neither is ever inferred."""
        assert isinstance(judged("INFER-10", updated(FIRST, self.DECOY, inferred=inferred)), Violated)


class TestCred1And2:
    DECOY = served(document(client_id="decoy-id", client_secret="decoy-secret"))
    HIDDEN = WireFacts(shows_secret=False)

    @pytest.mark.parametrize("rule_id", ["CRED-1", "CRED-2"])
    def test_passes_credentials_that_stay(self, rule_id: str) -> None:
        """The administrator's own, or none."""
        before = connection(**CREDENTIALS)

        assert judged(rule_id, updated(FIRST, self.DECOY, before=before, inferred=URLS)) == Passed()
        assert judged(rule_id, updated(FIRST, self.DECOY, inferred=URLS)) == Passed()

    @pytest.mark.parametrize(
        ("rule_id", "inferred"),
        [("CRED-1", {"client_id": "decoy-id"}), ("CRED-2", {"client_secret": "decoy-secret"})],
    )
    def test_catches_the_documents_value(self, rule_id: str, inferred: dict[str, str]) -> None:
        """A decoy that was swallowed."""
        assert isinstance(judged(rule_id, updated(FIRST, self.DECOY, inferred={**URLS, **inferred})), Violated)

    def hidden(self, status: str, **before: str) -> Judgement:
        """What CRED-2 says where reads hide the secret and the status is this."""
        old = connection(client_id="client-0001", **before)
        return judged(
            "CRED-2", updated(FIRST, self.DECOY, before=old, inferred={**URLS, "status": status}), wire=self.HIDDEN
        )

    def test_where_reads_hide_it_pending_shows_that_none_was_taken(self) -> None:
        """Six fields and no secret: pending."""
        assert self.hidden("pending") == Passed()

    def test_where_reads_hide_it_active_gives_it_away(self) -> None:
        """Active without a typed secret: the document's was taken."""
        assert isinstance(self.hidden("active"), Violated)

    def test_where_reads_hide_a_secret_typed_earlier_active_is_right(self) -> None:
        """CRED-2/own-credentials: all seven are there, so the connection is rightly active."""
        given = updated(CREDENTIALS, judged=False, after=connection(client_id=CREDENTIALS["client_id"]))
        before = connection(client_id=CREDENTIALS["client_id"])
        step = updated(FIRST, self.DECOY, before=before, inferred={**URLS, "status": "active"})

        assert not isinstance(judged("CRED-2", given, step, wire=self.HIDDEN), Violated)


class TestCred3:
    SECRET = CREDENTIALS["client_secret"]

    def test_passes_requests_without_the_secret(self) -> None:
        """A plain request after the credentials were typed."""
        assert judged("CRED-3", updated({**FIRST, **CREDENTIALS}, served())) == Passed()

    @pytest.mark.parametrize(
        "told",
        [
            pytest.param({"target": f"/token?secret={SECRET}"}, id="target"),
            pytest.param({"body": f"client_secret={SECRET}"}, id="body"),
            pytest.param({"headers": (("x-secret", SECRET),)}, id="header"),
        ],
    )
    def test_catches_the_secret_wherever_it_is_carried(self, told: dict[str, Any]) -> None:
        """Target, body or header."""
        verdict = judged("CRED-3", updated({**FIRST, **CREDENTIALS}, served(**told)))

        assert isinstance(verdict, Violated)
        assert verdict.expected == "no request to the identity provider that carries client_secret"

    def test_catches_a_secret_that_was_stored_before(self) -> None:
        """The stored secret counts as well as a typed one."""
        step = updated(CHANGE, served(body=self.SECRET), before=connection(**CREDENTIALS))

        assert isinstance(judged("CRED-3", step), Violated)

    def test_is_not_judged_where_nothing_was_asked(self) -> None:
        """A secret can't leak through a request that never came."""
        assert isinstance(judged("CRED-3", updated({**FIRST, **CREDENTIALS})), NotJudged)

    def test_catches_a_refusal(self) -> None:
        """The updates must be accepted."""
        assert isinstance(judged("CRED-3", refused(400, CREDENTIALS)), Violated)

    def test_catches_a_secret_typed_earlier_that_reads_hide(self) -> None:
        """CRED-3/typed-later: the third update carries what the second one typed."""
        typed = updated(CREDENTIALS, served(), after=connection(client_id="client-0001"))
        leaking = updated(CHANGE, served(body=self.SECRET), before=connection(client_id="client-0001"))

        assert isinstance(judged("CRED-3", typed, leaking, wire=WireFacts(shows_secret=False)), Violated)

"""FALL's judges: each passes right evidence and catches a planted fault."""

import pytest

from idpact_contract.evidence import Asked, IssuerFacts
from idpact_contract.judgement import NotJudged, Passed, Violated
from idpact_contract.rules.fall import LIMIT_SECONDS, no_warning_when_read
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
    not_served,
    refused,
    served,
    stray,
    updated,
)

SEVEN = {"issuer": ISSUER, **CREDENTIALS, **TYPED_URLS}
SOME = {"issuer": ISSUER, **CREDENTIALS, "jwks_url": TYPED_URLS["jwks_url"]}
FAILED = not_served()
UNREACHABLE = (IssuerFacts(url=ISSUER, discovery_target="/", failure="connection-refused", reachable=False),)


class TestFall1:
    def test_passes_what_was_typed(self) -> None:
        """Issuer and every typed value are stored in spite of the failure."""
        assert judged("FALL-1", updated(SOME, FAILED)) == Passed()

    def test_passes_where_nothing_was_asked(self) -> None:
        """Whether it was asked is DISC's matter."""
        assert judged("FALL-1", updated(SOME)) == Passed()

    @pytest.mark.parametrize("status", [400, 422, 500, 502, 504])
    def test_catches_an_update_that_fails_along(self, status: int) -> None:
        """The commonest bug: the identity provider's failure becomes the administrator's."""
        assert isinstance(judged("FALL-1", refused(status, SOME)), Violated)

    def test_catches_no_answer(self) -> None:
        """A hang that is passed on."""
        assert judged("FALL-1", refused(None, SOME)) == Violated(
            expected="200 to the update", observed="no answer after 75.0 s"
        )

    @pytest.mark.parametrize("field", ["issuer", "client_id", "jwks_url"])
    def test_catches_a_typed_value_that_was_lost(self, field: str) -> None:
        """Accepted, and not stored."""
        verdict = judged("FALL-1", updated(SOME, FAILED, after={**connection(), **SOME, field: ""}))

        assert isinstance(verdict, Violated)
        assert {entry.field for entry in verdict.differences} == {field}


class TestFall2:
    def test_passes_nothing_inferred(self) -> None:
        """The fields that weren't typed stay empty."""
        assert judged("FALL-2", updated(SOME, FAILED)) == Passed()

    @pytest.mark.parametrize("left", [OTHER_URLS, dict.fromkeys(OTHER_URLS, "")], ids=["kept", "cleared"])
    def test_passes_old_values_kept_or_cleared(self, left: dict[str, str]) -> None:
        """What happens to the old issuer's values is open."""
        before = connection(issuer=OTHER_ISSUER, **OTHER_URLS)

        assert judged("FALL-2", updated(SOME, FAILED, before=before, inferred=left)) == Passed()

    def test_catches_the_document_in_an_errors_body(self) -> None:
        """A 500 with the perfect document was not retrieved."""
        perfect = served(status=500, outcome=Outcome.NOT, failure="http-500-with-document")
        verdict = judged("FALL-2", updated({"issuer": ISSUER}, perfect, inferred=URLS))

        assert isinstance(verdict, Violated)
        assert {entry.field for entry in verdict.differences} == set(URLS)

    def test_catches_invented_values(self) -> None:
        """A guess is no fallback."""
        step = updated(SOME, FAILED, inferred={"token_url": f"{ISSUER}/token"})

        assert isinstance(judged("FALL-2", step), Violated)

    def test_is_not_judged_where_nothing_was_asked(self) -> None:
        """Nothing could be inferred from an attempt that wasn't made."""
        assert isinstance(judged("FALL-2", updated(SOME)), NotJudged)

    def test_is_judged_where_no_request_could_come(self) -> None:
        """With an address that refuses every connection nothing reaches the mock IdP."""
        assert judged("FALL-2", updated(SOME), issuers=UNREACHABLE) == Passed()

    def test_catches_a_refusal(self) -> None:
        """The update must be accepted."""
        assert isinstance(judged("FALL-2", refused(502, SOME)), Violated)


class TestFall3:
    def test_passes_an_active_connection(self) -> None:
        """All seven were typed."""
        assert judged("FALL-3", updated(SEVEN, FAILED, inferred={"status": "active"})) == Passed()

    def test_catches_a_pending_connection(self) -> None:
        """Active only once the document was read: that isn't what was asked for."""
        assert isinstance(judged("FALL-3", updated(SEVEN, FAILED)), Violated)

    def test_catches_a_response_that_says_otherwise(self) -> None:
        """The answer counts as well as the read."""
        active = connection(**SEVEN, status="active")
        step = updated(SEVEN, FAILED, after=active, response={**active, "status": "pending"})

        assert isinstance(judged("FALL-3", step), Violated)

    def test_catches_a_refusal(self) -> None:
        """The update must be accepted."""
        assert isinstance(judged("FALL-3", refused(500, SEVEN)), Violated)

    def test_catches_a_connection_that_shows_nowhere(self) -> None:
        """Without a connection none is active."""
        assert isinstance(judged("FALL-3", updated(SEVEN, FAILED, response=None, after=None)), Violated)


class TestFall4:
    BEFORE = connection(issuer=OTHER_ISSUER)

    def test_passes_values_inferred_after_a_failure(self) -> None:
        """The failure left nothing behind."""
        assert judged("FALL-4", updated({"issuer": ISSUER}, served(), before=self.BEFORE, inferred=URLS)) == Passed()

    def test_catches_a_failure_that_sticks(self) -> None:
        """Requested, and still nothing inferred."""
        assert isinstance(judged("FALL-4", updated({"issuer": ISSUER}, served(), before=self.BEFORE)), Violated)

    def test_catches_an_update_that_asks_no_more(self) -> None:
        """A failure cached for ever."""
        assert isinstance(judged("FALL-4", updated({"issuer": ISSUER}, before=self.BEFORE)), Violated)

    def test_is_not_judged_where_another_address_was_asked(self) -> None:
        """That is DISC's matter."""
        assert isinstance(judged("FALL-4", updated({"issuer": ISSUER}, stray(), before=self.BEFORE)), NotJudged)


class TestFall5:
    @pytest.mark.parametrize("warning", ["The metadata could not be read.", "x"])
    def test_passes_a_warning(self, warning: str) -> None:
        """Any words will do."""
        assert judged("FALL-5", updated(SOME, FAILED, warning=warning)) == Passed()

    @pytest.mark.parametrize("warning", [None, "", "  ", True, ["failed"]])
    def test_catches_anything_but_a_string_with_words(self, warning: object) -> None:
        """Absent, empty, or of another type."""
        verdict = judged("FALL-5", updated(SOME, FAILED, warning=warning))

        assert verdict == Violated(expected="warning: a non-empty string", observed=f"warning: {warning!r}")

    def test_is_not_judged_where_nothing_was_asked(self) -> None:
        """Nothing failed that could be warned of."""
        assert isinstance(judged("FALL-5", updated(SOME)), NotJudged)

    def test_is_judged_where_no_request_could_come(self) -> None:
        """A connection refused is worth a warning, too."""
        assert isinstance(judged("FALL-5", updated(SOME), issuers=UNREACHABLE), Violated)

    @pytest.mark.parametrize("warning", [None, ""])
    def test_the_other_half_passes_no_warning(self, warning: object) -> None:
        """Absent or empty where the document was read."""
        assert no_warning_when_read(evidence(updated({"issuer": ISSUER}, served(), warning=warning))) == Passed()

    def test_the_other_half_catches_a_needless_warning(self) -> None:
        """A warning without cause teaches people to overlook it."""
        step = updated({"issuer": ISSUER}, served(), warning="Something is wrong.")

        assert isinstance(no_warning_when_read(evidence(step)), Violated)

    @pytest.mark.parametrize(
        "asked",
        [
            pytest.param((not_served(failure="http-503"), served()), id="tried-again"),
            pytest.param((served(document("https://elsewhere.test")),), id="names-another-issuer"),
            pytest.param((stray(),), id="elsewhere"),
        ],
    )
    def test_the_other_half_is_not_judged_where_the_document_was_not_surely_read(
        self, asked: tuple[Asked, ...]
    ) -> None:
        """A warning may well be right there."""
        step = updated({"issuer": ISSUER}, *asked, warning="Tried twice.")

        assert isinstance(no_warning_when_read(evidence(step)), NotJudged)


class TestFall6:
    @pytest.mark.parametrize("seconds", [0.1, LIMIT_SECONDS])
    def test_passes_an_answer_in_time(self, seconds: float) -> None:
        """Up to the limit, and it is told how long it took."""
        assert judged("FALL-6", updated(SOME, exchange={"seconds": seconds})) == Passed(f"after {seconds:.1f} s")

    def test_passes_an_error_in_time(self) -> None:
        """Which answer it is, is FALL-1's matter."""
        assert isinstance(judged("FALL-6", refused(500, SOME)), Passed)

    def test_catches_an_answer_that_comes_late(self) -> None:
        """Just beyond the limit."""
        assert isinstance(judged("FALL-6", updated(SOME, exchange={"seconds": LIMIT_SECONDS + 0.1})), Violated)

    def test_catches_no_answer(self) -> None:
        """However soon the connection broke."""
        assert isinstance(judged("FALL-6", refused(None, SOME)), Violated)

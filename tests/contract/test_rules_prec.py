"""PREC's judges: each passes right evidence and catches a planted fault."""

import pytest

from idpact_contract.judgement import NotJudged, Passed, Violated
from tests.contract.building import (
    ISSUER,
    OTHER_URLS,
    TYPED_URLS,
    URLS,
    connection,
    document,
    judged,
    refused,
    served,
    stray,
    updated,
)

TWO = {"token_url": TYPED_URLS["token_url"], "jwks_url": TYPED_URLS["jwks_url"]}
TYPED = {"issuer": ISSUER, **TWO}


@pytest.mark.parametrize("rule_id", ["PREC-1", "PREC-2", "PREC-3", "PREC-4"])
class TestAll:
    def test_passes_typed_and_inferred_side_by_side(self, rule_id: str) -> None:
        """What was typed is stored so, the others are inferred."""
        assert judged(rule_id, updated(TYPED, served(), inferred=URLS)) == Passed()

    def test_catches_a_refusal(self, rule_id: str) -> None:
        """Such an update must be accepted."""
        assert isinstance(judged(rule_id, refused(400, TYPED)), Violated)

    def test_catches_a_connection_that_shows_nowhere(self, rule_id: str) -> None:
        """Nothing is stored that can't be read."""
        assert isinstance(judged(rule_id, updated(TYPED, served(), response=None, after=None)), Violated)


@pytest.mark.parametrize("rule_id", ["PREC-1", "PREC-3", "PREC-4"])
class TestTyped:
    @pytest.mark.parametrize("stored", [URLS["token_url"], "", f"{TYPED_URLS['token_url']}/"])
    def test_catches_a_typed_url_that_is_stored_otherwise(self, rule_id: str, stored: str) -> None:
        """Overwritten by the document's, lost, or tidied."""
        after = {**connection(issuer=ISSUER), **URLS, **TWO, "token_url": stored}
        verdict = judged(rule_id, updated(TYPED, served(), after=after))

        assert isinstance(verdict, Violated)
        assert {entry.field for entry in verdict.differences} == {"token_url"}


@pytest.mark.parametrize("rule_id", ["PREC-1", "PREC-4"])
class TestTypedAlone:
    def test_leaves_the_others_to_prec_2(self, rule_id: str) -> None:
        """One fault is told once."""
        assert judged(rule_id, updated(TYPED, served())) == Passed()

    def test_passes_without_any_request(self, rule_id: str) -> None:
        """Typed values need no document."""
        assert judged(rule_id, updated(TWO)) == Passed()


@pytest.mark.parametrize("rule_id", ["PREC-2", "PREC-3"])
class TestTheOthers:
    @pytest.mark.parametrize("inferred", [{}, OTHER_URLS], ids=["nothing", "old-values"])
    def test_catches_others_that_are_not_inferred(self, rule_id: str, inferred: dict[str, str]) -> None:
        """Discovery given up as soon as something is typed."""
        step = updated(TYPED, served(), before=connection(issuer="https://old.test", **OTHER_URLS), inferred=inferred)
        verdict = judged(rule_id, step)

        assert isinstance(verdict, Violated)
        assert {entry.field for entry in verdict.differences} == {"authorization_url", "userinfo_url"}

    def test_is_not_judged_where_another_address_was_asked(self, rule_id: str) -> None:
        """That is DISC's matter."""
        assert isinstance(judged(rule_id, updated(TYPED, stray())), NotJudged)

    def test_catches_that_nothing_was_asked(self, rule_id: str) -> None:
        """Two URLs were left to be inferred."""
        assert isinstance(judged(rule_id, updated(TYPED)), Violated)

    def test_passes_what_the_document_lacks(self, rule_id: str) -> None:
        """An untyped URL without a member stays empty."""
        lacking = served(document(without=["userinfo_endpoint"]))
        step = updated(TYPED, lacking, inferred={"authorization_url": URLS["authorization_url"]})

        assert judged(rule_id, step) == Passed()


def test_prec_3_passes_all_four_typed_without_a_request() -> None:
    """With nothing left to infer, discovery may be skipped."""
    assert judged("PREC-3", updated({"issuer": ISSUER, **TYPED_URLS})) == Passed()

"""ACT's judges: each passes right evidence and catches a planted fault."""

from typing import ClassVar

import pytest

from idpact_contract.evidence import Step
from idpact_contract.judgement import NotJudged, Passed, Violated
from tests.contract.building import (
    CREDENTIALS,
    ISSUER,
    TYPED_URLS,
    URLS,
    connection,
    created,
    document,
    judged,
    refused,
    served,
    stray,
    updated,
)

SEVEN = {"issuer": ISSUER, **CREDENTIALS, **TYPED_URLS}
SIX = {name: value for name, value in SEVEN.items() if name != "client_id"}
LAST = {"client_id": CREDENTIALS["client_id"]}
ACTIVE = {"status": "active"}
SUFFICE = {"issuer": ISSUER, **CREDENTIALS}


class TestAct1:
    def test_passes_a_pending_connection(self) -> None:
        """Newly created, nothing in it."""
        assert judged("ACT-1", created()) == Passed()

    @pytest.mark.parametrize("status", ["active", "", None, "PENDING"])
    def test_catches_any_other_status(self, status: object) -> None:
        """Active from the start, or in other words."""
        shown = connection(status=status)

        assert isinstance(judged("ACT-1", created(after=shown, response=shown)), Violated)

    def test_catches_a_refusal(self) -> None:
        """No connection, no status."""
        assert isinstance(judged("ACT-1", refused(500)), Violated)

    def test_catches_a_connection_that_shows_nowhere(self) -> None:
        """Accepted, and not to be seen."""
        assert isinstance(judged("ACT-1", created(after=None, response=None)), Violated)


class TestAct2:
    def test_passes_pending_after_every_update(self) -> None:
        """One field is missing all the time."""
        assert judged("ACT-2", updated({"issuer": ISSUER}), updated(SIX)) == Passed()

    def test_catches_active_too_soon(self) -> None:
        """Six are not seven, and the missing one is named."""
        verdict = judged("ACT-2", updated(SIX, inferred=ACTIVE))

        assert isinstance(verdict, Violated)
        assert verdict.differences[0].why == "missing: client_id"

    def test_catches_active_in_between(self) -> None:
        """Every update counts, not the last alone."""
        assert isinstance(judged("ACT-2", updated(SIX, inferred=ACTIVE), updated(SIX)), Violated)

    def test_catches_a_refusal(self) -> None:
        """A missing field is no reason to refuse."""
        assert isinstance(judged("ACT-2", refused(400, SIX)), Violated)


class TestAct3:
    def test_passes_active_with_the_seventh(self) -> None:
        """The last field makes it active."""
        assert judged("ACT-3", updated(SIX), updated(LAST, inferred={**SIX, **ACTIVE})) == Passed()

    def test_catches_pending_with_all_seven(self) -> None:
        """Nothing is missing any more."""
        assert isinstance(judged("ACT-3", updated(SIX), updated(LAST, inferred=SIX)), Violated)

    def test_catches_a_refusal_on_the_way(self) -> None:
        """Every update must be accepted."""
        assert isinstance(judged("ACT-3", refused(400, SIX), updated(LAST, inferred=ACTIVE)), Violated)


class TestAct4:
    def test_passes_active_with_inferred_values(self) -> None:
        """Three typed, four inferred."""
        assert judged("ACT-4", updated(SUFFICE, served(), inferred={**URLS, **ACTIVE})) == Passed()

    def test_passes_credentials_typed_later(self) -> None:
        """The document was served to the update with the issuer."""
        first = updated({"issuer": ISSUER}, served(), inferred=URLS)

        assert judged("ACT-4", first, updated(CREDENTIALS, inferred={**URLS, **ACTIVE})) == Passed()

    def test_catches_inferred_values_that_do_not_count(self) -> None:
        """All seven are there, and it is pending."""
        assert isinstance(judged("ACT-4", updated(SUFFICE, served(), inferred=URLS)), Violated)

    def test_is_not_judged_where_another_address_was_asked(self) -> None:
        """Without a document there is nothing that could count."""
        assert isinstance(judged("ACT-4", updated(SUFFICE, stray())), NotJudged)

    def test_catches_a_refusal(self) -> None:
        """The update must be accepted."""
        assert isinstance(judged("ACT-4", refused(400, SUFFICE)), Violated)


class TestAct5:
    LACKING = served(document(without=["userinfo_endpoint"]))
    USERINFO: ClassVar = {"userinfo_url": TYPED_URLS["userinfo_url"]}

    def first(self, **inferred: str) -> Step:
        """The update whose document lacks userinfo_endpoint."""
        return updated(SUFFICE, self.LACKING, inferred=inferred)

    def test_passes_pending_and_then_active(self) -> None:
        """Until userinfo_url is typed."""
        assert judged("ACT-5", self.first(), updated(self.USERINFO, inferred=ACTIVE)) == Passed()

    def test_catches_active_without_userinfo_url(self) -> None:
        """A recommended member is taken for optional."""
        verdict = judged("ACT-5", self.first(**ACTIVE), updated(self.USERINFO, inferred=ACTIVE))

        assert isinstance(verdict, Violated)

    def test_catches_pending_in_the_end(self) -> None:
        """Typed, and still pending."""
        assert isinstance(judged("ACT-5", self.first(), updated(self.USERINFO)), Violated)

    def test_is_not_judged_where_another_address_was_asked(self) -> None:
        """That is DISC's matter."""
        assert isinstance(judged("ACT-5", updated(SUFFICE, stray()), updated(self.USERINFO)), NotJudged)

    def test_catches_a_refusal(self) -> None:
        """Both updates must be accepted."""
        assert isinstance(judged("ACT-5", self.first(), refused(400, self.USERINFO)), Violated)


class TestAct6:
    WAS_ACTIVE = connection(**SEVEN, **ACTIVE)
    NAME: ClassVar = {"display_name": "Renamed"}

    def test_passes_a_connection_that_stays_active(self) -> None:
        """A new name changes nothing else."""
        assert judged("ACT-6", updated(self.NAME, before=self.WAS_ACTIVE)) == Passed()

    def test_catches_a_fall_back_to_pending(self) -> None:
        """Every update starts over."""
        step = updated(self.NAME, before=self.WAS_ACTIVE, inferred={"status": "pending"})

        assert isinstance(judged("ACT-6", step), Violated)

    def test_is_not_judged_where_it_was_not_active(self) -> None:
        """That it should have been is ACT-3's matter."""
        assert isinstance(judged("ACT-6", updated(self.NAME)), NotJudged)

    def test_catches_a_refusal(self) -> None:
        """The update must be accepted."""
        assert isinstance(judged("ACT-6", refused(400, self.NAME, before=self.WAS_ACTIVE)), Violated)

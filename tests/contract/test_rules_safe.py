"""SAFE's judges: each passes right evidence and catches a planted fault."""

import pytest

from idpact_contract.judgement import NotJudged, Passed, Violated
from idpact_contract.rules.safe import LIMIT_BYTES
from tests.contract.building import ISSUER, URLS, connection, judged, not_served, refused, served, updated

TYPED = {"issuer": ISSUER}
LOOP = not_served(failure="redirect-loop", status=302)


class TestSafe1:
    def test_passes_an_update_that_infers_nothing(self) -> None:
        """The update goes through, without a document."""
        assert judged("SAFE-1", updated(TYPED, LOOP)) == Passed()

    def test_catches_values_from_elsewhere(self) -> None:
        """The redirect was followed to where nobody should."""
        assert isinstance(judged("SAFE-1", updated(TYPED, LOOP, inferred=URLS)), Violated)

    def test_catches_an_update_that_fails_along(self) -> None:
        """Too many redirects became the administrator's error."""
        assert isinstance(judged("SAFE-1", refused(500, TYPED)), Violated)


class TestSafe2:
    def test_passes_up_to_the_limit(self) -> None:
        """64 MiB are still right."""
        told = judged("SAFE-2", updated(TYPED, not_served(failure="endless-body", bytes_sent=LIMIT_BYTES)))

        assert told == Passed(f"given up after {LIMIT_BYTES:,} bytes at most")

    def test_catches_a_byte_more(self) -> None:
        """One byte more is too much."""
        endless = not_served(failure="endless-body", bytes_sent=LIMIT_BYTES + 1)

        assert isinstance(judged("SAFE-2", updated(TYPED, endless)), Violated)

    def test_does_not_judge_where_nothing_was_asked(self) -> None:
        """That is DISC-1's matter."""
        assert isinstance(judged("SAFE-2", updated(TYPED)), NotJudged)


class TestSafe3:
    def test_passes_an_ordinary_update(self) -> None:
        """Served and stored."""
        assert judged("SAFE-3", updated({"display_name": "Afterwards"})) == Passed()

    @pytest.mark.parametrize("status", [500, 503, 423, None])
    def test_catches_one_that_is_not_served(self, status: int | None) -> None:
        """Broken, locked, or down altogether."""
        assert isinstance(judged("SAFE-3", refused(status, {"display_name": "Afterwards"})), Violated)

    def test_catches_a_value_that_was_lost(self) -> None:
        """Accepted, and not stored."""
        assert isinstance(judged("SAFE-3", updated({"display_name": "Afterwards"}, after=connection())), Violated)

    def test_judges_the_update_afterwards_alone(self) -> None:
        """What became of the hostile one is the FALL rules' matter."""
        hostile = updated(TYPED, served(), judged=False)

        assert judged("SAFE-3", hostile, updated({"display_name": "Afterwards"})) == Passed()

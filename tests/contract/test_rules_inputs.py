"""INPUT's judges: each passes right evidence and catches a planted fault."""

from typing import Any

import pytest

from idpact_contract.judgement import Passed, Violated
from idpact_contract.rules.inputs import INJECTED, is_refused
from tests.contract.building import connection, evidence, judged, refused, served, updated, urls

NUMBER: dict[str, Any] = {"display_name": 7}
DATA: dict[str, Any] = {"issuer": "data:application/json,{}"}


class TestInput1:
    @pytest.mark.parametrize("status", [400, 404, 413, 415, 422])
    def test_passes_a_refusal(self, status: int) -> None:
        """Any 4xx will do."""
        assert judged("INPUT-1", refused(status, NUMBER)) == Passed()

    def test_passes_a_value_that_was_ignored(self) -> None:
        """Accepted and left out: nothing of a wrong type is there."""
        assert judged("INPUT-1", updated(NUMBER, after=connection())) == Passed()

    def test_passes_a_value_that_became_text(self) -> None:
        """Its type is right again; that it should have been refused is the SHOULD's matter."""
        assert judged("INPUT-1", updated(NUMBER, after=connection(display_name="7"))) == Passed()

    @pytest.mark.parametrize("status", [500, 502, 503])
    def test_catches_a_server_error(self, status: int) -> None:
        """The commonest bug: a method of strings is called on what is none."""
        assert isinstance(judged("INPUT-1", refused(status, NUMBER)), Violated)

    def test_catches_no_answer(self) -> None:
        """A crash."""
        assert isinstance(judged("INPUT-1", refused(None, NUMBER)), Violated)

    @pytest.mark.parametrize("stored", [7, True, ["x"], {"value": "x"}])
    def test_catches_what_was_stored_as_it_came(self, stored: object) -> None:
        """A store without types takes anything."""
        verdict = judged("INPUT-1", updated(NUMBER, after=connection(display_name=stored)))

        assert isinstance(verdict, Violated)
        assert {entry.field for entry in verdict.differences} == {"display_name"}

    def test_catches_a_connection_that_is_lost(self) -> None:
        """What was written can't be read any more."""
        assert isinstance(judged("INPUT-1", updated(NUMBER, after=None)), Violated)

    def test_refusing_is_a_question_of_its_own(self) -> None:
        """The SHOULD: a wrong type is answered 4xx."""
        assert is_refused(evidence(refused(422, NUMBER))) == Passed()
        assert is_refused(evidence(updated(NUMBER))) == Violated(expected="4xx", observed="200")


class TestInput2:
    def test_passes_any_answer_below_500(self) -> None:
        """Accepted or refused, as the implementation likes."""
        assert judged("INPUT-2", updated({"display_name": "a\0b"}), refused(400)) == Passed()

    def test_catches_a_server_error_in_any_step(self) -> None:
        """The first of two requests broke."""
        assert isinstance(judged("INPUT-2", refused(500), updated({})), Violated)


class TestInput3:
    def test_passes_a_refusal(self) -> None:
        """Refused is safe."""
        assert judged("INPUT-3", refused(400, DATA)) == Passed()

    def test_passes_what_is_stored_inert(self) -> None:
        """Stored as it stands, and nothing comes of it."""
        assert judged("INPUT-3", updated(DATA)) == Passed()

    def test_passes_old_urls_that_are_cleared(self) -> None:
        """The issuer changed and nothing could be read: old URLs may go."""
        assert judged("INPUT-3", updated(DATA, before=connection(**urls("old")), after=connection(**DATA))) == Passed()

    def test_catches_what_came_of_it(self) -> None:
        """A general URL opener read the document in the URL."""
        verdict = judged("INPUT-3", updated(DATA, inferred=urls("planted")))

        assert isinstance(verdict, Violated)
        assert {entry.field for entry in verdict.differences} == set(urls("planted"))

    def test_catches_a_smuggled_header(self) -> None:
        """A request was put together from strings."""
        smuggled = served(headers=((INJECTED, "smuggled"),))

        assert judged("INPUT-3", updated({"issuer": "https://idp.test/a"}, smuggled)) == Violated(
            expected="no header but the implementation's own", observed=f"{INJECTED}: smuggled"
        )

    def test_catches_a_server_error(self) -> None:
        """An unsupported scheme surfaces as a 500."""
        assert isinstance(judged("INPUT-3", refused(500, DATA)), Violated)

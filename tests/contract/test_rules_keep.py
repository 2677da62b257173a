"""KEEP's judges: each passes right evidence and catches a planted fault."""

from typing import ClassVar

import pytest

from idpact_contract.connection import SERVER_SET, UPDATABLE
from idpact_contract.evidence import Step, WireFacts
from idpact_contract.judgement import Judgement, Passed, Violated
from tests.contract.building import (
    CREDENTIALS,
    ISSUER,
    OTHER_ISSUER,
    OTHER_URLS,
    STRANGER,
    TYPED_URLS,
    URLS,
    connection,
    document,
    judged,
    not_served,
    refused,
    served,
    updated,
)

FILLED = connection(display_name="Kept", identity_provider="okta", issuer=ISSUER, **CREDENTIALS, **URLS)
NAME = {"display_name": "Renamed"}
HIDDEN = WireFacts(shows_secret=False)
NO_CONNECTION_IN_ANSWERS = WireFacts(documented=False, answers_updates=False)


class TestKeep1:
    def test_passes_fields_that_stay(self) -> None:
        """Only the named one changed."""
        assert judged("KEEP-1", updated(NAME, before=FILLED)) == Passed()

    @pytest.mark.parametrize("field", [*SERVER_SET, *UPDATABLE[1:]])
    def test_catches_a_field_that_changed(self, field: str) -> None:
        """Any field that the body omits, the secret included."""
        verdict = judged("KEEP-1", updated(NAME, before=FILLED, inferred={field: "changed"}))

        assert isinstance(verdict, Violated)
        assert {entry.field for entry in verdict.differences} == {field}

    def test_compares_no_field_that_reads_never_show(self) -> None:
        """Its absence says nothing; a field beside it is compared all the same."""
        unseen = WireFacts(unseen=("client_id",))

        assert judged("KEEP-1", updated(NAME, before=FILLED, inferred={"client_id": ""}), wire=unseen) == Passed()
        assert isinstance(
            judged("KEEP-1", updated(NAME, before=FILLED, inferred={"token_url": ""}), wire=unseen), Violated
        )

    def test_catches_a_field_that_was_emptied(self) -> None:
        """The common bug: an update replaces the whole connection."""
        after = connection(**NAME)

        assert isinstance(judged("KEEP-1", updated(NAME, before=FILLED, after=after)), Violated)

    def test_leaves_the_urls_alone_under_a_change_of_issuer(self) -> None:
        """Those belong to INFER, PREC and FALL, whatever became of them."""
        step = updated({"issuer": OTHER_ISSUER}, not_served(issuer=OTHER_ISSUER), before=FILLED, inferred=OTHER_URLS)

        assert judged("KEEP-1", step) == Passed()

    def test_catches_another_field_under_a_change_of_issuer(self) -> None:
        """The credentials stay also then."""
        step = updated({"issuer": OTHER_ISSUER}, before=FILLED, inferred={"client_id": ""})

        assert isinstance(judged("KEEP-1", step), Violated)

    def test_passes_a_secret_that_reads_hide(self) -> None:
        """What isn't shown isn't compared."""
        step = updated(NAME, before=FILLED, inferred={"client_secret": "********"})

        assert judged("KEEP-1", step, wire=HIDDEN) == Passed()

    def test_catches_a_refusal(self) -> None:
        """The update must be accepted."""
        assert isinstance(judged("KEEP-1", refused(400, NAME, before=FILLED)), Violated)

    def test_passes_a_wire_whose_update_answers_no_connection(self) -> None:
        """A profile may say that an update's answer holds no connection (204): the read alone then counts."""
        step = updated(NAME, before=FILLED, response=None, exchange={"status": 204})

        assert judged("KEEP-1", step, wire=NO_CONNECTION_IN_ANSWERS) == Passed()


class TestKeep2:
    TYPED: ClassVar = {"issuer": ISSUER, **CREDENTIALS}

    def judge(self, **second: str) -> Judgement:
        """What KEEP-2 says of two equal updates, of which the second left this behind."""
        first = updated(self.TYPED, served(), inferred=URLS)
        return judged("KEEP-2", first, updated(self.TYPED, before=first.after, inferred=second))

    def test_passes_twice_the_same(self) -> None:
        """The second changes nothing more."""
        assert self.judge() == Passed()

    def test_passes_another_status(self) -> None:
        """`status` is no stored value; ACT alone speaks of it."""
        assert self.judge(status="active") == Passed()

    @pytest.mark.parametrize("field", ["token_url", "client_id", "connection_id"])
    def test_catches_a_second_update_that_changes_more(self, field: str) -> None:
        """Any field."""
        first = updated(self.TYPED, served(), inferred=URLS)
        second = updated(self.TYPED, before=first.after, after={**(first.after or {}), field: "changed"})

        assert isinstance(judged("KEEP-2", first, second), Violated)

    def test_catches_a_refusal_of_the_second(self) -> None:
        """Repeating is no conflict."""
        assert isinstance(judged("KEEP-2", updated(self.TYPED), refused(409, self.TYPED)), Violated)

    def test_does_not_compare_a_secret_that_reads_hide(self) -> None:
        """A read that shows the secret enciphered anew each time shows no change."""
        first, second = (updated(self.TYPED, after={**FILLED, "client_secret": f"enciphered-{n}"}) for n in (1, 2))

        assert judged("KEEP-2", first, second, wire=HIDDEN) == Passed()


class TestKeep3:
    def test_passes_a_response_like_the_read(self) -> None:
        """The same thirteen strings."""
        assert judged("KEEP-3", updated(NAME, before=FILLED)) == Passed()

    def test_passes_unset_told_in_two_ways(self) -> None:
        """Null, absent and empty all mean unset."""
        response = {**connection(**NAME), "token_url": None}

        assert judged("KEEP-3", updated(NAME, response=response)) == Passed()

    def test_catches_a_response_that_echoes_what_was_not_stored(self) -> None:
        """The read tells the truth."""
        step = updated(NAME, before=FILLED, after=FILLED, response={**FILLED, **NAME})

        assert isinstance(judged("KEEP-3", step), Violated)

    @pytest.mark.parametrize("missing", ["response", "after"])
    def test_catches_a_connection_missing_in_either(self, missing: str) -> None:
        """With one of the two nothing can be equal."""
        step = updated(NAME, **{missing: None})

        assert isinstance(judged("KEEP-3", step), Violated)

    def test_passes_a_secret_that_the_response_alone_shows(self) -> None:
        """Where reads hide it, it isn't compared."""
        step = updated(
            CREDENTIALS,
            after={**connection(**CREDENTIALS), "client_secret": "****"},
            response=connection(**CREDENTIALS),
        )

        assert judged("KEEP-3", step, wire=HIDDEN) == Passed()

    def test_catches_a_refusal(self) -> None:
        """The update must be accepted."""
        assert isinstance(judged("KEEP-3", refused(400)), Violated)


class TestKeep4:
    EXTRA: ClassVar = {"organization_id": STRANGER}

    def test_passes_a_member_that_was_ignored(self) -> None:
        """Nothing moved."""
        assert judged("KEEP-4", updated(NAME, before=FILLED, extra=self.EXTRA)) == Passed()

    def test_passes_a_member_that_was_refused(self) -> None:
        """4xx, and nothing moved."""
        assert judged("KEEP-4", refused(400, NAME, before=FILLED)) == Passed()

    @pytest.mark.parametrize("field", SERVER_SET)
    def test_catches_a_field_that_moved(self, field: str) -> None:
        """Each of the three."""
        assert isinstance(judged("KEEP-4", updated(NAME, before=FILLED, inferred={field: "moved"})), Violated)

    def test_catches_a_refusal_that_moved_it_all_the_same(self) -> None:
        """4xx is no excuse."""
        step = refused(400, NAME, before=FILLED, after={**FILLED, **self.EXTRA})

        assert isinstance(judged("KEEP-4", step), Violated)

    def test_catches_a_connection_that_is_gone(self) -> None:
        """Its owner can't read it under its own id."""
        assert isinstance(judged("KEEP-4", updated(NAME, before=FILLED, after=None)), Violated)

    def test_catches_a_server_error(self) -> None:
        """Neither ignored nor refused."""
        assert isinstance(judged("KEEP-4", refused(500, NAME, before=FILLED)), Violated)


class TestKeep5:
    URL: ClassVar = {"token_url": TYPED_URLS["token_url"]}
    BOTH: ClassVar = {**NAME, **URL}

    def pair(self, *, after: dict[str, str], second: int = 200) -> tuple[Step, Step]:
        """Two concurrent updates, and what is read once both are answered; the second may be refused."""
        read = connection(**after)
        first = updated(NAME, after=read)
        return first, updated(self.URL, after=read) if second == 200 else refused(second, self.URL, after=read)

    def test_passes_both_surviving(self) -> None:
        """Queued or merged."""
        assert judged("KEEP-5", *self.pair(after=self.BOTH)) == Passed()

    def test_passes_one_refused_with_conflict(self) -> None:
        """409 for the one, the other survives."""
        assert judged("KEEP-5", *self.pair(after=NAME, second=409)) == Passed()

    @pytest.mark.parametrize("lost", ["display_name", "token_url"])
    def test_catches_a_lost_update(self, lost: str) -> None:
        """Both were accepted, one is gone."""
        left = {name: value for name, value in self.BOTH.items() if name != lost}
        verdict = judged("KEEP-5", *self.pair(after=left))

        assert isinstance(verdict, Violated)
        assert verdict.differences[0].field == lost

    @pytest.mark.parametrize("status", [400, 423, 500])
    def test_catches_any_other_refusal(self, status: int) -> None:
        """Only a conflict is told by 409."""
        verdict = judged("KEEP-5", *self.pair(after=NAME, second=status))

        assert isinstance(verdict, Violated)
        assert verdict.expected == "200 or 409 to the update"

    def test_catches_both_refused(self) -> None:
        """One may be refused; where both are, nobody's update went through."""
        assert not isinstance(judged("KEEP-5", refused(409, NAME), refused(409, self.URL)), Passed)


class TestKeep6:
    def test_passes_a_refusal_that_changed_nothing(self) -> None:
        """All or nothing."""
        assert judged("KEEP-6", refused(400, NAME, before=FILLED)) == Passed()

    def test_passes_an_update_that_was_not_refused(self) -> None:
        """Whether it should have been is others' matter, and the note says so."""
        assert judged("KEEP-6", updated(NAME, before=FILLED)) == Passed("not refused: 200")

    def test_catches_a_refusal_that_stored_a_part(self) -> None:
        """The right values beside the wrong one were stored."""
        step = refused(400, {**NAME, "token_url": {}}, before=FILLED, after={**FILLED, **NAME})

        assert isinstance(judged("KEEP-6", step), Violated)

    def test_catches_the_second_of_two_refusals(self) -> None:
        """Every step is looked at."""
        right = refused(400, NAME, before=FILLED)

        assert isinstance(
            judged("KEEP-6", right, refused(400, NAME, before=FILLED, after={**FILLED, **NAME})), Violated
        )

    @pytest.mark.parametrize("status", [None, 302, 500])
    def test_catches_an_answer_that_is_neither(self, status: int | None) -> None:
        """Neither refused nor accepted."""
        assert isinstance(judged("KEEP-6", refused(status, NAME, before=FILLED)), Violated)


@pytest.mark.parametrize("rule_id", ["KEEP-7", "WIRE-6"])
class TestKeep7AndWire6:
    def test_passes_what_was_typed(self, rule_id: str) -> None:
        """Accepted and stored."""
        assert judged(rule_id, updated(NAME)) == Passed()

    def test_passes_an_issuer_alone(self, rule_id: str) -> None:
        """Whatever its document says."""
        assert judged(rule_id, updated({"issuer": ISSUER}, served(document(at=OTHER_URLS)))) == Passed()

    def test_catches_a_refusal(self, rule_id: str) -> None:
        """Nothing else is required."""
        assert judged(rule_id, refused(400, NAME)) == Violated(
            expected="200 to the update", observed='400 "That can\'t be."'
        )

    def test_catches_a_value_that_was_not_stored(self, rule_id: str) -> None:
        """Accepted, and lost."""
        assert isinstance(judged(rule_id, updated(NAME, after=connection())), Violated)

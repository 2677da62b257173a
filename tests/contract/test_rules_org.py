"""ORG's judges: each passes right evidence and catches a planted fault."""

import json

import pytest

from idpact_contract.evidence import Actor, WireFacts
from idpact_contract.judgement import Judgement, NotJudged, Passed, Violated
from tests.contract.building import (
    CREDENTIALS,
    ISSUER,
    STRANGER,
    TYPED_URLS,
    connection,
    created,
    error,
    judged,
    refused,
    updated,
)

FILLED = connection(issuer=ISSUER, display_name="Owner 0001", identity_provider="generic", **CREDENTIALS, **TYPED_URLS)
TAKEN = {"display_name": "Taken 0001"}


def as_stranger(status: int | None = 404, *, answer: object = None, after: object = FILLED) -> Judgement:
    """What ORG-2 says of an update by the other organization."""
    seen = None if after is None else dict(FILLED, **(after if isinstance(after, dict) else {}))
    return judged("ORG-2", refused(status, TAKEN, answer=answer, before=FILLED, after=seen, actor=Actor.OTHER))


class TestOrg1:
    def test_passes_the_callers_organization(self) -> None:
        """Create and update end up where the session says."""
        assert judged("ORG-1", created(), updated({"client_id": "client-0001"})) == Passed()

    def test_catches_another_organization(self) -> None:
        """A connection that lands elsewhere is a violation that names both."""
        verdict = judged("ORG-1", created(after=connection(organization_id=STRANGER)))

        assert isinstance(verdict, Violated)
        assert verdict.differences[0].observed == STRANGER

    def test_catches_a_refusal(self) -> None:
        """A body that names no organization must be accepted."""
        assert isinstance(judged("ORG-1", refused(400)), Violated)

    def test_catches_a_connection_that_can_not_be_read(self) -> None:
        """What isn't in the caller's list isn't in the caller's organization."""
        assert isinstance(judged("ORG-1", created(after=None)), Violated)


class TestOrg2:
    @pytest.mark.parametrize("status", [403, 404])
    def test_passes_a_refusal_that_changed_nothing(self, status: int) -> None:
        """Forbidden and not found are both right."""
        assert as_stranger(status) == Passed()

    def test_catches_an_update_that_went_through(self) -> None:
        """The owner reads what the stranger typed."""
        step = updated(TAKEN, before=FILLED, actor=Actor.OTHER)

        assert isinstance(judged("ORG-2", step), Violated)

    def test_catches_a_refusal_that_changed_something_all_the_same(self) -> None:
        """404 is no excuse where the owner reads another value."""
        verdict = as_stranger(404, after=TAKEN)

        assert isinstance(verdict, Violated)
        assert [entry.field for entry in verdict.differences] == ["display_name"]

    def test_catches_a_connection_taken_away(self) -> None:
        """The owner can't read it any more."""
        assert isinstance(as_stranger(404, after=None), Violated)

    @pytest.mark.parametrize("status", [200, 302, 500])
    def test_catches_an_answer_that_is_no_refusal(self, status: int) -> None:
        """Nothing changed, but 4xx is what was wanted."""
        assert as_stranger(status) == Violated(expected="4xx", observed=f'{status} "That can\'t be."')

    def test_catches_no_answer(self) -> None:
        """Silence is no refusal."""
        assert as_stranger(None) == Violated(expected="4xx", observed="no answer after 75.0 s")


class TestOrg3:
    def judge(self, answer: object, *, headers: tuple[tuple[str, str], ...] = ()) -> Judgement:
        """What ORG-3 says of a refusal with that body and those headers."""
        step = refused(404, TAKEN, answer=answer, before=FILLED, headers=headers, actor=Actor.OTHER)
        return judged("ORG-3", step)

    def test_passes_a_plain_refusal(self) -> None:
        """The documented error gives nothing away."""
        assert self.judge(error(404)) == Passed()

    def test_passes_an_echo_of_what_the_caller_sent(self) -> None:
        """The connection's id stood in the caller's own URL."""
        assert self.judge(error(404, error_message="There is no connection-0001.")) == Passed()

    @pytest.mark.parametrize("field", ["organization_id", "client_id", "client_secret", "token_url", "issuer"])
    def test_catches_a_value_in_the_body(self, field: str) -> None:
        """Any of the owner's values is a leak, and the field is named."""
        verdict = self.judge(error(403, error_message=f"{FILLED[field]} is not yours."))

        assert isinstance(verdict, Violated)
        assert field in verdict.observed

    def test_catches_a_value_in_a_header(self) -> None:
        """Headers count, too."""
        assert isinstance(self.judge(error(403), headers=(("x-owner", FILLED["organization_id"]),)), Violated)

    def test_catches_a_url_whose_slashes_are_escaped(self) -> None:
        """PHP's way to write JSON hides nothing."""
        answer = json.dumps({"error_message": FILLED["token_url"]}).replace("/", "\\/")

        assert isinstance(self.judge(answer), Violated)

    def test_passes_a_message_that_holds_the_word_generic(self) -> None:
        """`generic` is a word of the documentation, no value that tells something of the owner."""
        assert self.judge(error(404, error_message="A generic error occurred.")) == Passed()

    def test_does_not_judge_silence(self) -> None:
        """Where no answer came there was no refusal to look into."""
        step = refused(None, TAKEN, before=FILLED, actor=Actor.OTHER)

        assert not isinstance(judged("ORG-3", step), Passed)

    def test_catches_a_percent_encoded_value(self) -> None:
        """A redirect to a login page that carries the owner's URL gives it away."""
        leak = (("location", "/login?next=https%3A%2F%2Ftyped.example%2Ftoken"),)

        assert isinstance(self.judge(error(403), headers=leak), Violated)


class TestOrg4:
    def test_passes_a_member_that_was_ignored(self) -> None:
        """The rest of the body may well be stored."""
        assert judged("ORG-4", updated(TAKEN, before=FILLED, extra={"organization_id": STRANGER})) == Passed()

    def test_passes_a_member_that_was_refused(self) -> None:
        """4xx is the other right answer."""
        assert judged("ORG-4", refused(400, TAKEN, before=FILLED)) == Passed()

    def test_catches_a_connection_that_moved(self) -> None:
        """Its owner reads another organization, or can't read it."""
        moved = connection(organization_id=STRANGER)

        assert isinstance(judged("ORG-4", updated(TAKEN, before=FILLED, after=moved)), Violated)
        assert isinstance(judged("ORG-4", updated(TAKEN, before=FILLED, after=None)), Violated)

    def test_catches_a_stranger_who_names_the_victim(self) -> None:
        """An update as the other organization that names the owner's must be refused."""
        step = updated(TAKEN, before=FILLED, actor=Actor.OTHER)

        assert isinstance(judged("ORG-4", step), Violated)

    def test_catches_a_success_for_a_stranger_that_changed_nothing(self) -> None:
        """200 is no refusal, though nothing moved."""
        step = updated(TAKEN, before=FILLED, after=FILLED, actor=Actor.OTHER)

        assert judged("ORG-4", step) == Violated(expected="4xx", observed="200")

    def test_catches_a_server_error(self) -> None:
        """5xx is neither ignoring nor refusing."""
        assert isinstance(judged("ORG-4", refused(500, TAKEN, before=FILLED)), Violated)


class TestOrg5:
    FOREIGN_URL = "https://target.test/sso/connection-0001"
    UNKNOWN_URL = "https://target.test/sso/connection-dead"

    def judge(self, foreign: object, unknown: object, *, statuses: tuple[int, int] = (404, 404)) -> Judgement:
        """What ORG-5 says of the two answers."""
        return judged(
            "ORG-5",
            refused(statuses[0], TAKEN, answer=foreign, url=self.FOREIGN_URL, actor=Actor.OTHER),
            refused(statuses[1], TAKEN, answer=unknown, url=self.UNKNOWN_URL, actor=Actor.OTHER),
        )

    def test_passes_answers_that_differ_in_their_request_id(self) -> None:
        """A request id is new each time."""
        assert self.judge(error(404, request_id="one"), error(404, request_id="two")) == Passed()

    def test_passes_answers_that_echo_the_id_that_was_asked_for(self) -> None:
        """What the caller sent tells the caller nothing."""
        told = [error(404, error_message=f"No {name}.") for name in ("connection-0001", "connection-dead")]

        assert self.judge(*told) == Passed()

    def test_catches_another_status(self) -> None:
        """403 for the one and 404 for the other tells that it exists."""
        assert isinstance(self.judge(error(403), error(404), statuses=(403, 404)), Violated)

    def test_catches_another_message(self) -> None:
        """The same status with other words tells it, too."""
        assert isinstance(self.judge(error(404, error_message="Not yours."), error(404)), Violated)

    def test_catches_another_text_that_is_no_json(self) -> None:
        """Answers without JSON are compared as they stand."""
        assert isinstance(self.judge("<p>Not yours</p>", "<p>Not there</p>"), Violated)

    def test_does_not_judge_what_was_not_refused(self) -> None:
        """That an update went through is ORG-2's matter."""
        verdict = judged("ORG-5", updated(TAKEN, actor=Actor.OTHER), refused(404, TAKEN, actor=Actor.OTHER))

        assert isinstance(verdict, NotJudged)

    def test_passes_answers_whose_message_repeats_the_request_id(self) -> None:
        """The request id may stand in the text for people, too."""
        told = [error(404, request_id=f"request-{n}", error_message=f"Not found (request-{n}).") for n in ("a", "b")]

        assert self.judge(*told) == Passed()


class TestOrg6:
    @pytest.mark.parametrize("status", [401, 403])
    def test_passes_a_refusal_that_changed_nothing(self, status: int) -> None:
        """Unauthorized and forbidden are both right."""
        assert judged("ORG-6", refused(status, TAKEN, before=FILLED, actor=Actor.NOBODY)) == Passed()

    @pytest.mark.parametrize("status", [400, 404, 500])
    def test_catches_another_status(self, status: int) -> None:
        """Any other refusal hides that credentials are missing."""
        verdict = judged("ORG-6", refused(status, TAKEN, before=FILLED, actor=Actor.NOBODY))

        assert isinstance(verdict, Violated)
        assert verdict.expected == "401 or 403"

    def test_catches_an_update_that_went_through(self) -> None:
        """Without credentials nothing is stored."""
        assert isinstance(judged("ORG-6", updated(TAKEN, before=FILLED, actor=Actor.IMPOSTOR)), Violated)

    def test_does_not_compare_a_secret_that_reads_hide(self) -> None:
        """A read that shows the secret enciphered anew each time shows no change."""
        before, after = ({**FILLED, "client_secret": f"enciphered-{n}"} for n in (1, 2))
        step = refused(401, TAKEN, before=before, after=after, actor=Actor.NOBODY)

        assert judged("ORG-6", step, wire=WireFacts(shows_secret=False)) == Passed()

"""What the source leaves open, answered by what was seen."""

import pytest

from idpact_contract.cases import CASES
from idpact_contract.evidence import Asked, Evidence, Observed, Step
from idpact_contract.questions import QUESTIONS, answer_questions
from tests.contract.building import (
    CREDENTIALS,
    ISSUER,
    OTHER_ISSUER,
    URLS,
    connection,
    evidence,
    not_served,
    refused,
    served,
    updated,
)

FILLED = connection(issuer=ISSUER, **URLS)
CHANGE = {"issuer": OTHER_ISSUER}


def answer(question: str, **steps: Step) -> str:
    """The answer to one question from steps by case (`FALL_2__http_404`)."""
    seen: dict[str, Evidence] = {}
    for name, step in steps.items():
        rule_id, _, rest = name.partition("__")
        case_id = f"{rule_id.replace('_', '-')}/{rest.replace('_', '-')}"
        seen[case_id] = evidence(step, case=case_id)
    return next(told.answer for told in answer_questions(seen) if told.question == question)


def test_nothing_seen_is_not_observed() -> None:
    """No question is answered without evidence."""
    assert {told.answer for told in answer_questions({})} == {"not observed"}


@pytest.mark.parametrize(
    ("left", "told"), [(URLS, "kept"), (dict.fromkeys(URLS, ""), "cleared"), ({"token_url": ""}, "mixed")]
)
def test_old_urls_when_unreadable(left: dict[str, str], told: str) -> None:
    """Kept, cleared, or some of each."""
    step = updated(CHANGE, not_served(), before=FILLED, inferred=left)

    assert answer("old-urls-when-unreadable", FALL_2__http_404_filled=step) == told


def test_cases_that_disagree_are_both_told() -> None:
    """An implementation that does now this and now that is told as it is."""
    kept = updated(CHANGE, not_served(), before=FILLED)
    cleared = updated(CHANGE, not_served(), before=FILLED, inferred=dict.fromkeys(URLS, ""))

    assert answer("old-urls-when-unreadable", FALL_2__http_404=kept, FALL_2__not_json=cleared) == "cleared | kept"


def test_the_cases_that_showed_it_are_named() -> None:
    """So that anybody can look."""
    case_id = "FALL-2/http-404-filled"
    told = answer_questions({case_id: evidence(updated(CHANGE, not_served(), before=FILLED), case=case_id)})

    assert [entry.evidence for entry in told if entry.question == "old-urls-when-unreadable"] == [(case_id,)]


def test_requests_per_update() -> None:
    """Counted for the document alone."""
    assert answer("requests-per-update", DISC_1__first_issuer=updated({"issuer": ISSUER}, served(), served())) == "2"


def test_headers_of_the_request() -> None:
    """As they were sent, or that none was."""
    step = updated({"issuer": ISSUER}, served(headers=(("User-Agent", "acme/1.0"),)))

    assert answer("user-agent", DISC_1__first_issuer=step) == "acme/1.0"
    assert answer("accept", DISC_1__first_issuer=step) == "none sent"


@pytest.mark.parametrize(
    ("shown", "told"), [(CREDENTIALS["client_secret"], "clear"), ("****", "masked"), ("", "absent")]
)
def test_the_secret_in_reads(shown: str, told: str) -> None:
    """In clear, masked, or not at all."""
    step = updated(CREDENTIALS, after=connection(client_secret=shown))

    assert answer("secret-in-reads", KEEP_7__credentials=step) == told


@pytest.mark.parametrize(("asked", "told"), [((served(),), "requested"), ((), "skipped")])
def test_discovery_when_all_urls_are_typed(asked: tuple[Asked, ...], told: str) -> None:
    """Requested all the same, or skipped."""
    step = updated({"issuer": ISSUER, **URLS}, *asked)

    assert answer("discovery-when-all-typed", PREC_1__atuj=step) == told


@pytest.mark.parametrize(
    ("question", "case"), [("discovery-when-all-typed", "PREC_1__atuj"), ("secret-in-reads", "KEEP_7__credentials")]
)
def test_a_refused_update_answers_nothing(question: str, case: str) -> None:
    """An implementation that fell over said nothing about what it does."""
    assert answer(question, **{case: refused(500, {**CREDENTIALS, **URLS})}) == "not observed"


def test_every_question_names_cases_that_there_are() -> None:
    """A question that looks at cases of another name is never answered."""
    unseen = {question.id for question in QUESTIONS if not any(case.startswith(question.cases) for case in CASES)}

    assert unseen == set()


@pytest.mark.parametrize(
    ("step", "told"),
    [
        (updated({"client_id": ""}, before=connection(**CREDENTIALS)), "cleared"),
        (updated({"client_id": ""}, before=connection(**CREDENTIALS), after=connection(**CREDENTIALS)), "ignored"),
        (refused(400, {"client_id": ""}, before=connection(**CREDENTIALS)), "refused"),
        (refused(500, {"client_id": ""}, before=connection(**CREDENTIALS)), "not observed"),
    ],
)
def test_an_empty_string(step: Step, told: str) -> None:
    """Clears, says nothing, or is no value."""
    assert answer("empty-string", INPUT_2__empty_client_id=step) == told


@pytest.mark.parametrize(
    ("after", "told"),
    [
        (connection(status="pending"), "pending again"),
        (connection(status="active"), "still active"),
        (connection(status="active", **CREDENTIALS), "can't be cleared"),
    ],
)
def test_the_status_once_a_required_field_is_cleared(after: Observed, told: str) -> None:
    """Pending again, still active, or the field resists."""
    step = updated({"client_id": ""}, before=connection(status="active", **CREDENTIALS), after=after)

    assert answer("cleared-required-field", INPUT_2__active_cleared=step) == told


@pytest.mark.parametrize(("inferred", "told"), [(URLS, "followed"), ({}, "not followed")])
def test_redirects(inferred: dict[str, str], told: str) -> None:
    """Seen by what came of it."""
    step = updated({"issuer": ISSUER}, served(status=302), inferred=inferred)

    assert answer("redirects", FALL_1__redirect_same_host=step) == told


@pytest.mark.parametrize(
    ("seconds", "told"), [(0.2, "under 1 s"), (2.0, "1 to 3 s"), (29.0, "10 to 30 s"), (60.0, "over 30 s")]
)
def test_the_time_out(seconds: float, told: str) -> None:
    """In steps that compare well from run to run."""
    step = updated({"issuer": ISSUER}, not_served(), exchange={"seconds": seconds})

    assert answer("time-out", FALL_6__hang_before_headers=step) == told


def test_the_largest_document() -> None:
    """Each size that was tried, read or not."""
    small, large = updated({"issuer": ISSUER}, served(), inferred=URLS), updated({"issuer": ISSUER}, served())

    told = answer("largest-document", FALL_1__huge_document_1_mb=small, FALL_1__huge_document_50_mb=large)

    assert told == "1 MB read | 50 MB not read"


@pytest.mark.parametrize(("asked", "told"), [((served(),), "requested again"), ((), "not requested")])
def test_the_same_issuer_after_a_failure(asked: tuple[Asked, ...], told: str) -> None:
    """Asked again, or taken for no change."""
    assert answer("same-issuer-after-failure", DISC_6__after_a_failure=updated({"issuer": ISSUER}, *asked)) == told

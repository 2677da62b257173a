"""What the source leaves open, answered by what was seen."""

import pytest

from idpact_contract.evidence import Asked, Evidence, Step
from idpact_contract.questions import answer_questions
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

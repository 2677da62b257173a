"""What one case saw, as records that survive a round trip."""

import msgspec
import pytest

from idpact_contract.evidence import Evidence, Exchange
from tests.contract.building import ISSUER, evidence, refused, served, stray, updated


def test_evidence_survives_a_round_trip() -> None:
    """A verdict can be computed again from what was written."""
    seen = evidence(
        updated({"issuer": ISSUER}, served(), stray(), warning="odd", extra={"x": [1, None]}),
        refused(None),
        refused(400),
    )

    assert msgspec.json.decode(msgspec.json.encode(seen), type=Evidence) == seen


@pytest.mark.parametrize(
    ("status", "accepted", "was_refused"),
    [
        (None, False, False),
        (200, True, False),
        (204, True, False),
        (302, False, False),
        (400, False, True),
        (499, False, True),
        (500, False, False),
    ],
)
def test_what_counts_as_accepted_and_as_refused(status: int | None, *, accepted: bool, was_refused: bool) -> None:
    """2xx and 4xx; everything else is neither."""
    exchange = Exchange(method="PUT", url="https://x", status=status)

    assert (exchange.accepted, exchange.refused) == (accepted, was_refused)


@pytest.mark.parametrize(
    ("answer", "is_json", "value"),
    [("{}", True, {}), ("null", True, None), ("", False, None), ("<p>", False, None), ("[" * 100_000, False, None)],
)
def test_an_answer_is_json_or_it_is_not(answer: str, *, is_json: bool, value: object) -> None:
    """A JSON null is told from no JSON, and nothing breaks the parser."""
    exchange = Exchange(method="GET", url="https://x", status=200, answer=answer)

    assert (exchange.is_json, exchange.json) == (is_json, value)


def test_headers_are_found_whatever_their_case() -> None:
    """RFC 9110, section 5.1; the first of several."""
    exchange = Exchange(method="GET", url="https://x", answer_headers=(("Content-TYPE", "a"), ("content-type", "b")))

    assert (exchange.header("content-type"), exchange.header("x")) == ("a", None)


def test_only_judged_steps_are_judged() -> None:
    """What prepares a case is evidence, and under no judgement."""
    given, last = updated({}, judged=False), updated({"display_name": "x"})
    seen = evidence(given, last)

    assert (seen.judged, seen.last) == ((last,), last)


def test_the_facts_of_an_issuer_are_found_by_its_very_url() -> None:
    """Another spelling is another issuer."""
    seen = evidence(updated({}))

    assert seen.issuer(ISSUER) is seen.issuers[0]
    assert seen.issuer(f"{ISSUER}/") is None

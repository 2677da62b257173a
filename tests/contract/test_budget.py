"""Which cases a time budget lets begin, and in what order."""

import pytest

from idpact_contract.cases import CASES
from idpact_contract.catalogue import Level
from idpact_contract.judgement import Passed
from idpact_contract.redact import Redactor
from idpact_contract.results.report import Report, assemble
from idpact_contract.results.verdict import RunVerdict
from idpact_contract.run.budget import by_worth, may_begin, seconds_of
from idpact_contract.run.settings import SettingsError
from tests.contract.reporting import FACTS, trial

MUST = next(case.id for case in CASES.values() if case.level is Level.MUST)
SHOULD = next(case.id for case in CASES.values() if case.level is Level.SHOULD)


@pytest.mark.parametrize(("told", "seconds"), [("90s", 90), ("10m", 600), ("1.5h", 5400)])
def test_a_budget_in_words(told: str, seconds: float) -> None:
    """Seconds, minutes or hours."""
    assert seconds_of(told) == seconds


@pytest.mark.parametrize("told", ["", "10", "m", "-1m", "0s", "1d"])
def test_what_is_no_budget(told: str) -> None:
    """The value, and what would be right."""
    with pytest.raises(SettingsError, match="a budget is a time such as 90s"):
        seconds_of(told)


def test_must_comes_before_should_and_quick_before_slow() -> None:
    """Nothing is lost, and the order is always the same."""
    ordered = by_worth(tuple(CASES.values()))
    keys = [(case.level is Level.SHOULD, bool(case.suite), case.waits) for case in ordered]

    assert keys == sorted(keys)
    assert {case.id for case in ordered} == set(CASES)


@pytest.mark.parametrize(
    ("waits", "left", "begins"), [(False, 0.1, True), (False, 0.0, False), (True, 70.0, False), (True, 80.0, True)]
)
def test_a_case_begins_while_there_is_time(*, waits: bool, left: float, begins: bool) -> None:
    """One that waits needs the whole time that an answer may take."""
    case = next(case for case in CASES.values() if case.waits is waits)

    assert may_begin(case, left=left) is begins


def left_out(case_id: str) -> Report:
    """A run of one MUST and one SHOULD case, of which that one was left out."""
    trials = {name: trial(name, Passed()) for name in (MUST, SHOULD) if name != case_id}
    return assemble([CASES[MUST], CASES[SHOULD]], trials, FACTS, Redactor(), left_out={case_id})


def test_a_must_that_was_left_out_leaves_the_verdict_open() -> None:
    """Nobody conforms by being slow."""
    report = left_out(MUST)

    assert (report.verdict, report.exit_code, report.complete) == (RunVerdict.INCONCLUSIVE, 2, False)
    assert report.left_out == (MUST,)


def test_a_should_that_was_left_out_leaves_the_verdict_alone() -> None:
    """Conforming is about every MUST; the document says that it isn't complete."""
    report = left_out(SHOULD)

    assert (report.verdict, report.exit_code, report.complete) == (RunVerdict.CONFORMING, 0, False)

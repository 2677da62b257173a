"""The whole decision table, from a judgement to an exit code."""

import pytest

from idpact_contract.catalogue import Level
from idpact_contract.judgement import Judgement, NotJudged, Passed, Violated
from idpact_contract.results.verdict import CaseVerdict, RunVerdict, case_verdict, exit_code, rule_verdict, run_verdict

MUST, SHOULD = Level.MUST, Level.SHOULD
PASS, FAIL, WARN = CaseVerdict.PASS, CaseVerdict.FAIL, CaseVerdict.WARN
ABSENT, UNDECIDED = CaseVerdict.NOT_APPLICABLE, CaseVerdict.INCONCLUSIVE
BROKEN = Violated(expected="a", observed="b")

Cases = list[tuple[Level, CaseVerdict]]


@pytest.mark.parametrize(
    ("judgement", "level", "verdict"),
    [
        pytest.param(Passed(), MUST, PASS, id="must-passed"),
        pytest.param(Passed("note"), SHOULD, PASS, id="should-passed"),
        pytest.param(BROKEN, MUST, FAIL, id="must-broken"),
        pytest.param(BROKEN, SHOULD, WARN, id="should-broken"),
        pytest.param(NotJudged("why"), MUST, UNDECIDED, id="must-undecided"),
        pytest.param(NotJudged("why"), SHOULD, UNDECIDED, id="should-undecided"),
    ],
)
def test_a_case(judgement: Judgement, level: Level, verdict: CaseVerdict) -> None:
    """A violation fails a MUST case and warns in a SHOULD case; what isn't judged is never passed."""
    assert case_verdict(judgement, level) is verdict


@pytest.mark.parametrize(
    ("cases", "verdict"),
    [
        pytest.param([], UNDECIDED, id="no-cases"),
        pytest.param([(MUST, PASS)], PASS, id="passed"),
        pytest.param([(MUST, PASS), (MUST, FAIL)], FAIL, id="one-failed"),
        pytest.param([(MUST, FAIL), (MUST, UNDECIDED), (SHOULD, WARN)], FAIL, id="failed-beats-all"),
        pytest.param([(MUST, PASS), (SHOULD, WARN)], WARN, id="warned"),
        pytest.param([(SHOULD, WARN), (SHOULD, PASS)], WARN, id="should-warned"),
        pytest.param([(MUST, UNDECIDED), (SHOULD, WARN)], UNDECIDED, id="must-undecided-beats-warned"),
        pytest.param([(MUST, UNDECIDED), (MUST, PASS)], UNDECIDED, id="must-undecided-beats-passed"),
        pytest.param([(SHOULD, UNDECIDED), (SHOULD, WARN)], WARN, id="warned-beats-should-undecided"),
        pytest.param([(SHOULD, UNDECIDED)], UNDECIDED, id="should-undecided"),
        pytest.param([(SHOULD, UNDECIDED), (SHOULD, ABSENT)], UNDECIDED, id="nothing-decided"),
        pytest.param([(MUST, ABSENT)], ABSENT, id="not-applicable"),
        pytest.param([(MUST, ABSENT), (MUST, PASS)], PASS, id="the-rest-passed"),
        pytest.param([(MUST, ABSENT), (SHOULD, WARN)], WARN, id="the-rest-warned"),
        pytest.param([(MUST, PASS), (SHOULD, UNDECIDED)], UNDECIDED, id="should-undecided-beats-passed"),
    ],
)
def test_a_rule(cases: Cases, verdict: CaseVerdict) -> None:
    """Fail beats an undecided MUST, that beats warn, and not-applicable counts only where nothing else is."""
    assert rule_verdict(cases) is verdict
    assert rule_verdict(list(reversed(cases))) is verdict


@pytest.mark.parametrize(
    ("cases", "all_ran", "verdict"),
    [
        pytest.param([(MUST, PASS)], True, RunVerdict.CONFORMING, id="passed"),
        pytest.param([(MUST, PASS), (SHOULD, WARN)], True, RunVerdict.CONFORMING, id="warnings-conform"),
        pytest.param([(MUST, PASS), (SHOULD, UNDECIDED)], True, RunVerdict.CONFORMING, id="should-undecided-conforms"),
        pytest.param([(MUST, PASS), (MUST, ABSENT)], True, RunVerdict.CONFORMING, id="not-applicable-conforms"),
        pytest.param([(MUST, PASS), (MUST, FAIL)], True, RunVerdict.NONCONFORMING, id="failed"),
        pytest.param([(MUST, FAIL)], False, RunVerdict.NONCONFORMING, id="failed-beats-not-all-ran"),
        pytest.param([(MUST, FAIL), (MUST, UNDECIDED)], True, RunVerdict.NONCONFORMING, id="failed-beats-undecided"),
        pytest.param([(MUST, PASS), (MUST, UNDECIDED)], True, RunVerdict.INCONCLUSIVE, id="must-undecided"),
        pytest.param([(MUST, PASS)], False, RunVerdict.INCONCLUSIVE, id="not-all-ran"),
        pytest.param([(MUST, ABSENT)], True, RunVerdict.INCONCLUSIVE, id="nothing-applied"),
        pytest.param([], True, RunVerdict.INCONCLUSIVE, id="no-cases"),
    ],
)
def test_a_run(cases: Cases, *, all_ran: bool, verdict: RunVerdict) -> None:
    """An implementation conforms when every MUST that applies passed, and nothing less is called so."""
    assert run_verdict(cases, all_ran=all_ran) is verdict


@pytest.mark.parametrize(
    ("cases", "all_ran", "stale", "code"),
    [
        pytest.param([(MUST, PASS, False)], True, False, 0, id="passed"),
        pytest.param([(MUST, FAIL, False)], True, False, 1, id="failed"),
        pytest.param([(MUST, FAIL, True)], True, False, 0, id="excused"),
        pytest.param([(MUST, FAIL, True), (MUST, FAIL, False)], True, False, 1, id="one-of-two-excused"),
        pytest.param([(MUST, PASS, False)], True, True, 1, id="stale"),
        pytest.param([(MUST, UNDECIDED, False)], True, True, 1, id="stale-beats-undecided"),
        pytest.param([(MUST, UNDECIDED, False)], True, False, 2, id="undecided"),
        pytest.param([(MUST, FAIL, True), (MUST, UNDECIDED, False)], True, False, 2, id="excused-yet-undecided"),
        pytest.param([(MUST, FAIL, False), (MUST, UNDECIDED, False)], True, False, 1, id="failed-beats-undecided"),
        pytest.param([(MUST, PASS, False)], False, False, 2, id="not-all-ran"),
        pytest.param([(SHOULD, WARN, False), (MUST, PASS, False)], True, False, 0, id="warned"),
    ],
)
def test_an_exit_code(*, cases: list[tuple[Level, CaseVerdict, bool]], all_ran: bool, stale: bool, code: int) -> None:
    """What is excused counts as passed here alone; a stale excuse is a failure; failed beats inconclusive."""
    assert exit_code(cases, all_ran=all_ran, stale=stale) == code

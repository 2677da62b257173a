"""One run of a generated suite, and the trials that it hands out."""

import dataclasses
from collections.abc import Iterable

import pytest

from idpact_contract.abilities import Ability
from idpact_contract.ahead import Ahead
from idpact_contract.bench import OpenBench
from idpact_contract.cases import CASES, Case
from idpact_contract.generated import Order, hand_out
from idpact_contract.generated import handing as module
from idpact_contract.judgement import NotJudged, Passed
from idpact_contract.targets.base import UnreachableError
from idpact_contract.trial import Trial, try_case
from idpact_mock import MockIdP
from tests.contract.test_trial import Scripted

SUITES = {"pretended": f"{__name__}:run", "unreachable": f"{__name__}:unreachable", "silent": f"{__name__}:silent"}

orders: list[Order] = []


def run(order: Order) -> Iterable[Trial]:
    """Every case that is wanted passes."""
    orders.append(order)
    return [Trial(case=case.id, judgement=Passed("as it should be")) for case in order.cases]


def unreachable(order: Order) -> Iterable[Trial]:
    """The implementation goes away in the midst of it."""
    yield Trial(case=order.cases[0].id, judgement=Passed())
    raise UnreachableError("http://target.test can't be reached: nobody listens")


def silent(order: Order) -> Iterable[Trial]:
    """Comes to an end before it came to anything."""
    del order
    return ()


@pytest.fixture(autouse=True)
def no_orders() -> None:
    """Each test has its own."""
    orders.clear()


def generated(case_id: str, suite: str = "pretended") -> Case:
    """A case of the register, as if a generated suite handed out its trial."""
    return dataclasses.replace(CASES[case_id], arrange=None, suite=suite)


def bench(idp: MockIdP, blocked: str | None = None) -> OpenBench:
    """A bench with an implementation of no interest."""
    return OpenBench(target=Scripted(), idp=idp, blocked=blocked, seed=7, examples=3)


class TestHandOut:
    def test_one_run_brings_the_trial_of_every_case(self, shared_idp: MockIdP) -> None:
        """The suite is run once, and told what is wanted and on which bench."""
        cases = [generated("ACT-1/created"), generated("PREC-1/t")]

        trials = hand_out(cases, bench(shared_idp), suites=SUITES)

        assert {case_id: trial.judgement for case_id, trial in trials.items()} == dict.fromkeys(
            ["ACT-1/created", "PREC-1/t"], Passed("as it should be")
        )
        assert [(order.cases, order.bench.seed, order.bench.examples) for order in orders] == [(tuple(cases), 7, 3)]

    def test_what_does_not_apply_is_not_asked_for(self, shared_idp: MockIdP) -> None:
        """It is not applicable, with the reason, and the suite isn't run for it alone."""
        target = Scripted(lacking=frozenset({Ability.WARNING}))
        case = generated("FALL-5/http-404")

        trials = hand_out([case], OpenBench(target=target, idp=shared_idp), suites=SUITES)

        assert trials[case.id].not_applicable == "the profile says that answers carry no warning"
        assert orders == []

    def test_nothing_is_judged_where_the_mock_idp_is_out_of_reach(self, shared_idp: MockIdP) -> None:
        """It is said once and the same for all, and nothing is sent."""
        trials = hand_out([generated("PREC-1/t")], bench(shared_idp, blocked="no way through"), suites=SUITES)

        assert trials["PREC-1/t"].judgement == NotJudged("set-up: no way through")
        assert orders == []

    def test_an_implementation_that_goes_away_leaves_the_run_unjudged(self, shared_idp: MockIdP) -> None:
        """What was sent no longer tells anything: no case of the run has a verdict."""
        trials = hand_out([generated("PREC-1/t", "unreachable")], bench(shared_idp), suites=SUITES)

        assert trials["PREC-1/t"].judgement == NotJudged("http://target.test can't be reached: nobody listens")

    def test_a_case_left_out_is_not_judged(self, shared_idp: MockIdP) -> None:
        """Whatever a suite forgets is never a pass."""
        trials = hand_out([generated("PREC-1/t", "silent")], bench(shared_idp), suites=SUITES)

        assert trials["PREC-1/t"].judgement == NotJudged("the run ended before it came to this rule")


class TestAhead:
    def test_the_cases_of_a_suite_share_one_run(self, shared_idp: MockIdP, monkeypatch: pytest.MonkeyPatch) -> None:
        """Whichever is taken first has it run; the others find their trial there."""
        monkeypatch.setattr(module, "SUITES", SUITES)
        cases = [generated("ACT-1/created"), generated("PREC-1/t")]
        ahead = Ahead(bench(shared_idp), cases)

        taken = [ahead.take(case).case for case in reversed(cases)]
        ahead.close()

        assert taken == ["PREC-1/t", "ACT-1/created"]
        assert len(orders) == 1

    def test_closing_tells_the_run_to_end(self, shared_idp: MockIdP, monkeypatch: pytest.MonkeyPatch) -> None:
        """A suite asks between two steps whether it is to stop."""
        monkeypatch.setattr(module, "SUITES", SUITES)
        ahead = Ahead(bench(shared_idp), [generated("ACT-1/created")])
        ahead.take(generated("ACT-1/created"))
        before = orders[0].stopped()
        ahead.close()

        assert (before, orders[0].stopped()) == (False, True)


def test_a_generated_case_is_not_arranged(shared_idp: MockIdP) -> None:
    """Trying it on its own is a fault of the caller's."""
    with pytest.raises(ValueError, match=r"case ACT-1/created: the generated suite 'pretended' hands out its trial"):
        try_case(generated("ACT-1/created"), bench(shared_idp))

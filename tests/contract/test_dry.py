"""A dry run: how many requests a check sends, without sending one."""

from collections.abc import Iterator

import pytest

from idpact_contract.abilities import Ability
from idpact_contract.bench import OpenBench
from idpact_contract.cases import CASES
from idpact_contract.evidence import Actor
from idpact_contract.judgement import Passed
from idpact_contract.run.dry import count_requests
from idpact_contract.targets.base import Answer, Body
from idpact_contract.targets.http import HttpTarget
from idpact_contract.targets.profile import load_profile
from idpact_contract.trial import try_case
from idpact_mock import MockIdP
from tests.contract.conftest import Served

NOTHING_LACKS: frozenset[Ability] = frozenset()


class Counted(HttpTarget):
    """The reference implementation behind HTTP, with its requests counted."""

    requests = 0

    def create(self, body: Body, *, actor: Actor = Actor.OWNER) -> Answer:
        """Count and create."""
        self.requests += 1
        return super().create(body, actor=actor)

    def update(self, connection_id: str, body: Body, *, actor: Actor = Actor.OWNER) -> Answer:
        """Count and update."""
        self.requests += 1
        return super().update(connection_id, body, actor=actor)

    def read(self, connection_id: str, *, actor: Actor = Actor.OWNER) -> Answer:
        """Count and read."""
        self.requests += 1
        return super().read(connection_id, actor=actor)

    def delete(self, connection_id: str, *, actor: Actor = Actor.OWNER) -> Answer:
        """Count and delete."""
        self.requests += 1
        return super().delete(connection_id, actor=actor)


@pytest.fixture
def target(reference: Served) -> Iterator[Counted]:
    """The reference, counted."""
    target = Counted(reference.url, profile=load_profile("stytch-frontend"), variables=reference.variables)
    yield target
    target.close()


@pytest.mark.parametrize("case_id", ["DISC-2/back-again", "KEEP-5/name-and-url", "ORG-5/foreign-or-unknown"])
def test_the_count_is_what_a_real_run_sends(case_id: str, target: Counted, shared_idp: MockIdP) -> None:
    """Set-up, reads and tidying up included."""
    case = CASES[case_id]
    trial = try_case(case, OpenBench(target=target, idp=shared_idp))

    assert trial.judgement == Passed()
    assert count_requests([case], target.lacking) == {case_id: target.requests}


def test_a_case_that_does_not_apply_sends_nothing() -> None:
    """It isn't arranged at all."""
    cases = [CASES["ORG-2/update"], CASES["ACT-1/created"]]
    counts = count_requests(cases, frozenset({Ability.SECOND_ORGANIZATION}))

    assert counts == {"ORG-2/update": 0, "ACT-1/created": 3}


def test_every_case_can_be_counted() -> None:
    """No case needs a real answer to be arranged, and each sends an update or a create, and reads; generated ones share theirs."""
    counts = count_requests(list(CASES.values()), NOTHING_LACKS)

    assert list(counts) == list(CASES)
    assert min(count for case_id, count in counts.items() if not CASES[case_id].suite) >= 2

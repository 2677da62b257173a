"""Try one case on one implementation: arrange it, judge what was seen, and write both down."""

import time
from contextlib import suppress
from typing import Protocol

import msgspec

from idpact_contract.cases.registry import Case
from idpact_contract.evidence import Evidence, Setting
from idpact_contract.judgement import Judgement, NotJudged
from idpact_contract.lab import CaseOverError, Lab, SetUpBrokeError
from idpact_contract.provider import IdentityProvider
from idpact_contract.targets.base import Target, UnreachableError

__all__ = ["Bench", "Trial", "try_case"]


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """One case, tried.

    Attributes:
        case: The case's id.
        judgement: What the judge said; `NotJudged` where the case could not be arranged; None where it does not apply.
        not_applicable: Why it does not apply; None where it does.
        evidence: All that was seen; None where it does not apply, and where a generated suite found nothing.
        seconds: How long it took.
        story: What was done, a sentence each, where a generated suite found it.
        staging: What was done to the mock IdP, and before which step, where a generated suite found it.
    """

    case: str
    judgement: Judgement | None = None
    not_applicable: str | None = None
    evidence: Evidence | None = None
    seconds: float = 0.0
    story: tuple[str, ...] = ()
    staging: tuple[Setting, ...] = ()


class Bench(Protocol):
    """What every case of a run shares."""

    @property
    def target(self) -> Target:
        """The implementation."""

    @property
    def idp(self) -> IdentityProvider:
        """The mock IdP."""

    @property
    def seed(self) -> int:
        """The run's seed."""

    @property
    def own_ports(self) -> bool:
        """Issuers get a port of their own."""

    @property
    def keep(self) -> bool:
        """Leave what was created."""

    @property
    def blocked(self) -> str | None:
        """Why the implementation can't reach the mock IdP; None where it can."""

    @property
    def examples(self) -> int:
        """How many examples each generated suite tries."""


def try_case(case: Case, bench: Bench) -> Trial:
    """Try one case.

    A case that can't be arranged is not judged, and what was seen until then is kept. An error of the suite itself is
    not caught: it is no judgement on anybody.

    Raises:
        ValueError: A generated suite hands out the case's trial.
    """
    if case.arrange is None:
        raise ValueError(f"case {case.id}: the generated suite {case.suite!r} hands out its trial")
    began = time.perf_counter()
    if reason := case.not_applicable(bench.target.lacking):
        return Trial(case=case.id, not_applicable=reason)
    lab = Lab(
        bench.target,
        bench.idp,
        case_id=case.id,
        seed=bench.seed,
        own_ports=bench.own_ports,
        keep=bench.keep,
        blocked=bench.blocked,
        settled=case.awaits_activation,
    )
    with lab:
        judgement: Judgement
        try:
            with suppress(CaseOverError):
                case.arrange(lab)
        except SetUpBrokeError as error:
            judgement = NotJudged(f"set-up: {error}")
        except UnreachableError as error:
            judgement = NotJudged(str(error))
        else:
            judgement = case.judgement(lab.evidence())
        evidence = lab.evidence()
    return Trial(case=case.id, judgement=judgement, evidence=evidence, seconds=time.perf_counter() - began)

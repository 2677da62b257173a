"""Hand-made trials and the result documents that come of them."""

from collections.abc import Mapping, Sequence
from typing import Final

from idpact_contract.cases import CASES
from idpact_contract.evidence import Evidence
from idpact_contract.judgement import Difference, Judgement, Passed, Violated
from idpact_contract.redact import Redactor
from idpact_contract.results.report import Report, RunFacts, assemble
from idpact_contract.trial import Trial
from tests.contract.building import evidence, updated

__all__ = ["BROKEN", "FACTS", "full_report", "report_of", "trial"]

FACTS: Final = RunFacts(
    base_url="https://target.test",
    profile="stytch-frontend",
    profile_digest="sha256:0",
    seed=7,
    started="2025-01-02T03:04:05Z",
    seconds=1.5,
    reachability="both are on loopback",
    suite={"name": "idpact", "version": "0.1.0"},
    environment={"python": "3.11"},
)

BROKEN: Final = Violated(
    expected="token_url 'https://typed.example/token' (typed in this update)",
    observed="token_url '' in the read",
    differences=(
        Difference(
            where="read",
            field="token_url",
            allowed=("https://typed.example/token",),
            observed="",
            why="typed in this update",
        ),
    ),
)


def trial(case_id: str, judgement: Judgement, *, seen: Evidence | None = None, seconds: float = 0.25) -> Trial:
    """A case that was tried, with evidence of an ordinary update unless told."""
    told = evidence(updated({"display_name": "Named"}), case=case_id) if seen is None else seen
    return Trial(case=case_id, judgement=judgement, evidence=told, seconds=seconds)


def report_of(
    judgements: Mapping[str, Judgement | None],
    *,
    missing: Sequence[str] = (),
    redactor: Redactor | None = None,
    seen: Evidence | None = None,
    authorization: str = "",
) -> Report:
    """The document of a run of these cases; None is not applicable, and those that are missing never ran."""
    trials = {
        case_id: Trial(case=case_id, not_applicable="the profile says so")
        if judgement is None
        else trial(case_id, judgement, seen=seen)
        for case_id, judgement in judgements.items()
    }
    planned = [case for case in CASES.values() if case.id in judgements or case.id in missing]
    return assemble(planned, trials, FACTS, redactor or Redactor(), authorization)


def full_report(**otherwise: Judgement | None) -> Report:
    """The document of a run of every case, all passed but for those that are told (`ACT_1__created`)."""
    told = {name.replace("__", "/").replace("_", "-"): judgement for name, judgement in otherwise.items()}
    assert set(told) <= set(CASES)
    return report_of({**dict.fromkeys(CASES, Passed()), **told})

"""Several result documents of one implementation as one: the shards of a check that ran on several machines. Pure.

A case that was planned and is in none of them is inconclusive, so that a shard that got lost is seen.
"""

from collections.abc import Sequence
from typing import Final

from idpact_contract.cases import CASES, Case
from idpact_contract.judgement import NotJudged, Violated
from idpact_contract.redact import Redactor
from idpact_contract.results.report import NOT_RUN, CaseReport, Report, composed, report_case
from idpact_contract.results.verdict import CaseVerdict
from idpact_contract.trial import Trial

__all__ = ["MergeError", "merged", "not_run", "worse"]

_WORST_FIRST: Final = (
    CaseVerdict.FAIL,
    CaseVerdict.INCONCLUSIVE,
    CaseVerdict.WARN,
    CaseVerdict.PASS,
    CaseVerdict.NOT_APPLICABLE,
)


class MergeError(ValueError):
    """The documents are not of one implementation and one suite; the message says where they differ."""


def merged(reports: Sequence[Report], planned: Sequence[Case]) -> Report:
    """One document of several.

    Args:
        reports: At least one. A case that several of them have counts as the worst of its verdicts.
        planned: The cases that should be in one of them at least.

    Raises:
        MergeError: They are of several implementations, profiles, catalogues or seeds; or one has a case that there is not.
    """
    first = reports[0]
    _checked(reports)
    cases = _worst(reports)
    wanted = {case.id for case in planned} | cases.keys()
    # One redactor for nothing: a case that did not run has no secrets.
    chosen = {
        case.id: cases.get(case.id) or report_case(case, None, Redactor())
        for case in CASES.values()
        if case.id in wanted
    }
    return composed(
        tuple(chosen.values()),
        all_ran=not any(_did_not_run(case) for case in chosen.values()),
        target={**first.target, "base_url": ", ".join(dict.fromkeys(report.target["base_url"] for report in reports))},
        suite=first.suite,
        seed=first.seed,
        started=min(report.started for report in reports),
        seconds=max(report.seconds for report in reports),
        ledger=next((report.ledger for report in reports if report.ledger is not None), None),
        stale=any(report.ledger is not None and report.ledger.stale for report in reports),
        left_out=(),
        reachability="; ".join(dict.fromkeys(report.reachability for report in reports if report.reachability)),
        environment=first.environment,
    )


def not_run(report: Report) -> tuple[str, ...]:
    """The ids of the cases that were planned and did not run."""
    return tuple(case.id for case in report.cases if _did_not_run(case))


def worse(one: Trial, other: Trial) -> Trial:
    """The trial that counts of two of the same case: a violation before what could not be judged, and that before the rest."""

    def rank(trial: Trial) -> int:
        return 2 if isinstance(trial.judgement, Violated) else int(isinstance(trial.judgement, NotJudged))

    return other if rank(other) > rank(one) else one


def _worst(reports: Sequence[Report]) -> dict[str, CaseReport]:
    found: dict[str, CaseReport] = {}
    for case in (case for report in reports for case in report.cases):
        known = found.get(case.id)
        if known is None or _rank(case) < _rank(known):
            found[case.id] = case
    return found


def _rank(case: CaseReport) -> int:
    """Where it stands among verdicts; one that did not run gives way to any that did."""
    return len(_WORST_FIRST) if _did_not_run(case) else _WORST_FIRST.index(case.verdict)


def _did_not_run(case: CaseReport) -> bool:
    return case.verdict is CaseVerdict.INCONCLUSIVE and case.observed == NOT_RUN


def _checked(reports: Sequence[Report]) -> None:
    for what, values in (
        ("target.profile", {report.target.get("profile", "") for report in reports}),
        ("target.profile_digest", {report.target.get("profile_digest", "") for report in reports}),
        ("suite.catalogue", {report.suite.get("catalogue", "") for report in reports}),
        ("suite.version", {report.suite.get("version", "") for report in reports}),
        ("seed", {str(report.seed) for report in reports}),
    ):
        if len(values) > 1:
            raise MergeError(f"{what} differs ({', '.join(sorted(values))}): these are not parts of one check")
    unknown = sorted({case.id for report in reports for case in report.cases} - CASES.keys())
    if unknown:
        raise MergeError(f"case {unknown[0]!r}: this version of the suite has none")

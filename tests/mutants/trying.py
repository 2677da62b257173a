"""A specimen on a bench: served in this process, checked over HTTP with a mock IdP."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import Any

from msgspec.structs import replace

from idpact_contract.ahead import Ahead
from idpact_contract.bench import OpenBench
from idpact_contract.cases import CASES, Case
from idpact_contract.questions import answer_questions
from idpact_contract.reference import Reference, build
from idpact_contract.results.verdict import CaseVerdict, case_verdict, rule_verdict
from idpact_contract.targets.http import HttpTarget
from idpact_contract.targets.profile import load_profile
from idpact_contract.trial import Trial
from idpact_mock import MockIdP, ServerTLS, ThreadedServer
from tests.mutants import activating, answering, boundary, discovering, falling, hostile, inferring, keeping, variants
from tests.mutants.registry import MUTANTS, VARIANTS, Specimen

__all__ = [
    "MUTANTS",
    "REFERENCE",
    "VARIANTS",
    "Specimen",
    "answers",
    "bench_of",
    "cases_of",
    "rule_verdicts",
    "try_all",
]

REFERENCE = Specimen(
    id="reference",
    about="The reference implementation itself.",
    answers={
        "old-urls-when-unreadable": "kept",
        "old-url-when-member-missing": "kept",
        "empty-string": "cleared",
        "null": "ignored",
        "unknown-members": "ignored",
        "same-issuer-after-failure": "not requested",
        "empty-url-with-same-issuer": "left empty",
        "final-slash": "another issuer",
        "redirects": "followed",
        "redirects-elsewhere": "followed",
        "other-success": "not used",
        "content-type": "used",
        "http-issuers": "allowed",
        "cleared-required-field": "pending again",
        "discovery-when-all-typed": "requested",
        "secret-in-reads": "clear",
    },
)

PARTLY_SHOULD = frozenset({"INFER-8", "INPUT-1", "WIRE-3"})
"""MUST rules with a SHOULD half of their own: a mutant may break that half alone."""

_DISCOVERY_SECONDS = 2.0
"""Long enough for a loaded machine to read a document that is there."""
_ANSWER_SECONDS = 8.0
"""A target that has not answered by then counts as hanging: shorter than a real check waits, longer than any right one takes."""


@contextmanager
def bench_of(specimen: Specimen, shared: MockIdP, *, profile: str | None = None) -> Iterator[OpenBench]:
    """Serve a specimen, and hand out a bench with it and a mock IdP: the shared one, where http will do."""
    with ExitStack() as stack:
        tls = ServerTLS.throwaway() if specimen.https else None
        idp = shared if tls is None else stack.enter_context(MockIdP(tls=tls))
        parts: Any = specimen.parts
        trust = None if tls is None else tls.client_context()
        implementation = build(discovery_timeout=_DISCOVERY_SECONDS, trust=trust, **parts)
        stack.callback(implementation.close)
        server = stack.enter_context(ThreadedServer(implementation.app))
        wire = replace(load_profile(profile or specimen.profile), secret_in_reads=specimen.secret_in_reads)
        target = HttpTarget(server.url, profile=wire, variables=_variables(implementation), timeout=_ANSWER_SECONDS)
        stack.callback(target.close)
        yield OpenBench(target=target, idp=idp)


def _variables(implementation: Reference) -> dict[str, str]:
    settings = implementation.settings
    first, second = settings.orgs
    return {
        "public_token": settings.public_token,
        "project_id": settings.project_id,
        "secret": settings.secret,
        "organization_id": first.organization_id,
        "session_token": first.session_token,
        "other_organization_id": second.organization_id,
        "other_session_token": second.session_token,
    }


def cases_of(rules: Iterable[str]) -> list[Case]:
    """Every case of these rules."""
    wanted = set(rules)
    return [case for case in CASES.values() if case.rule.id in wanted]


def try_all(cases: Iterable[Case], bench: OpenBench) -> dict[str, Trial]:
    """Try the cases that are arranged, by their ids; those that mostly wait side by side."""
    chosen = sorted((case for case in cases if not case.suite), key=lambda case: case.waits)
    ahead = Ahead(bench, [case for case in chosen if case.waits])
    ahead.start()
    with closing(ahead):
        return {case.id: ahead.take(case) for case in chosen}


def rule_verdicts(trials: dict[str, Trial]) -> dict[str, CaseVerdict]:
    """The verdict on each rule that was tried."""
    by_rule: dict[str, list[tuple[Any, CaseVerdict]]] = {}
    for case_id, trial in trials.items():
        case = CASES[case_id]
        verdict = CaseVerdict.NOT_APPLICABLE if trial.judgement is None else case_verdict(trial.judgement, case.level)
        by_rule.setdefault(case.rule.id, []).append((case.level, verdict))
    return {rule_id: rule_verdict(cases) for rule_id, cases in by_rule.items()}


def answers(trials: dict[str, Trial]) -> dict[str, str]:
    """What the trials showed of each question that the source leaves open."""
    seen = {case_id: trial.evidence for case_id, trial in trials.items() if trial.evidence is not None}
    return {told.question: told.answer for told in answer_questions(seen)}


_ = (activating, answering, boundary, discovering, falling, hostile, inferring, keeping, variants)

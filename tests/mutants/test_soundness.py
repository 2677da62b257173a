"""The rules bite those that they should, and nobody else."""

from dataclasses import replace
from typing import Final

import pytest

from idpact_contract.cases import CASES, Case
from idpact_contract.catalogue import CATALOGUE, Level
from idpact_contract.questions import QUESTIONS
from idpact_contract.reference import Discovery
from idpact_contract.results.verdict import CaseVerdict
from idpact_mock import MockIdP
from tests.mutants.trying import (
    MUTANTS,
    PARTLY_SHOULD,
    REFERENCE,
    VARIANTS,
    Specimen,
    answers,
    bench_of,
    cases_of,
    rule_verdicts,
    try_all,
)

pytestmark = pytest.mark.timeout(240)  # whole suites, on machines that may be busy


def test_every_rule_has_a_mutant_that_breaks_it() -> None:
    """A rule that no implementation can break is no rule."""
    broken = {rule_id for specimen in MUTANTS.values() for rule_id in specimen.breaks}

    assert set(CATALOGUE) - broken == set()


@pytest.mark.parametrize("specimen", MUTANTS.values(), ids=MUTANTS)
def test_a_mutant_is_caught_by_the_rule_that_it_breaks(specimen: Specimen, shared_idp: MockIdP) -> None:
    """Each fault is seen by each rule that it is said to break: a failure for a MUST case, a warning for a SHOULD case."""
    with bench_of(specimen, shared_idp) as bench:
        verdicts = rule_verdicts(try_all(cases_of(specimen.breaks), bench))

    assert {rule_id: verdict for rule_id, verdict in verdicts.items() if verdict not in ("fail", "warn")} == {}
    must = [rule_id for rule_id in specimen.breaks if CATALOGUE[rule_id].level is Level.MUST]
    assert [rule_id for rule_id in must if verdicts[rule_id] != "fail" and rule_id not in PARTLY_SHOULD] == []


@pytest.mark.parametrize("profile", ["stytch-frontend", "stytch-backend"])
def test_the_reference_keeps_every_rule_on_both_wires(profile: str, shared_idp: MockIdP) -> None:
    """No case finds fault with the reference; only what the other wire's rules are about does not apply."""
    with bench_of(REFERENCE, shared_idp, profile=profile) as bench:
        trials = try_all(CASES.values(), bench)
    verdicts = rule_verdicts(trials)

    assert {rule_id: verdict for rule_id, verdict in verdicts.items() if verdict is not CaseVerdict.PASS} == (
        {"WIRE-7": CaseVerdict.NOT_APPLICABLE} if profile == "stytch-frontend" else {}
    )
    told = answers(trials)
    assert {question: told[question] for question in REFERENCE.answers} == REFERENCE.answers


def test_the_reference_keeps_the_fallback_at_one_shared_address() -> None:
    """Where an implementation reaches the mock IdP at one address only, issuers share a port, and no case finds fault either."""
    with MockIdP() as idp:
        idp._advertise = idp.url  # its port is known only once it listens, and nothing else depends on the order
        with bench_of(REFERENCE, idp) as bench:
            trials = try_all(
                cases_of(rule_id for rule_id in CATALOGUE if rule_id.startswith("FALL")),
                replace(bench, own_ports=False),
            )

    assert set(rule_verdicts(trials).values()) == {CaseVerdict.PASS}


_A_FEW: Final = (
    "http-404",
    "http-2xx-not-200",
    "connection-reset",
    "hang-before-headers",
    "html-login-page",
    "json-null",
    "wrong-content-type",
    "issuer-mismatch",
    "member-null",
    "redirect-same-host",
    "redirect-cross-host",
)
"""Failures that stand for all others where an implementation reads documents as the reference does."""


def _concerning(specimen: Specimen) -> list[Case]:
    """The cases that may see what is otherwise in a variant; `make soundness` tries them all."""
    reads_otherwise = any(issubclass(part, Discovery) for part in specimen.parts.values())
    return [case for case in CASES.values() if _concerns(case, reads_otherwise=reads_otherwise)]


def _concerns(case: Case, *, reads_otherwise: bool) -> bool:
    if case.rule.family == "FALL":
        return (
            case.rule.id in ("FALL-1", "FALL-2", "FALL-5")
            if reads_otherwise
            else case.id.removesuffix("-filled").endswith(_A_FEW)
        )
    return case.rule.id != "INPUT-1" if reads_otherwise else case.rule.family != "SAFE"


@pytest.mark.parametrize("specimen", VARIANTS.values(), ids=VARIANTS)
def test_a_right_variant_is_not_bitten(specimen: Specimen, shared_idp: MockIdP) -> None:
    """What the source leaves open may be answered either way: no case fails or warns, and the report says which way."""
    with bench_of(specimen, shared_idp) as bench:
        trials = try_all(_concerning(specimen), bench)
    verdicts = rule_verdicts(trials)
    told = answers(trials)

    assert {
        rule_id: verdict for rule_id, verdict in verdicts.items() if verdict not in ("pass", "not-applicable")
    } == {}
    assert {question: told[question] for question in specimen.answers} == specimen.answers


def test_every_answer_has_a_right_implementation() -> None:
    """An answer that nobody was seen to give may be one that a rule forbids."""
    given = {pair for specimen in (REFERENCE, *VARIANTS.values()) for pair in specimen.answers.items()}

    assert {(question.id, word) for question in QUESTIONS for word in question.words} - given == set()

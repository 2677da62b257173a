"""Every case as a plain pytest item, keyed by rule id and case. Knows pytest; arranges and judges nothing itself."""

import warnings
from collections.abc import Callable, Sequence

import pytest

from idpact_contract.bench import OpenBench
from idpact_contract.cases import CASES, Case
from idpact_contract.generated import hand_out
from idpact_contract.results.explain import explain
from idpact_contract.results.verdict import CaseVerdict, case_verdict
from idpact_contract.trial import Trial, try_case

__all__ = [
    "ActivationRules",
    "ContractSuite",
    "ContractWarning",
    "CredentialRules",
    "DiscoveryRules",
    "FallbackRules",
    "InferenceRules",
    "InputRules",
    "KeepRules",
    "OrganizationRules",
    "PrecedenceRules",
    "SafetyRules",
    "WireRules",
]


class ContractWarning(UserWarning):
    """A SHOULD rule was broken: worth mending, no failure."""


def _cases(family: str) -> pytest.MarkDecorator:
    chosen: Sequence[Case] = [case for case in CASES.values() if case.rule.family == family]
    return pytest.mark.parametrize("case", chosen, ids=[case.id for case in chosen])


def _trial(case: Case, bench: OpenBench) -> Trial:
    if bench.ahead:
        return bench.ahead.take(case)
    return hand_out([case], bench)[case.id] if case.suite else try_case(case, bench)


def _run(case: Case, bench: OpenBench, record: Callable[[Trial], None]) -> None:
    trial = _trial(case, bench)
    record(trial)
    if trial.judgement is None:
        pytest.skip(trial.not_applicable or "not applicable")
    verdict = case_verdict(trial.judgement, case.level)
    if verdict is CaseVerdict.WARN:
        warnings.warn(ContractWarning(explain(case, trial)), stacklevel=2)
    elif verdict is not CaseVerdict.PASS:
        pytest.fail(explain(case, trial), pytrace=False)


class OrganizationRules:
    """ORG: whose connection it is."""

    @_cases("ORG")
    def test_org(self, case: Case, idpact_bench: OpenBench, idpact_record: Callable[[Trial], None]) -> None:
        """The boundary between organizations holds."""
        _run(case, idpact_bench, idpact_record)


class DiscoveryRules:
    """DISC: when and where the document is read."""

    @_cases("DISC")
    def test_disc(self, case: Case, idpact_bench: OpenBench, idpact_record: Callable[[Trial], None]) -> None:
        """The document is requested when and where it should be."""
        _run(case, idpact_bench, idpact_record)


class InferenceRules:
    """INFER: what is inferred."""

    @_cases("INFER")
    def test_infer(self, case: Case, idpact_bench: OpenBench, idpact_record: Callable[[Trial], None]) -> None:
        """What is inferred is what the document says."""
        _run(case, idpact_bench, idpact_record)


class CredentialRules:
    """CRED: the credentials."""

    @_cases("CRED")
    def test_cred(self, case: Case, idpact_bench: OpenBench, idpact_record: Callable[[Trial], None]) -> None:
        """The credentials are the administrator's alone."""
        _run(case, idpact_bench, idpact_record)


class FallbackRules:
    """FALL: the update goes through although the document can't be read."""

    @_cases("FALL")
    def test_fall(self, case: Case, idpact_bench: OpenBench, idpact_record: Callable[[Trial], None]) -> None:
        """The update goes through whatever the identity provider does."""
        _run(case, idpact_bench, idpact_record)


class PrecedenceRules:
    """PREC: typed values win."""

    @_cases("PREC")
    def test_prec(self, case: Case, idpact_bench: OpenBench, idpact_record: Callable[[Trial], None]) -> None:
        """Typed values win over discovered ones."""
        _run(case, idpact_bench, idpact_record)


class ActivationRules:
    """ACT: when a connection is active."""

    @_cases("ACT")
    def test_act(self, case: Case, idpact_bench: OpenBench, idpact_record: Callable[[Trial], None]) -> None:
        """A connection is active when seven fields are there, and not before."""
        _run(case, idpact_bench, idpact_record)


class KeepRules:
    """KEEP: what an update leaves alone."""

    @_cases("KEEP")
    def test_keep(self, case: Case, idpact_bench: OpenBench, idpact_record: Callable[[Trial], None]) -> None:
        """What the body doesn't name stays as it was."""
        _run(case, idpact_bench, idpact_record)


class WireRules:
    """WIRE: the shape of answers on the documented wires."""

    @_cases("WIRE")
    def test_wire(self, case: Case, idpact_bench: OpenBench, idpact_record: Callable[[Trial], None]) -> None:
        """Answers have the documented shape."""
        _run(case, idpact_bench, idpact_record)


class InputRules:
    """INPUT: bad input."""

    @_cases("INPUT")
    def test_input(self, case: Case, idpact_bench: OpenBench, idpact_record: Callable[[Trial], None]) -> None:
        """Bad input is the caller's error."""
        _run(case, idpact_bench, idpact_record)


class SafetyRules:
    """SAFE: hostile identity providers."""

    @_cases("SAFE")
    def test_safe(self, case: Case, idpact_bench: OpenBench, idpact_record: Callable[[Trial], None]) -> None:
        """A hostile identity provider does no harm."""
        _run(case, idpact_bench, idpact_record)


class ContractSuite(
    OrganizationRules,
    DiscoveryRules,
    InferenceRules,
    CredentialRules,
    FallbackRules,
    PrecedenceRules,
    ActivationRules,
    KeepRules,
    WireRules,
    InputRules,
    SafetyRules,
):
    """Every family."""

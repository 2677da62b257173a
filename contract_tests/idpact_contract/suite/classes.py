"""Every case as a plain pytest item, keyed by rule id and case. Knows pytest; arranges and judges nothing itself."""

import warnings
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

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


_Test = TypeVar("_Test", bound=Callable[..., None])
_OURS: Final = "_idpact_family"


class ContractWarning(UserWarning):
    """A SHOULD rule was broken: worth mending, no failure."""


def _cases(family: str) -> pytest.MarkDecorator:
    chosen: Sequence[Case] = [case for case in CASES.values() if case.rule.family == family]
    params = [pytest.param(case, id=case.id, marks=_mark(case)) for case in chosen]
    return pytest.mark.parametrize("case", params)


def _mark(case: Case) -> pytest.MarkDecorator:
    return pytest.mark.idpact(rule=case.rule.id, family=case.rule.family, level=str(case.level))


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


class _Rules:
    """What every class of the suite has: its items can't be taken away."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        ours = {name: made for base in cls.__mro__ for name, made in vars(base).items() if hasattr(made, _OURS)}
        for name, made in ours.items():
            if getattr(cls, name, None) is not made:
                raise TypeError(
                    f"{cls.__name__}.{name}: the rules of {name.removeprefix('test_').upper()} can't be overridden, since they"
                    " would no longer be judged; to run fewer, subclass single families, or say --idpact-only or -m"
                )


def _rules(family: str) -> Callable[[_Test], _Test]:
    """An item for each case of that family, which a subclass can't take away."""

    def mark(test: _Test) -> _Test:
        setattr(test, _OURS, family)
        marked: _Test = _cases(family)(test)
        return marked

    return mark


class OrganizationRules(_Rules):
    """ORG: whose connection it is."""

    @_rules("ORG")
    def test_org(self, case: Case, idpact_bench: OpenBench, idpact_record: Callable[[Trial], None]) -> None:
        """The boundary between organizations holds."""
        _run(case, idpact_bench, idpact_record)


class DiscoveryRules(_Rules):
    """DISC: when and where the document is read."""

    @_rules("DISC")
    def test_disc(self, case: Case, idpact_bench: OpenBench, idpact_record: Callable[[Trial], None]) -> None:
        """The document is requested when and where it should be."""
        _run(case, idpact_bench, idpact_record)


class InferenceRules(_Rules):
    """INFER: what is inferred."""

    @_rules("INFER")
    def test_infer(self, case: Case, idpact_bench: OpenBench, idpact_record: Callable[[Trial], None]) -> None:
        """What is inferred is what the document says."""
        _run(case, idpact_bench, idpact_record)


class CredentialRules(_Rules):
    """CRED: the credentials."""

    @_rules("CRED")
    def test_cred(self, case: Case, idpact_bench: OpenBench, idpact_record: Callable[[Trial], None]) -> None:
        """The credentials are the administrator's alone."""
        _run(case, idpact_bench, idpact_record)


class FallbackRules(_Rules):
    """FALL: the update goes through although the document can't be read."""

    @_rules("FALL")
    def test_fall(self, case: Case, idpact_bench: OpenBench, idpact_record: Callable[[Trial], None]) -> None:
        """The update goes through whatever the identity provider does."""
        _run(case, idpact_bench, idpact_record)


class PrecedenceRules(_Rules):
    """PREC: typed values win."""

    @_rules("PREC")
    def test_prec(self, case: Case, idpact_bench: OpenBench, idpact_record: Callable[[Trial], None]) -> None:
        """Typed values win over discovered ones."""
        _run(case, idpact_bench, idpact_record)


class ActivationRules(_Rules):
    """ACT: when a connection is active."""

    @_rules("ACT")
    def test_act(self, case: Case, idpact_bench: OpenBench, idpact_record: Callable[[Trial], None]) -> None:
        """A connection is active when seven fields are there, and not before."""
        _run(case, idpact_bench, idpact_record)


class KeepRules:
    """KEEP: what an update leaves alone."""

    @_rules("KEEP")
    def test_keep(self, case: Case, idpact_bench: OpenBench, idpact_record: Callable[[Trial], None]) -> None:
        """What the body doesn't name stays as it was."""
        _run(case, idpact_bench, idpact_record)


class WireRules:
    """WIRE: the shape of answers on the documented wires."""

    @_rules("WIRE")
    def test_wire(self, case: Case, idpact_bench: OpenBench, idpact_record: Callable[[Trial], None]) -> None:
        """Answers have the documented shape."""
        _run(case, idpact_bench, idpact_record)


class InputRules:
    """INPUT: bad input."""

    @_rules("INPUT")
    def test_input(self, case: Case, idpact_bench: OpenBench, idpact_record: Callable[[Trial], None]) -> None:
        """Bad input is the caller's error."""
        _run(case, idpact_bench, idpact_record)


class SafetyRules:
    """SAFE: hostile identity providers."""

    @_rules("SAFE")
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

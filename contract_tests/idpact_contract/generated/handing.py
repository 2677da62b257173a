"""What a generated suite is, and how one run of it becomes a trial for each of its cases.

Knows the suites by name and imports none before it runs: what generates is heavy, and not everybody has it installed.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from types import MappingProxyType
from typing import Final, TypeAlias

from idpact_contract.cases import Case
from idpact_contract.judgement import NotJudged
from idpact_contract.targets.base import UnreachableError
from idpact_contract.trial import Bench, Trial

__all__ = ["EXAMPLES", "SUITES", "Order", "Run", "hand_out", "missing"]

EXAMPLES: Final = 30
"""How many examples a suite tries unless it is told otherwise."""

SUITES: Final[Mapping[str, str]] = MappingProxyType(
    {"model": "idpact_contract.generated.model:run", "schema": "idpact_contract.generated.schema:run"}
)
"""By the name that cases give as their suite: the `module:function` of its `Run`."""

WITHOUT_IDP: Final = frozenset({"model"})
"""Suites that do what can be done where the implementation can't reach the mock IdP, and leave out the rest."""

_NEEDED: Final[Mapping[str, str]] = MappingProxyType({"schema": "schemathesis"})
"""By a suite's name: the package without which it can't run."""


def missing(case: Case) -> str | None:
    """The package that the case's suite needs and that isn't installed; None where nothing is missing."""
    needed = _NEEDED.get(case.suite)
    return needed if needed and find_spec(needed) is None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What one run of a suite is to bring.

    Attributes:
        cases: The cases whose trials are wanted: those alone are judged. Each applies to the implementation.
        bench: What the run stands on; its seed and its number of examples are the run's.
        stopped: Whether the run is to end early; asked between two steps, so that it deletes what it created.
    """

    cases: tuple[Case, ...]
    bench: Bench
    stopped: Callable[[], bool] = lambda: False


Run: TypeAlias = Callable[[Order], Iterable[Trial]]
"""A suite's run: a trial for each case of the order; those that it leaves out were not judged."""


def hand_out(
    cases: Sequence[Case],
    bench: Bench,
    *,
    stopped: Callable[[], bool] = lambda: False,
    suites: Mapping[str, str] | None = None,
) -> dict[str, Trial]:
    """Run the suite of these cases once; a trial for each of them, by id.

    A case that does not apply is not handed to the suite; nothing is where the mock IdP can't be reached, unless the suite
    knows what to do then.

    Args:
        cases: Cases of one suite.
        bench: What the run stands on.
        stopped: Whether the run is to end early.
        suites: Where suites are found: `SUITES` by default.

    Raises:
        KeyError: There is no such suite.
    """
    lacking = bench.target.lacking
    reasons = {case.id: case.not_applicable(lacking) for case in cases}
    trials = {case_id: Trial(case=case_id, not_applicable=reason) for case_id, reason in reasons.items() if reason}
    wanted = tuple(case for case in cases if case.id not in trials)
    reason = f"set-up: {bench.blocked}" if bench.blocked else "the run ended before it came to this rule"
    if wanted and (not bench.blocked or wanted[0].suite in WITHOUT_IDP):
        try:
            found = _run_of((suites or SUITES)[wanted[0].suite])(Order(cases=wanted, bench=bench, stopped=stopped))
            trials |= {trial.case: trial for trial in found}
        except UnreachableError as error:
            reason = str(error)
    return {case.id: trials.get(case.id) or Trial(case=case.id, judgement=NotJudged(reason)) for case in cases}


def _run_of(place: str) -> Run:
    module, _, name = place.partition(":")
    run: Run = getattr(import_module(module), name)
    return run

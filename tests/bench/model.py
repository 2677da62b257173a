"""The model: requests a second on the reference, and how soon a planted precedence fault is found and made short."""

import statistics
import time
from dataclasses import replace

from idpact_contract.cases import CASES
from idpact_contract.generated import hand_out
from idpact_contract.generated.handing import Order
from idpact_contract.generated.machine import draw_sequences
from idpact_contract.generated.search import Search
from idpact_mock import MockIdP
from tests.mutants.trying import MUTANTS, REFERENCE, bench_of

__all__ = ["figures"]

_ROUNDS = 3
_EXAMPLES = 60


def _pace() -> tuple[str, str]:
    cases = tuple(case for case in CASES.values() if case.suite == "model" and case.id != "WIRE-7/sequence")
    paces = []
    with MockIdP() as idp, bench_of(REFERENCE, idp) as bench:
        for seed in range(_ROUNDS + 1):
            search = Search(Order(cases=cases, bench=replace(bench, seed=seed)))
            began = time.perf_counter()
            draw_sequences(search, examples=_EXAMPLES, seeded=seed)
            paces.append(search.requests / (time.perf_counter() - began))
    return "model on the reference over HTTP", f"{statistics.median(paces[1:]):.0f} requests/s, every rule asked"


def _find() -> tuple[str, str]:
    case = CASES["PREC-1/sequence"]
    spent, steps = [], set()
    with MockIdP() as idp, bench_of(MUTANTS["InferredWins"], idp) as bench:
        for seed in range(_ROUNDS):
            began = time.perf_counter()
            trial = hand_out([case], replace(bench, seed=seed))[case.id]
            spent.append(time.perf_counter() - began)
            steps.add(len(trial.story) - 1)
    told = f"{statistics.median(spent):.2f} s, {max(steps)} steps (limit 5 s)"
    return "planted precedence fault: all sequences tried, found and made short", told


def figures() -> list[tuple[str, str]]:
    """What was measured, and in which units."""
    return [_pace(), _find()]

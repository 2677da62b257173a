"""Generated sequences on the reference over HTTP, every rule asked; how soon a planted precedence fault is found and made short.

Medians of three seeds, the first after one to warm up.
"""

import statistics
import time
from dataclasses import replace
from typing import Final

from idpact_contract.cases import CASES
from idpact_contract.generated import hand_out
from idpact_contract.generated.handing import Order
from idpact_contract.generated.machine import draw_sequences
from idpact_contract.generated.search import Search
from idpact_mock import MockIdP
from tests.bench.figures import Figure, Result, at_least, at_most
from tests.mutants.trying import MUTANTS, REFERENCE, bench_of

TITLE: Final = "Generated sequences"
ORDER: Final = 65

ROUNDS: Final = 3
_EXAMPLES: Final = 60


def measure() -> Result:
    """Draw sequences on the reference, and on the mutant that lets discovered values win."""
    spent, steps = _find()
    return Result(
        figures=[
            Figure(what="requests a second, generated and judged", value=_pace(), goal=at_least(400)),
            Figure(what="seconds until the precedence fault was found and made short", value=spent, goal=at_most(5)),
        ],
        notes=[f"the fault is told in {steps} steps"],
    )


def _pace() -> float:
    cases = tuple(case for case in CASES.values() if case.suite == "model" and case.id != "WIRE-7/sequence")
    paces = []
    with MockIdP() as idp, bench_of(REFERENCE, idp) as bench:
        for seed in range(ROUNDS + 1):
            search = Search(Order(cases=cases, bench=replace(bench, seed=seed)))
            began = time.perf_counter()
            draw_sequences(search, examples=_EXAMPLES, seeded=seed)
            paces.append(search.requests / (time.perf_counter() - began))
    return statistics.median(paces[1:])


def _find() -> tuple[float, int]:
    case = CASES["PREC-1/sequence"]
    spent, steps = [], set()
    with MockIdP() as idp, bench_of(MUTANTS["InferredWins"], idp) as bench:
        for seed in range(ROUNDS):
            began = time.perf_counter()
            trial = hand_out([case], replace(bench, seed=seed))[case.id]
            spent.append(time.perf_counter() - began)
            steps.add(len(trial.story) - 1)
    return statistics.median(spent), max(steps)

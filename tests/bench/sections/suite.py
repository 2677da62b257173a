"""The contract suite's cases that don't wait, in one process against the reference over HTTP.

Beside the time that the same requests take in bare httpx. Medians of three rounds after one to warm up.
"""

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import httpx

from idpact_contract.cases import CASES
from idpact_contract.trial import try_case
from idpact_mock import MockIdP
from tests.bench.figures import Figure, Result, at_most
from tests.mutants.trying import REFERENCE, bench_of

TITLE: Final = "The contract suite"
ORDER: Final = 60

ROUNDS: Final = 3


@contextmanager
def _timed_httpx() -> Iterator[list[float]]:
    """The seconds that each httpx request takes while the context is open: what bare httpx needs for the same requests."""
    spent: list[float] = []
    plain = httpx.Client.request

    def request(self: httpx.Client, *arguments: Any, **options: Any) -> httpx.Response:  # noqa: ANN401 - as httpx has it
        began = time.perf_counter()
        try:
            return plain(self, *arguments, **options)
        finally:
            spent.append(time.perf_counter() - began)

    httpx.Client.request = request  # type: ignore[method-assign] # measured, and put back
    try:
        yield spent
    finally:
        httpx.Client.request = plain  # type: ignore[method-assign] # as it was


def measure() -> Result:
    """Run all of them four times."""
    cases = [case for case in CASES.values() if not case.waits and not case.suite]
    rounds = []
    with MockIdP() as idp, bench_of(REFERENCE, idp) as bench:
        for _ in range(ROUNDS + 1):
            with _timed_httpx() as spent:
                began = time.perf_counter()
                for case in cases:
                    try_case(case, bench)
                rounds.append((time.perf_counter() - began, sum(spent), len(spent)))
    whole, bare, requests = (statistics.median(column) for column in zip(*rounds[1:], strict=True))
    return Result(
        figures=[Figure(what="the suite beside bare httpx", value=whole / bare, goal=at_most(1.5))],
        notes=[f"{len(cases)} cases, {requests:.0f} requests in {whole:.2f} s, of which httpx {bare:.2f} s"],
    )

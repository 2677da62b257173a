"""The suite against bare httpx with the same requests, and what the plugin costs where it isn't used."""

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from idpact_contract.cases import CASES
from idpact_contract.trial import try_case
from idpact_mock import MockIdP
from tests.mutants.trying import REFERENCE, bench_of

__all__ = ["figures"]

_ROUNDS = 3
_STARTS = 9


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


def _suite() -> list[tuple[str, str]]:
    cases = [case for case in CASES.values() if not case.waits]
    rounds = []
    with MockIdP() as idp, bench_of(REFERENCE, idp) as bench:
        for _ in range(_ROUNDS + 1):
            with _timed_httpx() as spent:
                began = time.perf_counter()
                for case in cases:
                    try_case(case, bench)
                rounds.append((time.perf_counter() - began, sum(spent), len(spent)))
    rounds = rounds[1:]  # the first one warms up
    whole, bare, requests = (statistics.median(column) for column in zip(*rounds, strict=True))
    return [
        ("suite without waits, one process", f"{len(cases)} cases, {requests:.0f} requests in {whole:.2f} s"),
        ("the same requests in bare httpx", f"{bare:.2f} s; ratio {whole / bare:.2f}"),
    ]


def _pytest_start(folder: Path, *arguments: str) -> float:
    env = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    # pytest compiles plugins anew where it may not keep what it compiled.
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    began = _children_seconds()
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
    subprocess.run(command, cwd=folder, env=env, check=True, capture_output=True)
    return _children_seconds() - began


def _children_seconds() -> float:
    """Seconds of processor that ended children took: on a busy machine a few milliseconds are lost in those of the clock."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def _idle() -> list[tuple[str, str]]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "test_empty.py").write_text("def test_nothing(): pass\n")
        plain, loaded = [], []
        for _ in range(_STARTS):  # in turn, so that a slow moment hits both
            plain.append(_pytest_start(folder))
            loaded.append(_pytest_start(folder, "-p", "idpact.pytest_plugin"))
    differences = [1000 * (b - a) for a, b in zip(plain, loaded, strict=True)]
    return [
        (
            "plugin installed and unused",
            f"{statistics.median(differences):+.1f} ms of processor on {1000 * statistics.median(plain):.0f} ms of pytest start",
        )
    ]


def figures() -> list[tuple[str, str]]:
    """What was measured, and in which units."""
    return [*_suite(), *_idle()]

"""The mock IdP inside a process, as the pytest fixtures run it.

The first of a process includes all imports: median of nine processes. Starts, stops and new issuers once all is loaded:
medians of 50 and 200.
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Final

from idpact_mock import MockIdP
from tests.bench.figures import Figure, Result, at_most
from tests.bench.process import environment

TITLE: Final = "Inside a test process"
ORDER: Final = 30

PROCESSES: Final = 9
WARM: Final = 50
ISSUERS: Final = 200

_FIRST: Final = """
import time
began = time.perf_counter()
from idpact_mock import MockIdP
idp = MockIdP()
idp.start()
print(time.perf_counter() - began)
idp.stop()
"""


def measure() -> Result:
    """Measure one after the other."""
    _first()  # compiles what wasn't yet
    first = statistics.median(_first() for _ in range(PROCESSES))
    start, stop = _warm()
    shared, own = _issuers()
    return Result(
        figures=[
            Figure(what="ms to the first server of a process", value=1000 * first, form=".0f", goal=at_most(150)),
            Figure(what="ms to start one when warm", value=1000 * start, goal=at_most(5)),
            Figure(what="ms to stop it", value=1000 * stop, goal=at_most(5)),
            Figure(what="ms to make an issuer", value=1000 * shared, form=".3f", goal=at_most(0.3)),
            Figure(what="ms to make one with a port of its own", value=1000 * own, form=".3f"),
        ]
    )


def _first() -> float:
    command = [sys.executable, "-c", _FIRST]
    return float(subprocess.run(command, env=environment(), capture_output=True, text=True, check=True).stdout)


def _warm() -> tuple[float, float]:
    starts, stops = [], []
    for _ in range(WARM):
        idp = MockIdP()
        starts.append(_seconds(idp.start))
        stops.append(_seconds(idp.stop))
    return statistics.median(starts), statistics.median(stops)


def _issuers() -> tuple[float, float]:
    with MockIdP() as idp:
        shared = [_seconds(idp.make_issuer) for _ in range(ISSUERS)]
        own = [_seconds(lambda: idp.make_issuer(path="", own_port=True)) for _ in range(ISSUERS)]
    return statistics.median(shared), statistics.median(own)


def _seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began

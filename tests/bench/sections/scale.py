"""Servers with one issuer, 1,000 and 100,000 of them: what making one took, and how fast their documents are served.

CPU time and memory of the making; requests per CPU-second for the documents of up to 1,000 of them in turn, median of three
rounds.
"""

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.bench.figures import UNMEASURED, Figure, Result, at_least, at_most, of_rounds
from tests.bench.load import Request, rate
from tests.bench.process import free_port, served

TITLE: Final = "From 1 to 100,000 issuers"
ORDER: Final = 40

COUNTS: Final = (1, 1_000, 100_000)
ASKED: Final = 1_000
ROUNDS: Final = 3


def measure() -> Result:
    """Measure servers one after the other; in rounds it would take minutes to make the issuers."""
    rates, made = {}, {}
    for count in COUNTS:
        rates[count], made[count] = _measured(count)
    least, some, most = COUNTS
    return Result(
        header=("issuers", "µs to make one", "KiB for one", "documents per CPU-second"),
        rows=[
            (
                f"{count:,}",
                UNMEASURED if count == least else f"{made[count]['microseconds']:.0f}",
                UNMEASURED if count == least else f"{made[count]['kib']:.1f}",
                f"{rates[count]:,.0f}",
            )
            for count in COUNTS
        ],
        figures=[
            Figure(
                what="documents per CPU-second, 100,000 issuers beside one",
                value=rates[most] / rates[least],
                goal=at_least(0.8),
            ),
            Figure(
                what="memory for one issuer, 100,000 beside 1,000",
                value=made[most]["kib"] / made[some]["kib"],
                goal=at_most(1.25),
            ),
            Figure(
                what="ms to make one of 100,000", value=made[most]["microseconds"] / 1000, form=".3f", goal=at_most(0.3)
            ),
        ],
    )


def _measured(count: int) -> tuple[float, dict[str, float]]:
    with TemporaryDirectory() as folder:
        file, port = Path(folder) / "made.json", free_port()
        command = [sys.executable, "-m", "tests.bench.many", str(port), str(count), str(file)]
        with served(command, port=port, path=f"/n{count - 1}/.well-known/openid-configuration") as server:
            asked = min(count, ASKED)
            request = Request("/nN/.well-known/openid-configuration", options=("", "", str(asked), str(count // asked)))
            rate(server, request, seconds=1)  # renders the documents
            found = [rate(server, request, seconds=2).cpu for _ in range(ROUNDS)]
        return of_rounds(found), json.loads(file.read_text())

"""Servers with one issuer, 1,000 and 100,000 of them: what making one took, and how fast their documents are served.

CPU time and memory of the making; requests per CPU-second for the document of one issuer, and for those of 1,000 in turn, which
no processor's cache holds as it holds one; medians of three rounds. Compared is what asks for equally many.
"""

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.bench.figures import UNMEASURED, Figure, Result, at_least, at_most, of_rounds
from tests.bench.load import Request, rate
from tests.bench.process import Served, free_port, served

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
        header=("issuers", "µs to make one", "KiB for one", "one document, per CPU-second", "1,000 in turn"),
        rows=[
            (
                f"{count:,}",
                UNMEASURED if count == least else f"{made[count]['microseconds']:.0f}",
                UNMEASURED if count == least else f"{made[count]['kib']:.1f}",
                f"{rates[count][0]:,.0f}",
                UNMEASURED if count == least else f"{rates[count][1]:,.0f}",
            )
            for count in COUNTS
        ],
        figures=[
            Figure(
                what="one document, of 100,000 issuers beside one",
                value=rates[most][0] / rates[least][0],
                goal=at_least(0.8),
            ),
            Figure(
                what="1,000 documents in turn, of 100,000 issuers beside 1,000",
                value=rates[most][1] / rates[some][1],
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


def _measured(count: int) -> tuple[tuple[float, float], dict[str, float]]:
    with TemporaryDirectory() as folder:
        file, port = Path(folder) / "made.json", free_port()
        command = [sys.executable, "-m", "tests.bench.many", str(port), str(count), str(file)]
        with served(command, port=port, path=f"/n{count - 1}/.well-known/openid-configuration") as server:
            found = [_rate(server, count, asked) for asked in (1, min(count, ASKED))]
        one, in_turn = found
        return (one, in_turn), json.loads(file.read_text())


def _rate(server: Served, count: int, asked: int) -> float:
    request = Request("/nN/.well-known/openid-configuration", options=("", "", str(asked), str(count // asked)))
    rate(server, request, seconds=1)  # renders the documents
    return of_rounds([rate(server, request, seconds=2).cpu for _ in range(ROUNDS)])

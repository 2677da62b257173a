"""From the spawn of a process to its first 200 at the discovery endpoint, on one core.

Medians of seven rounds, in each of which every system starts once. Ours is `idpact serve`, the floor uvicorn's own command
line, peers are started by their launchers.
"""

from typing import Final

from tests.bench.figures import Figure, Result, at_most, of_rounds
from tests.bench.systems import OURS, PEERS, RAW

TITLE: Final = "Start of a server"
ORDER: Final = 20

ROUNDS: Final = 7


def measure() -> Result:
    """Start every system in turn."""
    systems = [system for system in (OURS, RAW, *PEERS) if system.absent is None]
    found: dict[str, list[float]] = {system.name: [] for system in systems}
    for _ in range(ROUNDS):
        for system in systems:
            found[system.name].append(system.seconds_to_start())
    medians = {name: of_rounds(seconds) for name, seconds in found.items()}
    floor = medians[RAW.name]
    return Result(
        header=("", "ms to the first 200", "beside the floor"),
        rows=[(name, f"{1000 * seconds:.0f}", f"{seconds / floor:.2f}") for name, seconds in medians.items()],
        figures=[Figure(what="ours beside the floor", value=medians[OURS.name] / floor, goal=at_most(1.3))],
    )

"""From the spawn of a process to its first 200 at the discovery endpoint, on one core.

Medians of seven rounds, in each of which every system starts once, after one start to compile bytecode. Ours is `idpact
serve`, the floor uvicorn's own command line, peers are started by their launchers. In brackets: beside the floor.
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
    found: dict[str, list[tuple[float, float]]] = {system.name: [] for system in systems}
    for system in systems:
        system.start_once()  # compiles what wasn't yet
    for _ in range(ROUNDS):
        for system in systems:
            found[system.name].append(system.start_once())
    medians = {name: [of_rounds(column) for column in zip(*both, strict=True)] for name, both in found.items()}
    (floor, floor_cpu), (ours, _) = medians[RAW.name], medians[OURS.name]
    return Result(
        header=("", "ms to the first 200", "CPU ms until then"),
        rows=[
            (name, f"{1000 * wall:.0f} ({wall / floor:.2f})", f"{1000 * cpu:.0f} ({cpu / floor_cpu:.2f})")
            for name, (wall, cpu) in medians.items()
        ],
        figures=[Figure(what="ours beside the floor, by the clock", value=ours / floor, goal=at_most(1.3))],
    )

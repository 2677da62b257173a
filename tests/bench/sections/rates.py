"""Requests per second of the server's CPU time, children included, which other load on the machine hardly changes.

In brackets: the share of the floor. The last columns are the rates by the clock. The server has one core, and wrk with 8
connections the other. Medians of three rounds, in each of which every system is started anew. Tokens are JWTs by the
client credentials grant; ours journals every request and remembers every token.
"""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import Final, get_args

from tests.bench.figures import UNMEASURED, Figure, Result, at_least, below, of_rounds, ratio
from tests.bench.load import Rate, ask_once, rate
from tests.bench.systems import OURS, PEERS, RAW, SIGNING, SYSTEMS, Load, System

TITLE: Final = "Rates and memory"
ORDER: Final = 10

ROUNDS: Final = 3
SECONDS: Final = 2.0
LOADS: Final[tuple[Load, ...]] = get_args(Load)
BY_START: Final[Mapping[str, tuple[Load, ...]]] = {"RS256": ("discovery", "jwks", "RS256"), "ES256": ("ES256",)}
FLOORS: Final[Mapping[Load, System]] = {"discovery": RAW, "jwks": RAW, "RS256": SIGNING, "ES256": SIGNING}
GOALS: Final[Mapping[Load, float]] = {"discovery": 0.9, "jwks": 0.9, "RS256": 0.8, "ES256": 0.6}

Rates = dict[tuple[str, Load], list[Rate]]


def measure() -> Result:
    """Run every system in turn, three times."""
    rates: Rates = {}
    memory: dict[str, list[float]] = {}
    systems = [system for system in SYSTEMS if system.absent is None]
    for _ in range(ROUNDS):
        _round(systems, rates, memory)
    cpu = {key: of_rounds(one.cpu for one in found) for key, found in rates.items()}
    wall = {key: of_rounds(one.wall for one in found) for key, found in rates.items()}
    resident = {name: of_rounds(found) for name, found in memory.items()}
    return Result(
        header=(
            "",
            *(f"{load}, per CPU-second" for load in LOADS),
            "MiB after load",
            *(f"{load}, per second" for load in LOADS),
        ),
        rows=[_row(system, cpu, wall, resident) for system in systems],
        figures=[*_shares(cpu), _memory(resident, systems)],
        notes=_notes(),
    )


def _round(systems: Sequence[System], rates: Rates, memory: dict[str, list[float]]) -> None:
    """All are started before any is loaded, so that ours and its floor have their turns in the same seconds."""
    for alg, loads in BY_START.items():
        with ExitStack() as stack:
            running = [
                (system, stack.enter_context(system.run(alg)))
                for system in systems
                if any(load in system.requests for load in loads)
            ]
            for load in loads:
                for system, server in running:
                    if load in system.requests:
                        ask_once(server, system.requests[load])
                for system, server in running:
                    if load in system.requests:
                        found = rate(server, system.requests[load], seconds=SECONDS)
                        rates.setdefault((system.name, load), []).append(found)
            if alg == "RS256":
                for system, server in running:
                    memory.setdefault(system.name, []).append(server.mebibytes())


def _row(
    system: System,
    cpu: Mapping[tuple[str, Load], float],
    wall: Mapping[tuple[str, Load], float],
    resident: Mapping[str, float],
) -> Sequence[str]:
    shares = [ratio(cpu.get((system.name, load)), cpu.get((FLOORS[load].name, load))) for load in LOADS]
    clock = [ratio(wall.get((system.name, load)), None) for load in LOADS]
    held = f"{resident[system.name]:.0f}" if system.name in resident else UNMEASURED
    return [system.name, *shares, held, *clock]


def _shares(cpu: Mapping[tuple[str, Load], float]) -> list[Figure]:
    return [
        Figure(
            what=f"{load}, ours beside the {'raw' if FLOORS[load] is RAW else 'signing'} floor",
            value=cpu[OURS.name, load] / cpu[FLOORS[load].name, load],
            goal=at_least(GOALS[load]),
        )
        for load in LOADS
    ]


def _memory(resident: Mapping[str, float], systems: Sequence[System]) -> Figure:
    peers = [resident[peer.name] for peer in PEERS if peer in systems]
    return Figure(
        what="ours after load, MiB; below every peer",
        value=resident[OURS.name],
        form=".0f",
        goal=below(round(min(peers))),
    )


def _notes() -> list[str]:
    missing = [f"{system.name} wasn't measured: {system.absent}" for system in SYSTEMS if system.absent is not None]
    lacking = [f"{UNMEASURED} of {system.name}: {system.lacks}" for system in SYSTEMS if system.lacks]
    return [*missing, *lacking]

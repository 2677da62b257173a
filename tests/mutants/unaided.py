"""What the model finds unaided: every mutant, the model alone, and after how many requests it was seen and made short.

`python -m tests.mutants.unaided` prints the table. Exits 1 if the reference or a right variant was bitten.
"""

import logging
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from os import cpu_count

from rich.console import Console
from rich.progress import track
from rich.table import Table

from idpact_contract.cases import CASES
from idpact_contract.generated import Order
from idpact_contract.generated.machine import draw_sequences
from idpact_contract.generated.model import play_tour
from idpact_contract.generated.search import Search
from idpact_mock import MockIdP
from tests.mutants.trying import MUTANTS, REFERENCE, VARIANTS, Specimen, bench_of

__all__ = ["Unaided", "try_unaided"]

EXAMPLES = 300
"""Sequences that are drawn at most: more than a check tries, since here the question is whether it finds a fault at all."""


@dataclass(frozen=True, kw_only=True)
class Unaided:
    """What the model came to on one specimen.

    Attributes:
        requests: How many requests had been sent when the first rule was seen broken; in all, where none was.
        sequences: The same in sequences.
        rules: The rules that were seen broken.
    """

    requests: int
    sequences: int
    rules: tuple[str, ...]


class _First(Search):
    """A search that ends with the first sequence that breaks a rule."""

    @property
    def ended(self) -> bool:
        return bool(self.broken) or super().ended


def try_unaided(specimen: Specimen, idp: MockIdP, *, examples: int = EXAMPLES, seed: int = 0) -> Unaided:
    """Look for whatever a specimen breaks, with the model alone."""
    cases = tuple(case for case in CASES.values() if case.suite == "model")
    with bench_of(specimen, idp) as bench:
        lacking = bench.target.lacking
        wanted = tuple(case for case in cases if not case.not_applicable(lacking))
        search = _First(Order(cases=wanted, bench=replace(bench, seed=seed)), limit=300.0)
        play_tour(search)
        draw_sequences(search, examples=examples, seeded=seed)
    return Unaided(requests=search.requests, sequences=search.sequences, rules=tuple(search.broken))


def _one(name: str) -> Unaided:
    """One specimen, in a process of its own, so that two can be tried at once."""
    logging.disable()  # mutants that break log it, as the reference does
    specimen = {**MUTANTS, **VARIANTS, REFERENCE.id: REFERENCE}[name]
    with MockIdP() as idp:
        return try_unaided(specimen, idp)


def main() -> int:
    """Print the table; returns the exit code."""
    console = Console(width=150 if not sys.stdout.isatty() else None)
    names = [*MUTANTS, REFERENCE.id, *VARIANTS]
    with ProcessPoolExecutor(max_workers=cpu_count()) as pool:
        told = dict(zip(names, track(pool.map(_one, names), "trying", total=len(names), console=console), strict=True))
    table = Table("mutant", "breaks", "found by the model as", "after requests", box=None, pad_edge=False)
    for name, specimen in MUTANTS.items():
        seen = told[name]
        found = (" ".join(seen.rules), str(seen.requests)) if seen.rules else ("not found", f"({seen.requests})")
        table.add_row(name, " ".join(specimen.breaks), *found)
    console.print(table, markup=False)
    found_at = sorted(told[name].requests for name in MUTANTS if told[name].rules)
    bitten = [name for name in (REFERENCE.id, *VARIANTS) if told[name].rules]
    middle = found_at[len(found_at) // 2] if found_at else 0
    console.print(f"{len(found_at)} of {len(MUTANTS)} mutants found, half of them within {middle} requests")
    console.print(f"{len(VARIANTS) + 1} right implementations, {len(bitten)} bitten: {bitten or 'none'}")
    return 1 if bitten else 0


if __name__ == "__main__":
    sys.exit(main())

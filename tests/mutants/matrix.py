"""`make soundness`: every mutant against every rule, and every right variant; prints the kill matrix.

Exits 1 if a rule was never seen to fail, a mutant survived the rule that it breaks, or a right implementation was bitten.
"""

import logging
import sys
from concurrent.futures import ProcessPoolExecutor
from os import cpu_count

from rich.console import Console
from rich.progress import track
from rich.table import Table

from idpact_contract.cases import CASES
from idpact_contract.catalogue import CATALOGUE
from idpact_mock import MockIdP
from tests.mutants.trying import MUTANTS, REFERENCE, VARIANTS, Specimen, bench_of, rule_verdicts, try_all

_LETTERS = {"fail": "F", "warn": "W", "inconclusive": "?", "not-applicable": "-", "pass": "."}


def _verdicts(name: str) -> dict[str, str]:
    """Every rule's verdict on one specimen; in a process of its own, so that two can be tried at once."""
    logging.disable()  # mutants that break log it, as the reference does
    specimen: Specimen = {**MUTANTS, **VARIANTS, REFERENCE.id: REFERENCE}[name]
    with MockIdP() as idp, bench_of(specimen, idp) as bench:
        return {rule: str(verdict) for rule, verdict in rule_verdicts(try_all(CASES.values(), bench)).items()}


def main() -> int:
    """Print the matrix; returns the exit code."""
    console = Console(width=200 if not sys.stdout.isatty() else None)
    names = [*MUTANTS, REFERENCE.id, *VARIANTS]
    with ProcessPoolExecutor(max_workers=cpu_count()) as pool:
        told = pool.map(_verdicts, names)
        verdicts = dict(zip(names, track(told, "trying", total=len(names), console=console), strict=True))
    _print_matrix(console, {name: verdicts[name] for name in MUTANTS})
    survivors = [
        name for name in MUTANTS for rule in MUTANTS[name].breaks if verdicts[name][rule] not in ("fail", "warn")
    ]
    unseen = [rule for rule in CATALOGUE if not any(verdicts[name][rule] in ("fail", "warn") for name in MUTANTS)]
    right = [REFERENCE.id, *VARIANTS]
    bitten = [name for name in right if set(verdicts[name].values()) - {"pass", "not-applicable"}]
    console.print(f"{len(MUTANTS)} mutants, {len(survivors)} survived the rule that they break: {survivors or 'none'}")
    console.print(f"{len(CATALOGUE)} rules, {len(unseen)} never seen to fail: {unseen or 'none'}")
    console.print(f"{len(right)} right implementations, {len(bitten)} bitten: {bitten or 'none'}")
    return 1 if survivors or unseen or bitten else 0


def _print_matrix(console: Console, verdicts: dict[str, dict[str, str]]) -> None:
    """A row for each mutant: F fail, W warn, ? inconclusive, - not applicable, . pass; a block for each family."""
    families = list(dict.fromkeys(rule.family for rule in CATALOGUE.values()))
    table = Table("mutant", "breaks", *families, box=None, pad_edge=False)
    for name, row in verdicts.items():
        blocks = [
            "".join(_LETTERS[row[rule]] for rule in CATALOGUE if CATALOGUE[rule].family == family)
            for family in families
        ]
        table.add_row(name, " ".join(MUTANTS[name].breaks), *blocks)
    console.print(table, markup=False)
    console.print(
        "In each block a letter for each rule of the family, in order: F fail, W warn, ? inconclusive, . pass."
    )


if __name__ == "__main__":
    sys.exit(main())

"""`make soundness`: every mutant against every rule, and every right variant; writes the kill matrix to SOUNDNESS.md.

Names of implementations as arguments try these alone anew. Exits 1 if a rule was never seen to fail, a mutant survived the
rule that it breaks, or a right implementation was bitten.
"""

import logging
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from os import cpu_count

from rich.console import Console
from rich.progress import track

from idpact_contract.cases import CASES
from idpact_contract.catalogue import CATALOGUE
from idpact_mock import MockIdP
from tests.mutants.trying import MUTANTS, REFERENCE, VARIANTS, Specimen, bench_of, rule_verdicts, try_all
from tests.processes import ROOT

PAGE = ROOT / "contract_tests" / "SOUNDNESS.md"

_HEAD = """# The suite itself, tested

`make soundness` writes this page: every rule against implementations with one planted fault each (mutants), which the rule that
they break has to catch, and against right implementations that answer what the source leaves open in each way there is, which no
rule may bite. It then checks each mutant once more as a process, with `idpact check`.
"""
ARRANGED = [case for case in CASES.values() if not case.suite]
"""What generated suites find is told on a page of its own."""

_LETTERS = {"fail": "F", "warn": "W", "inconclusive": "?", "not-applicable": "-", "pass": "."}


def _verdicts(name: str) -> dict[str, str]:
    """Every rule's verdict on one specimen; in a process of its own, so that two can be tried at once."""
    logging.disable()  # mutants that break log it, as the reference does
    specimen: Specimen = {**MUTANTS, **VARIANTS, REFERENCE.id: REFERENCE}[name]
    with MockIdP() as idp, bench_of(specimen, idp) as bench:
        return {rule: str(verdict) for rule, verdict in rule_verdicts(try_all(ARRANGED, bench)).items()}


def main(only: Sequence[str]) -> int:
    """Write the page; returns the exit code. With `only`, these are tried anew, and the page keeps what it says of the others."""
    console = Console(width=200 if not sys.stdout.isatty() else None)
    everybody = [*MUTANTS, REFERENCE.id, *VARIANTS]
    verdicts = _read(PAGE.read_text("utf-8")) if only else {}
    names = only or everybody
    with ProcessPoolExecutor(max_workers=cpu_count()) as pool:
        told = pool.map(_verdicts, names)
        verdicts |= zip(names, track(told, "trying", total=len(names), console=console), strict=True)
    if left_out := [name for name in everybody if name not in verdicts]:
        sys.exit(f"{PAGE.relative_to(ROOT)} says nothing of {_named(left_out)}: run without names")
    survivors = [
        name for name in MUTANTS for rule in MUTANTS[name].breaks if verdicts[name][rule] not in ("fail", "warn")
    ]
    unseen = [rule for rule in CATALOGUE if not any(verdicts[name][rule] in ("fail", "warn") for name in MUTANTS)]
    right = [REFERENCE.id, *VARIANTS]
    bitten = [name for name in right if set(verdicts[name].values()) - {"pass", "not-applicable"}]
    summary = (
        f"{len(ARRANGED)} arranged cases of {len(CATALOGUE)} rules, {len(unseen)} never seen to fail: {_named(unseen)}",
        f"{len(MUTANTS)} mutants, {len(survivors)} survived the rule that they break: {_named(survivors)}",
        f"{len(right)} right implementations, {len(bitten)} bitten: {_named(bitten)}",
    )
    for line in summary:
        console.print(line, markup=False)
    PAGE.write_text(_page(summary, verdicts), encoding="utf-8")
    console.print(f"written to {PAGE.relative_to(ROOT)}")
    return 1 if survivors or unseen or bitten else 0


def _named(names: Sequence[str]) -> str:
    return ", ".join(names) or "none"


def _page(summary: Sequence[str], verdicts: Mapping[str, Mapping[str, str]]) -> str:
    """The matrix as Markdown: a row for each specimen, and a block of letters for each family."""
    families = list(dict.fromkeys(rule.family for rule in CATALOGUE.values()))
    lines = [_HEAD, *(f"- {line}" for line in summary), "", _legend(families), ""]
    mutants = {name: verdicts[name] for name in MUTANTS}
    lines += [
        "## Mutants",
        "",
        *_table("breaks", families, mutants, {name: " ".join(one.breaks) for name, one in MUTANTS.items()}),
    ]
    right = {name: verdicts[name] for name in (REFERENCE.id, *VARIANTS)}
    abouts = {name: one.about for name, one in VARIANTS.items()} | {REFERENCE.id: REFERENCE.about}
    lines += ["", "## Right implementations", "", *_table("what is otherwise", families, right, abouts), ""]
    return "\n".join(lines)


def _read(page: str) -> dict[str, dict[str, str]]:
    """What a page says of each implementation, rule by rule."""
    words = {letter: word for word, letter in _LETTERS.items()}
    rows = (line.strip("| ").split(" | ") for line in page.splitlines() if line.startswith("| ") and "`" in line)
    blocks = {cells[0]: "".join(cells[2:]).replace("`", "") for cells in rows}
    return {
        name: dict(zip(CATALOGUE, map(words.__getitem__, letters), strict=True)) for name, letters in blocks.items()
    }


def _legend(families: Sequence[str]) -> str:
    rules = {family: [rule.id for rule in CATALOGUE.values() if rule.family == family] for family in families}
    orders = "; ".join(f"{family}: {', '.join(ids)}" for family, ids in rules.items())
    return f"A block has a letter for each rule of the family: F fail, W warn, ? inconclusive, - not applicable, . pass. {orders}."


def _table(
    second: str, families: Sequence[str], verdicts: Mapping[str, Mapping[str, str]], told: Mapping[str, str]
) -> list[str]:
    head = ["implementation", second, *families]
    rows = [[name, told[name], *(f"`{_block(row, family)}`" for family in families)] for name, row in verdicts.items()]
    return [f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rows)]


def _block(row: Mapping[str, str], family: str) -> str:
    return "".join(_LETTERS[row[rule]] for rule in CATALOGUE if CATALOGUE[rule].family == family)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

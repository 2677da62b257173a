"""`make unaided`: what generated requests find by themselves, beside plain Schemathesis; writes SOUNDNESS-GENERATED.md.

Every mutant, tried with the model alone, with the schema suite alone, and with plain `schemathesis run` on the same OpenAPI
document. Names as arguments try these alone, and the page says so. Exits 1 if the reference was bitten.
"""

import logging
import os
import re
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from typing import Final

from rich.console import Console
from rich.progress import track

from idpact_contract.bench import OpenBench
from idpact_contract.cases import CASES
from idpact_contract.generated import Order, hand_out
from idpact_contract.generated.machine import draw_sequences
from idpact_contract.generated.model import play_tour
from idpact_contract.generated.search import Search
from idpact_contract.results.verdict import CaseVerdict, case_verdict
from idpact_contract.targets.http import HttpTarget
from idpact_mock import MockIdP
from tests.mutants.plain import plain_findings
from tests.mutants.trying import MUTANTS, REFERENCE, Specimen, bench_of
from tests.processes import ROOT

__all__ = ["Seen", "Unaided", "by_model", "by_schema"]

PAGE: Final = ROOT / "contract_tests" / "SOUNDNESS-GENERATED.md"

SEQUENCES: Final = 100
"""Sequences that the model draws at most: more than a check tries, since here the question is whether it finds a fault at all."""
EXAMPLES: Final = 10
"""Examples of the schema suite and of plain Schemathesis."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What one of ours came to on one specimen.

    Attributes:
        rules: The rules that were seen broken.
        requests: How many requests it took until the first was; in all, or 0, where none was.
    """

    rules: tuple[str, ...]
    requests: int


@dataclass(frozen=True, kw_only=True)
class Unaided:
    """What all three came to on one specimen; `plain` are the kinds of failure that plain Schemathesis tells of."""

    model: Seen
    schema: Seen
    plain: frozenset[str]


class _First(Search):
    """A search that ends with the first sequence that breaks a rule."""

    @property
    def ended(self) -> bool:
        return bool(self.broken) or super().ended


def by_model(bench: OpenBench, *, sequences: int = SEQUENCES) -> Seen:
    """Look for whatever an implementation breaks, with the model alone."""
    cases = [case for case in CASES.values() if case.suite == "model" and not case.not_applicable(bench.target.lacking)]
    search = _First(Order(cases=tuple(cases), bench=bench), limit=60.0)
    play_tour(search)
    draw_sequences(search, examples=sequences, seeded=bench.seed)
    return Seen(rules=tuple(search.broken), requests=search.requests)


def by_schema(bench: OpenBench, *, examples: int = EXAMPLES) -> Seen:
    """The same with the schema suite alone."""
    cases = [case for case in CASES.values() if case.suite == "schema"]
    trials = hand_out(cases, replace(bench, examples=examples))
    broken = {
        case.rule.id: trial.story
        for case in cases
        if (trial := trials[case.id]).judgement is not None
        and case_verdict(trial.judgement, case.level) in (CaseVerdict.FAIL, CaseVerdict.WARN)
    }
    firsts = [
        int(told.group(1)) for story in broken.values() for told in re.finditer(r"the first was (\d+)", " ".join(story))
    ]
    return Seen(rules=tuple(broken), requests=min(firsts, default=0))


def _one(name: str) -> Unaided:
    """One specimen, in a process of its own, so that two can be tried at once."""
    logging.disable()  # mutants that break log it, as the reference does
    os.nice(5)
    specimen: Specimen = {**MUTANTS, REFERENCE.id: REFERENCE}[name]
    with MockIdP() as idp:
        with bench_of(specimen, idp) as bench:
            model = by_model(bench)
        with bench_of(specimen, idp) as bench:
            schema = by_schema(bench)
        with bench_of(specimen, idp) as bench:
            assert isinstance(bench.target, HttpTarget)
            return Unaided(model=model, schema=schema, plain=plain_findings(bench.target, examples=EXAMPLES))


def main(only: Sequence[str]) -> int:
    """Try them, two at once; returns the exit code."""
    console = Console(width=150 if not sys.stdout.isatty() else None)
    names = [REFERENCE.id, *(only or MUTANTS)]
    with ProcessPoolExecutor(max_workers=2) as pool:
        told = dict(zip(names, track(pool.map(_one, names), "trying", total=len(names), console=console), strict=True))
    page = _page(told)
    console.print(page, markup=False, highlight=False)
    PAGE.write_text(page, encoding="utf-8")
    reference = told[REFERENCE.id]
    return 1 if reference.model.rules or reference.schema.rules else 0


def _page(told: Mapping[str, Unaided]) -> str:
    always = told[REFERENCE.id].plain
    mutants = {name: one for name, one in told.items() if name != REFERENCE.id}
    some = "" if len(mutants) == len(MUTANTS) else f" (a selection of the {len(MUTANTS)})"
    at = sorted(one.model.requests for one in mutants.values() if one.model.rules)
    found = {
        "the model": sum(bool(one.model.rules) for one in mutants.values()),
        "the schema suite": sum(bool(one.schema.rules) for one in mutants.values()),
        "one of the two": sum(bool(one.model.rules or one.schema.rules) for one in mutants.values()),
        "plain Schemathesis": sum(bool(one.plain - always) for one in mutants.values()),
    }
    lines = [
        _HEAD.format(always=", ".join(sorted(always)) or "nothing", sequences=SEQUENCES, examples=EXAMPLES),
        f"Of {len(mutants)} mutants{some}, each with one planted fault:",
        "",
        *(f"- {who} finds {count}" for who, count in found.items()),
        "",
        f"Half of what the model finds it finds within {at[len(at) // 2] if at else 0} requests.",
        "",
        "| mutant | breaks | model: rules (requests) | schema suite: rules (request) | plain `schemathesis run` |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {name} | {' '.join(MUTANTS[name].breaks)} | {_told(one.model)} | {_told(one.schema)} |"
        f" {'; '.join(sorted(one.plain - always)) or '-'} |"
        for name, one in mutants.items()
    ]
    return "\n".join([*lines, ""])


def _told(seen: Seen) -> str:
    return f"{' '.join(seen.rules)} ({seen.requests})" if seen.rules else "-"


_HEAD: Final = """# What generated requests find unaided

`make unaided` writes this page. The kill matrix ([SOUNDNESS.md](SOUNDNESS.md)) shows that the arranged cases catch every fault;
here each fault has to be found by requests that nobody arranged: by the model (sequences of updates, {sequences} at most), by the
schema suite, and by plain `schemathesis run` on the same OpenAPI document ({examples} examples each). What plain Schemathesis says
of the right reference implementation, too, tells nothing and is left out: {always}.
"""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

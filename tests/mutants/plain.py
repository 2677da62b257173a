"""`python -m tests.mutants.plain`: plain `schemathesis run` and the schema suite over the same mutants, side by side.

Why a schema alone is not enough: both get the same OpenAPI document and the same number of examples; only one has the rules.
Prints a Markdown table, and writes it where a file is named.
"""

import logging
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

from idpact_contract.cases import CASES
from idpact_contract.evidence import Actor
from idpact_contract.generated import hand_out
from idpact_contract.openapi import rendered
from idpact_contract.results.verdict import CaseVerdict
from idpact_contract.targets.http import HttpTarget
from idpact_mock import MockIdP
from tests.mutants.trying import MUTANTS, REFERENCE, Specimen, bench_of, rule_verdicts

__all__ = ["main"]

_EXAMPLES = 20
_SUITE = [case for case in CASES.values() if case.suite == "schema"]
_FAILED = {CaseVerdict.FAIL, CaseVerdict.WARN}


def _row(name: str) -> tuple[str, str, str]:
    """A specimen, the rules by which the schema suite finds it, and the checks by which plain Schemathesis does."""
    logging.disable()  # mutants that break log it, as the reference does
    specimen = {**MUTANTS, REFERENCE.id: REFERENCE}[name]
    with MockIdP() as idp, bench_of(specimen, idp) as bench:
        verdicts = rule_verdicts(hand_out(_SUITE, replace(bench, examples=_EXAMPLES)))
        found = [rule for rule, verdict in verdicts.items() if verdict in _FAILED]
        return name, " ".join(found), _plain(specimen, bench.target)


def _plain(specimen: Specimen, target: object) -> str:
    """The failures that `schemathesis run` tells of, with its own checks and its own issuers."""
    if not isinstance(target, HttpTarget):
        raise TypeError(f"{specimen.id} is served over HTTP")
    sent = target.read("none", actor=Actor.OWNER).exchange
    proof = [f"{name}: {value}" for name, value in sent.headers if name.lower() == "authorization"]
    with tempfile.TemporaryDirectory() as folder:
        document = Path(folder, "openapi.json")
        document.write_text(rendered(target.profile), "utf-8")
        command = [sys.executable, "-m", "schemathesis.cli", "run", str(document), "--url", target.base_url]
        command += ["--workers", "1", "--max-examples", str(_EXAMPLES), "--seed", "0", "--no-color"]
        command += [part for header in proof for part in ("--header", header)]
        environment = {**os.environ, "NO_PROXY": "*"}
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=300
        )
    if done.returncode not in (0, 1):
        raise RuntimeError(f"schemathesis on {specimen.id}: {done.stdout}\n{done.stderr}")
    return "; ".join(sorted(set(re.findall(r"^- (.+)$", done.stdout, re.MULTILINE))))


def _table(rows: list[tuple[str, str, str]]) -> str:
    right, *wrong = sorted(rows, key=lambda row: row[0] != REFERENCE.id)
    ours = sum(bool(found) for _, found, _ in wrong)
    beyond = [name for name, _, plain in wrong if set(plain.split("; ")) - set(right[2].split("; "))]
    some = "" if len(wrong) == len(MUTANTS) else f" (a selection of the {len(MUTANTS)})"
    lines = [
        f"Of {len(wrong)} mutants{some} the schema suite finds {ours} unaided, plain Schemathesis {len(beyond)}: what it",
        f"says of the reference too ({right[2] or 'nothing'}) tells nothing. {_EXAMPLES} examples each.",
        "",
        "| mutant | breaks | schema suite | plain `schemathesis run`, beyond what it says of the reference |",
        "|---|---|---|---|",
    ]
    for name, found, plain in wrong:
        told = "; ".join(sorted(set(plain.split("; ")) - set(right[2].split("; ")) - {""}))
        lines.append(f"| {name} | {' '.join(MUTANTS[name].breaks)} | {found or '-'} | {told or '-'} |")
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> None:
    """Try them all, or those whose names follow `--only` with commas; the first other argument is the file."""
    only = next((told.removeprefix("--only=") for told in arguments if told.startswith("--only=")), "")
    names = [REFERENCE.id, *(only.split(",") if only else MUTANTS)]
    os.nice(10)
    with ProcessPoolExecutor(max_workers=2) as pool:
        table = _table(list(pool.map(_row, names)))
    print(table)
    for file in (told for told in arguments if not told.startswith("--")):
        Path(file).write_text(f"# What generated requests find unaided\n\n{table}", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])

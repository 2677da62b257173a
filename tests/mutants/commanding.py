"""`make soundness`, second half: every mutant as a process, checked by `idpact check`; exits 1 if one survives."""

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.progress import track

from idpact_contract.catalogue import CATALOGUE, Level
from tests.mutants.trying import MUTANTS, PARTLY_SHOULD, Specimen
from tests.processes import announced, idpact, running

__all__ = ["complaint", "main"]


def complaint(specimen: Specimen, folder: Path) -> str | None:
    """What is wrong with a check of a mutant; None where each rule that it breaks caught it, and the exit code says so."""
    report = folder / f"{specimen.id}.json"
    with running("tests.mutants.serving", specimen.id) as process:
        told = json.dumps(announced(process))
        arguments = ("--profile", specimen.profile, "--vars", "-", "--only", ",".join(specimen.breaks))
        checked = idpact("check", *arguments, "--json", str(report), cwd=folder, told=told)
    if checked.returncode not in (0, 1) or not report.exists():
        return f"exit code {checked.returncode}: {checked.stderr.strip()[-300:]}"
    verdicts = {rule["id"]: rule["verdict"] for rule in json.loads(report.read_text("utf-8"))["rules"]}
    survived = [rule for rule in specimen.breaks if verdicts.get(rule) not in ("fail", "warn")]
    if survived:
        return f"not caught by {', '.join(survived)}"
    must = [rule for rule in specimen.breaks if CATALOGUE[rule].level is Level.MUST and rule not in PARTLY_SHOULD]
    return f"exit code {checked.returncode}, wanted 1" if must and checked.returncode != 1 else None


def main() -> int:
    """Check all of them; returns the exit code."""
    console = Console()
    with TemporaryDirectory() as folder, ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        told = pool.map(lambda specimen: complaint(specimen, Path(folder)), MUTANTS.values())
        complaints = dict(zip(MUTANTS, track(told, "checking", total=len(MUTANTS), console=console), strict=True))
    survivors = {name: text for name, text in complaints.items() if text}
    for name, text in survivors.items():
        console.print(f"{name}: {text}", markup=False)
    console.print(f"{len(MUTANTS)} mutants checked over the command line, {len(survivors)} survived")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())

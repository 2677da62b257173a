"""`idpact merge` behind the command line: shards in, one result document out, and a word on what is missing."""

from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import Final, NoReturn

import click
import msgspec

from idpact_contract.catalogue import UnknownRuleError
from idpact_contract.results.merge import MergeError, merged, not_run
from idpact_contract.results.report import Report, RuleReport, decode_report, written_report
from idpact_contract.run.settings import plan

__all__ = ["run_merge"]

_NAMED: Final = 6


def run_merge(files: Sequence[str], *, out: str, only: Sequence[str], fail: Callable[[object], NoReturn]) -> int:
    """Merge result documents; returns the exit code that the whole has."""
    try:
        report = merged([_read(file) for file in files], plan(only))
        Path(out).parent.mkdir(parents=True, exist_ok=True)
        Path(out).write_bytes(written_report(report))
    except (MergeError, UnknownRuleError, OSError, ValueError) as error:
        fail(error)
    missing = not_run(report)
    if missing:
        click.echo(f"{len(missing)} planned cases ran in no document:")
        for rule in report.rules:
            click.echo("".join(_missing(rule, missing)), nl=False)
    click.echo(f"{report.verdict}: {len(report.cases)} cases of {len(files)} documents; wrote {out}")
    return report.exit_code


def _missing(rule: RuleReport, missing: Collection[str]) -> Iterator[str]:
    """A line for a rule of which something is missing."""
    names = [case.id.partition("/")[2] for case in rule.cases if case.id in missing]
    if names and len(names) == len(rule.cases):
        yield f"  {rule.id:<9} none of its {len(names)}\n"
    elif names:
        yield f"  {rule.id:<9} {', '.join(names[:_NAMED])}{', …' if len(names) > _NAMED else ''}\n"


def _read(file: str) -> Report:
    try:
        return decode_report(Path(file).read_bytes())
    except (ValueError, msgspec.MsgspecError) as error:
        raise ValueError(f"{file}: no result document: {error}") from error

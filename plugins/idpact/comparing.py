"""`idpact compare` behind the command line: reports from files, a comparison to files and a screen."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from idpact_contract.results.compare import (
    Change,
    Column,
    Matrix,
    changes,
    changes_markdown,
    changes_page,
    is_setback,
    matrix_markdown,
    matrix_of,
    matrix_page,
)
from idpact_contract.results.report import decode_report
from idpact_contract.results.terminal import plain

__all__ = ["run_compare"]

_Fail = Callable[[object], NoReturn]
_SETBACKS_SHOWN = 40


def run_compare(
    files: Sequence[str], *, baseline: str | None, html_path: str | None, markdown_path: str | None, fail: _Fail
) -> int:
    """Compare reports; returns the exit code: 1 where something is worse than in the baseline, otherwise 0."""
    try:
        columns = _columns([*([baseline] if baseline else []), *files])
        if len(columns) < 2:  # noqa: PLR2004 - it takes two to compare
            fail("FILE: at least two reports are needed, or one and --baseline")
        if baseline is None:
            return _matrix(columns, html_path, markdown_path)
        before, after, *others = columns
        if others:
            fail("FILE: one report is compared with the baseline")
        return _since(before, after, html_path, markdown_path)
    except (OSError, ValueError) as error:
        fail(error)


def _columns(told: Sequence[str]) -> list[Column]:
    """The reports, each with its name: `NAME=FILE`, or the file's own name as far as that tells them apart."""
    pairs = [text.partition("=") if "=" in text else ("", "", text) for text in told]
    paths = [Path(file) for _, _, file in pairs]
    stems = [path.stem for path in paths]
    columns = []
    for (name, _, file), path in zip(pairs, paths, strict=True):
        try:
            report = decode_report(path.read_bytes())
        except ValueError as error:
            raise ValueError(f"{file}: not a result document of idpact: {error}") from error
        columns.append(Column(name=name or (path.stem if stems.count(path.stem) == 1 else file), report=report))
    return columns


def _matrix(columns: Sequence[Column], html_path: str | None, markdown_path: str | None) -> int:
    matrix = matrix_of(columns)
    _show_matrix(_console(), matrix)
    _write(html_path, lambda: matrix_page(matrix))
    _write(markdown_path, lambda: matrix_markdown(matrix).encode())
    return 0


def _since(before: Column, after: Column, html_path: str | None, markdown_path: str | None) -> int:
    found = changes(before.report, after.report)
    _show_changes(_console(), before, after, found)
    _write(html_path, lambda: changes_page(before, after, found))
    _write(markdown_path, lambda: changes_markdown(before, after, found).encode())
    return 1 if any(map(is_setback, found)) else 0


def _console() -> Console:
    return Console(soft_wrap=False, highlight=False, width=None if sys.stdout.isatty() else 160)


def _show_matrix(console: Console, matrix: Matrix) -> None:
    names = [escape(plain(column.name).plain) for column in matrix.columns]
    table = Table("rule", "level", *names, box=None, pad_edge=False)
    for row in matrix.rules:
        table.add_row(row.id, row.level, *(verdict or "not in the report" for verdict in row.verdicts))
    console.print(table)
    answers = Table("left open by the source", *names, box=None, pad_edge=False)
    for answer in matrix.answers:
        answers.add_row(plain(answer.asks), *(plain(told or "not asked") for told in answer.answers))
    console.print()
    console.print(answers)
    console.print()
    for column in matrix.columns:
        console.print(plain(f"{column.name}: {column.report.verdict}"))


def _show_changes(console: Console, before: Column, after: Column, found: Sequence[Change]) -> None:
    setbacks = [change for change in found if is_setback(change)]
    others = [change for change in found if not is_setback(change)]
    for change in [*setbacks[:_SETBACKS_SHOWN], *others[:_SETBACKS_SHOWN]]:
        told = f"  ({change.told})" if change.told else ""
        console.print(
            plain(f"{change.kind:<16} {change.subject}: {change.before or 'none'} -> {change.after or 'none'}{told}")
        )
    left = len(found) - min(len(setbacks), _SETBACKS_SHOWN) - min(len(others), _SETBACKS_SHOWN)
    if left:
        console.print(f"… and {left} more")
    console.print(plain(f"{before.name} -> {after.name}: {len(found)} changes, {len(setbacks)} for the worse"))


def _write(path: str | None, make: Callable[[], bytes]) -> None:
    if path is not None:
        Path(path).write_bytes(make())
        _console().print(plain(f"wrote {path}"))

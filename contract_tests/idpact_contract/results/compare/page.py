"""A comparison as one HTML page, which opens from disk and needs nothing else."""

from collections.abc import Sequence
from typing import Final

from idpact_contract.results.compare.changes import Change, Kind, is_setback
from idpact_contract.results.compare.matrix import Column, Matrix, RuleRow
from idpact_contract.results.page.rendering import render

__all__ = ["changes_page", "matrix_page"]

_STYLES: Final = ("report.css", "compare.css")


def matrix_page(matrix: Matrix) -> bytes:
    """Implementations beside each other, in UTF-8."""
    families: dict[str, list[RuleRow]] = {}
    for row in matrix.rules:
        families.setdefault(row.family, []).append(row)
    return render("matrix.html.j2", styles=_STYLES, matrix=matrix, families=families)


def changes_page(before: Column, after: Column, found: Sequence[Change]) -> bytes:
    """What changed since a baseline, in UTF-8; setbacks first."""
    groups: dict[Kind, list[Change]] = {}
    for change in sorted(
        found, key=lambda change: (not is_setback(change), list(Kind).index(change.kind), change.is_case)
    ):
        groups.setdefault(change.kind, []).append(change)
    setbacks = sum(map(is_setback, found))
    return render(
        "changes.html.j2", styles=_STYLES, before=before, after=after, groups=groups, found=found, setbacks=setbacks
    )

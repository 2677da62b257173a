"""What a section found: figures, their goals, a table; and how they read as Markdown. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Final

__all__ = ["Figure", "Goal", "Result", "at_least", "at_most", "below", "markdown", "of_rounds", "ratio"]

UNMEASURED: Final = "-"


@dataclass(frozen=True, slots=True)
class Goal:
    """What a number is to be.

    Attributes:
        text: As it stands in the report, such as "at least 0.9".
        holds: Whether a number reaches it.
    """

    text: str
    holds: Callable[[float], bool] = field(repr=False)


def at_least(bound: float) -> Goal:
    """That or more."""
    return Goal(f"at least {bound:g}", lambda value: value >= bound)


def at_most(bound: float) -> Goal:
    """That or less."""
    return Goal(f"at most {bound:g}", lambda value: value <= bound)


def below(bound: float) -> Goal:
    """Less than that."""
    return Goal(f"below {bound:g}", lambda value: value < bound)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number.

    Attributes:
        what: What it is, unit included.
        value: The number.
        form: How it is written, as `format` has it.
        goal: What it is to be; None where it only informs.
    """

    what: str
    value: float
    form: str = ".2f"
    goal: Goal | None = None

    @property
    def missed(self) -> bool:
        """There is a goal, and the number as it is written doesn't reach it."""
        return self.goal is not None and not self.goal.holds(float(f"{self.value:{self.form}}".replace(",", "")))

    @property
    def text(self) -> str:
        """The number as it is written."""
        return f"{self.value:{self.form}}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a section found.

    Attributes:
        figures: The numbers, those with goals among them.
        header: The names of a table's columns; empty where there is no table.
        rows: The table's rows.
        notes: Sentences to read beside it.
    """

    figures: Sequence[Figure] = ()
    header: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    notes: Sequence[str] = ()


def of_rounds(values: Iterable[float]) -> float:
    """What counts of several rounds: their median."""
    return median(values)


def ratio(value: float | None, floor: float | None) -> str:
    """A number and its share of the floor, as a table cell."""
    if value is None:
        return UNMEASURED
    return f"{value:,.0f}" if floor is None else f"{value:,.0f} ({value / floor:.2f})"


def markdown(title: str, how: str, result: Result) -> str:
    """A section of the report."""
    parts = [f"## {title}", how]
    if result.header:
        parts.append(_table(result.header, result.rows))
    if result.figures:
        rows = [
            (figure.what, figure.text, "" if figure.goal is None else figure.goal.text, _verdict(figure))
            for figure in result.figures
        ]
        parts.append(_table(("figure", "measured", "goal", ""), rows))
    parts += ["\n".join(f"- {note}" for note in result.notes)] if result.notes else []
    return "\n\n".join(parts) + "\n"


def _verdict(figure: Figure) -> str:
    return "" if figure.goal is None else "**missed**" if figure.missed else "met"


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)

"""Parameters of failures: a name, a default, a meaning, and what values are right. Pure."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Parameter", "choice", "count", "flag", "json_value", "members", "seconds", "text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One thing about a failure that can be set.

    Attributes:
        name: Its name.
        default: Its value where none is given; a JSON value.
        meaning: What it does, in a few words.
        wanted: Which values are right, in a few words.
        fits: Whether a value is right.
    """

    name: str
    default: Any
    meaning: str
    wanted: str
    fits: Callable[[Any], bool] = field(repr=False, compare=False)

    def checked(self, value: object, *, within: str) -> object:
        """The value, if it is right.

        Raises:
            ValueError: It isn't; the message names the parameter, the value and what would be right.
        """
        if not self.fits(value):
            raise ValueError(f"{within}: {self.name}: {value!r} must be {self.wanted}")
        return value

    def to_json(self) -> dict[str, Any]:
        """A JSON value."""
        return {"name": self.name, "default": self.default, "meaning": self.meaning, "wanted": self.wanted}


def seconds(name: str, default: float, meaning: str, *, most: float = 600) -> Parameter:
    """A duration above 0."""
    wanted = f"seconds above 0, at most {most:g}"
    return Parameter(
        name=name,
        default=default,
        meaning=meaning,
        wanted=wanted,
        fits=lambda value: _number(value) and 0 < value <= most,
    )


def count(name: str, default: int, meaning: str, *, least: int = 1, most: int) -> Parameter:
    """A whole number."""
    return Parameter(
        name=name,
        default=default,
        meaning=meaning,
        wanted=f"a whole number from {least} to {most}",
        fits=lambda value: isinstance(value, int) and not isinstance(value, bool) and least <= value <= most,
    )


def choice(name: str, default: object, meaning: str, *values: object) -> Parameter:
    """One of a few values."""
    return Parameter(
        name=name,
        default=default,
        meaning=meaning,
        wanted=f"one of {', '.join(repr(value) for value in values)}",
        fits=lambda value: any(type(value) is type(known) and value == known for known in values),
    )


def flag(name: str, meaning: str, *, default: bool = False) -> Parameter:
    """True or false."""
    return Parameter(
        name=name, default=default, meaning=meaning, wanted="true or false", fits=lambda value: isinstance(value, bool)
    )


def text(name: str, default: str, meaning: str) -> Parameter:
    """A string that can stand in a header."""
    return Parameter(
        name=name,
        default=default,
        meaning=meaning,
        wanted="a string of printable ASCII",
        fits=lambda value: isinstance(value, str) and value.isascii() and value.isprintable(),
    )


def json_value(name: str, default: object, meaning: str, wanted: str, fits: Callable[[Any], bool]) -> Parameter:
    """A JSON value that passes a test."""
    return Parameter(name=name, default=default, meaning=meaning, wanted=wanted, fits=fits)


def members(default: Iterable[str], meaning: str) -> Parameter:
    """Names of members of the document."""
    return Parameter(
        name="members",
        default=list(default),
        meaning=meaning,
        wanted="a list of at least one member name",
        fits=lambda value: (
            isinstance(value, list | tuple) and bool(value) and all(isinstance(name, str) and name for name in value)
        ),
    )


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)

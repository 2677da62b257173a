"""The time as one issuer sees it: the machine's, moved by as much as a test wants. May be used from any thread."""

import math
import time
from typing import Final, TypeGuard

__all__ = ["FURTHEST", "Clock", "checked_seconds", "is_number"]

FURTHEST: Final = 10**10
"""Seconds that anything may be away from now, some 300 years: whatever is reckoned from it can be written."""


def is_number(value: object) -> TypeGuard[float]:
    """It is a finite number, and no bool."""
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and (isinstance(value, int) or math.isfinite(value))
    )


def checked_seconds(seconds: object) -> float:
    """Seconds by which a clock can be moved.

    Raises:
        ValueError: It is no number, or too large a one.
    """
    if not is_number(seconds) or not -FURTHEST <= seconds <= FURTHEST:
        raise ValueError(f"seconds: {seconds!r} must be a number from {-FURTHEST} to {FURTHEST}")
    return seconds


class Clock:
    """A clock that can be moved. Codes, tokens, devices and sessions of the issuer live by it; the journal doesn't."""

    __slots__ = ("_offset",)

    def __init__(self) -> None:
        self._offset = 0.0

    def __repr__(self) -> str:
        return f"<Clock, moved by {self._offset:g} s>"

    @property
    def offset(self) -> float:
        """Seconds by which it is ahead of the machine's; negative where it is behind."""
        return self._offset

    def now(self) -> float:
        """Unix time in seconds."""
        return time.time() + self._offset

    def move(self, seconds: float) -> None:
        """Move it, from where it is; a negative number moves it back.

        Raises:
            ValueError: `seconds` is no number, or it would be too far from the machine's time.
        """
        self._offset = checked_seconds(self._offset + checked_seconds(seconds))

    def reset(self) -> None:
        """The machine's time again."""
        self._offset = 0.0

"""When a failure happens: always, at first, now and then, later, for a while. Pure; the clock is the caller's."""

import math
import re
from dataclasses import dataclass
from typing import Final, Literal, Self

__all__ = ["Schedule"]

_WORDS: Final = re.compile(r"(first|every|from|for) ([0-9]+(?:\.[0-9]+)?)( s)?")
_WANTED: Final = "'always', 'first N', 'every N', 'from N' (requests, N from 1) or 'for T s' (seconds)"


@dataclass(frozen=True, slots=True)
class Schedule:
    """Which of an endpoint's requests fail, counted from the moment when the failure was switched on.

    Attributes:
        kind: `always`; `first` N requests; `every` Nth request; `from` the Nth request on; `for` N seconds.
        number: N.
    """

    kind: Literal["always", "first", "every", "from", "for"] = "always"
    number: float = 1

    def __post_init__(self) -> None:
        whole = self.kind == "for" or self.number == int(self.number)
        if not math.isfinite(self.number) or self.number <= 0 or not whole:
            raise ValueError(f"schedule: {self.number!r} in {self.kind!r} must be above 0, and whole unless seconds")

    @classmethod
    def of(cls, told: object) -> Self:
        """The schedule of words such as `first 3`; a schedule stays as it is.

        Raises:
            ValueError: It is none; the message says what is.
        """
        if isinstance(told, cls):
            return told
        found = _WORDS.fullmatch(told) if isinstance(told, str) else None
        if told == "always":
            return cls()
        if found is None or (found[3] and found[1] != "for"):
            raise ValueError(f"schedule: {told!r} must be {_WANTED}")
        kind: Literal["first", "every", "from", "for"] = found[1]  # type: ignore[assignment]  # the pattern admits these four only
        try:
            return cls(kind, float(found[2]))
        except ValueError:
            raise ValueError(f"schedule: {told!r} must be {_WANTED}") from None

    def __str__(self) -> str:
        if self.kind == "always":
            return "always"
        return f"{self.kind} {self.number:g}{' s' if self.kind == 'for' else ''}"

    def applies(self, number: int, *, after: float) -> bool:
        """Whether the `number`th request, which came `after` seconds, fails."""
        match self.kind:
            case "always":
                return True
            case "first":
                return number <= self.number
            case "every":
                return number % int(self.number) == 0
            case "from":
                return number >= self.number
            case "for":
                return after < self.number

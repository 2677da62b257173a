"""A limit on connections: how many there may be at one time, and how many may be made in all. Knows no wire."""

import threading
from typing import Final

from idpact_contract.targets.base import UnreachableError
from idpact_contract.targets.profile import Limits

__all__ = ["Quota", "QuotaSpentError"]

LONGEST_WAIT_SECONDS: Final = 120.0
"""How long a case waits for another's connection to go: longer than any case takes that only waits for an answer."""


class QuotaSpentError(UnreachableError):
    """No further connection may be made; the message says which line of the profile says so."""


class Quota:
    """Keeps to a profile's limits on connections, for all threads of a process together.

    Args:
        limits: The profile's.
        longest_wait: Seconds that a connection is waited for while there are as many as there may be.
    """

    def __init__(self, limits: Limits, *, longest_wait: float = LONGEST_WAIT_SECONDS) -> None:
        self._limits = limits
        self._longest_wait = longest_wait
        self._alive = 0
        self._made = 0
        self._turn = threading.Condition()

    def take(self) -> None:
        """One is about to be made; waits while there are as many as there may be.

        Raises:
            QuotaSpentError: All that may be made were made, or none of those that there are goes.
        """
        at_once, in_all = self._limits.connections, self._limits.connections_in_all
        with self._turn:
            if in_all is not None and self._made >= in_all:
                raise QuotaSpentError(f"limits.connections_in_all: {in_all} connections were made, and no more may be")
            free = self._turn.wait_for(lambda: at_once is None or self._alive < at_once, timeout=self._longest_wait)
            if not free:
                raise QuotaSpentError(
                    f"limits.connections: there are {at_once}, and none went within {self._longest_wait:g} s"
                )
            self._alive += 1
            self._made += 1

    def none_came(self) -> None:
        """The one that was about to be made was not."""
        with self._turn:
            self._made -= 1
            self._alive -= 1
            self._turn.notify_all()

    def gone(self) -> None:
        """One was deleted."""
        with self._turn:
            self._alive -= 1
            self._turn.notify_all()

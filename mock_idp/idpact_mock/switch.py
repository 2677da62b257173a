"""A failure that is on: counts the requests of its endpoint and says which of them fail. May be used from any thread."""

import threading
import time
from dataclasses import dataclass

from idpact_mock.failures import Failing

__all__ = ["Strike", "Switch"]


@dataclass(frozen=True, slots=True)
class Strike:
    """One request that fails.

    Attributes:
        failing: How.
        number: The request's number since the failure was switched on, from 1.
    """

    failing: Failing
    number: int


class Switch:
    """A failure that is on at one endpoint."""

    def __init__(self, failing: Failing) -> None:
        self.failing = failing
        self._lock = threading.Lock()
        self._since = time.monotonic()
        self._count = 0

    def strike(self) -> Strike | None:
        """Count a request; None if it doesn't fail."""
        with self._lock:
            self._count += 1
            number = self._count
        applies = self.failing.schedule.applies(number, after=time.monotonic() - self._since)
        return Strike(self.failing, number) if applies else None

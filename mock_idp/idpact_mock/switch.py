"""A failure that is on: counts the requests of its endpoint and says which of them fail. May be used from any thread."""

import time
from dataclasses import dataclass

from idpact_mock.backing import ALONE, Backing
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
    """A failure that is on at one endpoint.

    Args:
        failing: How it fails.
        backing: What counts its requests, which may reach other servers too.
    """

    def __init__(self, failing: Failing, backing: Backing = ALONE) -> None:
        self.failing = failing
        self._since = time.monotonic() - backing.age()
        self._count = backing.counter()

    def strike(self) -> Strike | None:
        """Count a request; None if it doesn't fail."""
        number = self._count.next()
        applies = self.failing.schedule.applies(number, after=time.monotonic() - self._since)
        return Strike(self.failing, number) if applies else None

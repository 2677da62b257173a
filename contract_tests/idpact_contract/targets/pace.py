"""Requests at an implementation's pace: so many a second, and again after a 429 where that is wanted."""

import threading
import time
from collections.abc import Callable
from typing import Final

import httpx

from idpact_contract.targets.profile import Limits

__all__ = ["Pace"]

_TOO_MANY: Final = 429


class Pace:
    """Keeps to a profile's limits, for all threads of a process together."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._lock = threading.Lock()
        self._next = 0.0

    def keep(self, send: Callable[[], httpx.Response]) -> httpx.Response:
        """Send a request when its turn comes; once more after a 429, if the profile says so."""
        self._wait_for_turn()
        response = send()
        if response.status_code == _TOO_MANY and self._limits.retry_429:
            time.sleep(min(_seconds(response.headers.get("retry-after", "")), self._limits.longest_wait))
            self._wait_for_turn()
            response = send()
        return response

    def _wait_for_turn(self) -> None:
        if self._limits.per_second is None:
            return
        with self._lock:
            now = time.monotonic()
            turn = max(now, self._next)
            self._next = turn + 1 / self._limits.per_second
        time.sleep(turn - now)


def _seconds(told: str) -> float:
    """Retry-After in seconds; a date or nothing at all is taken for one second."""
    return float(told) if told.isdecimal() else 1.0

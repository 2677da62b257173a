"""Cases that mostly wait, tried side by side in the background while others run: the suite is not the sum of their waits."""

import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from idpact_contract.cases import Case
from idpact_contract.trial import Bench, Trial, try_case

__all__ = ["Ahead"]

_SIDE_BY_SIDE = 32
"""More than that at once would measure this machine, not the implementation."""


class Ahead:
    """Tries cases before they are asked for.

    Args:
        bench: The bench that they share with all others; its implementation and mock IdP stand concurrent use.
        cases: The cases; none is tried before `start`, or before the first one is taken.
    """

    def __init__(self, bench: Bench, cases: Sequence[Case]) -> None:
        self._bench = bench
        self._cases = tuple(cases)
        self._lock = threading.Lock()
        self._trials: dict[str, Future[Trial]] = {}
        self._pool: ThreadPoolExecutor | None = None

    def start(self) -> None:
        """Begin with all of them."""
        with self._lock:
            if self._pool is not None or not self._cases:
                return
            self._pool = ThreadPoolExecutor(min(_SIDE_BY_SIDE, len(self._cases)), thread_name_prefix="idpact-ahead")
            self._trials = {case.id: self._pool.submit(try_case, case, self._bench) for case in self._cases}

    def take(self, case: Case) -> Trial:
        """The trial of a case: the one begun ahead, or one made now."""
        if case not in self._cases:
            return try_case(case, self._bench)
        self.start()
        return self._trials[case.id].result()

    def close(self) -> None:
        """Begin no more, and wait for what is under way, so that it deletes what it created."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

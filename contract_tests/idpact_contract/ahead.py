"""Cases tried in the background: those that mostly wait side by side, the others one by one.

So the suite is not the sum of its waits; and Ctrl-C never cuts a request short whose answer would have told what is to be
deleted.
"""

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
        self._aside = ThreadPoolExecutor(1, thread_name_prefix="idpact-aside")

    def start(self) -> None:
        """Begin with all of them."""
        with self._lock:
            if self._pool is not None or not self._cases:
                return
            self._pool = ThreadPoolExecutor(min(_SIDE_BY_SIDE, len(self._cases)), thread_name_prefix="idpact-ahead")
            self._trials = {case.id: self._pool.submit(try_case, case, self._bench) for case in self._cases}

    def take(self, case: Case) -> Trial:
        """The trial of a case: the one begun ahead, or one made now.

        A KeyboardInterrupt leaves the case to come to its end in the background; `close` waits for that.
        """
        if case not in self._cases:
            return self._aside.submit(try_case, case, self._bench).result()
        self.start()
        return self._trials[case.id].result()

    def close(self) -> None:
        """Begin no more, and wait for what is under way, so that it deletes what it created."""
        for pool in (self._aside, self._pool):
            if pool is not None:
                pool.shutdown(wait=True, cancel_futures=True)

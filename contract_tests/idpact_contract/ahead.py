"""Cases tried in the background: those that mostly wait side by side, generated suites once each, the others one by one.

So the suite is not the sum of its waits; and Ctrl-C never cuts a request short whose answer would have told what is to be
deleted.
"""

import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from idpact_contract.cases import Case
from idpact_contract.generated import hand_out
from idpact_contract.trial import Bench, Trial, try_case

__all__ = ["Ahead"]

_SIDE_BY_SIDE = 32
"""More than that at once would measure this machine, not the implementation."""


class Ahead:
    """Tries cases before they are asked for.

    Args:
        bench: The bench that they share with all others; its implementation and mock IdP stand concurrent use.
        cases: The cases of the run. Those that mostly wait are tried from `start` on, or when the first of them is taken; those
            of a generated suite all come from one run of it, when the first of them is taken.
    """

    def __init__(self, bench: Bench, cases: Sequence[Case]) -> None:
        self._bench = bench
        self._waiting = tuple(case for case in cases if case.waits)
        self._generated = tuple(case for case in cases if case.suite)
        self._lock = threading.Lock()
        self._trials: dict[str, Future[Trial]] = {}
        self._handed: dict[str, dict[str, Trial]] = {}
        self._stopping = threading.Event()
        self._pool: ThreadPoolExecutor | None = None
        self._aside = ThreadPoolExecutor(1, thread_name_prefix="idpact-aside")

    def start(self) -> None:
        """Begin with those that mostly wait."""
        with self._lock:
            if self._pool is not None or not self._waiting:
                return
            self._pool = ThreadPoolExecutor(min(_SIDE_BY_SIDE, len(self._waiting)), thread_name_prefix="idpact-ahead")
            self._trials = {case.id: self._pool.submit(try_case, case, self._bench) for case in self._waiting}

    def take(self, case: Case) -> Trial:
        """The trial of a case: the one begun ahead, or one made now.

        A KeyboardInterrupt leaves the case to come to its end in the background; `close` waits for that.
        """
        if case.suite:
            return self._aside.submit(self._take_generated, case).result()
        if case not in self._waiting:
            return self._aside.submit(try_case, case, self._bench).result()
        self.start()
        return self._trials[case.id].result()

    def _take_generated(self, case: Case) -> Trial:
        if case.id not in self._handed.get(case.suite, {}):
            siblings = [known for known in self._generated if known.suite == case.suite] or [case]
            self._handed[case.suite] = hand_out(siblings, self._bench, stopped=self._stopping.is_set)
        return self._handed[case.suite][case.id]

    def close(self) -> None:
        """Begin no more, and wait for what is under way, so that it deletes what it created."""
        self._stopping.set()
        for pool in (self._aside, self._pool):
            if pool is not None:
                pool.shutdown(wait=True, cancel_futures=True)

"""Several processes that serve as one: a parent that binds, starts workers, replaces those that die, and stops with them.

Workers inherit the listening socket. The parent runs no thread and serves nothing, so that it can fork at any time.
"""

import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import nullcontext, suppress
from types import FrameType
from typing import Final, NoReturn, Protocol

from idpact_mock.errors import StoreError
from idpact_mock.mock import MockIdP
from idpact_mock.requestlog import written_to
from idpact_mock.shared.deployment import Deployment
from idpact_mock.shared.link import Link
from idpact_mock.sockets import BACKLOG, bound

__all__ = ["run_workers"]

_STOPPING: Final = (signal.SIGINT, signal.SIGTERM)
_STOP_SECONDS: Final = 20
_AGAIN: Final = 75
"""A worker's exit code: it is to begin anew (EX_TEMPFAIL of sysexits)."""
_WRONG: Final = 78
"""A worker's exit code: it can't be set up so, and another couldn't either (EX_CONFIG)."""
_EARLY: Final = 3
"""Workers that may die in a row before they serve."""
_PAUSE: Final = 0.3
_LONGEST_WHY: Final = 60_000

Make = Callable[[Deployment, socket.socket], MockIdP]
Told = Callable[[MockIdP], None]


class _Work(Protocol):
    def __call__(self, number: int, *, first: bool, parent: int, ready: int) -> None:
        """Serve until told to stop."""


def run_workers(
    count: int, store: str, *, host: str, port: int, log: bool, make: Make, set_up: Told, on_ready: Told
) -> None:
    """Serve by that many workers until SIGINT or SIGTERM. Call it in the main thread of a process without others.

    Args:
        count: How many.
        store: URL of what they share.
        host: Address to bind.
        port: Port to bind.
        log: Write a line for each request to stderr; see `requestlog`.
        make: Makes a worker's server, which shares and listens so.
        set_up: Makes the issuers that are there from the start.
        on_ready: Called in the first worker once it listens and all issuers are there.

    Raises:
        OSError: The address can't be bound, or the workers keep dying.
        ValueError: The workers can't be set up so, or this system doesn't fork.
        StoreError: The store can't be used.
    """
    if not hasattr(os, "fork"):
        raise ValueError("store: workers need a system that forks processes, such as Linux or macOS")
    link = Link(store)
    link.check()
    link.close()
    listener = bound(host, port)
    listener.listen(BACKLOG)

    def work(number: int, *, first: bool, parent: int, ready: int) -> None:
        _Worker(number, store, parent=parent).run(
            lambda deployment: make(deployment, listener), set_up, on_ready if first else _silent, ready, log=log
        )

    with listener:
        _Parent(count, work).run()


class _Parent:
    """Starts workers, and waits for them."""

    def __init__(self, count: int, work: _Work) -> None:
        self._count = count
        self._work = work
        self._workers: dict[int, tuple[int, int, float]] = {}
        self._stopping = False
        self._early = 0
        # Nobody writes to it: a worker that reads its end knows that the parent is gone, however it went.
        self._alive, self._held = os.pipe()

    def run(self) -> None:
        before = {number: signal.signal(number, self._stop) for number in _STOPPING}
        before[signal.SIGALRM] = signal.signal(signal.SIGALRM, self._kill)
        try:
            for number in range(1, self._count + 1):
                self._start(number, first=number == 1)
            while self._workers:
                self._ended(*os.waitpid(-1, 0))
        finally:
            self._stop()
            while self._workers:
                pid, _ = os.waitpid(-1, 0)
                self._workers.pop(pid, None)
            signal.alarm(0)
            for number, handler in before.items():
                signal.signal(number, handler)
            os.close(self._alive)
            os.close(self._held)

    def _start(self, number: int, *, first: bool = False) -> None:
        if self._stopping:
            return
        sys.stdout.flush()
        sys.stderr.flush()
        ready, told = os.pipe()
        # A signal that comes before the worker is on the list would pass it by.
        signal.pthread_sigmask(signal.SIG_BLOCK, _STOPPING)
        pid = os.fork()
        if pid == 0:
            self._serve(number, told, first=first)
        os.close(told)
        self._workers[pid] = (number, ready, time.monotonic())
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPPING)

    def _serve(self, number: int, told: int, *, first: bool) -> NoReturn:
        code = 1
        try:
            os.close(self._held)
            self._work(number, first=first, parent=self._alive, ready=told)
            code = 0
        except SystemExit as error:
            code = error.code if isinstance(error.code, int) else 1
        except (OSError, ValueError) as error:
            os.write(told, str(error).encode("utf-8", "replace")[:_LONGEST_WHY])
            code = _WRONG
        finally:
            if code == 1:
                sys.excepthook(*sys.exc_info())
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    def _ended(self, pid: int, status: int) -> None:
        number, ready, _ = self._workers.pop(pid)
        with os.fdopen(ready, "rb") as told:
            said = told.read().decode("utf-8", "replace")
        code = os.waitstatus_to_exitcode(status)
        if self._stopping:
            return
        if code == _WRONG:
            raise ValueError(said)
        if code != _AGAIN:
            why = f"was ended by signal {-code}" if code < 0 else f"ended with exit code {code}"
            sys.stderr.write(f"idpact: worker {number} (process {pid}) {why}; another takes its place\n")
        self._early = 0 if said else self._early + 1
        if self._early >= _EARLY:
            raise ChildProcessError(f"workers: {_EARLY} in a row have died before they served")
        self._start(number)

    def _stop(self, _signal: int | None = None, _frame: FrameType | None = None) -> None:
        if not self._stopping:
            self._stopping = True
            signal.alarm(_STOP_SECONDS)
        self._signal(signal.SIGTERM)

    def _kill(self, _signal: int, _frame: FrameType | None) -> None:
        self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        for pid in self._workers:
            with suppress(ProcessLookupError):  # it has just ended
                os.kill(pid, number)


class _Worker:
    """One worker's life."""

    def __init__(self, number: int, store: str, *, parent: int) -> None:
        self._store = store
        self._told = threading.Event()
        self._code = 0
        for one in _STOPPING:
            signal.signal(one, self._stop)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPPING)
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter(f"idpact: worker {number}: %(message)s"))
        self._logger = logging.getLogger("idpact_mock.shared")
        self._logger.addHandler(handler)
        self._logger.propagate = False
        threading.Thread(target=self._watch, args=(parent,), daemon=True).start()

    def run(
        self, make: Callable[[Deployment], MockIdP], set_up: Told, on_ready: Told, ready: int, *, log: bool
    ) -> None:
        deployment = self._deployment()
        if deployment is None:
            return
        try:
            with written_to(sys.stderr) if log else nullcontext(), make(deployment) as idp:
                set_up(idp)
                deployment.open()
                idp.ready = True
                on_ready(idp)
                sys.stdout.flush()
                os.write(ready, b"ready")
                self._told.wait()
        except StoreError as error:  # while the issuers were made
            self._logger.warning("%s; beginning anew", error)
            self._told.wait(_PAUSE)
            self._code = _AGAIN
        deployment.close()
        if self._code:
            sys.exit(self._code)

    def _deployment(self) -> Deployment | None:
        """What is shared; None if it is to stop while it waits for a Redis that is away."""
        warned = False
        while not self._told.is_set():
            link = Link(self._store)
            try:
                return Deployment(link, lost=self._again)
            except StoreError as error:
                if not warned:
                    self._logger.warning("%s; waiting for it", error)
                warned = True
                link.close()
                self._told.wait(_PAUSE)
        return None

    def _again(self) -> None:
        self._code = _AGAIN
        self._told.set()

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._told.set()

    def _watch(self, parent: int) -> None:
        os.read(parent, 1)
        self._told.set()


def _silent(_idp: MockIdP) -> None:
    """Only the first worker says what is served."""

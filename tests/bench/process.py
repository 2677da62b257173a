"""A server as a process of its own, pinned to one core: its start, its CPU time, its memory, its end. Linux only."""

import http.client
import os
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

__all__ = ["SERVER_CORE", "Served", "environment", "free_port", "resident_kib", "served"]

SERVER_CORE: Final = 0

_TICK: Final = os.sysconf("SC_CLK_TCK")
_PATIENCE: Final = 60.0
_PAUSE: Final = 0.001
_USER, _SYSTEM, _CHILDREN_USER, _CHILDREN_SYSTEM = 11, 12, 13, 14
"""Of /proc/PID/stat, counted from behind the process's name (proc_pid_stat(5))."""


@dataclass(frozen=True, slots=True)
class Served:
    """A server that answers.

    Attributes:
        pid: Its process.
        port: Its port.
        seconds: From its spawn to its first 200.
    """

    pid: int
    port: int
    seconds: float

    def cpu_seconds(self) -> float:
        """CPU time of it and its children, those that have ended included."""
        return sum(_cpu_seconds(pid) for pid in _tree(self.pid))

    def mebibytes(self) -> float:
        """Resident memory of it and its children."""
        return sum(resident_kib(pid) for pid in _tree(self.pid)) / 1024


def environment() -> dict[str, str]:
    """The variables of this process, but that bytecode is kept: what was run once starts as it does where it is installed."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def free_port() -> int:
    """A port that was free just now."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@contextmanager
def served(command: Sequence[str], *, port: int, path: str, env: Mapping[str, str] | None = None) -> Iterator[Served]:
    """Run a server until the context ends.

    Args:
        command: What starts it.
        port: Where it will listen.
        path: What it answers with 200 once it is ready.
        env: Variables besides those of this process.

    Raises:
        RuntimeError: It ended, or doesn't answer.
    """
    began = time.perf_counter()
    process = subprocess.Popen(
        ["taskset", "-c", str(SERVER_CORE), *command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**environment(), **(env or {})},
    )
    try:
        yield Served(process.pid, port, _ready(process, port, path, began))
    finally:
        process.terminate()
        process.communicate()


def _ready(process: "subprocess.Popen[bytes]", port: int, path: str, began: float) -> float:
    while (now := time.perf_counter()) < began + _PATIENCE:
        if process.poll() is not None:
            assert process.stderr is not None
            raise RuntimeError(f"{process.args!r} ended: {process.stderr.read().decode(errors='replace')[-2000:]}")
        if _status(port, path) == 200:
            return time.perf_counter() - began
        time.sleep(_PAUSE)
    raise RuntimeError(f"{process.args!r} doesn't answer GET {path} with 200, {now - began:.0f} s after its start")


def _status(port: int, path: str) -> int | None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except OSError:
        return None
    finally:
        connection.close()


def _tree(pid: int) -> Iterator[int]:
    yield pid
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from _tree(int(child))


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(fields[at]) for at in (_USER, _SYSTEM, _CHILDREN_USER, _CHILDREN_SYSTEM)) / _TICK


def resident_kib(pid: int | str) -> int:
    """Resident memory of one process, or of "self"."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    return 0

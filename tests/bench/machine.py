"""What a run was made on: machine, operating system and versions, as Markdown."""

import os
import platform
import shutil
import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import Final

from tests.bench.peers import NODE_PACKAGES, PYTHON_PACKAGES
from tests.bench.process import SERVER_CORE

__all__ = ["described"]

_OURS: Final = ("uvicorn", "httptools", "uvloop", "starlette", "cryptography", "joserfc")


def described() -> str:
    """The machine and the versions."""
    peers = ", ".join(f"{name} {number}" for name, number in {**NODE_PACKAGES, **PYTHON_PACKAGES}.items())
    kernel = f"{platform.system()} {platform.release().partition('-')[0]}"
    lines = [
        f"machine: {_processor()}, {os.cpu_count()} cores, {_memory()}; {kernel}",
        f"Python {platform.python_version()}, Node.js {_told_by('node', '--version')}, {_told_by('wrk', '-v')}",
        ", ".join(f"{name} {version(name)}" for name in _OURS),
        f"peers: {peers}",
        f"servers ran on core {SERVER_CORE}; load average at the end, this run's own included: {os.getloadavg()[1]:.1f}",
    ]
    return "\n".join(f"- {line}" for line in lines)


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _memory() -> str:
    return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB"


def _told_by(*command: str) -> str:
    """The first line of what a program says of its version; some end with an error then."""
    if shutil.which(command[0]) is None:
        return "missing"
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.partition("\n")[0].strip()

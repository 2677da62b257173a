"""Our own commands as processes: run to the end, or kept running while a test needs them."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

__all__ = ["ROOT", "announced", "idpact", "running"]

ROOT = Path(__file__).parent.parent
"""The project's root."""


def _environment(extra: Mapping[str, str] | None) -> dict[str, str]:
    """Our environment without what steers idpact or pytest."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("IDPACT_", "PYTEST_"))}
    return {**own, **(extra or {})}


def idpact(
    *arguments: str, cwd: Path, env: Mapping[str, str] | None = None, told: str | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `idpact` to its end."""
    return subprocess.run(
        [sys.executable, "-m", "idpact", *arguments],
        cwd=cwd,
        env=_environment(env),
        input=told if told is not None else "",
        text=True,
        capture_output=True,
        timeout=120,
        check=False,
    )


@contextmanager
def running(
    *command: str, env: Mapping[str, str] | None = None, stderr: int | None = None
) -> Iterator[subprocess.Popen[str]]:
    """Keep a Python command running: `python -m …`; its standard output is a pipe, and its standard error what `Popen` is told."""
    process = subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env=_environment(env),
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=20)
        assert process.stdout is not None
        process.stdout.close()


def announced(process: subprocess.Popen[str]) -> dict[str, Any]:
    """The JSON line that the reference implementation prints once it listens."""
    assert process.stdout is not None
    told: dict[str, Any] = json.loads(process.stdout.readline())
    return told

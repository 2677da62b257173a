"""The reference implementation as a process, for the vendor's own SDKs."""

import fcntl
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.processes import announced, running
from tests.requirements import missing, require


@pytest.fixture(scope="session")
def over_tls() -> Iterator[dict[str, Any]]:
    """What a reference implementation behind https announces."""
    with running("idpact", "reference", "--tls", "--discovery-timeout", "5") as process:
        yield announced(process)


@pytest.fixture(scope="session")
def over_http() -> Iterator[dict[str, Any]]:
    """What one without TLS announces."""
    with running("idpact", "reference", "--discovery-timeout", "5") as process:
        yield announced(process)


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of our Node program with the vendor's packages installed, once for all workers."""
    npm = require("npm")
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if base.name.startswith("popen-") else base
    folder = shared / "sdks"
    with (shared / "sdks.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # until it closes: the first worker installs, the others wait for it
        if not (folder / "node_modules").is_dir():
            shutil.copytree(Path(__file__).parent / "programs", folder, dirs_exist_ok=True)
            command = [npm, "install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts"]
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=50, check=False)
            if done.returncode:
                shutil.rmtree(folder)  # so that the next who asks tries again
                missing("node", f"npm can't install the vendor's SDKs: {done.stderr.strip()[-500:]}")
    return folder

"""Packages from npm for a folder of Node programs: installed once, for all workers of a run."""

import fcntl
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.requirements import missing, require

__all__ = ["installed"]


def installed(programs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of that folder with what its package.json names; the test is skipped, or fails, where npm can't install it."""
    npm = require("npm")
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if base.name.startswith("popen-") else base
    folder = shared / "-".join(programs.parts[-2:])
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # until it closes: the first worker installs, the others wait for it
        if not (folder / "node_modules").is_dir():
            shutil.copytree(programs, folder, ignore=shutil.ignore_patterns("node_modules"), dirs_exist_ok=True)
            command = [npm, "install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts"]
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=50, check=False)
            if done.returncode:
                shutil.rmtree(folder)  # so that the next who asks tries again
                missing("node", f"npm can't install what the tests need: {done.stderr.strip()[-500:]}")
    return folder

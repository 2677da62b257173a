"""What the pytest plugin costs where it is installed and not used.

The median difference of pytest's run time with and without it, in 15 pairs of runs over one empty test.
"""

import resource
import statistics
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.bench.figures import Figure, Result, at_most
from tests.bench.process import environment

TITLE: Final = "The plugin where it isn't used"
ORDER: Final = 70

PAIRS: Final = 15


def measure() -> Result:
    """With and without in turn, so that a slow moment hits both."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "test_empty.py").write_text("def test_nothing(): pass\n")
        pairs = [(_seconds(folder), _seconds(folder, "-p", "idpact.pytest_plugin")) for _ in range(PAIRS)]
    added = statistics.median(with_it - without for without, with_it in pairs)
    return Result(
        figures=[Figure(what="ms added to pytest's start", value=1000 * added, form=".1f", goal=at_most(5))],
        notes=[f"pytest without it takes {1000 * statistics.median(without for without, _ in pairs):.0f} ms"],
    )


def _seconds(folder: Path, *arguments: str) -> float:
    env = {**environment(), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    # pytest compiles plugins anew where it may not keep what it compiled.
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
    began = _children_seconds()
    subprocess.run(command, cwd=folder, env=env, check=True, capture_output=True)
    return _children_seconds() - began


def _children_seconds() -> float:
    """Seconds of processor that ended children took: on a busy machine a few milliseconds are lost in those of the clock."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime

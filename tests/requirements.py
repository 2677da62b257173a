"""What the tests can't install themselves: used when there; where IDPACT_REQUIRE names it, a missing one fails the test."""

import os
import shutil
from typing import NoReturn

import pytest

__all__ = ["missing", "require"]

_PROGRAMS = {
    "browser": ("chromium", "chromium-browser", "google-chrome"),
    "node": ("node",),
    "npm": ("npm",),
    "redis": ("redis-server",),
}


def require(what: str) -> str:
    """The program's path; skips the test where there is none, and fails it where one is required."""
    found = next(filter(None, map(shutil.which, _PROGRAMS[what])), None)
    if found is not None:
        return found
    return missing(what, f"no {what} here: looked for {', '.join(_PROGRAMS[what])}")


def missing(what: str, told: str) -> NoReturn:
    """Skips the test for want of something, and fails it where that is required."""
    if what in os.environ.get("IDPACT_REQUIRE", "").split(","):
        pytest.fail(f"{told}, and IDPACT_REQUIRE asks for it")
    pytest.skip(told)

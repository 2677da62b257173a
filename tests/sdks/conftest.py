"""The reference implementation as a process, for the vendor's own SDKs."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.packages import installed
from tests.processes import announced, running


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
    return installed(Path(__file__).parent / "programs", tmp_path_factory)

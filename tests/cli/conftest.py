"""The reference implementation as a process, for the tests of a worker."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes import announced, running


@pytest.fixture(scope="session")
def variables() -> Iterator[str]:
    """The JSON line of a running reference implementation."""
    with running("idpact", "reference", "--port", "0", "--discovery-timeout", "2") as process:
        yield json.dumps(announced(process))


@pytest.fixture
def vars_file(variables: str, tmp_path: Path) -> Path:
    """That line as a file in the test's own folder."""
    file = tmp_path / "vars.json"
    file.write_text(variables)
    return file

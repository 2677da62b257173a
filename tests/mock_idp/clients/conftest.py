"""An issuer for each test of a real relying party."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest

from idpact_mock import Issuer, MockIdP
from idpact_mock.provider.clients import Client
from tests.packages import installed
from tests.requirements import require

__all__ = ["Node"]

NODE = Path(__file__).parents[2] / "node"


class Node(Protocol):
    """A run of login.mjs."""

    def __call__(
        self, issuer: Issuer, scenario: str, client: Client | None = None, secret: str | None = None
    ) -> dict[str, Any]:
        """What it printed."""


@pytest.fixture
def issuer(shared_idp: MockIdP) -> Iterator[Issuer]:
    """An issuer of this test's own, with RS256 as everybody has it."""
    made = shared_idp.make_issuer()
    yield made
    shared_idp.drop_issuer(made)


@pytest.fixture(scope="session")
def node_program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of our Node programs with their packages installed, once for all workers."""
    return installed(NODE, tmp_path_factory)


@pytest.fixture
def node(node_program: Path) -> "Node":
    """Runs a scenario of login.mjs as a client of an issuer, the default one unless told otherwise."""
    program = require("node")

    def run(issuer: Issuer, scenario: str, client: Client | None = None, secret: str | None = None) -> dict[str, Any]:
        used = issuer.default_client if client is None else client
        arguments = [issuer.url, used.client_id, secret or used.client_secret or "", scenario]
        done = subprocess.run(
            [program, "login.mjs", *arguments],
            cwd=node_program,
            capture_output=True,
            text=True,
            timeout=50,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        printed: dict[str, Any] = json.loads(done.stdout)
        return printed

    return run

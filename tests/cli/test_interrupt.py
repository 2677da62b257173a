"""Ctrl-C in the middle of a check."""

import base64
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx

from tests.processes import announced, running


def test_an_interrupted_check_deletes_what_it_created(tmp_path: Path) -> None:
    """It ends inconclusive, with a report of what it saw so far, and leaves no connection behind."""
    with running("idpact", "reference", "--port", "0") as reference:
        told = announced(reference)
        (tmp_path / "vars.json").write_text(json.dumps(told))
        command = ["check", "--profile", "stytch-frontend", "--vars", "vars.json", "--json", "report.json"]
        check = subprocess.Popen(
            [sys.executable, "-u", "-m", "idpact", *command],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert check.stdout is not None
        for line in check.stdout:
            if line.startswith("  ORG"):  # the first family is through, the others are not
                os.killpg(check.pid, signal.SIGINT)
                break
        said, _ = check.communicate(timeout=60)
        left = _connections(told)

    assert check.returncode == 2
    assert "The check was interrupted; what it had created was deleted." in said
    assert json.loads((tmp_path / "report.json").read_text())["complete"] is False
    assert left == []


def _connections(told: dict[str, object]) -> list[object]:
    orgs = told["orgs"]
    assert isinstance(orgs, list)
    pair = base64.b64encode(f"{told['public_token']}:{orgs[0]['session_token']}".encode()).decode()
    url = f"{told['base_url']}/sdk/v1/b2b/sso"
    answer = httpx.get(url, headers={"Authorization": f"Basic {pair}"}, trust_env=False).json()
    connections: list[object] = answer["data"]["oidc_connections"]
    return connections

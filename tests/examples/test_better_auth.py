"""The published example: better-auth is installed from npm and started as its README says, and does what that says."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from idpact_contract.catalogue import CATALOGUE
from tests.processes import ROOT, idpact
from tests.requirements import missing, require

EXAMPLE = ROOT / "examples" / "better-auth"
SELECTED = ("ORG-2", "ORG-6", "DISC-2", "INFER-10", "CRED-1", "PREC-4", "KEEP-4", "KEEP-7", "ACT-1", "WIRE-1")

pytestmark = pytest.mark.timeout(240)  # npm's downloads, on machines that may be busy


def told() -> dict[str, str]:
    """The README's verdict for each rule."""
    rows = re.findall(
        r"^\| ([A-Z]+-\d+(?:, [A-Z]+-\d+)*) \| ([a-z-]+) \|", (EXAMPLE / "README.md").read_text(), re.MULTILINE
    )
    return {rule_id: verdict for rules, verdict in rows for rule_id in rules.split(", ")}


def test_the_readme_tells_every_rules_verdict() -> None:
    """None is passed over in silence."""
    assert set(told()) == set(CATALOGUE)


@pytest.fixture
def variables(tmp_path: Path) -> Iterator[Path]:
    """What the running server announces."""
    require("node")
    npm = require("npm")
    folder = tmp_path / "better-auth"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("node_modules"))
    done = subprocess.run([npm, "ci"], cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode:
        missing("npm", f"npm can't install better-auth: {done.stderr.strip()[-500:]}")
    command = [str(folder / "start.sh"), "http://127.0.0.1:*"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            file = tmp_path / "vars.json"
            file.write_text(server.stdout.readline())
            yield file
        finally:
            server.terminate()


def test_its_verdicts_are_as_the_readme_says(variables: Path, tmp_path: Path) -> None:
    """Passes, departures by design and what does not apply, a few of each."""
    report = tmp_path / "report.json"
    profile = str(EXAMPLE / "better-auth.toml")

    done = idpact(
        *("check", "--profile", profile, "--vars", str(variables), "--only", ",".join(SELECTED)),
        *("--examples", "2", "--json", str(report)),
        cwd=tmp_path,
    )

    assert done.returncode == 1, done.stderr
    seen = {rule["id"]: rule["verdict"] for rule in json.loads(report.read_text())["rules"]}
    assert seen == {rule_id: told()[rule_id] for rule_id in SELECTED}

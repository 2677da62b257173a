"""The script that a counterexample comes with, run as it stands."""

import json
import os
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from idpact_contract.cases import CASES
from idpact_contract.generated import hand_out
from idpact_contract.redact import Redactor
from idpact_contract.results.report import CaseReport, report_case
from idpact_mock import MockIdP
from tests.mutants.trying import MUTANTS, bench_of
from tests.processes import announced, running

pytestmark = pytest.mark.timeout(120)  # a process or two, on machines that may be busy

OWNER = "$IDPACT_PUBLIC_TOKEN:$IDPACT_SESSION_TOKEN"


def counterexample(name: str, rule: str, idp: MockIdP) -> CaseReport:
    """What the report says of a rule that a mutant breaks."""
    case = CASES[f"{rule}/sequence"]
    with bench_of(MUTANTS[name], idp) as bench:
        trial = hand_out([case], replace(bench, examples=30))[case.id]
    return report_case(case, trial, Redactor(), OWNER)


@pytest.mark.skipif(not (shutil.which("sh") and shutil.which("curl")), reason="a shell script needs sh and curl")
@pytest.mark.parametrize(
    ("name", "rule"),
    [("InferredWins", "PREC-1"), ("FillsOnlyTheEmpty", "INFER-6"), ("InfersClientSecret", "CRED-2")],
)
def test_the_script_brings_the_same_wrong_value(name: str, rule: str, shared_idp: MockIdP, tmp_path: Path) -> None:
    """Run against the same fault in a process of its own, it reads the value that the judge did not allow."""
    told = counterexample(name, rule, shared_idp)
    (tmp_path / "again.sh").write_text("\n".join(told.script) + "\n")
    with running("tests.mutants.serving", name) as process:
        facts = announced(process)
        ran = subprocess.run(
            ["sh", "again.sh"],
            cwd=tmp_path,
            env={
                "PATH": os.environ["PATH"],
                "BASE_URL": facts["base_url"],
                "IDP": shared_idp.url,
                "IDPACT_PUBLIC_TOKEN": facts["public_token"],
                "IDPACT_SESSION_TOKEN": facts["orgs"][0]["session_token"],
            },
            text=True,
            capture_output=True,
            timeout=60,
            check=True,
        )
    assert ran.stderr == ""
    connections = json.loads(ran.stdout.splitlines()[-1])["data"]["oidc_connections"]
    wrong = {entry.field: entry.observed for entry in told.differences if entry.where == "read"}
    assert wrong
    assert {name: _made_up(value) for name, value in wrong.items()}.items() <= connections[-1].items()


def _made_up(value: object) -> str:
    """A value of the report as the script has it: secrets are made up anew."""
    return re.sub(r"\$SECRET_(\d+)", r"made-up-secret-\1", str(value))


def test_no_secret_stands_in_story_or_script(shared_idp: MockIdP) -> None:
    """A client secret is a variable with a made-up default; what proves who asks has to be given."""
    told = counterexample("DropsTheSecret", "KEEP-1", shared_idp)
    text = "\n".join([*told.story, *told.script])

    assert "client-secret-" not in text
    assert re.search(r': "\$\{SECRET_(\d+):=made-up-secret-\1\}"', text)
    assert '-u "$IDPACT_PUBLIC_TOKEN:$IDPACT_SESSION_TOKEN"' in text

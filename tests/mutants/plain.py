"""What plain `schemathesis run` says of an implementation: the same OpenAPI document, its own checks, its own issuers."""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from idpact_contract.evidence import Actor
from idpact_contract.openapi import rendered
from idpact_contract.targets.http import HttpTarget

__all__ = ["plain_findings"]


def plain_findings(target: HttpTarget, *, examples: int) -> frozenset[str]:
    """The kinds of failure that it tells of, such as `ST101 Server error`."""
    sent = target.read("none", actor=Actor.OWNER).exchange
    proof = [f"{name}: {value}" for name, value in sent.headers if name.lower() == "authorization"]
    with tempfile.TemporaryDirectory() as folder:
        document = Path(folder, "openapi.json")
        document.write_text(rendered(target.profile), "utf-8")
        command = [sys.executable, "-m", "schemathesis.cli", "run", str(document), "--url", target.base_url]
        command += ["--workers", "1", "--max-examples", str(examples), "--seed", "0", "--no-color"]
        command += [part for header in proof for part in ("--header", header)]
        environment = {**os.environ, "NO_PROXY": "*"}
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=300
        )
    if done.returncode not in (0, 1):
        raise RuntimeError(f"schemathesis ended with {done.returncode}: {done.stdout}\n{done.stderr}")
    return frozenset(re.findall(r"^- (.+)$", done.stdout, re.MULTILINE))

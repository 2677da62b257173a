"""`make demo`: the reference implementation and the mock IdP, the whole suite, the reports. Run from the project's root."""

import json
import os
import subprocess
import sys
from pathlib import Path

REPORTS = Path("reports/demo")
IDPACT = [sys.executable, "-m", "idpact"]


def main() -> int:
    """Start the reference, check it, stop it; returns the check's exit code."""
    REPORTS.mkdir(parents=True, exist_ok=True)
    print("starting the reference implementation: idpact reference --port 0", flush=True)
    with subprocess.Popen(
        [*IDPACT, "reference", "--port", "0", "--discovery-timeout", "2"], stdout=subprocess.PIPE, text=True
    ) as reference:
        assert reference.stdout is not None
        try:
            announced = reference.stdout.readline()
            if not announced:
                print("the reference implementation did not start", file=sys.stderr)
                return 2
            variables = json.loads(announced)
            print(f"it serves both wires at {variables['base_url']}", flush=True)
            return _check(announced)
        finally:
            reference.terminate()


def _check(announced: str) -> int:
    """`idpact check`, its variables on standard input: tokens leave no trace in a file or an argument list."""
    command = ["check", "--profile", "stytch-frontend", "--vars", "-"]
    for kind in ("html", "json"):
        command += [f"--{kind}", str(REPORTS / f"report.{kind}")]
    command += ["--junit", str(REPORTS / "junit.xml")]
    print(f"checking it: idpact {' '.join(command)}\n", flush=True)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("IDPACT_")}
    checked = subprocess.run([*IDPACT, *command], input=announced, text=True, env=environment, check=False)
    return checked.returncode


if __name__ == "__main__":
    sys.exit(main())

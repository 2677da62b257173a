"""`idpact failures`."""

import json
import subprocess
import sys
from pathlib import Path

from idpact.listing import failures_text
from idpact_mock import FAILURES
from tests.processes import idpact


def test_failures_are_the_catalogue(tmp_path: Path) -> None:
    """As text each id with its outcome in words and the standard; as JSON everything."""
    told = idpact("failures", cwd=tmp_path).stdout
    listed = json.loads(idpact("failures", "--json", cwd=tmp_path).stdout)

    assert [entry["id"] for entry in listed] == list(FAILURES)
    assert [entry["outcome"] for entry in listed] == [mode.outcome.value for mode in FAILURES.values()]
    assert all(f"\n  {failure_id}: " in told for failure_id in FAILURES)
    assert "  gzip-bomb: not to be used, though lenient clients do\n" in told
    assert "      - megabytes = 200: once decoded, in MiB; a whole number from 1 to 10000\n" in told


def test_listing_loads_the_catalogue_only() -> None:
    """Neither server nor suite nor client."""
    code = (
        "import sys, idpact.cli\n"
        "try: idpact.cli.main(['failures'])\n"
        "except SystemExit: pass\n"
        "print('###', sorted(sys.modules))"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    for name in ("idpact_contract", "idpact_mock.issuer", "uvicorn", "starlette", "httpx", "pytest", "asyncio"):
        assert f"'{name}'" not in loaded.partition("###")[2]


def test_lines_fit_a_terminal() -> None:
    """Nothing is wider than 120 columns."""
    assert max(len(line) for line in failures_text(FAILURES.values()).splitlines()) <= 120

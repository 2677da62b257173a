"""The plugin's fixtures, and what it costs where it isn't used."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("httpx", "hypothesis", "schemathesis", "starlette", "uvicorn", "jinja2", "msgspec", "rich", "idpact_contract")


def test_an_unused_plugin_loads_nothing_heavy(tmp_path: Path) -> None:
    """A project that only has idpact installed pays for one small module."""
    (tmp_path / "test_empty.py").write_text("def test_nothing(): pass\n")
    (tmp_path / "conftest.py").write_text(
        "import sys\n"
        "def pytest_sessionfinish(session):\n"
        "    assert 'idpact.pytest_plugin' in sys.modules\n"
        "    print('LOADED', sorted(name for name in sys.modules if '.' not in name))\n"
    )
    env = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [sys.executable, "-m", "pytest", "-s", "-p", "idpact.pytest_plugin"]
    ran = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=True)

    loaded = next(line for line in ran.stdout.splitlines() if "LOADED" in line)
    assert [name for name in HEAVY if f"'{name}'" in loaded] == []


def test_an_issuer_of_ones_own(pytester: pytest.Pytester) -> None:
    """`issuer` is a live issuer, another one for each test, on the session's one `mock_idp`."""
    pytester.makepyfile(
        """
        import urllib.request, json
        seen = []

        def document(url):
            with urllib.request.urlopen(url) as answer:
                return json.load(answer)

        def test_one(issuer, mock_idp):
            seen.append((issuer.url, mock_idp.url))
            assert document(issuer.discovery_url)["issuer"] == issuer.url
            assert len(issuer.journal) == 1

        def test_two(issuer, mock_idp):
            assert len(issuer.journal) == 0
            seen.append((issuer.url, mock_idp.url))
            assert len(set(seen)) == len(seen)
            assert len({server for _, server in seen}) == 1
        """
    )
    pytester.runpytest_inprocess("-p", "no:schemathesis").assert_outcomes(passed=2)


def test_a_forgotten_target_says_what_to_define(pytester: pytest.Pytester) -> None:
    """The message shows the fixture that is missing, ready to copy."""
    pytester.makepyfile("from idpact import ActivationRules\nclass TestOurs(ActivationRules): pass\n")
    ran = pytester.runpytest_inprocess("-p", "no:schemathesis", "-x")

    ran.stdout.fnmatch_lines(["*define the fixture oidc_target in your conftest.py*", "*idpact.http_target(*"])

"""The plugin's fixtures, and what it costs where it isn't used."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from idpact_mock import MockIdP
from tests.plugin.conftest import Project

# In-process runs import modules anew, which cryptography does not take: what needs keys runs in a subprocess.
ALONE = ("-p", "no:schemathesis", "-p", "no:asyncio")
HEAVY = ("httpx", "hypothesis", "schemathesis", "starlette", "uvicorn", "jinja2", "msgspec", "rich", "idpact_contract")


def test_an_unused_plugin_loads_nothing_heavy(tmp_path: Path) -> None:
    """A project that only has idpact installed pays for two small modules."""
    (tmp_path / "test_empty.py").write_text("def test_nothing(): pass\n")
    (tmp_path / "conftest.py").write_text(
        "import sys\n"
        "def pytest_sessionfinish(session):\n"
        "    assert 'idpact.pytest_plugin' in sys.modules\n"
        "    print('LOADED', sorted(name for name in sys.modules if '.' not in name))\n"
        "    print('OURS', *sorted(name for name in sys.modules if name.startswith('idpact')))\n"
    )
    env = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [sys.executable, "-m", "pytest", "-s", "-p", "idpact.pytest_plugin"]
    ran = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=True)

    loaded = next(line for line in ran.stdout.splitlines() if "LOADED" in line)
    assert [name for name in HEAVY if f"'{name}'" in loaded] == []
    ours = next(line for line in ran.stdout.splitlines() if "OURS" in line)
    assert ours.partition("OURS ")[2].split() == ["idpact", "idpact.pytest_plugin", "idpact.settings"]


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
    pytester.runpytest_inprocess(*ALONE).assert_outcomes(passed=2)


def test_a_forgotten_target_says_what_to_define(pytester: pytest.Pytester) -> None:
    """The message shows the fixture that is missing, ready to copy."""
    pytester.makepyfile("from idpact import ActivationRules\nclass TestOurs(ActivationRules): pass\n")
    ran = pytester.runpytest_inprocess(*ALONE, "-x")

    ran.stdout.fnmatch_lines(["*define the fixture oidc_target in your conftest.py*", "*idpact.http_target(*"])


def test_an_issuer_as_its_marker_says(pytester: pytest.Pytester) -> None:
    """Markers of class and test add up, the nearer one wins, and other issuers are made beside it."""
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.issuer(preset="okta", failure="http-404")
        class TestOkta:
            @pytest.mark.issuer(failure="http-503-then-200")
            def test_one(self, issuer, make_issuer, mock_idp):
                assert (issuer.preset, issuer.failure) == ("okta", "http-503-then-200")
                make_issuer("second")
                assert len(mock_idp.issuers) == 2

        def test_all_are_gone(mock_idp):
            assert len(mock_idp.issuers) == 0
        """
    )
    pytester.runpytest_inprocess(*ALONE, "--strict-markers").assert_outcomes(passed=2)


def test_a_wrong_marker_says_what_is_wrong(pytester: pytest.Pytester) -> None:
    """A failure that there is not, in the words of the mock IdP and without a traceback."""
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.issuer(failure="http-999")
        def test_one(issuer): pass

        @pytest.mark.issuer("okta")
        def test_two(issuer): pass
        """
    )
    ran = pytester.runpytest_inprocess(*ALONE)

    ran.assert_outcomes(errors=2)
    ran.stdout.fnmatch_lines_random(
        ["@pytest.mark.issuer: *http-999*", "@pytest.mark.issuer('okta',): options have names*"]
    )
    ran.stdout.no_fnmatch_line("*another exception occurred*")


def test_tokens_for_a_resource_server(pytester: pytest.Pytester) -> None:
    """A token with the claims asked for, and no request in the issuer's journal."""
    pytester.makepyfile(
        """
        import base64, json

        def test_one(issuer, mock_idp_client):
            scheme, token = mock_idp_client.headers(sub="bob", claims={"role": "admin"})["Authorization"].split()
            body = token.split(".")[1]
            claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
            assert (scheme, claims["iss"], claims["sub"], claims["role"]) == ("Bearer", issuer.url, "bob", "admin")
            assert mock_idp_client.client_id == issuer.default_client.client_id
            issuer.assert_requested("token", times=0)
            issuer.assert_discovered(times=0)
        """
    )
    pytester.runpytest_subprocess(*ALONE).assert_outcomes(passed=1)


def test_https_is_trusted_here_and_in_subprocesses(pytester: pytest.Pytester) -> None:
    """The SSL context serves clients of this process, and the variables those of another."""
    pytester.makepyfile(
        """
        import os, subprocess, sys, urllib.request
        import pytest

        READ = "import sys, urllib.request; urllib.request.urlopen(sys.argv[1]).close()"

        @pytest.mark.issuer(tls=True)
        def test_one(issuer, mock_idp_trust):
            assert issuer.url.startswith("https://")
            with urllib.request.urlopen(issuer.discovery_url, context=mock_idp_trust.context):
                pass
            command = [sys.executable, "-c", READ, issuer.discovery_url]
            subprocess.run(command, env={**os.environ, **mock_idp_trust.env}, check=True)
            issuer.assert_discovered(times=2)
        """
    )
    pytester.runpytest_subprocess(*ALONE).assert_outcomes(passed=1)


def test_a_connection_of_ones_own(project: Project, pytester: pytest.Pytester) -> None:
    """Created, updated and read in our field names; and the issuer tells that it was asked once."""
    project()
    path = pytester.makepyfile(
        test_connection="""
        def test_one(connection, issuer):
            assert connection["status"] == "pending"
            answer = connection.update(issuer=issuer.url, client_id="c", client_secret="s3cret-s3cret")
            assert (answer.exchange.status, connection["status"]) == (200, "active")
            assert connection["token_url"] == issuer.document["token_endpoint"]
            issuer.assert_discovered(times=1)
        """
    )
    pytester.runpytest_subprocess(*ALONE, path).assert_outcomes(passed=1)


def test_an_external_mock_idp(pytester: pytest.Pytester, shared_idp: MockIdP) -> None:
    """With --idpact-mock-idp, or the setting in TOML, issuers live at the server that runs there."""
    pytester.makepyfile(
        """
        import urllib.request

        def test_one(issuer, mock_idp):
            urllib.request.urlopen(issuer.discovery_url).close()
            issuer.assert_discovered(times=1)
            print("AT", mock_idp.url)
        """
    )
    ran = pytester.runpytest_inprocess(*ALONE, "-s", f"--idpact-mock-idp={shared_idp.url}")
    ran.assert_outcomes(passed=1)
    ran.stdout.fnmatch_lines([f"*AT {shared_idp.url}*"])

    pytester.path.joinpath("pytest.toml").write_text(f'[pytest]\nidpact_mock_idp = "{shared_idp.url}"\n')
    ran = pytester.runpytest_inprocess(*ALONE, "-s")
    ran.stdout.fnmatch_lines([f"*AT {shared_idp.url}*"])


def test_no_mock_idp_where_one_should_be(pytester: pytest.Pytester) -> None:
    """The option is named, and what was found there."""
    pytester.makepyfile("def test_one(issuer): pass")
    with MockIdP() as gone:
        url = gone.url
    ran = pytester.runpytest_inprocess(*ALONE, f"--idpact-mock-idp={url}")

    ran.assert_outcomes(errors=1)
    ran.stdout.fnmatch_lines([f"*--idpact-mock-idp {url}: no mock IdP to be used there*"])


@pytest.mark.parametrize("backend", ["asyncio", "anyio"])
def test_async_tests_use_the_same_fixtures(pytester: pytest.Pytester, backend: str) -> None:
    """The server answers from a thread of its own, whatever runs the test's loop."""
    pytester.makepyfile(
        f"""
        import httpx, pytest

        @pytest.fixture
        def anyio_backend():
            return "asyncio"

        @pytest.mark.{backend}
        async def test_one(issuer, make_issuer):
            async with httpx.AsyncClient(trust_env=False) as client:
                for each in (issuer, make_issuer(failure="http-503")):
                    await client.get(each.discovery_url)
                    each.assert_discovered(times=1)
        """
    )
    ran = pytester.runpytest_subprocess("-p", "no:schemathesis")
    ran.assert_outcomes(passed=1)

"""`run`: the server as a process of its own, as the command line starts it."""

import contextlib
import json
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import trustme


@contextlib.contextmanager
def running(**options: object) -> Iterator[tuple["subprocess.Popen[str]", dict[str, Any]]]:
    """Start a server; give its process and what it announces."""
    code = f"from idpact_contract.reference import run; run(**{options!r})"
    with subprocess.Popen(
        [sys.executable, "-W", "error", "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            assert line, process.communicate()[1]
            yield process, json.loads(line)
        finally:
            process.kill()


def failing(**options: object) -> tuple[int, str, str]:
    """Start a server that can't start; give its exit status and both outputs."""
    code = f"from idpact_contract.reference import run; run(**{options!r})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=False)
    return done.returncode, done.stdout, done.stderr


def create(announced: dict[str, Any], *, verify: ssl.SSLContext | bool = True) -> httpx.Response:
    """Create a connection on the frontend wire."""
    auth = (announced["public_token"], announced["orgs"][0]["session_token"])
    with httpx.Client(base_url=announced["base_url"], trust_env=False, verify=verify) as session:
        return session.post("/sdk/v1/b2b/sso/oidc", auth=auth, json={})


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda number: signal.Signals(number).name)
def test_a_signal_ends_it_well(number: signal.Signals) -> None:
    """It served meanwhile, wrote one line and no more, and its exit status is 0."""
    with running() as (process, announced):
        assert create(announced).status_code == 200
        process.send_signal(number)
        rest, errors = process.communicate(timeout=30)

    assert (process.returncode, rest, errors) == (0, "", "")


def test_the_announcement_names_all_that_a_caller_needs() -> None:
    """Two organizations, each with a session, and both kinds of credentials."""
    with running() as (_, announced):
        pass

    assert announced.keys() == {"base_url", "public_token", "project_id", "secret", "orgs"}
    assert [org.keys() for org in announced["orgs"]] == [{"organization_id", "session_token"}] * 2


def test_tls_comes_with_an_authority_of_its_own() -> None:
    """The announced file is enough to trust the server, and is gone with it."""
    with running(tls=True) as (process, announced):
        ca_file = Path(announced["ca_file"])
        assert create(announced, verify=ssl.create_default_context(cafile=ca_file)).status_code == 200
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=30)

    assert announced["base_url"].startswith("https://")
    assert (process.returncode, errors) == (0, "")
    assert not ca_file.exists()


def test_tls_takes_a_certificate(tmp_path: Path) -> None:
    """Then there is no authority to announce."""
    authority = trustme.CA()
    certificate = authority.issue_cert("127.0.0.1")
    certificate.private_key_and_cert_chain_pem.write_to_path(tmp_path / "both.pem")
    context = ssl.create_default_context()
    authority.configure_trust(context)

    with running(tls=True, cert=str(tmp_path / "both.pem")) as (_, announced):
        assert create(announced, verify=context).status_code == 200

    assert "ca_file" not in announced


def test_a_file_database_keeps_its_credentials(tmp_path: Path) -> None:
    """A second run announces the same ones."""
    with running(db=str(tmp_path / "db")) as (process, first):
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)
    with running(db=str(tmp_path / "db")) as (_, second):
        pass

    assert {**first, "base_url": ""} == {**second, "base_url": ""}


def test_a_busy_port_is_one_sentence() -> None:
    """And exit status 2, with nothing on standard output."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        status, output, errors = failing(port=port)

    assert (status, output) == (2, "")
    assert errors == f"idpact reference: can't listen on 127.0.0.1 port {port}: Address already in use\n"


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        ({"db": "/no/such/folder/db"}, "/no/such/folder/db"),
        ({"trust": "/no/such.pem"}, "trust '/no/such.pem': wanted a PEM file"),
        ({"tls": True, "cert": "/no/such.pem"}, "cert '/no/such.pem'"),
        ({"cert": "x.pem"}, "of use with tls only"),
        ({"tls": True, "key": "x.pem"}, "wanted a cert with it"),
        ({"port": 99999}, "port"),
        ({"discovery_timeout": 0}, "timeout 0: wanted a positive number of seconds"),
    ],
    ids=["db", "trust", "cert", "cert without tls", "key without cert", "port", "timeout"],
)
def test_a_wrong_option_is_one_sentence(options: dict[str, object], wanted: str) -> None:
    """It names the option's value, and the exit status is 2."""
    status, output, errors = failing(**options)

    assert (status, output) == (2, "")
    assert wanted in errors
    assert errors.count("\n") == 1

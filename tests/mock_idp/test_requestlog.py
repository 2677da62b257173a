"""A line for each request: what it tells, and what it never does."""

import io
import logging
import re
import subprocess
from collections.abc import Iterator
from queue import Empty, Queue

import httpx
import pytest

from idpact_mock import Issuer, MockIdP
from idpact_mock.requestlog import LOGGER, written_to
from tests.mock_idp.raw import SECONDS
from tests.processes import running


class Lines(logging.Handler):
    """The lines as they come: an answer may be read before its line is there."""

    def __init__(self) -> None:
        super().__init__()
        self._came = Queue[str]()

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        self._came.put(record.getMessage())

    def next(self) -> str:
        """The next one."""
        return self._came.get(timeout=SECONDS)

    def rest(self) -> list[str]:
        """Those that nobody has read yet."""
        found = []
        while True:
            try:
                found.append(self._came.get_nowait())
            except Empty:
                return found


@pytest.fixture
def lines() -> Iterator[Lines]:
    """Somebody listens."""
    handler = Lines()
    LOGGER.addHandler(handler)
    LOGGER.setLevel(logging.INFO)
    yield handler
    LOGGER.setLevel(logging.NOTSET)
    LOGGER.removeHandler(handler)


def test_tells_of_each_request(issuer: Issuer, lines: Lines) -> None:
    """Whose it was, what it asked, what came of it, and what decided the issuer."""
    issuer.fail("http-404")
    httpx.get(issuer.discovery_url)

    told = lines.next()
    assert told.startswith(f"issuer={issuer.name} kind=discovery method=GET target=/{issuer.name}/.well-known/")
    assert " status=404 outcome=not failure=http-404 identity=pinned ended=complete seconds=0." in told


def test_says_which_header_decided(lines: Lines) -> None:
    """Where issuers get their address from requests."""
    with MockIdP(identity="forwarded") as idp:
        url = idp.make_issuer().discovery_url
        httpx.get(url, headers={"X-Forwarded-Host": "idp.example"})
        httpx.get(url)

    assert " identity=x-forwarded " in lines.next()
    assert " identity=host " in lines.next()


def test_once(idp: MockIdP, issuer: Issuer, lines: Lines) -> None:
    """On a connection that is kept, too; strays have no issuer."""
    with httpx.Client() as client:
        for _ in range(3):
            client.get(issuer.discovery_url)
        client.get(f"{idp.url}/lost")
    told = [lines.next().partition(" ")[0] for _ in range(4)]
    idp.stop()

    assert (told, lines.rest()) == ([*[f"issuer={issuer.name}"] * 3, "kind=other"], [])


def test_no_secret_and_no_forged_line(issuer: Issuer, lines: Lines) -> None:
    """What opens something is blacked out, and what a client sends can't begin a line of its own."""
    query = '?access_token=s3cret&x=%0aissuer=forged%20kind=x&y="q"'
    httpx.get(f"{issuer.url}/userinfo{query}", headers={"Authorization": "Bearer s3cret"})

    told = lines.next()
    assert "s3cret" not in told
    assert "access_token=***" in told
    assert len(told.splitlines()) == 1


def test_is_written_as_long_as_somebody_wants_it(issuer: Issuer, lines: Lines) -> None:
    """Each after its time; and nothing after that."""
    stream = io.StringIO()
    with written_to(stream):
        httpx.get(issuer.discovery_url)
        lines.next()
    during = stream.getvalue()
    httpx.get(issuer.discovery_url)
    lines.next()

    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} issuer=\S+ kind=discovery [^\n]+\n", during)
    assert stream.getvalue() == during


def test_serve_writes_them_to_stderr() -> None:
    """With --log; what else is told stays what it was."""
    with running("idpact", "serve", "--port", "0", "--log", stderr=subprocess.STDOUT) as process:
        assert process.stdout is not None
        issuer, control = (process.stdout.readline().split()[-1] for _ in "12")
        httpx.get(f"{issuer}/.well-known/openid-configuration", trust_env=False)
        told = process.stdout.readline()

    assert control.endswith("/_idpact/")
    assert "issuer=default kind=discovery method=GET" in told

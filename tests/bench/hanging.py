"""One issuer holds a thousand clients up while another serves: how much of its rate is left to the other."""

import json
import resource
import socket
import statistics
import subprocess
import sys
from contextlib import ExitStack
from typing import Final
from urllib.parse import urlsplit

from idpact_mock import Issuer, MockIdP
from tests.bench.discovery import CLIENT, CONNECTIONS

__all__ = ["figures"]

HUNG: Final = 1_000
ROUNDS: Final = 5
REQUESTS: Final = 2_000
_FILES: Final = 8_192


def figures() -> list[tuple[str, str]]:
    """What was measured, as (what, figure) pairs: rounds with and without the hung connections in turn."""
    _many_files()
    command = [sys.executable, "-c", CLIENT, str(REQUESTS), str(CONNECTIONS)]
    with (
        MockIdP() as idp,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as client,
    ):
        good = idp.make_issuer()
        alone, beside, pending = [], [], 0
        for _ in range(ROUNDS + 1):
            alone.append(_rate(client, idp, good))
            with ExitStack() as stack:
                hanging = idp.make_issuer(failure="hang-before-headers")
                _hang(stack, idp, hanging)
                beside.append(_rate(client, idp, good))
                pending = sum(entry.ended == "pending" for entry in hanging.journal.entries)
            hanging.journal.wait(HUNG, timeout=60, ended=True)
        client.communicate()
    ratio = statistics.median(beside[1:]) / statistics.median(alone[1:])  # the first round is for warming up
    return [
        ("mock IdP: discovery requests of one issuer alone", f"{statistics.median(alone[1:]):,.0f}/s"),
        (f"the same while {pending:,} clients hang at another issuer", f"{statistics.median(beside[1:]):,.0f}/s"),
        ("with and without them", f"{ratio:.2f}"),
    ]


def _hang(stack: ExitStack, idp: MockIdP, issuer: Issuer) -> None:
    request = f"GET {urlsplit(issuer.discovery_url).path} HTTP/1.1\r\nHost: idp.test\r\n\r\n".encode()
    for _ in range(HUNG):
        sock = stack.enter_context(socket.create_connection(("127.0.0.1", idp.port)))
        sock.sendall(request)
    issuer.journal.wait(HUNG, timeout=60)


def _rate(client: subprocess.Popen[str], idp: MockIdP, issuer: Issuer) -> float:
    assert client.stdin is not None
    assert client.stdout is not None
    client.stdin.write(f"{idp.port} {urlsplit(issuer.discovery_url).path}\n")
    client.stdin.flush()
    return float(json.loads(client.stdout.readline()))


def _many_files() -> None:
    """Both ends of every connection are in this process."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < _FILES:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(_FILES, hard), hard))

"""1,000 clients hang at one issuer, which never answers them, while another issuer of the same server serves.

Three rounds with and without them in turn, medians. By the clock it would show if the server stalled, by CPU time what
the waiting costs.
"""

import resource
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Final
from urllib.parse import urlsplit

from idpact_mock.remote import RemoteIssuer, RemoteMockIdP
from tests.bench.figures import Figure, Result, at_least, of_rounds
from tests.bench.load import Rate, rate
from tests.bench.process import Served
from tests.bench.systems import OURS

TITLE: Final = "Clients that hang"
ORDER: Final = 50

HUNG: Final = 1_000
ROUNDS: Final = 3
_FILES: Final = 8_192
_DISCOVERY: Final = OURS.requests["discovery"]


def measure() -> Result:
    """Alone and beside them, in turn."""
    with _many_files(), OURS.run("RS256") as server, RemoteMockIdP(f"http://127.0.0.1:{server.port}") as idp:
        rounds = [_round(server, idp) for _ in range(ROUNDS)]
    alone, beside = zip(*rounds, strict=True)
    return Result(
        figures=[
            _figure("per second", of_rounds(r.wall for r in alone), of_rounds(r.wall for r in beside)),
            _figure("per CPU-second", of_rounds(r.cpu for r in alone), of_rounds(r.cpu for r in beside)),
        ]
    )


def _figure(unit: str, alone: float, beside: float) -> Figure:
    what = f"documents {unit} while {HUNG:,} hang ({beside:,.0f}) beside none ({alone:,.0f})"
    return Figure(what=what, value=beside / alone, goal=at_least(0.7))


def _round(server: Served, idp: RemoteMockIdP) -> tuple[Rate, Rate]:
    alone = rate(server, _DISCOVERY, seconds=2)
    with ExitStack() as stack:
        hanging = idp.make_issuer(failure="hang-before-headers")
        _hang(stack, server, hanging)
        beside = rate(server, _DISCOVERY, seconds=2)
        pending = sum(entry.ended == "pending" for entry in hanging.journal.entries)
    if pending != HUNG:
        raise RuntimeError(f"only {pending} of {HUNG} clients hung until the end")
    hanging.journal.wait(HUNG, timeout=60, ended=True)
    return alone, beside


def _hang(stack: ExitStack, server: Served, issuer: RemoteIssuer) -> None:
    request = f"GET {urlsplit(issuer.discovery_url).path} HTTP/1.1\r\nHost: idp.test\r\n\r\n".encode()
    for _ in range(HUNG):
        sock = stack.enter_context(socket.create_connection(("127.0.0.1", server.port)))
        sock.sendall(request)
    issuer.journal.wait(HUNG, timeout=60)


@contextmanager
def _many_files() -> Iterator[None]:
    """Each process has one end of every connection; the server inherits the limit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(_FILES, hard)), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

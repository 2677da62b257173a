"""The one load client: wrk, on the core that the server isn't on. Says what a server answered per second."""

import base64
import http.client
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.bench.process import Served

__all__ = ["CLIENT_CORE", "Request", "ask_once", "drive", "rate", "require_wrk", "token_request"]

CLIENT_CORE: Final = 1
CONNECTIONS: Final = 8

CLIENT_ID: Final = "bench"
CLIENT_SECRET: Final = "not-a-secret"

_SCRIPT: Final = Path(__file__).with_name("load.lua")
_MEASURED: Final = re.compile(r"measured (\d+) (\d+) (\d+) (\d+)")


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked over and over.

    Attributes:
        path: The target.
        method: The request method.
        options: What follows the method in `load.lua`.
    """

    path: str
    method: str = "GET"
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rate:
    """Requests per second of the clock, and per second of the server's CPU time, which other load hardly changes."""

    wall: float
    cpu: float


def require_wrk() -> None:
    """There is a wrk.

    Raises:
        SystemExit: There is none; the message says where to get it.
    """
    if shutil.which("wrk") is None:
        raise SystemExit("make bench drives the servers with wrk, which isn't installed: apt-get install -y wrk")


def token_request(path: str, *, more: str = "") -> Request:
    """A request for a client-credentials token (RFC 6749, section 4.4.2)."""
    credentials = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode("ascii")
    return Request(path, "POST", (f"Basic {credentials}", f"grant_type=client_credentials&scope=api{more}"))


def ask_once(server: Served, request: Request) -> None:
    """One request, so that what a server loads with the first isn't measured with the others."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    authorization, body = request.options[:2] if request.options else ("", "")
    headers = {"Authorization": authorization, "Content-Type": "application/x-www-form-urlencoded"} if body else {}
    try:
        connection.request(request.method, request.path, body=body or None, headers=headers)
        connection.getresponse().read()
    finally:
        connection.close()


def rate(server: Served, request: Request, *, seconds: float) -> Rate:
    """Load a server for a while.

    Raises:
        RuntimeError: An answer wasn't 2xx, or none came.
    """
    before = server.cpu_seconds()
    requests, wall = drive(server.port, request, seconds=seconds)
    return Rate(wall=requests / wall, cpu=requests / (server.cpu_seconds() - before))


def drive(port: int, request: Request, *, seconds: float) -> tuple[int, float]:
    """Ask for whole seconds; the number of answers, and the seconds that it took.

    Raises:
        RuntimeError: An answer wasn't 2xx, or none came.
    """
    duration = f"{seconds:.0f}s"
    command = [
        "taskset",
        "-c",
        str(CLIENT_CORE),
        "wrk",
        "-t",
        "1",
        "-c",
        str(CONNECTIONS),
        "-d",
        duration,
        "--timeout",
        "30s",
        "-s",
        str(_SCRIPT),
    ]
    command += [f"http://127.0.0.1:{port}{request.path}", "--", request.method, *request.options]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = _MEASURED.search(done.stdout)
    requests, micros, refused, broken = map(int, found.groups() if found else (0, 1, 0, 0))
    if not requests or refused or broken:
        raise RuntimeError(f"{request.path}: {requests} answers, {refused} not 2xx, {broken} broken connections")
    return requests, micros / 1e6

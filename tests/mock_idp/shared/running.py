"""Real processes that share: a redis-server, and replicas of `idpact serve` on it."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import httpx
from redis import Redis

from idpact_mock import Issuer, RemoteMockIdP
from idpact_mock.remote import RemoteIssuer
from tests.mock_idp.provider.party import Party
from tests.requirements import require

__all__ = ["ADVERTISED", "SECONDS", "RedisServer", "Replica", "free_port", "party_at", "redis_server", "replica"]

ADVERTISED = "http://idp.test"
"""Where clients would reach whichever replica a balancer chooses."""

SECONDS = 40.0
"""Nothing here takes so long, on however slow a machine."""


def free_port() -> int:
    """A port that is free now, for a process that has to be told one."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


class RedisServer:
    """A redis-server on a free port, which can be stopped and started again, empty then."""

    def __init__(self, folder: Path) -> None:
        self._program = require("redis")
        self._folder = folder
        self.port = free_port()
        self._running: subprocess.Popen[str] | None = None

    def url(self, prefix: str = "idpact") -> str:
        """What `--store` is given."""
        return f"redis://127.0.0.1:{self.port}/0?prefix={prefix}"

    def client(self) -> Redis:
        """A client of it."""
        return Redis(port=self.port, decode_responses=True)

    def start(self) -> None:
        """Start it, and return once it answers."""
        told = ("--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self._folder))
        running = subprocess.Popen([self._program, *told], stdout=subprocess.PIPE, text=True)
        assert running.stdout is not None
        # It says so itself: nothing is asked again and again.
        for line in running.stdout:
            if "Ready to accept connections" in line:
                break
        threading.Thread(target=running.stdout.read, daemon=True).start()
        self._running = running
        self.client().ping()

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        assert self._running is not None
        self._running.send_signal(number)

    def stop(self) -> None:
        """End it, and forget all."""
        running, self._running = self._running, None
        if running is not None:
            running.kill()
            running.wait()
            assert running.stdout is not None
            with running.stdout:
                pass


@contextmanager
def redis_server() -> Iterator[RedisServer]:
    """A redis-server in a temporary directory."""
    with tempfile.TemporaryDirectory() as folder:
        server = RedisServer(Path(folder))
        server.start()
        try:
            yield server
        finally:
            server.stop()


@dataclass
class Replica:
    """A running `idpact serve`.

    Attributes:
        process: Its parent process.
        url: Where it listens.
        lines: What it printed as it began.
        errors: What it says on stderr, line by line.
    """

    process: subprocess.Popen[str]
    url: str
    lines: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    said: threading.Condition = field(default_factory=threading.Condition)
    verify: Any = False

    def client(self) -> httpx.Client:
        """A client that always connects anew, so that any of the workers may answer."""
        return httpx.Client(
            base_url=self.url, verify=self.verify, timeout=SECONDS, limits=httpx.Limits(max_keepalive_connections=0)
        )

    def remote(self) -> RemoteMockIdP:
        """Its control interface."""
        return RemoteMockIdP(self.url, verify=self.verify)

    def wait_for(self, text: str) -> str:
        """Wait until a line on stderr holds this."""
        with self.said:
            assert self.said.wait_for(lambda: any(text in line for line in self.errors), SECONDS), self.errors
            return next(line for line in self.errors if text in line)

    def printed(self, word: str) -> str:
        """What it printed behind a word; empty if it didn't."""
        return next((line.split()[1] for line in self.lines if line.startswith(word)), "")

    def children(self) -> list[int]:
        """The process ids of its workers."""
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in listed.split()]

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Tell it to stop, and wait until it has; returns its exit code."""
        self.process.send_signal(number)
        return self.process.wait(SECONDS)


@contextmanager
def replica(*arguments: str, verify: Any = False) -> Iterator[Replica]:  # noqa: ANN401 - as httpx has it
    """A replica that listens, with these arguments of `idpact serve`."""
    told = arguments if "--port" in arguments else ("--port", str(free_port()), *arguments)
    port = told[told.index("--port") + 1]
    command = [sys.executable, "-W", "error", "-m", "idpact", "serve", *told]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("IDPACT_")}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        scheme = "https" if "--tls" in arguments else "http"
        running = Replica(process, f"{scheme}://127.0.0.1:{port}", verify=verify)
        reader = threading.Thread(target=_read, args=(running,), daemon=True)
        reader.start()
        try:
            assert process.stdout is not None
            # The first worker prints all at once.
            while not running.printed("control"):
                line = process.stdout.readline()
                assert line, running.errors
                running.lines.append(line)
            if "0.0.0.0" in arguments:
                running.lines.append(process.stdout.readline())
            yield running
        finally:
            process.terminate()
            process.wait(SECONDS)
            reader.join(SECONDS)


def _read(running: Replica) -> None:
    assert running.process.stderr is not None
    for line in running.process.stderr:
        with running.said:
            running.errors.append(line.rstrip())
            running.said.notify_all()


class _Client:
    def __init__(self, told: dict[str, Any]) -> None:
        self.client_id: str = told["client_id"]
        self.client_secret: str | None = told["client_secret"]


def party_at(replica: Replica, http: httpx.Client, issuer: RemoteIssuer, client: dict[str, Any] | None = None) -> Party:
    """A relying party that reaches the issuer at this replica."""
    found = Party.__new__(Party)
    found.issuer = cast("Issuer", issuer)
    found.http = http
    shown = http.get(f"/_idpact/issuers/{issuer.name}/provider").json()["default_client"] if client is None else client
    found.client = cast("Any", _Client(shown))
    found.document = json.loads(json.dumps(issuer.document).replace(ADVERTISED, replica.url))
    return found

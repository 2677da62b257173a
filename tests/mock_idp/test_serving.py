"""The mock IdP as a process of its own."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from idpact_mock import MockIdP, RemoteMockIdP, serve
from tests.mock_idp.raw import RawClient, ask


@contextmanager
def process(*, script: str | None = None) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server process and the first line it printed; killed if the test leaves it running."""
    command = [sys.executable, "-W", "error", *(["-m", "idpact_mock"] if script is None else ["-c", script])]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        try:
            assert running.stdout is not None
            yield running, running.stdout.readline().strip()
        finally:
            running.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_stops_gracefully(number: signal.Signals) -> None:
    """Exit 0, without a word on stderr."""
    with process() as (running, _):
        running.send_signal(number)
        _, errors = running.communicate(timeout=20)

    assert (running.returncode, errors) == (0, "")


def test_has_a_default_issuer() -> None:
    """One can begin at once."""
    with process() as (_, url):
        assert url.endswith("/default")
        assert httpx.get(f"{url}/.well-known/openid-configuration").json()["issuer"] == url


def test_is_controlled_from_outside() -> None:
    """Another process makes issuers there."""
    with process() as (_, url), RemoteMockIdP(url.removesuffix("/default"), verify=False) as remote:
        issuer = remote.make_issuer(own_port=True, path="")
        httpx.get(issuer.discovery_url)

        assert len(issuer.journal) == 1


def test_stops_with_a_hanging_client() -> None:
    """Nobody can keep it from stopping."""
    with process() as (running, url), RemoteMockIdP(url.removesuffix("/default"), verify=False) as remote:
        issuer = remote.issuers["default"]
        issuer.fail("hang-before-headers")
        thread = threading.Thread(target=_ask_in_vain, args=(issuer.discovery_url,))
        thread.start()
        issuer.journal.wait(1)
        running.send_signal(signal.SIGTERM)
        _, errors = running.communicate(timeout=20)
        thread.join()

    assert (running.returncode, errors) == (0, "")


def _ask_in_vain(url: str) -> None:
    with pytest.raises(httpx.TransportError):
        httpx.get(url, timeout=30)


def test_prints_nothing_whatever_clients_do() -> None:
    """Garbage, half requests and clients that vanish are no news."""
    with process() as (running, url):
        port = httpx.URL(url).port
        assert port is not None
        with RawClient(port) as client:
            client.sock.sendall(b"\x16\x03\x01\x02\x00\r\n\r\n")
            assert client.sock.recv(12) == b"HTTP/1.1 400"
        with RawClient(port) as client:
            client.sock.sendall(b"GET / HT")
        ask(port, "/default/jwks", headers=("Connection: Upgrade", "Upgrade: websocket"))
        running.send_signal(signal.SIGTERM)
        output, errors = running.communicate(timeout=20)

    assert (output, errors) == ("", "")


def test_busy_port(idp: MockIdP) -> None:
    """An OSError whose message can be shown as it is, and nothing is announced."""
    announced: list[MockIdP] = []

    with pytest.raises(OSError, match=f"port: can't listen on 127.0.0.1 port {idp.port}"):
        serve(port=idp.port, on_ready=announced.append)

    assert announced == []


def test_gives_signal_handlers_back() -> None:
    """Who calls it from a program of their own finds their handlers again."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    stopped: list[MockIdP] = []

    def stop(idp: MockIdP) -> None:
        stopped.append(idp)
        os.kill(os.getpid(), signal.SIGTERM)

    serve(on_ready=stop)

    assert [len(idp.issuers) for idp in stopped] == [0]
    assert {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)} == before

"""How fast the mock IdP is: start, stop, a new issuer, and discovery requests beside the floor of a raw ASGI application.

The floor is an application that only sends two prepared messages, on uvicorn's own protocol; the mock finds the issuer and
keeps the journal too. Part of what that costs it wins back by writing an answer in one piece where uvicorn writes head and
body one after another. Both are driven by the same client, in another process, in alternating rounds.
"""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from idpact_mock import MockIdP, ThreadedServer

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["figures", "main"]

ROUNDS: Final = 9
REQUESTS: Final = 2_000
CONNECTIONS: Final = 8
WARM: Final = 20
ISSUERS: Final = 200

# As lean as Python gets, so that the server and not the client is what takes the time: prepared bytes, no parsing but for
# the length of the first answer, and all connections kept busy.
CLIENT: Final = """
import select, socket, sys, time
requests, connections = int(sys.argv[1]), int(sys.argv[2])
for line in sys.stdin:
    port, path = line.split()
    request = f"GET {path} HTTP/1.1\\r\\nHost: 127.0.0.1\\r\\nAccept: application/json\\r\\n\\r\\n".encode()
    socks = [socket.create_connection(("127.0.0.1", int(port))) for _ in range(connections)]
    socks[0].sendall(request)
    seen = b""
    while b"\\r\\n\\r\\n" not in seen:
        seen += socks[0].recv(65536)
    head, _, _ = seen.partition(b"\\r\\n\\r\\n")
    assert head.startswith(b"HTTP/1.1 200"), head
    size = len(head) + 4 + int(head.lower().split(b"content-length:")[1].split(b"\\r\\n")[0])
    got = len(seen)
    while got < size:
        got += len(socks[0].recv(65536))
    poll = select.epoll()
    by_number = {}
    for sock in socks:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        poll.register(sock, select.EPOLLIN)
        by_number[sock.fileno()] = [sock, 0]
    began = time.perf_counter()
    sent = done = 0
    for sock in socks:
        sock.send(request)
        sent += 1
    while done < requests:
        for number, _ in poll.poll():
            state = by_number[number]
            state[1] += len(state[0].recv(65536))
            if state[1] == size:
                state[1] = 0
                done += 1
                if sent < requests:
                    state[0].send(request)
                    sent += 1
    print(requests / (time.perf_counter() - began), flush=True)
    for sock in socks:
        sock.close()
"""

FIRST_START: Final = """
import time
began = time.perf_counter()
from idpact_mock import MockIdP
idp = MockIdP()
idp.start()
print(time.perf_counter() - began)
idp.stop()
"""


def figures() -> list[tuple[str, str]]:
    """What was measured, as (what, figure) pairs in a fixed order."""
    first = statistics.median(_first_start() for _ in range(5))
    start, stop = _warm_start_and_stop()
    shared, own = _new_issuers()
    floor, mock = _requests_per_second()
    return [
        ("mock IdP: first start in a new process, imports included", f"{first * 1e3:.0f} ms"),
        ("mock IdP: start when warm", f"{start * 1e3:.2f} ms"),
        ("mock IdP: stop when warm", f"{stop * 1e3:.2f} ms"),
        ("mock IdP: new issuer on the shared port", f"{shared * 1e3:.3f} ms"),
        ("mock IdP: new issuer with a port of its own", f"{own * 1e3:.3f} ms"),
        ("mock IdP: discovery requests, journal on", f"{mock:,.0f}/s"),
        ("raw ASGI app with prepared bytes, the floor", f"{floor:,.0f}/s"),
        ("mock IdP beside that floor", f"{mock / floor:.2f}"),
    ]


def main() -> None:
    """Print the figures."""
    for what, figure in figures():
        sys.stdout.write(f"{what:60} {figure:>12}\n")


def raw_app(body: bytes) -> "ASGIApp":
    """The floor: an ASGI application that sends `body` and does nothing else."""
    headers = [
        (b"content-type", b"application/json"),
        (b"cache-control", b"no-store"),
        (b"content-length", str(len(body)).encode("ascii")),
    ]
    start = {"type": "http.response.start", "status": 200, "headers": headers}
    end = {"type": "http.response.body", "body": body, "more_body": False}

    async def app(scope: "Scope", _receive: "Receive", send: "Send") -> None:
        if scope["type"] == "http":
            await send(start)
            await send(end)

    return app


def _requests_per_second() -> tuple[float, float]:
    command = [sys.executable, "-c", CLIENT, str(REQUESTS), str(CONNECTIONS)]
    with MockIdP() as idp:
        issuer = idp.make_issuer()
        body = json.dumps(issuer.document, indent=2).encode("ascii")
        path = issuer.discovery_url.removeprefix(idp.url)
        with (
            ThreadedServer(raw_app(body)) as floor,
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as client,
        ):
            rounds = [
                (_measured(client, floor.port, path), _measured(client, idp.port, path)) for _ in range(ROUNDS + 1)
            ]
            client.communicate()
    floors, mocks = zip(*rounds[1:], strict=True)  # the first round is for warming up
    return statistics.median(floors), statistics.median(mocks)


def _measured(client: subprocess.Popen[str], port: int, path: str) -> float:
    assert client.stdin is not None
    assert client.stdout is not None
    client.stdin.write(f"{port} {path}\n")
    client.stdin.flush()
    return float(client.stdout.readline())


def _first_start() -> float:
    done = subprocess.run([sys.executable, "-c", FIRST_START], capture_output=True, text=True, check=True)
    return float(done.stdout)


def _warm_start_and_stop() -> tuple[float, float]:
    starts, stops = [], []
    for _ in range(WARM):
        idp = MockIdP()
        starts.append(_seconds(idp.start))
        stops.append(_seconds(idp.stop))
    return statistics.median(starts), statistics.median(stops)


def _new_issuers() -> tuple[float, float]:
    with MockIdP() as idp:
        shared = [_seconds(idp.make_issuer) for _ in range(ISSUERS)]
        own = [_seconds(lambda: idp.make_issuer(path="", own_port=True)) for _ in range(ISSUERS)]
    return statistics.median(shared), statistics.median(own)


def _seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()

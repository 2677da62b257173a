"""How fast the mock IdP gives tokens: client credentials beside the floor of an application that only signs.

The floor signs a new JWT with `cryptography` for each request, on uvicorn's own protocol, and knows neither clients nor
journal nor revocation; the mock does all of it. Both are driven by the same client, in another process, in alternating rounds.
"""

import base64
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from idpact_mock import Issuer, MockIdP, ThreadedServer
from idpact_mock.provider.settings import Algorithm
from idpact_mock.provider.signing import SigningKey

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["figures", "main"]

ROUNDS: Final = 7
REQUESTS: Final = 600
CONNECTIONS: Final = 8
ALGS: Final[tuple[Algorithm, ...]] = ("RS256", "ES256")

# As in `discovery`, but that lengths differ from answer to answer, since signatures and numbers do.
CLIENT: Final = """
import select, socket, sys, time
requests, connections = int(sys.argv[1]), int(sys.argv[2])
for line in sys.stdin:
    port, path, authorization = line.split()
    body = b"grant_type=client_credentials&scope=api"
    request = (
        f"POST {path} HTTP/1.1\\r\\nHost: 127.0.0.1\\r\\nAuthorization: Basic {authorization}\\r\\n"
        f"Content-Type: application/x-www-form-urlencoded\\r\\nContent-Length: {len(body)}\\r\\n\\r\\n"
    ).encode() + body
    socks = [socket.create_connection(("127.0.0.1", int(port))) for _ in range(connections)]
    poll = select.epoll()
    by_number = {}
    for sock in socks:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        poll.register(sock, select.EPOLLIN)
        by_number[sock.fileno()] = [sock, b""]
    began = time.perf_counter()
    sent = done = 0
    for sock in socks:
        sock.send(request)
        sent += 1
    while done < requests:
        for number, _ in poll.poll():
            state = by_number[number]
            state[1] += state[0].recv(65536)
            head, parted, rest = state[1].partition(b"\\r\\n\\r\\n")
            if not parted:
                continue
            assert head.startswith(b"HTTP/1.1 200"), state[1]
            if len(rest) == int(head.lower().split(b"content-length:")[1].split(b"\\r\\n")[0]):
                state[1] = b""
                done += 1
                if sent < requests:
                    state[0].send(request)
                    sent += 1
    print(requests / (time.perf_counter() - began), flush=True)
    for sock in socks:
        sock.close()
"""


def figures() -> list[tuple[str, str]]:
    """What was measured, as (what, figure) pairs in a fixed order."""
    found = []
    for alg in ALGS:
        floor, mock = _tokens_per_second(alg)
        found += [
            (f"mock IdP: client credentials tokens, {alg}, journal on", f"{mock.wall:,.0f}/s"),
            (f"app that only signs with cryptography, {alg}, the floor", f"{floor.wall:,.0f}/s"),
            (f"mock IdP beside that floor, {alg}", f"{mock.wall / floor.wall:.2f}"),
            (f"the same by the server's CPU time, {alg}", f"{mock.cpu / floor.cpu:.2f}"),
        ]
    return found


def main() -> None:
    """Print the figures."""
    for what, figure in figures():
        sys.stdout.write(f"{what:60} {figure:>12}\n")


def signer(key: SigningKey) -> Callable[[bytes], bytes]:
    """The least that makes a JWS signature with `cryptography`: nothing of ours is in the floor."""
    private = key.private
    if isinstance(private, RSAPrivateKey):
        return lambda message: private.sign(message, PKCS1v15(), SHA256())
    assert isinstance(private, EllipticCurvePrivateKey)

    def sign(message: bytes) -> bytes:
        r, s = decode_dss_signature(private.sign(message, ECDSA(SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    return sign


def encoded(content: bytes) -> bytes:
    """base64url without padding."""
    return base64.urlsafe_b64encode(content).rstrip(b"=")


def signing_app(key: SigningKey, issuer: str) -> "ASGIApp":
    """The floor: an ASGI application that signs a token and does nothing else."""
    sign = signer(key)
    head = encoded(json.dumps({"alg": key.alg, "kid": key.kid, "typ": "at+jwt"}).encode("ascii")) + b"."

    async def app(scope: "Scope", _receive: "Receive", send: "Send") -> None:
        if scope["type"] != "http":
            return
        now = int(time.time())
        claims = {"iss": issuer, "sub": "client", "aud": "client", "exp": now + 3600, "iat": now}
        message = head + encoded(json.dumps(claims, separators=(",", ":")).encode("ascii"))
        token = (message + b"." + encoded(sign(message))).decode("ascii")
        body = json.dumps({"access_token": token, "token_type": "Bearer", "expires_in": 3600}).encode("ascii")
        headers = [
            (b"content-type", b"application/json"),
            (b"cache-control", b"no-store"),
            (b"content-length", str(len(body)).encode("ascii")),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body, "more_body": False})

    return app


class Rate(NamedTuple):
    """Requests per second of the clock, and per second of the server's CPU time, which other load doesn't change."""

    wall: float
    cpu: float


def _tokens_per_second(alg: Algorithm) -> tuple[Rate, Rate]:
    command = [sys.executable, "-c", CLIENT, str(REQUESTS), str(CONNECTIONS)]
    with MockIdP() as idp:
        issuer = idp.make_issuer()
        issuer.configure(alg=alg)
        with (
            ThreadedServer(signing_app(issuer.keys.signing_key(), issuer.url)) as floor,
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as client,
        ):
            rounds = [
                (_measured(client, floor.port, issuer), _measured(client, idp.port, issuer)) for _ in range(ROUNDS + 1)
            ]
            client.communicate()
    floors, mocks = zip(*rounds[1:], strict=True)  # the first round is for warming up
    return _median(floors), _median(mocks)


def _median(rates: Sequence[Rate]) -> Rate:
    walls, cpus = zip(*rates, strict=True)
    return Rate(statistics.median(walls), statistics.median(cpus))


def _measured(client: subprocess.Popen[str], port: int, issuer: Issuer) -> Rate:
    assert client.stdin is not None
    assert client.stdout is not None
    registered = issuer.default_client
    secret = base64.b64encode(f"{registered.client_id}:{registered.client_secret}".encode()).decode("ascii")
    began = time.process_time()  # this process is the server, and the client is another
    client.stdin.write(f"{port} {issuer.path}/token {secret}\n")
    client.stdin.flush()
    wall = float(client.stdout.readline())
    return Rate(wall, REQUESTS / (time.process_time() - began))


if __name__ == "__main__":
    main()

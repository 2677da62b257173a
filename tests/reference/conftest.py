"""The reference implementation behind its HTTP door, and an identity provider, both in one event loop."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping
from dataclasses import dataclass, field
from json import dumps
from typing import Any, TypeVar

import httpx
import pytest

from idpact_contract.reference import Reference, build

T = TypeVar("T")

MEMBERS = {
    "authorization_url": "authorization_endpoint",
    "token_url": "token_endpoint",
    "userinfo_url": "userinfo_endpoint",
    "jwks_url": "jwks_uri",
}
WELL_KNOWN = "/.well-known/openid-configuration"


@dataclass(frozen=True)
class Asked:
    """A request that reached the identity provider."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Idp:
    """An identity provider that answers each path with the bytes it was given, and 404 elsewhere."""

    base: str = ""
    asked: list[Asked] = field(default_factory=list)
    answers: dict[str, bytes | Handler] = field(default_factory=dict)

    def issuer(self, path: str, **changes: object) -> str:
        """Serve a full document for the issuer at `path`; a change to None removes the member."""
        issuer = self.base + path
        document = {member: f"https://idp.test{path}/{field}" for field, member in MEMBERS.items()}
        members = {"issuer": issuer, **document, **changes}
        self.document(path, {name: value for name, value in members.items() if value is not None})
        return issuer

    def document(self, path: str, document: object) -> str:
        """Serve any JSON value as the document of the issuer at `path`."""
        return self.answer(path, http(dumps(document).encode()))

    def answer(self, path: str, answer: bytes | Handler) -> str:
        """Answer a request for the document of the issuer at `path` with those very bytes."""
        self.answers[path.removesuffix("/") + WELL_KNOWN] = answer
        return self.base + path

    def targets(self) -> list[str]:
        """List what was asked for, oldest first."""
        return [entry.target for entry in self.asked]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection with one request."""
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            method, target, _ = head[0].split(" ")
            headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            self.asked.append(Asked(method, target, headers, body))
            answer = self.answers.get(target, http(b"{}", status="404 Not Found"))
            if isinstance(answer, bytes):
                writer.write(answer)
                await writer.drain()
            else:
                await answer(reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass  # the client is free to leave
        finally:
            writer.close()


def http(body: bytes, *, status: str = "200 OK", headers: Mapping[str, str] | None = None) -> bytes:
    """Spell an HTTP answer out."""
    fields = {"Content-Type": "application/json", "Content-Length": str(len(body)), **(headers or {})}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body


class Api:
    """A client of the reference implementation; speaks the frontend wire for the first organization unless told."""

    def __init__(self, runner: asyncio.Runner, reference: Reference) -> None:
        self.reference = reference
        self.base = "http://reference.test"
        self.front = "/sdk/v1/b2b/sso"
        announcement: dict[str, Any] = reference.announcement(self.base)
        self.ours, self.theirs = announcement["orgs"]
        self.public_token: str = announcement["public_token"]
        self.backend: tuple[str, str] = (announcement["project_id"], announcement["secret"])
        self.member = (self.public_token, self.ours["session_token"])
        self.stranger = (self.public_token, self.theirs["session_token"])
        self._runner = runner

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Let the event loop do it, and the identity provider serve meanwhile."""
        return self._runner.run(work)

    async def sending(
        self,
        method: str,
        path: str,
        *,
        auth: tuple[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        json: object = None,
    ) -> httpx.Response:
        """Send a request, as a coroutine."""
        if json is not None:  # not by httpx, which can't spell a lone surrogate
            content = dumps(json).encode()
        transport = httpx.ASGITransport(app=self.reference.app)
        async with httpx.AsyncClient(transport=transport, base_url=self.base) as client:
            return await client.request(method, path, auth=auth, headers=headers, content=content)

    def send(
        self,
        method: str,
        path: str,
        *,
        auth: tuple[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        json: object = None,
    ) -> httpx.Response:
        """Send a request."""
        return self.run(self.sending(method, path, auth=auth, headers=headers, content=content, json=json))

    def create(self, *, auth: tuple[str, str] | None = None, **body: object) -> dict[str, Any]:
        """Create a connection."""
        answer = self.send("POST", f"{self.front}/oidc", auth=auth or self.member, json=body)
        assert answer.status_code == 200, answer.text
        connection: dict[str, Any] = answer.json()["data"]["connection"]
        return connection

    def new(self) -> str:
        """Create an empty connection."""
        connection_id: str = self.create()["connection_id"]
        return connection_id

    def put(self, connection_id: str, body: object, *, auth: tuple[str, str] | None = None) -> httpx.Response:
        """Update a connection, whatever comes of it."""
        return self.send("PUT", f"{self.front}/oidc/{connection_id}", auth=auth or self.member, json=body)

    def update(self, connection_id: str, /, **body: object) -> dict[str, Any]:
        """Update a connection, and return what the answer's `data` holds."""
        answer = self.put(connection_id, body)
        assert answer.status_code == 200, answer.text
        data: dict[str, Any] = answer.json()["data"]
        return data

    def read(self, connection_id: str, *, auth: tuple[str, str] | None = None) -> dict[str, Any]:
        """Read a connection from the list."""
        answer = self.send("GET", self.front, auth=auth or self.member)
        found: list[dict[str, Any]] = answer.json()["data"]["oidc_connections"]
        return next(connection for connection in found if connection["connection_id"] == connection_id)

    def urls(self, connection_id: str) -> dict[str, str]:
        """Read the four URLs of a connection."""
        connection = self.read(connection_id)
        return {name: connection[name] for name in MEMBERS}


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    """Run one test's event loop."""
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture
def reference() -> Iterator[Reference]:
    """Build a reference implementation with a database of its own."""
    reference = build(discovery_timeout=5.0)
    yield reference
    reference.close()


@pytest.fixture
def api(runner: asyncio.Runner, reference: Reference) -> Api:
    """Make a client of it."""
    return Api(runner, reference)


@pytest.fixture
def idp(runner: asyncio.Runner) -> Iterator[Idp]:
    """Run an identity provider on a free port."""
    idp = Idp()
    server = runner.run(asyncio.start_server(idp.serve, "127.0.0.1", 0))
    idp.base = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    yield idp
    server.close()
    runner.run(server.wait_closed())

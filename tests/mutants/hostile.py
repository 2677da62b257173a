"""Faults in the face of bad input (INPUT) and of hostile identity providers (SAFE)."""

import asyncio
import json
from collections.abc import Mapping
from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlsplit

import httpx

from idpact_contract.reference import (
    Connection,
    Connections,
    Discovery,
    Metadata,
    RequestRefusedError,
    Store,
    Unreadable,
    Updated,
    Wire,
)
from tests.mutants.registry import mutant


@mutant("INPUT-1")
class BreaksOnAWrongType(Connections):
    """A list where a string is wanted is a 500."""

    def string(self, name: str, value: object) -> str:
        if isinstance(value, list):
            raise TypeError("unhashable type: 'list'")
        return super().string(name, value)


@mutant("INPUT-1")
class WritesNumbersAsText(Connections):
    """A number where a string is wanted is accepted, as its digits: nothing of a wrong type is stored, and nothing refused."""

    def string(self, name: str, value: object) -> str:
        return super().string(name, str(value) if type(value) is int and name == "display_name" else value)


class _ShowsNumbers(Wire):
    """Shows digits as a number."""

    def connection(self, connection: Connection) -> dict[str, object]:
        shown = super().connection(connection)
        name = str(shown["display_name"])
        return {**shown, "display_name": int(name)} if name.isdecimal() else shown


@mutant("INPUT-1", beside=(_ShowsNumbers,))
class KeepsNumbersAsNumbers(WritesNumbersAsText):
    """A number where a string is wanted is stored, and shown as a number."""


@mutant("INPUT-1")
class BreaksOnMalformedJson(Wire):
    """A body that is no JSON is a 500."""

    def parsed(self, raw: bytes) -> Mapping[str, object]:
        json.loads(raw)
        return super().parsed(raw)


@mutant("INPUT-1")
class BreaksOnAnArray(Wire):
    """A body that is a JSON array is a 500."""

    def parsed(self, raw: bytes) -> Mapping[str, object]:
        if raw.startswith(b"["):
            raise AttributeError("'list' object has no attribute 'get'")
        return super().parsed(raw)


@mutant("INPUT-1")
class BreaksOnAnUnknownConnection(Connections):
    """A connection that doesn't exist is a 500."""

    def find(self, organization_id: str, connection_id: str) -> Connection:
        connection = self.store.connection(connection_id)
        if connection is None:
            raise LookupError(connection_id)
        return super().find(organization_id, connection_id)


@mutant("INPUT-2")
class BreaksOnNul(Connections):
    """A NUL in a string is a 500, as many a database makes it one."""

    def string(self, name: str, value: object) -> str:
        if isinstance(value, str) and "\0" in value:
            raise ValueError("A string literal cannot contain NUL (0x00) characters.")
        return super().string(name, value)


@mutant("INPUT-2")
class BreaksOnLongStrings(Connections):
    """A string of more than 255 characters is a 500, as its column makes it one."""

    def string(self, name: str, value: object) -> str:
        if isinstance(value, str) and len(value) > 255:
            raise ValueError("value too long for type character varying(255)")
        return super().string(name, value)


@mutant("INPUT-2")
class BreaksOnOddIds(Connections):
    """An id that is none is a 500."""

    def find(self, organization_id: str, connection_id: str) -> Connection:
        if not connection_id.startswith("oidc-connection-test-"):
            raise ValueError(f"badly formed id {connection_id!r}")
        return super().find(organization_id, connection_id)


class _TakesAnyIssuer(Connections):
    """Checks no issuer."""

    def issuer_problem(self, value: str) -> str | None:
        del value
        return None


@mutant("INPUT-3")
class BreaksOnOtherSchemes(Connections):
    """An issuer of another scheme is a 500."""

    def issuer_problem(self, value: str) -> str | None:
        if not value.startswith("http"):
            raise httpx.UnsupportedProtocol(f"Request URL has an unsupported protocol {value.partition(':')[0]!r}")
        return super().issuer_problem(value)


@mutant("INPUT-3", beside=(_TakesAnyIssuer,))
class FetchesDataUrls(Discovery):
    """A data: URL is read like any other, as a general URL opener does."""

    async def read(self, issuer: str) -> Metadata | Unreadable:
        if issuer.startswith("data:"):
            return Metadata(json.loads(issuer.partition(",")[2].partition("#")[0]))
        return await super().read(issuer)


@mutant("INPUT-3", beside=(_TakesAnyIssuer,))
class WritesRequestsByHand(Discovery):
    """A request is put together from strings, line breaks and all."""

    async def read(self, issuer: str) -> Metadata | Unreadable:
        if "\r\n" not in issuer:
            return await super().read(issuer)
        head, _, rest = issuer.partition("://")[2].partition("/")
        host, _, port = head.partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(f"GET /{rest} HTTP/1.1\r\nHost: {head}\r\nConnection: close\r\n\r\n".encode())
        await asyncio.wait_for(reader.read(1), self.timeout)
        writer.close()
        return Unreadable("the document is no JSON")


def _location(url: str) -> str:
    parts = urlsplit(url)
    with closing(HTTPConnection(parts.netloc, timeout=2)) as connection:
        connection.request("GET", parts.path)
        return connection.getresponse().headers["location"]


@mutant("SAFE-1")
class FollowsDataRedirects(Discovery):
    """A redirect to a data: URL is followed, and what it holds is used."""

    async def fetch(self, url: str) -> bytes:
        try:
            return await super().fetch(url)
        except httpx.InvalidURL:  # its client can't even say where that redirect leads
            location = await asyncio.to_thread(_location, url)
            if not location.startswith("data:"):
                raise
            return location.partition(",")[2].encode()

    def accepts_issuer(self, typed: str, document: Mapping[str, object]) -> bool:
        del typed, document
        return True


@mutant("SAFE-1")
class BreaksOnALoop(Discovery):
    """A redirect loop makes the update fail with 500."""

    async def read(self, issuer: str) -> Metadata | Unreadable:
        found = await super().read(issuer)
        if isinstance(found, Unreadable) and "redirects" in found.reason:
            raise httpx.TooManyRedirects("Exceeded maximum allowed redirects.")
        return found


@mutant("SAFE-2")
class ReadsWithoutEnd(Discovery):
    """A document is read as long as it comes."""

    def deadline(self) -> float:
        return 20.0

    async def body(self, response: httpx.Response) -> bytes:
        taken = 0
        async for chunk in response.aiter_raw():
            taken += len(chunk)
            if taken > 200 * 1024 * 1024:  # enough to show it, and the machine has others to serve
                break
        return b""


@mutant("SAFE-2")
class UnpacksABomb(Discovery):
    """However much a document unpacks to, it is used."""

    async def body(self, response: httpx.Response) -> bytes:
        return b"".join([chunk async for chunk in response.aiter_bytes()])


@mutant("SAFE-3")
class NeverRecovers(Connections):
    """Once a document was too long every later update of that connection is a 500."""

    def __init__(self, store: Store, discovery: Discovery) -> None:
        super().__init__(store, discovery)
        self._broken: set[str] = set()

    async def update(self, organization_id: str, connection_id: str, body: Mapping[str, object]) -> Updated:
        if connection_id in self._broken:
            raise MemoryError
        updated = await super().update(organization_id, connection_id, body)
        if "larger" in (updated.warning or ""):
            self._broken.add(connection_id)
        return updated


@mutant("SAFE-3")
class RefusesAfterAHang(Connections):
    """After an identity provider hung the connection can't be updated any more."""

    def __init__(self, store: Store, discovery: Discovery) -> None:
        super().__init__(store, discovery)
        self._locked: set[str] = set()

    async def update(self, organization_id: str, connection_id: str, body: Mapping[str, object]) -> Updated:
        if connection_id in self._locked:
            raise RequestRefusedError(status=423, error_type="locked", message="An update is under way.")
        updated = await super().update(organization_id, connection_id, body)
        if "no complete answer" in (updated.warning or ""):
            self._locked.add(connection_id)
        return updated

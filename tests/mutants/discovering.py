"""Faults in when and where discovery is read (DISC), and in what it carries (CRED-3)."""

import base64
import dataclasses
from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin

import httpx

from idpact_contract.reference import Connection, Connections, Discovery, Metadata, Unreadable, Updated
from tests.mutants.registry import mutant

SUFFIX = "/.well-known/openid-configuration"


@mutant("DISC-1", "INFER-1", "PREC-2", "ACT-4")
class NeverReads(Connections):
    """Discovery is never read on an update."""

    def issuer_to_read(self, before: Connection, typed: Mapping[str, object]) -> str | None:
        del before, typed
        return None


@mutant("DISC-1")
class ReadsOnlyWithCredentials(Connections):
    """Discovery is read only when the credentials are typed in the same update."""

    def issuer_to_read(self, before: Connection, typed: Mapping[str, object]) -> str | None:
        return super().issuer_to_read(before, typed) if "client_id" in typed else None


@mutant("DISC-1")
class ReadsOAuthMetadata(Discovery):
    """The document is looked for where RFC 8414 has it."""

    def document_url(self, issuer: str) -> str:
        return urljoin(issuer, "/.well-known/oauth-authorization-server")


@mutant("DISC-2", "INFER-6")
class ReadsTheFirstIssuerOnly(Connections):
    """Once there is an issuer, another one is not read."""

    def issuer_to_read(self, before: Connection, typed: Mapping[str, object]) -> str | None:
        return None if before.issuer else super().issuer_to_read(before, typed)


@mutant("DISC-2")
class CachesForEver(Discovery):
    """A document that was read once is never read again."""

    async def read(self, issuer: str) -> Metadata | Unreadable:
        cache: dict[str, Metadata | Unreadable] = self.__dict__.setdefault("cache", {})
        if issuer not in cache:
            cache[issuer] = await super().read(issuer)
        return cache[issuer]


@mutant("DISC-3")
class DropsThePath(Discovery):
    """The well-known path is resolved against the issuer's host."""

    def document_url(self, issuer: str) -> str:
        return urljoin(issuer, SUFFIX)


@mutant("DISC-3")
class DropsTheLastSegment(Discovery):
    """The well-known path is resolved relative to the issuer, whose last segment goes."""

    def document_url(self, issuer: str) -> str:
        return urljoin(issuer, SUFFIX.removeprefix("/"))


@mutant("DISC-3")
class LowersThePath(Discovery):
    """The issuer is lower-cased before it is read."""

    def document_url(self, issuer: str) -> str:
        return super().document_url(issuer.lower())


@mutant("DISC-4")
class DoublesTheSlash(Discovery):
    """The suffix is glued to an issuer that already ends in a slash."""

    def document_url(self, issuer: str) -> str:
        return issuer + SUFFIX


@mutant("DISC-4")
class StoresWithoutSlash(Connections):
    """The issuer's final slash is cut before it is stored."""

    def merged(self, before: Connection, typed: Mapping[str, object], inferred: Mapping[str, str]) -> Connection:
        after = super().merged(before, typed, inferred)
        return dataclasses.replace(after, issuer=after.issuer.removesuffix("/"))


@mutant("DISC-5")
class RereadsOnEveryUpdate(Connections):
    """An update without an issuer reads the stored one again."""

    def issuer_to_read(self, before: Connection, typed: Mapping[str, object]) -> str | None:
        return super().issuer_to_read(before, typed) or (before.issuer if "issuer" not in typed else None) or None


@mutant("DISC-5")
class ClearsWithoutIssuer(Connections):
    """An update without an issuer clears the URLs that it does not name."""

    def merged(self, before: Connection, typed: Mapping[str, object], inferred: Mapping[str, str]) -> Connection:
        if "issuer" not in typed:
            before = dataclasses.replace(before, authorization_url="", token_url="", userinfo_url="", jwks_url="")
        return super().merged(before, typed, inferred)


@mutant("DISC-6")
class RereadsTheSameIssuer(Connections):
    """The same issuer in the body is read again."""

    def same_issuer(self, stored: str, typed: str) -> bool:
        del stored, typed
        return False


@mutant("DISC-7", "CRED-3")
class SendsClientCredentials(Connections):
    """Discovery is read with the client's credentials in an Authorization header."""

    async def discover(self, issuer: str, typed: Mapping[str, object]) -> Metadata | Unreadable:
        pair = f"{typed.get('client_id', '')}:{typed.get('client_secret', '')}"
        self.discovery.__dict__["request_headers"] = lambda: {
            **Discovery.request_headers(self.discovery),
            "Authorization": "Basic " + base64.b64encode(pair.encode()).decode(),
        }
        return await super().discover(issuer, typed)


@mutant("DISC-7")
class KeepsCookies(Discovery):
    """Cookies of earlier answers are sent along."""

    def client(self) -> httpx.AsyncClient:
        if self._client is None:
            self._client = httpx.AsyncClient(trust_env=False, timeout=None)
        return self._client

    def request(self, url: str) -> httpx.Request:
        return self.client().build_request("GET", url, headers=self.request_headers())


@mutant("DISC-7")
class PostsTheQuestion(Discovery):
    """The document is requested with a body."""

    def request(self, url: str) -> httpx.Request:
        return httpx.Request("GET", url, headers=self.request_headers(), content=b'{"want": "metadata"}')


@mutant("DISC-8")
class ComparesWithoutCase(Connections):
    """Issuers that differ only in case are taken for the same."""

    def same_issuer(self, stored: str, typed: str) -> bool:
        return stored.lower() == typed.lower()


@mutant("CRED-3")
class TriesTheTokenEndpoint(Connections):
    """The credentials are tried at the token endpoint during the update."""

    async def update(self, organization_id: str, connection_id: str, body: Mapping[str, object]) -> Updated:
        updated = await super().update(organization_id, connection_id, body)
        connection = updated.connection
        if connection.token_url and connection.client_secret:
            form: dict[str, Any] = {"grant_type": "client_credentials", "client_secret": connection.client_secret}
            try:
                async with httpx.AsyncClient(trust_env=False, timeout=2) as client:
                    await client.post(connection.token_url, data=form)
            except httpx.HTTPError:
                pass
        return updated

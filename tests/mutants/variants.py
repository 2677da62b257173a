"""Right implementations that answer what the source leaves open otherwise than the reference: none may be bitten."""

import dataclasses
import json
from collections.abc import Mapping

import httpx

from idpact_contract.reference import (
    Connection,
    Connections,
    Discovery,
    Metadata,
    RequestRefusedError,
    Unreadable,
    Wire,
)
from idpact_contract.reference.discovery import NotRetrievedError, Trust
from idpact_contract.reference.errors import bad_value
from tests.mutants.registry import variant


@variant()
class ClearsOldUrlsWhenUnreadable(Connections):
    """Old URLs are cleared when the new issuer's document can't be read."""

    def inferred(self, found: Metadata | Unreadable | None) -> dict[str, str]:
        return dict.fromkeys(self.sources(), "") if isinstance(found, Unreadable) else super().inferred(found)


@variant()
class ClearsWhatTheNewDocumentLacks(Connections):
    """An old URL is cleared when the new issuer's document lacks its member."""

    def inferred(self, found: Metadata | Unreadable | None) -> dict[str, str]:
        found_urls = super().inferred(found)
        return {**dict.fromkeys(self.sources(), ""), **found_urls} if isinstance(found, Metadata) else found_urls


@variant()
class RefusesWhatItDoesNotKnow(Connections):
    """Unknown and server-set members in a body are refused, but for the path's own id."""

    def typed(self, body: Mapping[str, object]) -> dict[str, object]:
        known = {*self.parameters(), "connection_id"}
        for name in body:
            if name not in known or (name == "connection_id" and not self.store.connection(str(body[name]))):
                raise bad_value(name, body[name], "no such parameter")
        return super().typed(body)


@variant()
class SkipsWhenAllFourAreTyped(Connections):
    """Discovery isn't read when all four URLs are typed."""

    def issuer_to_read(self, before: Connection, typed: Mapping[str, object]) -> str | None:
        return None if set(self.sources()) <= set(typed) else super().issuer_to_read(before, typed)


@variant()
class FollowsNoRedirect(Discovery):
    """Redirects aren't followed."""

    def redirect_target(self, response: httpx.Response) -> str:
        del response
        raise httpx.TooManyRedirects("redirects aren't followed")


@variant()
class ReadsTwice(Discovery):
    """The document is requested twice in one update."""

    async def read(self, issuer: str) -> Metadata | Unreadable:
        await super().read(issuer)
        return await super().read(issuer)


@variant()
class ForbidsWithoutSession(Wire):
    """Without a valid session the answer is 403."""

    def unknown_session(self) -> RequestRefusedError:
        return RequestRefusedError(status=403, error_type="forbidden", message="Who are you?")


@variant()
class NoDefaultProvider(Connections):
    """A new connection has no identity_provider."""

    def new(self, organization_id: str, typed: Mapping[str, object], callback_base: str) -> Connection:
        connection = super().new(organization_id, typed, callback_base)
        return connection if "identity_provider" in typed else dataclasses.replace(connection, identity_provider="")


@variant()
class UsesNoDocumentWithWrongTypes(Discovery):
    """A document of which a member has a wrong type isn't used at all."""

    def accepts_issuer(self, typed: str, document: Mapping[str, object]) -> bool:
        members = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
        right = all(isinstance(document[name], str) for name in members if name in document)
        return right and super().accepts_issuer(typed, document)


@variant()
class RetriesTheSameIssuer(Connections):
    """The same issuer typed again is read again where a URL is missing, and fills in only that."""

    def issuer_to_read(self, before: Connection, typed: Mapping[str, object]) -> str | None:
        issuer = typed.get("issuer")
        again = issuer == before.issuer and not all(getattr(before, name) for name in self.sources())
        return issuer if again and isinstance(issuer, str) and issuer else super().issuer_to_read(before, typed)

    def merged(self, before: Connection, typed: Mapping[str, object], inferred: Mapping[str, str]) -> Connection:
        if typed.get("issuer") == before.issuer:
            inferred = {name: url for name, url in inferred.items() if not getattr(before, name)}
        return super().merged(before, typed, inferred)


@variant()
class StaysActiveWhenCleared(Connections):
    """An active connection stays active whatever it loses."""

    def status(self, before: Connection, after: Connection, found: Metadata | Unreadable | None) -> str:
        return before.status if before.status == "active" else super().status(before, after, found)


@variant()
class WantsJsonAsContentType(Discovery):
    """A document that isn't sent as application/json isn't used."""

    def usable(self, response: httpx.Response) -> httpx.Response:
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise httpx.DecodingError(f"not as {kind}")
        return super().usable(response)


@variant()
class TakesAnySuccess(Discovery):
    """Any 2xx brings a document."""

    def usable(self, response: httpx.Response) -> httpx.Response:
        return response if response.is_success and response.status_code != 204 else super().usable(response)


@variant()
class WantsStrictJson(Discovery):
    """Only UTF-8 without a byte order mark, without doubled names and without coding is read."""

    def parse(self, body: bytes) -> Mapping[str, object]:
        def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
            if len(dict(pairs)) != len(pairs):
                raise ValueError("a doubled name")
            return dict(pairs)

        if body.startswith(b"\xef\xbb\xbf"):
            raise ValueError("a byte order mark")
        json.loads(body.decode("utf-8"), object_pairs_hook=once)
        return super().parse(body)

    def request_headers(self) -> dict[str, str]:
        return {**super().request_headers(), "Accept-Encoding": "identity"}


@variant()
class ReadsLeniently(Discovery):
    """Broken UTF-8, NaN, the first of doubled names, codings it doesn't know: all of it is read."""

    def parse(self, body: bytes) -> Mapping[str, object]:
        def first(pairs: list[tuple[str, object]]) -> dict[str, object]:
            return dict(reversed(pairs))

        try:
            document = json.loads(body.decode("utf-8", "replace"), object_pairs_hook=first)
        except ValueError:
            return super().parse(body)
        return document if isinstance(document, dict) else super().parse(body)

    async def body(self, response: httpx.Response) -> bytes:
        if response.headers.get("content-encoding") == "xyz":
            return b"".join([chunk async for chunk in response.aiter_raw()])
        return await super().body(response)


@variant()
class RetriesOnUnavailable(Discovery):
    """A 503 is asked again once, at once."""

    async def fetch(self, url: str) -> bytes:
        try:
            return await super().fetch(url)
        except NotRetrievedError as error:
            if "503" not in str(error):
                raise
            return await super().fetch(url)


@variant()
class FollowsManyRedirects(Discovery):
    """Sixty redirects are followed, also from https down to http, and documents of 48 MiB are read."""

    def __init__(self, *, timeout: float = 3.0, trust: Trust = None) -> None:
        super().__init__(timeout=timeout, trust=trust, body_limit=48 * 1024 * 1024, redirect_limit=60)

    def redirect_target(self, response: httpx.Response) -> str:
        target = str(response.url.join(response.headers["location"]))
        return target if target.startswith("http://") else super().redirect_target(response)


@variant()
class StoresMembersAsWritten(Discovery):
    """Any string that isn't blank is a URL."""

    def member(self, document: Mapping[str, object], name: str) -> str | None:
        value = document.get(name)
        storable = isinstance(value, str) and value.strip() and value.isprintable()
        return value if storable and isinstance(value, str) else None

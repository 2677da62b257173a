"""Right implementations that answer what the source leaves open otherwise than the reference: none may be bitten."""

import contextlib
import dataclasses
import json
from collections.abc import AsyncIterator, Mapping

import httpx
from starlette.requests import Request

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
from idpact_contract.reference.errors import bad_value, malformed_body
from tests.mutants.registry import variant


@variant(answers={"old-urls-when-unreadable": "cleared"})
class ClearsOldUrlsWhenUnreadable(Connections):
    """Old URLs are cleared when the new issuer's document can't be read."""

    def inferred(self, found: Metadata | Unreadable | None) -> dict[str, str]:
        return dict.fromkeys(self.sources(), "") if isinstance(found, Unreadable) else super().inferred(found)


@variant(answers={"old-url-when-member-missing": "cleared"})
class ClearsWhatTheNewDocumentLacks(Connections):
    """An old URL is cleared when the new issuer's document lacks its member."""

    def inferred(self, found: Metadata | Unreadable | None) -> dict[str, str]:
        found_urls = super().inferred(found)
        return {**dict.fromkeys(self.sources(), ""), **found_urls} if isinstance(found, Metadata) else found_urls


@variant(answers={"unknown-members": "refused"})
class RefusesWhatItDoesNotKnow(Connections):
    """Unknown and server-set members in a body are refused, but for the path's own id."""

    def typed(self, body: Mapping[str, object]) -> dict[str, object]:
        known = {*self.parameters(), "connection_id"}
        for name in body:
            if name not in known or (name == "connection_id" and not self.store.connection(str(body[name]))):
                raise bad_value(name, body[name], "no such parameter")
        return super().typed(body)


@variant(answers={"discovery-when-all-typed": "skipped"})
class SkipsWhenAllFourAreTyped(Connections):
    """Discovery isn't read when all four URLs are typed."""

    def issuer_to_read(self, before: Connection, typed: Mapping[str, object]) -> str | None:
        return None if set(self.sources()) <= set(typed) else super().issuer_to_read(before, typed)


@variant(answers={"redirects": "not followed", "redirects-elsewhere": "not followed"})
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


@variant(answers={"same-issuer-after-failure": "requested again", "empty-url-with-same-issuer": "filled in"})
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


@variant(answers={"cleared-required-field": "still active"})
class StaysActiveWhenCleared(Connections):
    """An active connection stays active whatever it loses."""

    def status(self, before: Connection, after: Connection, found: Metadata | Unreadable | None) -> str:
        return before.status if before.status == "active" else super().status(before, after, found)


@variant(answers={"content-type": "not used"})
class WantsJsonAsContentType(Discovery):
    """A document that isn't sent as application/json isn't used."""

    def usable(self, response: httpx.Response) -> httpx.Response:
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise httpx.DecodingError(f"not as {kind}")
        return super().usable(response)


@variant(answers={"other-success": "used"})
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


@variant(answers={"empty-string": "refused", "cleared-required-field": "can't be cleared"})
class RefusesEmptyStrings(Connections):
    """An empty string is no value."""

    def string(self, name: str, value: object) -> str:
        if value == "":
            raise bad_value(name, value, "wanted a string with something in it")
        return super().string(name, value)


@variant(answers={"empty-string": "ignored", "cleared-required-field": "can't be cleared"})
class IgnoresEmptyStrings(Connections):
    """An empty string says nothing."""

    def is_typed(self, name: str, body: Mapping[str, object]) -> bool:
        return body.get(name) != "" and super().is_typed(name, body)


@variant(answers={"null": "cleared"})
class ClearsWithNull(Connections):
    """Null clears a field."""

    def typed(self, body: Mapping[str, object]) -> dict[str, object]:
        strings = (name for name in body if name != "attribute_mapping")
        return super().typed({**body, **{name: "" for name in strings if body[name] is None}})


@variant(answers={"null": "refused"})
class RefusesNull(Connections):
    """Null is no string."""

    def is_typed(self, name: str, body: Mapping[str, object]) -> bool:
        return name in body


@variant(answers={"final-slash": "the same issuer"})
class IgnoresAFinalSlash(Connections):
    """Issuers that differ by a final slash are one."""

    def same_issuer(self, stored: str, typed: str) -> bool:
        return stored.removesuffix("/") == typed.removesuffix("/")


@variant(answers={"redirects-elsewhere": "not followed"})
class StaysOnTheHost(Discovery):
    """Redirects are followed within the issuer's own host and port."""

    def redirect_target(self, response: httpx.Response) -> str:
        target = super().redirect_target(response)
        if httpx.URL(target).netloc != response.url.netloc:
            raise NotRetrievedError("a redirect to another host")
        return target


@variant(answers={"http-issuers": "refused"}, https=True)
class WantsHttps(Connections):
    """Only https issuers are allowed."""

    def issuer_problem(self, value: str) -> str | None:
        return super().issuer_problem(value) or (None if value.startswith("https:") else "wanted an https URL")


@variant(answers={"secret-in-reads": "masked"}, secret_in_reads="masked")
class MasksTheSecret(Wire):
    """The client secret shows as its last four characters."""

    def connection(self, connection: Connection) -> dict[str, object]:
        secret = connection.client_secret
        return {**super().connection(connection), "client_secret": f"****{secret[-4:]}" if secret else ""}


@variant(answers={"secret-in-reads": "absent"}, secret_in_reads="absent")
class NeverShowsTheSecret(Wire):
    """The client secret can be written and not read."""

    def connection(self, connection: Connection) -> dict[str, object]:
        return {**super().connection(connection), "client_secret": ""}


@variant()
class RefusesEmptyBodies(Wire):
    """An update without any member is refused."""

    async def body(self, request: Request) -> Mapping[str, object]:
        body = await super().body(request)
        if not body and request.method == "PUT":
            raise malformed_body("is empty")
        return body


@variant()
class TakesSmallBodies(Wire):
    """A body of more than 16 KiB is too large."""

    def parsed(self, raw: bytes) -> Mapping[str, object]:
        if len(raw) > 16 * 1024:
            raise RequestRefusedError(status=413, error_type="request_too_large", message="Too large.")
        return super().parsed(raw)


@variant()
class KnowsNoScopesAndMappings(Connections):
    """custom_scopes and attribute_mapping aren't parameters."""

    def parameters(self) -> tuple[str, ...]:
        return tuple(name for name in super().parameters() if name not in ("custom_scopes", "attribute_mapping"))


@variant()
class StoresAnyUrl(Connections):
    """What is no http or https URL is stored as it stands, and never asked."""

    def issuer_problem(self, value: str) -> str | None:
        del value
        return None

    def url_problem(self, value: str) -> str | None:
        del value
        return None


@variant()
class RefusesConcurrentUpdates(Connections):
    """While one update is under way another one of the same connection is refused."""

    @contextlib.asynccontextmanager
    async def turn(self, connection_id: str) -> AsyncIterator[None]:
        under_way = self._turns.get(connection_id)
        if under_way is not None and under_way.locked():
            raise RequestRefusedError(status=409, error_type="conflict", message="An update is under way.")
        async with super().turn(connection_id):
            yield

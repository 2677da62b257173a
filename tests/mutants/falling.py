"""Faults in the fallback (FALL) and in precedence (PREC)."""

import asyncio
import re
from collections.abc import Mapping

import httpx

from idpact_contract.reference import (
    Connection,
    Connections,
    Discovery,
    Metadata,
    RequestRefusedError,
    Unreadable,
    Updated,
)
from idpact_contract.reference.discovery import NotRetrievedError
from tests.mutants.registry import mutant


@mutant("FALL-1")
class RefusesWhenUnreadable(Connections):
    """An update whose document can't be read is refused."""

    async def discover(self, issuer: str, typed: Mapping[str, object]) -> Metadata | Unreadable:
        found = await super().discover(issuer, typed)
        if isinstance(found, Unreadable):
            raise RequestRefusedError(status=400, error_type="discovery_failed", message=found.reason)
        return found


@mutant("FALL-1")
class BreaksOnHtml(Discovery):
    """A login page in place of a document makes the update fail with 500."""

    async def read(self, issuer: str) -> Metadata | Unreadable:
        found = await super().read(issuer)
        if isinstance(found, Unreadable) and "no JSON" in found.reason:
            raise ValueError("Expecting value: line 1 column 1 (char 0)")
        return found


@mutant("FALL-1")
class BreaksOnReset(Discovery):
    """A connection that is reset makes the update fail with 500."""

    async def read(self, issuer: str) -> Metadata | Unreadable:
        found = await super().read(issuer)
        if isinstance(found, Unreadable) and "ReadError" in found.reason:
            raise ConnectionResetError
        return found


@mutant("FALL-1")
class ForgetsWhatWasTyped(Connections):
    """Where the document can't be read only the issuer is stored."""

    async def update(self, organization_id: str, connection_id: str, body: Mapping[str, object]) -> Updated:
        issuer = body.get("issuer")
        if isinstance(issuer, str) and isinstance(await self.discovery.read(issuer), Unreadable):
            body = {"issuer": issuer}
        return await super().update(organization_id, connection_id, body)


@mutant("FALL-2")
class ReadsErrorPages(Discovery):
    """The status of the answer is not looked at."""

    def usable(self, response: httpx.Response) -> httpx.Response:
        return response


@mutant("FALL-2")
class GuessesWhenUnreadable(Connections):
    """Where the document can't be read the URLs are guessed from the issuer."""

    async def discover(self, issuer: str, typed: Mapping[str, object]) -> Metadata | Unreadable:
        found = await super().discover(issuer, typed)
        if isinstance(found, Unreadable):
            self.__dict__["guessed"] = {name: f"{issuer}/{name}" for name in self.sources()}
        return found

    def inferred(self, found: Metadata | Unreadable | None) -> dict[str, str]:
        return self.__dict__.pop("guessed", {}) if isinstance(found, Unreadable) else super().inferred(found)


@mutant("FALL-2")
class ScrapesWhatIsNoJson(Discovery):
    """Members are picked out of a text that is no JSON."""

    def parse(self, body: bytes) -> Mapping[str, object]:
        try:
            return super().parse(body)
        except NotRetrievedError:
            return dict(re.findall(r'"([a-z_]+)": *"([^"]*)"', body.decode("utf-8", "replace")))


@mutant("FALL-3")
class PendingWhenUnreadable(Connections):
    """A connection whose document could not be read stays pending, complete or not."""

    def status(self, before: Connection, after: Connection, found: Metadata | Unreadable | None) -> str:
        return before.status if isinstance(found, Unreadable) else super().status(before, after, found)


@mutant("FALL-4")
class GivesUpForGood(Connections):
    """After one failure a connection's issuers are not read any more."""

    async def update(self, organization_id: str, connection_id: str, body: Mapping[str, object]) -> Updated:
        updated = await super().update(organization_id, connection_id, body)
        if updated.warning:
            self.__dict__.setdefault("failed", set()).add(connection_id)
        return updated

    def issuer_to_read(self, before: Connection, typed: Mapping[str, object]) -> str | None:
        failed = self.__dict__.get("failed", set())
        return None if before.connection_id in failed else super().issuer_to_read(before, typed)


@mutant("FALL-5")
class NeverWarns(Connections):
    """No warning tells that the document could not be read."""

    def warning(self, found: Metadata | Unreadable | None) -> str | None:
        del found
        return None


@mutant("FALL-5")
class AlwaysWarns(Connections):
    """Every update warns."""

    def warning(self, found: Metadata | Unreadable | None) -> str | None:
        return super().warning(found) or "The document may be out of date."


@mutant("FALL-6")
class WaitsForEver(Discovery):
    """An identity provider that never answers is waited for."""

    def deadline(self) -> float | None:
        return None


@mutant("FALL-6")
class LimitsEachWaitOnly(Discovery):
    """Each wait has a limit and all of them together have none: a provider that trickles is never late."""

    def deadline(self) -> float | None:
        return None

    def client(self) -> httpx.AsyncClient:
        client = super().client()
        client.timeout = httpx.Timeout(1.5)
        return client


@mutant("FALL-6")
class DawdlesAfterHang(Discovery):
    """An identity provider that never answers holds the update up for another minute."""

    async def read(self, issuer: str) -> Metadata | Unreadable:
        found = await super().read(issuer)
        if isinstance(found, Unreadable) and "no complete answer" in found.reason:
            await asyncio.sleep(60)
        return found


@mutant("PREC-1")
class InferredWins(Connections):
    """What was discovered wins over what was typed."""

    def merged(self, before: Connection, typed: Mapping[str, object], inferred: Mapping[str, str]) -> Connection:
        return super().merged(before, {**typed, **inferred}, {})


@mutant("PREC-1")
class InferredWinsForOne(Connections):
    """What was discovered wins for userinfo_url alone."""

    def merged(self, before: Connection, typed: Mapping[str, object], inferred: Mapping[str, str]) -> Connection:
        one = {name: url for name, url in inferred.items() if name == "userinfo_url"}
        return super().merged(before, {**typed, **one}, inferred)


@mutant("PREC-2")
class TypingOneStopsInference(Connections):
    """As soon as one URL is typed none is inferred."""

    def merged(self, before: Connection, typed: Mapping[str, object], inferred: Mapping[str, str]) -> Connection:
        return super().merged(before, typed, {} if set(typed) & set(self.sources()) else inferred)


@mutant("PREC-2")
class TypingThreeStopsInference(Connections):
    """Where three URLs are typed the fourth is not inferred."""

    def merged(self, before: Connection, typed: Mapping[str, object], inferred: Mapping[str, str]) -> Connection:
        return super().merged(before, typed, {} if len(set(typed) & set(self.sources())) == 3 else inferred)


@mutant("PREC-3")
class InferredReplacesOldTyped(Connections):
    """On a connection that already had a URL the discovered one wins over the typed one."""

    def merged(self, before: Connection, typed: Mapping[str, object], inferred: Mapping[str, str]) -> Connection:
        old = {name: url for name, url in inferred.items() if getattr(before, name)}
        return super().merged(before, {**typed, **old}, inferred)


@mutant("PREC-3")
class ClearsWhatTheDocumentLacks(Connections):
    """A typed URL whose member the document lacks is cleared."""

    def merged(self, before: Connection, typed: Mapping[str, object], inferred: Mapping[str, str]) -> Connection:
        lacking = [name for name in self.sources() if inferred and name not in inferred]
        return super().merged(before, {**typed, **dict.fromkeys(lacking, "")}, inferred)


@mutant("PREC-4")
class UrlsOnlyWithIssuer(Connections):
    """Typed URLs without an issuer beside them are ignored."""

    def typed(self, body: Mapping[str, object]) -> dict[str, object]:
        typed = super().typed(body)
        return (
            typed if "issuer" in typed else {name: value for name, value in typed.items() if name not in self.sources()}
        )

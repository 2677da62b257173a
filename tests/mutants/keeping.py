"""Faults in what an update leaves alone (KEEP)."""

import asyncio
import contextlib
import dataclasses
from collections.abc import AsyncIterator, Mapping

from idpact_contract.reference import Connection, Connections, Metadata, RequestRefusedError, Unreadable, Updated
from idpact_contract.reference.errors import bad_value
from idpact_contract.reference.model import COLUMNS
from tests.mutants.registry import mutant


@mutant("KEEP-1")
class ReplacesTheWhole(Connections):
    """What the body omits is cleared, as if the body were the whole connection."""

    def merged(self, before: Connection, typed: Mapping[str, object], inferred: Mapping[str, str]) -> Connection:
        empty = Connection(
            connection_id=before.connection_id,
            organization_id=before.organization_id,
            redirect_url=before.redirect_url,
            status=before.status,
        )
        return super().merged(empty, typed, inferred)


@mutant("KEEP-1")
class DropsTheSecret(Connections):
    """A client_id without a client_secret clears the secret."""

    def merged(self, before: Connection, typed: Mapping[str, object], inferred: Mapping[str, str]) -> Connection:
        if "client_id" in typed and "client_secret" not in typed:
            before = dataclasses.replace(before, client_secret="")
        return super().merged(before, typed, inferred)


@mutant("KEEP-2")
class CountsRepetitions(Connections):
    """The same display_name again gets a number."""

    def merged(self, before: Connection, typed: Mapping[str, object], inferred: Mapping[str, str]) -> Connection:
        after = super().merged(before, typed, inferred)
        again = typed.get("display_name") == before.display_name and before.display_name
        return dataclasses.replace(after, display_name=f"{after.display_name} (2)") if again else after


@mutant("KEEP-3")
class AnswersWhatItMeant(Connections):
    """The answer shows inferred values that are not stored."""

    def changes(self, before: Connection, after: Connection) -> dict[str, object]:
        return {name: value for name, value in super().changes(before, after).items() if name != "jwks_url"}

    def stored(self, connection: Connection) -> Connection:
        return connection


@mutant("KEEP-4")
class LetsRedirectUrlBeTyped(Connections):
    """A redirect_url in the body is stored."""

    def parameters(self) -> tuple[str, ...]:
        return (*super().parameters(), "redirect_url")


@mutant("KEEP-4")
class LetsConnectionIdBeTyped(Connections):
    """A connection_id in the body renames the connection."""

    def parameters(self) -> tuple[str, ...]:
        return (*super().parameters(), "connection_id")


@mutant("KEEP-5")
class LosesConcurrentUpdates(Connections):
    """Each update writes the whole connection as it read it some time before."""

    @contextlib.asynccontextmanager
    async def turn(self, connection_id: str) -> AsyncIterator[None]:
        del connection_id
        yield

    def issuer_to_read(self, before: Connection, typed: Mapping[str, object]) -> str | None:
        return super().issuer_to_read(before, typed) or "no issuer"

    async def discover(self, issuer: str, typed: Mapping[str, object]) -> Metadata | Unreadable:
        await asyncio.sleep(0.05)
        return await super().discover(issuer, typed) if issuer != "no issuer" else Unreadable("nothing to read")

    def changes(self, before: Connection, after: Connection) -> dict[str, object]:
        del before
        return {name: getattr(after, name) for name in COLUMNS}


@mutant("KEEP-6")
class WritesUntilItMeetsAFault(Connections):
    """Members are stored one by one, until one of a wrong type is met."""

    async def update(self, organization_id: str, connection_id: str, body: Mapping[str, object]) -> Updated:
        self.find(organization_id, connection_id)
        for name in self.parameters():
            if isinstance(body.get(name), str):
                self.store.update(connection_id, {name: body[name]})
            elif name in body and name != "attribute_mapping":
                raise bad_value(name, body[name], "wanted a string")
        return await super().update(organization_id, connection_id, body)


@mutant("KEEP-7")
class WantsBothCredentials(Connections):
    """A client_id needs a client_secret beside it."""

    def typed(self, body: Mapping[str, object]) -> dict[str, object]:
        typed = super().typed(body)
        if ("client_id" in typed) != ("client_secret" in typed):
            raise RequestRefusedError(status=400, error_type="invalid_argument", message="Both credentials, or none.")
        return typed


@mutant("KEEP-7")
class WantsTheIssuer(Connections):
    """Every update has to name the issuer."""

    async def update(self, organization_id: str, connection_id: str, body: Mapping[str, object]) -> Updated:
        if "issuer" not in body:
            raise bad_value("issuer", None, "wanted a string")
        return await super().update(organization_id, connection_id, body)

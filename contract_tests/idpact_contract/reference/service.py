"""What the endpoint does: the contract as a sequence of small decisions, each a method that names the rules it carries.

Knows connections, where they are kept and how a document is read; knows no HTTP and no wire.
"""

import asyncio
import contextlib
import dataclasses
import uuid
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from weakref import WeakValueDictionary

from idpact_contract.reference.discovery import Discovery, Metadata, Unreadable
from idpact_contract.reference.errors import no_such_connection
from idpact_contract.reference.inputs import Inputs
from idpact_contract.reference.model import ACTIVE, COLUMNS, INFERRED_FROM, PENDING, REQUIRED, Connection
from idpact_contract.reference.store import Store

__all__ = ["Connections", "Updated"]


@dataclass(frozen=True, slots=True)
class Updated:
    """An update's outcome: the connection as stored, and a warning where the document could not be read."""

    connection: Connection
    warning: str | None


class Connections(Inputs):
    """The connections of all organizations. Every method is told on behalf of which organization it acts (ORG-1)."""

    def __init__(self, store: Store, discovery: Discovery) -> None:
        self.store = store
        self.discovery = discovery
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def create(self, organization_id: str, body: Mapping[str, object], *, callback_base: str) -> Connection:
        """Add a connection that still lacks everything the identity provider is going to hand out.

        Args:
            organization_id: Whose it is.
            body: May name display_name and identity_provider.
            callback_base: What its redirect URL starts with.

        Raises:
            RequestRefusedError: 400.
        """
        names = self.create_parameters()
        typed = self.typed({name: value for name, value in body.items() if name in names})
        connection = self.new(organization_id, typed, callback_base)
        self.store.create(connection)
        return self.stored(connection)

    def create_parameters(self) -> tuple[str, ...]:
        """Name two; the identity provider isn't set up yet, so there is nothing else to say at this point."""
        return ("display_name", "identity_provider")

    def new(self, organization_id: str, typed: Mapping[str, object], callback_base: str) -> Connection:
        """ACT-1: pending."""
        connection_id = f"oidc-connection-test-{uuid.uuid4()}"
        empty = Connection(
            connection_id=connection_id,
            organization_id=organization_id,
            redirect_url=f"{callback_base}/v1/b2b/sso/callback/{connection_id}",
        )
        return _replaced(empty, typed)

    async def update(self, organization_id: str, connection_id: str, body: Mapping[str, object]) -> Updated:
        """Carry out the contract's one endpoint. Nothing is written before everything is decided (KEEP-6).

        Raises:
            RequestRefusedError: 404 or 400.
        """
        async with self.turn(connection_id):
            before = self.find(organization_id, connection_id)
            typed = self.typed(body)
            issuer = self.issuer_to_read(before, typed)
            found = None if issuer is None else await self.discover(issuer, typed)
            after = self.merged(before, typed, self.inferred(found))
            after = dataclasses.replace(after, status=self.status(before, after, found))
            self.store.update(connection_id, self.changes(before, after))
            return Updated(self.stored(after), self.warning(found))

    @contextlib.asynccontextmanager
    async def turn(self, connection_id: str) -> AsyncIterator[None]:
        """KEEP-5: updates of one connection take turns, so that each starts from what the one before it left."""
        lock = self._turns.setdefault(connection_id, asyncio.Lock())
        async with lock:
            yield

    def find(self, organization_id: str, connection_id: str) -> Connection:
        """ORG-2, ORG-3, ORG-5: another organization's connection is no connection, in the very same words.

        Raises:
            RequestRefusedError: 404.
        """
        connection = self.store.connection(connection_id)
        if connection is None or not self.owns(organization_id, connection):
            raise no_such_connection()
        return connection

    def owns(self, organization_id: str, connection: Connection) -> bool:
        """ORG-2: a connection belongs to the organization that created it, for good."""
        return connection.organization_id == organization_id

    def issuer_to_read(self, before: Connection, typed: Mapping[str, object]) -> str | None:
        """DISC-1, DISC-2, DISC-5, DISC-6: another issuer was typed, so its document is read; else none is.

        Left open by the source: clearing the issuer reads nothing, and the same issuer isn't tried again after a
        failure.
        """
        issuer = typed.get("issuer")
        if not isinstance(issuer, str) or not issuer or self.same_issuer(before.issuer, issuer):
            return None
        return issuer

    def same_issuer(self, stored: str, typed: str) -> bool:
        """DISC-8: compared letter by letter. Left open by the source: a final slash makes another issuer."""
        return stored == typed

    async def discover(self, issuer: str, typed: Mapping[str, object]) -> Metadata | Unreadable:  # noqa: ARG002 - CRED-3
        """DISC-1, CRED-3: whatever else was typed, the reader is told the issuer alone; typed URLs don't spare it."""
        return await self.discovery.read(issuer)

    def inferred(self, found: Metadata | Unreadable | None) -> dict[str, str]:
        """INFER-1 to INFER-5, INFER-10, CRED-1, CRED-2, FALL-2: the four URLs, each from its own member, or nothing."""
        if not isinstance(found, Metadata):
            return {}
        members = {name: self.discovery.member(found.document, member) for name, member in self.sources().items()}
        return {name: url for name, url in members.items() if url is not None}

    def sources(self) -> Mapping[str, str]:
        """INFER-1 to INFER-4: each URL's own member of the document."""
        return INFERRED_FROM

    def merged(self, before: Connection, typed: Mapping[str, object], inferred: Mapping[str, str]) -> Connection:
        """PREC-1 to PREC-4, INFER-6, INFER-7, INFER-11, KEEP-1, FALL-1: typed before inferred before stored.

        What is neither typed nor inferred is kept. The source leaves open what becomes of a URL that the new document
        lacks, and of all four where it can't be read: kept as well, so that one law holds for every field.
        """
        return _replaced(before, {**inferred, **typed})

    # ARG002: that neither of the first and the last matters is what ACT-6 and FALL-3 say.
    def status(self, before: Connection, after: Connection, found: Metadata | Unreadable | None) -> str:  # noqa: ARG002
        """ACT-2 to ACT-6, FALL-3: active as soon as nothing is missing, wherever the values came from.

        Left open by the source: a connection that loses a required value is pending again.
        """
        return ACTIVE if all(getattr(after, name) for name in self.required()) else PENDING

    def required(self) -> tuple[str, ...]:
        """ACT-2, ACT-5: the seven fields without which a connection isn't active."""
        return REQUIRED

    def changes(self, before: Connection, after: Connection) -> dict[str, object]:
        """KEEP-1, KEEP-5: what differs, and only that, is written."""
        return {name: getattr(after, name) for name in COLUMNS if _differ(getattr(after, name), getattr(before, name))}

    def stored(self, connection: Connection) -> Connection:
        """KEEP-3: an answer shows what a read would show, so it is read.

        Raises:
            RequestRefusedError: 404, where another process has deleted it meanwhile.
        """
        return self.find(connection.organization_id, connection.connection_id)

    def warning(self, found: Metadata | Unreadable | None) -> str | None:
        """FALL-5: why the document could not be read; None where it was read, and where nobody asked for it."""
        if not isinstance(found, Unreadable):
            return None
        return (
            f"The issuer's discovery document could not be read: {found.reason}. Only what was typed has been stored."
        )

    def list(self, organization_id: str) -> list[Connection]:
        """ORG-2: the organization's own connections, oldest first."""
        return self.store.connections(organization_id)

    async def delete(self, organization_id: str, connection_id: str) -> None:
        """Remove a connection, once no update of it is under way.

        Raises:
            RequestRefusedError: 404.
        """
        async with self.turn(connection_id):
            self.find(organization_id, connection_id)
            self.store.delete(connection_id)


def _differ(new: object, old: object) -> bool:
    """Tell two values apart as JSON does, to which 1, 1.0 and true are three."""
    return new is not old and repr(new) != repr(old)


def _replaced(connection: Connection, values: Mapping[str, object]) -> Connection:
    """Put other values in; that they are of the right types was settled when they were read."""
    return dataclasses.replace(connection, **values)  # type: ignore[arg-type] # checked by Inputs and Discovery.member

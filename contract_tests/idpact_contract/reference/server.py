"""The reference implementation put together: as an ASGI app, and as a server in the foreground."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from starlette.applications import Starlette
from starlette.types import ASGIApp

from idpact_contract.reference.app import application
from idpact_contract.reference.discovery import Discovery, Trust
from idpact_contract.reference.service import Connections
from idpact_contract.reference.settings import Settings
from idpact_contract.reference.store import Store
from idpact_contract.reference.wire import Wire

__all__ = ["Reference", "build"]


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference implementation that is ready to serve.

    Attributes:
        app: The ASGI app.
        settings: The credentials it accepts.
        store: Its database.
    """

    app: ASGIApp
    settings: Settings
    store: Store

    def announcement(self, base_url: str) -> dict[str, object]:
        """Tell a caller what it needs, secrets included: base_url, public_token, project_id, secret and orgs."""
        return self.settings.announcement(base_url)

    def close(self) -> None:
        """Close the database."""
        self.store.close()


def build(
    db: str | Path = ":memory:",
    *,
    connections_class: type[Connections] = Connections,
    discovery_class: type[Discovery] = Discovery,
    wire_class: type[Wire] = Wire,
    store_class: type[Store] = Store,
    discovery_timeout: float = 3.0,
    trust: Trust = None,
    settings: Settings | None = None,
) -> Reference:
    """Put an implementation together.

    Args:
        db: A database file, or ":memory:".
        connections_class: What decides; a subclass may decide otherwise.
        discovery_class: What reads discovery documents.
        wire_class: What reads requests and writes answers.
        store_class: What keeps things.
        discovery_timeout: Seconds for one attempt to read a document.
        trust: Whom discovery trusts over TLS: a context, a PEM file, or None for the public authorities.
        settings: The credentials to accept. None: the database's own, or random ones where it has none.

    Raises:
        OSError: The database or `trust` can't be opened.
        sqlite3.Error: The database can't be used.
        ValueError: The database is of another version.
    """
    discovery = discovery_class(timeout=discovery_timeout, trust=trust)
    store = store_class(db)
    known = store.settings()
    accepted = settings or known or Settings.fresh()
    if accepted != known:
        store.save(accepted)
    connections = connections_class(store, discovery)

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        await discovery.aclose()

    return Reference(application(wire_class(accepted, store), connections, lifespan=lifespan), accepted, store)

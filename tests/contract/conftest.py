"""The reference implementation, served once for the tests of a worker that need a real thing."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from idpact_contract.reference import build
from idpact_mock import ThreadedServer


@dataclass(frozen=True, kw_only=True)
class Served:
    """An implementation behind HTTP, and what a caller needs for it."""

    url: str
    variables: dict[str, str]


@pytest.fixture(scope="session")
def reference() -> Iterator[Served]:
    """The reference implementation, impatient with slow documents."""
    built = build(discovery_timeout=2.0)
    settings = built.settings
    first, second = settings.orgs
    variables = {
        "public_token": settings.public_token,
        "project_id": settings.project_id,
        "secret": settings.secret,
        "organization_id": first.organization_id,
        "session_token": first.session_token,
        "other_organization_id": second.organization_id,
        "other_session_token": second.session_token,
    }
    with ThreadedServer(built.app) as server:
        yield Served(url=server.url, variables=variables)
    built.close()


@pytest.fixture
def free_port() -> Iterator[int]:
    """A loopback port on which nobody listens, kept so that nobody takes it meanwhile."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]

"""One redis-server for all tests of a run, and one deployment for those that don't stop anything."""

from collections.abc import Iterator

import pytest

from idpact_mock.remote import RemoteIssuer
from tests.mock_idp.shared.running import ADVERTISED, RedisServer, Replica, redis_server, replica


@pytest.fixture(scope="session")
def redis() -> Iterator[RedisServer]:
    """A redis-server."""
    with redis_server() as server:
        yield server


@pytest.fixture(scope="package")
def replicas(redis: RedisServer) -> Iterator[tuple[Replica, Replica]]:
    """Two replicas of two workers each, at one store."""
    told = ("--workers", "2", "--store", redis.url("package"), "--url", ADVERTISED)
    with replica(*told) as first, replica(*told) as second:
        yield first, second


@pytest.fixture
def issuer(replicas: tuple[Replica, Replica]) -> Iterator[RemoteIssuer]:
    """An issuer, made at the first replica."""
    with replicas[0].remote() as remote:
        made = remote.make_issuer()
        yield made
        remote.drop_issuer(made)

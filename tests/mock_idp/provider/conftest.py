"""An issuer on a server that these tests share, and a relying party of it."""

from collections.abc import Iterator

import httpx
import pytest

from idpact_mock import Issuer, MockIdP
from tests.mock_idp.provider.party import Party


@pytest.fixture(scope="session")
def http_session() -> Iterator[httpx.Client]:
    """Connections that are kept, since opening one takes longer than most requests."""
    with httpx.Client(verify=False, trust_env=False) as client:
        yield client


@pytest.fixture
def http(http_session: httpx.Client) -> httpx.Client:
    """An HTTP client without cookies from other tests."""
    http_session.cookies.clear()
    return http_session


@pytest.fixture
def issuer(shared_idp: MockIdP) -> Iterator[Issuer]:
    """An issuer of this test's own, with keys that cost nothing."""
    made = shared_idp.make_issuer()
    made.configure(alg="ES256")
    yield made
    shared_idp.drop_issuer(made)


@pytest.fixture
def party(issuer: Issuer, http: httpx.Client) -> Party:
    """The default client."""
    return Party(issuer, http)

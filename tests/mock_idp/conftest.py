"""A running mock IdP for each test: it starts in less than a millisecond."""

from collections.abc import Iterator

import pytest

from idpact_mock import Issuer, MockIdP


@pytest.fixture
def idp() -> Iterator[MockIdP]:
    """A mock IdP of this test's own."""
    with MockIdP() as running:
        yield running


@pytest.fixture
def issuer(idp: MockIdP) -> Issuer:
    """An issuer on the shared port."""
    return idp.make_issuer()

"""What all of idpact's own tests share."""

import os
from collections.abc import Iterator

import pytest

from idpact_mock import MockIdP

pytest_plugins = ["pytester"]


@pytest.fixture(autouse=True, scope="session")
def _no_variables_of_the_developer() -> None:
    """A developer's own IDPACT_ variables change no test; IDPACT_REQUIRE says what must not be missing here."""
    for name in [name for name in os.environ if name.startswith("IDPACT_") and name != "IDPACT_REQUIRE"]:
        del os.environ[name]


@pytest.fixture(scope="session")
def shared_idp() -> Iterator[MockIdP]:
    """One mock IdP for the tests of a worker that only need issuers."""
    with MockIdP() as idp:
        yield idp

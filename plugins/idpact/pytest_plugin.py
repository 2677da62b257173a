"""idpact's pytest plugin: fixtures for a mock IdP and for the contract suite. Imports nothing but pytest until one is used."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from idpact_contract.bench import OpenBench
    from idpact_contract.cases import Case
    from idpact_contract.targets.base import Target
    from idpact_contract.trial import Trial
    from idpact_mock import Issuer, MockIdP

__all__ = ["idpact_bench", "idpact_record", "issuer", "mock_idp", "oidc_target"]


@pytest.fixture(scope="session")
def mock_idp() -> "Iterator[MockIdP]":
    """A mock identity provider on a free loopback port, for the whole session (one for each pytest-xdist worker)."""
    from idpact_mock import MockIdP

    with MockIdP() as idp:
        yield idp


@pytest.fixture
def issuer(mock_idp: "MockIdP") -> "Iterator[Issuer]":
    """An issuer of this test's own at the mock identity provider; dropped at the end of the test."""
    made = mock_idp.make_issuer()
    yield made
    mock_idp.drop_issuer(made)


@pytest.fixture(scope="session")
def oidc_target() -> "Target":
    """The implementation under test: define it in your conftest.py."""
    raise pytest.UsageError(
        "define the fixture oidc_target in your conftest.py, for example:\n\n"
        "    @pytest.fixture(scope='session')\n"
        "    def oidc_target():\n"
        "        return idpact.http_target('http://127.0.0.1:8000', profile='stytch-frontend', variables={...})\n"
    )


@pytest.fixture(scope="session")
def idpact_bench(request: pytest.FixtureRequest, oidc_target: "Target", mock_idp: "MockIdP") -> "Iterator[OpenBench]":
    """What the contract suite runs on: the implementation under test and the mock identity provider.

    The selected cases that mostly wait begin at once and side by side; in a pytest-xdist worker, which does not know which
    of them are its own, each is tried when its turn comes. A generated suite runs once, when its first case's turn comes.
    """
    from contextlib import closing
    from dataclasses import replace

    from idpact_contract.ahead import Ahead
    from idpact_contract.bench import OpenBench

    bench = OpenBench(target=oidc_target, idp=mock_idp)
    is_worker = hasattr(request.config, "workerinput")
    ahead = Ahead(bench, [case for case in _selected_cases(request.session) if case.suite or not is_worker])
    if not is_worker:
        ahead.start()
    with closing(ahead):
        yield replace(bench, ahead=ahead)


def _selected_cases(session: pytest.Session) -> "list[Case]":
    """The cases of the contract among the session's items."""
    from idpact_contract.cases import Case

    params = [getattr(item, "callspec", None) for item in session.items]
    cases = [callspec.params.get("case") for callspec in params if callspec is not None]
    return [case for case in cases if isinstance(case, Case)]


@pytest.fixture
def idpact_record() -> "Callable[[Trial], None]":
    """Where the suite's trials go; nowhere, unless `idpact check` runs them."""

    def forget(trial: Any) -> None:  # noqa: ANN401 - whatever the suite hands over
        del trial

    return forget

"""idpact's pytest plugin: fixtures for a mock IdP and for the contract suite. Imports nothing but pytest until one is used."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from idpact.settings import add_options, setting

if TYPE_CHECKING:
    from idpact.bearing import IdPClient
    from idpact.connecting import Connection
    from idpact.trusting import Trust
    from idpact_contract.bench import OpenBench
    from idpact_contract.targets.base import Target
    from idpact_contract.trial import Trial
    from idpact_mock import Issuer, MockIdP, RemoteIssuer, RemoteMockIdP

__all__ = [
    "connection",
    "idpact_bench",
    "idpact_record",
    "issuer",
    "make_issuer",
    "mock_idp",
    "mock_idp_client",
    "mock_idp_tls",
    "mock_idp_trust",
    "oidc_target",
    "pytest_addoption",
    "pytest_configure",
]

_MARKERS = (
    "issuer(preset=…, failure=…, tls=False, …): what the fixture `issuer` is to be, by the arguments of `make_issuer`",
    "idpact(rule, family, level): a case of the contract, such as -m \"idpact(rule='PREC-1')\" or -m \"idpact(level='MUST')\"",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Each option is a setting of the configuration file, too: `--idpact-mock-idp` is `idpact_mock_idp`."""
    add_options(parser)


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """The markers; and what is asked for by an option or a setting.

    Raises:
        pytest.UsageError: An option is wrong.
    """
    for marker in _MARKERS:
        config.addinivalue_line("markers", marker)
    if any(setting(config, name) for name in ("target", "only", "report")):
        from idpact.asked import configure

        configure(config)


@pytest.fixture(scope="session")
def mock_idp(pytestconfig: pytest.Config) -> "Iterator[MockIdP | RemoteMockIdP]":
    """A mock identity provider for the whole session: on a free loopback port, one for each pytest-xdist worker.

    With `--idpact-mock-idp` the one that already runs there, shared by all workers.
    """
    import os

    from idpact.issuing import opened_idp

    with opened_idp(setting(pytestconfig, "mock-idp"), os.environ.get("IDPACT_ADMIN_TOKEN")) as idp:
        yield idp


@pytest.fixture(scope="session")
def mock_idp_tls() -> "Iterator[MockIdP]":
    """The same with https, always in this process; `mock_idp_trust` is what clients need for it."""
    from idpact_mock import MockIdP, ServerTLS

    with MockIdP(tls=ServerTLS.throwaway()) as idp:
        yield idp


@pytest.fixture(scope="session")
def mock_idp_trust(mock_idp_tls: "MockIdP", tmp_path_factory: pytest.TempPathFactory) -> "Trust":
    """The authority of `mock_idp_tls`: an SSL context, a PEM file, and variables for subprocesses."""
    from idpact.trusting import trust

    return trust(mock_idp_tls.ca_pem, tmp_path_factory.mktemp("idpact"))


@pytest.fixture
def make_issuer(request: pytest.FixtureRequest) -> "Iterator[Callable[..., Issuer | RemoteIssuer]]":
    """Makes issuers of this test's own, by the arguments of `MockIdP.make_issuer`; with `tls=True` at `mock_idp_tls`."""
    from idpact.issuing import issuers

    def server(fixture: str) -> Any:  # noqa: ANN401 - whatever the fixture of that name is
        return request.getfixturevalue(fixture)

    with issuers(lambda: server("mock_idp"), lambda: server("mock_idp_tls")) as make:
        yield make


@pytest.fixture
def issuer(request: pytest.FixtureRequest, make_issuer: "Callable[..., Issuer]") -> "Issuer":
    """An issuer of this test's own, as its `issuer` marker says; dropped at the end of the test."""
    from idpact.issuing import wished

    wish = wished(request.node)
    try:
        return make_issuer(**wish)
    except (TypeError, ValueError) as error:
        wrong = str(error)
    pytest.fail(f"@pytest.mark.issuer: {wrong}", pytrace=False)  # out here, so that no chain of errors is shown


@pytest.fixture
def mock_idp_client(issuer: "Issuer") -> "IdPClient":
    """Tokens of this test's `issuer`, good and bad, for tests of resource servers; made without a login."""
    from idpact.bearing import IdPClient

    return IdPClient(issuer)


@pytest.fixture
def connection(oidc_target: "Target") -> "Iterator[Connection]":
    """A new connection at the implementation under test, deleted at the end of the test."""
    from idpact.connecting import connected

    with connected(oidc_target) as made:
        yield made


@pytest.fixture(scope="session")
def oidc_target(pytestconfig: pytest.Config) -> "Iterator[Target]":
    """The implementation under test: define it in your conftest.py, or name it in the settings."""
    if not setting(pytestconfig, "target"):
        raise pytest.UsageError(
            "define the fixture oidc_target in your conftest.py, for example:\n\n"
            "    @pytest.fixture(scope='session')\n"
            "    def oidc_target():\n"
            "        return idpact.http_target('http://127.0.0.1:8000', profile='stytch-frontend', variables={...})\n"
        )
    from idpact.benching import target_of

    with target_of(pytestconfig) as target:
        yield target


@pytest.fixture(scope="session")
def idpact_bench(request: pytest.FixtureRequest, oidc_target: "Target") -> "Iterator[OpenBench]":
    """What the contract suite runs on: the implementation under test and the mock identity provider."""
    from idpact.benching import bench_for

    with bench_for(request, oidc_target) as bench:
        yield bench


@pytest.fixture
def idpact_record(request: pytest.FixtureRequest) -> "Callable[[Trial], None]":
    """Where the suite's trials go: to the session's report, if there is to be one, or nowhere."""
    if not request.config.pluginmanager.has_plugin("idpact-gathering"):
        return lambda _trial: None
    from functools import partial

    from idpact.gathering import keep_trial

    return partial(keep_trial, request.node, request.getfixturevalue("idpact_bench").target)

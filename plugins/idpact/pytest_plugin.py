"""idpact's pytest plugin: fixtures for a mock IdP and for the contract suite. Imports nothing but pytest until one is used."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from idpact.bearing import IdPClient
    from idpact.connecting import Connection
    from idpact.trusting import Trust
    from idpact_contract.bench import OpenBench
    from idpact_contract.cases import Case
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

_OPTIONS = (
    (
        "mock-idp",
        "URL",
        "Use the mock IdP that runs there, in place of one of this process; IDPACT_ADMIN_TOKEN opens it.",
    ),
)
_MARKERS = (
    "issuer(preset=…, failure=…, tls=False, …): what the fixture `issuer` is to be, by the arguments of `make_issuer`",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options, each of which is a setting in the configuration file, too: `--idpact-mock-idp` is `idpact_mock_idp`."""
    group = parser.getgroup("idpact", "mock identity provider and contract suite (idpact)")
    for name, metavar, told in _OPTIONS:
        group.addoption(f"--idpact-{name}", metavar=metavar, default=None, help=told)
        parser.addini(f"idpact_{name.replace('-', '_')}", told, default="")


def pytest_configure(config: pytest.Config) -> None:
    """The markers."""
    for marker in _MARKERS:
        config.addinivalue_line("markers", marker)


def _setting(config: pytest.Config, name: str) -> str | None:
    """What an option says, or else the configuration file."""
    told = config.getoption(f"--idpact-{name}")
    return str(told or config.getini(f"idpact_{name.replace('-', '_')}")) or None


@pytest.fixture(scope="session")
def mock_idp(pytestconfig: pytest.Config) -> "Iterator[MockIdP | RemoteMockIdP]":
    """A mock identity provider for the whole session: on a free loopback port, one for each pytest-xdist worker.

    With `--idpact-mock-idp` the one that already runs there, shared by all workers.
    """
    import os

    from idpact.issuing import opened_idp

    with opened_idp(_setting(pytestconfig, "mock-idp"), os.environ.get("IDPACT_ADMIN_TOKEN")) as idp:
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
    of them are its own, each is tried when its turn comes.
    """
    from contextlib import closing
    from dataclasses import replace

    from idpact_contract.ahead import Ahead
    from idpact_contract.bench import OpenBench

    bench = OpenBench(target=oidc_target, idp=mock_idp)
    if hasattr(request.config, "workerinput"):
        yield bench
        return
    ahead = Ahead(bench, [case for case in _selected_cases(request.session) if case.waits])
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

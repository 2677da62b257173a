"""The packaged suite of `pytest --idpact-target URL`: the whole contract on that implementation, whatever a conftest.py defines."""

from collections.abc import Iterator

import pytest

from idpact.benching import bench_for, target_of
from idpact_contract.bench import OpenBench
from idpact_contract.suite import ContractSuite
from idpact_contract.targets.base import Target

__all__ = ["TestContract", "idpact_bench", "oidc_target"]


@pytest.fixture(scope="session")
def oidc_target(pytestconfig: pytest.Config) -> Iterator[Target]:
    """The implementation that the command line names, not the one of a conftest.py."""
    with target_of(pytestconfig) as target:
        yield target


@pytest.fixture(scope="session")
def idpact_bench(request: pytest.FixtureRequest, oidc_target: Target) -> Iterator[OpenBench]:
    """A bench of its own: what is cached for the user's own suite is about another implementation."""
    with bench_for(request, oidc_target) as bench:
        yield bench


class TestContract(ContractSuite):
    """The contract."""

"""What the suite runs on in somebody's own pytest: the implementation that the settings name, and a bench for it."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from idpact.settings import setting
from idpact_contract.ahead import Ahead
from idpact_contract.bench import OpenBench
from idpact_contract.cases import Case
from idpact_contract.run.contact import is_loopback
from idpact_contract.run.opening import open_target
from idpact_contract.run.settings import RunSettings
from idpact_contract.targets.base import Target
from idpact_contract.targets.http import HttpTarget
from idpact_contract.targets.variables import gather_variables

__all__ = ["bench_for", "run_settings", "target_of"]


def run_settings(config: pytest.Config) -> RunSettings:
    """The settings of an implementation that the command line or the configuration file names.

    Raises:
        pytest.UsageError: One is missing, or it is not on this machine and nobody said that this is meant.
    """
    base_url, profile = setting(config, "target") or "", setting(config, "profile")
    if not profile:
        raise pytest.UsageError(f"--idpact-target {base_url}: a profile is needed: --idpact-profile stytch-frontend")
    if not is_loopback(urlsplit(base_url).hostname) and not (
        config.getoption("--idpact-yes") or config.getini("idpact_yes")
    ):
        raise pytest.UsageError(
            f"--idpact-target {base_url} is not on this machine, and the suite creates, updates and deletes connections"
            " there: say --idpact-yes to go ahead"
        )
    variables = gather_variables((), setting(config, "vars"))
    return RunSettings(base_url=base_url, profile=profile, variables=variables, cases=(), ca_file=setting(config, "ca"))


@contextmanager
def target_of(config: pytest.Config) -> Iterator[Target]:
    """The implementation that the settings name.

    Raises:
        pytest.UsageError: It can't be opened as it was asked for.
    """
    try:
        target = open_target(run_settings(config))
    except (ValueError, OSError) as error:
        raise pytest.UsageError(f"--idpact-target: {error}") from None
    with closing(target):
        yield target


@contextmanager
def bench_for(request: pytest.FixtureRequest, target: Target) -> Iterator[OpenBench]:
    """A bench for an implementation, with the session's `mock_idp`.

    The selected cases that mostly wait begin at once and side by side; in a pytest-xdist worker, which does not know which
    of them are its own, each is tried when its turn comes. A generated suite runs once, when its first case's turn comes.
    """
    external = setting(request.config, "mock-idp")
    bench = OpenBench(
        target=target,
        idp=request.getfixturevalue("mock_idp"),
        own_ports=external is None,
        blocked=_blocked(target, external),
    )
    is_worker = hasattr(request.config, "workerinput")
    ahead = Ahead(bench, [case for case in _selected_cases(request.session) if case.suite or not is_worker])
    if not is_worker:
        ahead.start()
    with closing(ahead):
        yield replace(bench, ahead=ahead)


def _blocked(target: Target, external: str | None) -> str | None:
    """Why the implementation can't reach the mock IdP: where that is seen from its address alone."""
    if external or not isinstance(target, HttpTarget) or target.profile.reachable:
        return None
    if is_loopback(urlsplit(target.base_url).hostname):
        return None
    return (
        f"the implementation at {target.base_url} does not reach a mock IdP on this machine's loopback: run `idpact serve`"
        " where it does, and give its URL with --idpact-mock-idp"
    )


def _selected_cases(session: pytest.Session) -> list[Case]:
    """The cases of the contract among the session's items."""
    params = [getattr(item, "callspec", None) for item in session.items]
    cases = [callspec.params.get("case") for callspec in params if callspec is not None]
    return [case for case in cases if isinstance(case, Case)]

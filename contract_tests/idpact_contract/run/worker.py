"""pytest's side of a run, in this process or in each parallel worker: which items run, on which bench, and what they saw."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from idpact_contract.ahead import Ahead
from idpact_contract.bench import OpenBench
from idpact_contract.cases import CASES, Case
from idpact_contract.run.budget import may_begin
from idpact_contract.run.opening import open_bench
from idpact_contract.run.settings import RunSettings
from idpact_contract.run.writing import written
from idpact_contract.trial import Trial

__all__ = [
    "CONTROLLER",
    "LEFT_OUT",
    "PROPERTY",
    "idpact_bench",
    "idpact_record",
    "pytest_collection_modifyitems",
    "pytest_runtest_setup",
]

PROPERTY = "idpact"
"""The user property in which a trial travels from a worker to the controller."""

LEFT_OUT = "idpact-left-out"
"""The user property in which an item tells that there was no time left for its case."""

_TOGETHER: pytest.StashKey[dict[str, bool]] = pytest.StashKey()
"""Whether the cases of a group, which all begin with its first, were allowed to."""

_SETTINGS: pytest.StashKey[RunSettings] = pytest.StashKey()

CONTROLLER = "idpact-controller"
"""The name of the controller's plugin, which holds the settings where there are no workers."""


def _settings(config: pytest.Config) -> RunSettings:
    """The run's settings; a worker reads them once, since every item asks for them."""
    told: dict[str, Any] | None = getattr(config, "workerinput", None)
    if told is not None:
        if _SETTINGS not in config.stash:
            config.stash[_SETTINGS] = msgspec.json.decode(told[PROPERTY], type=RunSettings)
        return config.stash[_SETTINGS]
    controller: Any = config.pluginmanager.get_plugin(CONTROLLER)
    settings: RunSettings = controller.settings
    return settings


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Only the planned cases run, in the order of the plan; those that mostly wait come last, and on one worker.

    The cases of a generated suite come from one run of it, so that one worker has them all, and begins with them.
    """
    settings = _settings(config)
    planned = {case_id: number for number, case_id in enumerate(settings.cases)}
    config.hook.pytest_deselected(items=[item for item in items if _case_id(item) not in planned])
    chosen = [item for item in items if _case_id(item) in planned]
    parallel = bool(settings.workers)
    for item in chosen:
        if parallel and (group := _group(CASES[_case_id(item)])):
            item.add_marker(pytest.mark.xdist_group(group))
    # With a budget a worker has to begin with those that wait at once; without workers they begin by themselves.
    late = not (parallel and settings.until is not None)
    items[:] = sorted(chosen, key=lambda item: _turn(CASES[_case_id(item)], planned, parallel=parallel, late=late))


def _group(case: Case) -> str:
    return f"generated-{case.suite}" if case.suite else "waits" if case.waits else ""


def _turn(case: Case, planned: Mapping[str, int], *, parallel: bool, late: bool) -> tuple[bool, bool, int]:
    return case.waits is late, parallel and not case.suite, planned[case.id]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Leave out a case for which the budget has no time left."""
    case = CASES[_case_id(item)]
    if not _begins(item.config, case):
        item.user_properties.append((LEFT_OUT, case.id))
        pytest.skip("no time left")


def _begins(config: pytest.Config, case: Case) -> bool:
    """Cases that begin together are decided upon together."""
    until = _settings(config).until
    if until is None:
        return True
    begins = may_begin(case, left=until - time.time())
    group = _group(case)
    return config.stash.setdefault(_TOGETHER, {}).setdefault(group, begins) if group else begins


def _case_id(item: pytest.Item) -> str:
    callspec: Any = getattr(item, "callspec", None)
    return str(callspec.params["case"].id) if callspec and "case" in callspec.params else ""


@pytest.fixture(scope="session")
def idpact_bench(pytestconfig: pytest.Config) -> Iterator[OpenBench]:
    """The run's implementation and mock IdP; the cases that mostly wait begin at once, or on the worker that has them."""
    settings = _settings(pytestconfig)
    with open_bench(settings) as bench:
        ahead = Ahead(bench, [CASES[case_id] for case_id in settings.cases])
        with closing(ahead):
            waiting = [CASES[case_id] for case_id in settings.cases if CASES[case_id].waits]
            if not settings.workers and waiting and _begins(pytestconfig, waiting[0]):
                ahead.start()
            yield replace(bench, ahead=ahead)


@pytest.fixture
def idpact_record(request: pytest.FixtureRequest) -> Callable[[Trial], None]:
    """Hands a trial to the controller."""

    def record(trial: Trial) -> None:
        request.node.user_properties.append((PROPERTY, written(trial)))

    return record

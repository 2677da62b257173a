"""pytest's side of a run, in this process or in each parallel worker: which items run, on which bench, and what they saw."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from idpact_contract.ahead import Ahead
from idpact_contract.bench import OpenBench
from idpact_contract.cases import CASES
from idpact_contract.run.opening import open_bench
from idpact_contract.run.settings import RunSettings
from idpact_contract.run.writing import written
from idpact_contract.trial import Trial

__all__ = ["CONTROLLER", "PROPERTY", "idpact_bench", "idpact_record", "pytest_collection_modifyitems"]

PROPERTY = "idpact"
"""The user property in which a trial travels from a worker to the controller."""

CONTROLLER = "idpact-controller"
"""The name of the controller's plugin, which holds the settings where there are no workers."""


def _settings(config: pytest.Config) -> RunSettings:
    told: dict[str, Any] | None = getattr(config, "workerinput", None)
    if told is not None:
        return msgspec.json.decode(told[PROPERTY], type=RunSettings)
    controller: Any = config.pluginmanager.get_plugin(CONTROLLER)
    settings: RunSettings = controller.settings
    return settings


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Only the planned cases run, in the order of the plan, but for those that mostly wait: last, and on one worker."""
    planned = {case_id: number for number, case_id in enumerate(_settings(config).cases)}
    config.hook.pytest_deselected(items=[item for item in items if _case_id(item) not in planned])
    chosen = [item for item in items if _case_id(item) in planned]
    for item in chosen:
        if _settings(config).workers and CASES[_case_id(item)].waits:
            item.add_marker(pytest.mark.xdist_group("waits"))
    items[:] = sorted(chosen, key=lambda item: (CASES[_case_id(item)].waits, planned[_case_id(item)]))


def _case_id(item: pytest.Item) -> str:
    callspec: Any = getattr(item, "callspec", None)
    return str(callspec.params["case"].id) if callspec and "case" in callspec.params else ""


@pytest.fixture(scope="session")
def idpact_bench(pytestconfig: pytest.Config) -> Iterator[OpenBench]:
    """The run's implementation and mock IdP; the cases that mostly wait begin at once, or on the worker that has them."""
    settings = _settings(pytestconfig)
    with open_bench(settings) as bench:
        ahead = Ahead(bench, [CASES[case_id] for case_id in settings.cases if CASES[case_id].waits])
        with closing(ahead):
            if not settings.workers:
                ahead.start()
            yield replace(bench, ahead=ahead)


@pytest.fixture
def idpact_record(request: pytest.FixtureRequest) -> Callable[[Trial], None]:
    """Hands a trial to the controller."""

    def record(trial: Trial) -> None:
        request.node.user_properties.append((PROPERTY, written(trial)))

    return record

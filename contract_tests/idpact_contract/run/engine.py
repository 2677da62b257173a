"""One run: pytest beneath, isolated from everything of the user's, and the trials that come back."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import msgspec
import pytest

import idpact_contract.suite
from idpact_contract.run.settings import RunSettings
from idpact_contract.run.worker import CONTROLLER, LEFT_OUT, PROPERTY
from idpact_contract.trial import Trial

__all__ = ["Outcome", "run_suite"]

_SUITE: Final = Path(idpact_contract.suite.__file__).parent
_CLEARED: Final = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_XDIST_AUTO_NUM_WORKERS")


class Outcome(msgspec.Struct, kw_only=True):
    """What came back from a run.

    Attributes:
        trials: By case id.
        errors: What broke in the suite itself, by item.
        interrupted: It was ended early.
        left_out: The cases for which the budget had no time left.
    """

    trials: dict[str, Trial] = msgspec.field(default_factory=dict)
    errors: dict[str, str] = msgspec.field(default_factory=dict)
    interrupted: bool = False
    left_out: set[str] = msgspec.field(default_factory=set)


class _Controller:
    """Hands the settings to workers, and gathers what comes back."""

    def __init__(self, settings: RunSettings, progress: Callable[[Trial], None]) -> None:
        self.settings = settings
        self.outcome = Outcome()
        self._progress = progress

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:  # noqa: ANN401 - xdist's own class
        """Each worker gets the settings with its input, through its pipe: no secret in an argument or a file."""
        node.workerinput[PROPERTY] = msgspec.json.encode(self.settings).decode()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Read the trial that an item carries; an item that broke without one is an error of the suite or its set-up."""
        properties = dict(report.user_properties)
        told = properties.get(PROPERTY)
        if LEFT_OUT in properties:
            self.outcome.left_out.add(str(properties[LEFT_OUT]))
        if report.when == "call" and told is not None:
            trial = msgspec.json.decode(str(told), type=Trial)
            self.outcome.trials[trial.case] = trial
            self._progress(trial)
        elif report.failed and report.when != "teardown":
            self.outcome.errors[report.nodeid] = str(report.longreprtext)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A suite that can't be collected is an error."""
        if report.failed:
            self.outcome.errors[report.nodeid] = str(report.longreprtext)

    def pytest_keyboard_interrupt(self) -> None:
        """Ctrl-C: what was seen so far still makes a report."""
        self.outcome.interrupted = True


def run_suite(settings: RunSettings, *, progress: Callable[[Trial], None]) -> Outcome:
    """Run the planned cases.

    Args:
        settings: The run.
        progress: Called with each trial as it comes in.
    """
    controller = _Controller(settings, progress)
    with _isolated():
        # pytest's own exit status says nothing here: verdicts are decided from the trials, once.
        pytest.main(_arguments(settings), plugins=[_Named(controller)])
    return controller.outcome


class _Named:
    """Registers the controller under its name, where the worker's side looks for it."""

    def __init__(self, controller: _Controller) -> None:
        self._controller = controller

    def pytest_configure(self, config: pytest.Config) -> None:
        """Before any hook of the run."""
        config.pluginmanager.register(self._controller, CONTROLLER)


def _arguments(settings: RunSettings) -> list[str]:
    arguments = [
        str(_SUITE / "test_contract.py"),
        f"--rootdir={_SUITE}",
        f"--config-file={_SUITE / 'check.ini'}",
        "--noconftest",
        "--import-mode=importlib",
        "-pno:terminal",
        "-pno:cacheprovider",
        "-pno:junitxml",
        "-pidpact_contract.run.worker",
    ]
    if settings.workers:
        arguments += ["-pxdist", f"-n{settings.workers}", "--dist=loadgroup"]
    return arguments


@contextmanager
def _isolated() -> Iterator[None]:
    """The environment without what steers pytest, for the time of a run."""
    before = dict(os.environ)
    for name in _CLEARED:
        os.environ.pop(name, None)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    try:
        with TemporaryDirectory(prefix="idpact-", ignore_cleanup_errors=True) as folder:
            os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = folder  # it writes down constants that it finds in modules
            yield
    finally:
        os.environ.clear()
        os.environ.update(before)

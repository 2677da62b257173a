"""One report of a session's contract items, those of pytest-xdist's workers included, and a guard that all of them ran.

A trial travels as an attribute of the item's report, without its secrets: user properties would stand in JUnit files, too.
"""

import time
from collections.abc import Generator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest

from idpact.selecting import case_of
from idpact_contract.cases import CASES
from idpact_contract.pointer import tokens
from idpact_contract.redact import Redactor
from idpact_contract.results.merge import worse
from idpact_contract.results.report import Report, RunFacts, assemble, written_report
from idpact_contract.results.verdict import RunVerdict
from idpact_contract.run.check import environment, profile_digest, suite_facts
from idpact_contract.run.writing import written
from idpact_contract.targets.base import Target
from idpact_contract.targets.http import HttpTarget
from idpact_contract.targets.profile import built_in_profiles
from idpact_contract.trial import Trial

__all__ = ["Gathering", "keep_trial"]

_ATTRIBUTE: Final = "idpact_trial"
_KEPT: Final = pytest.StashKey[str]()


class _Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What an item hands over.

    Attributes:
        trial: The trial, without secrets.
        target: Base URL, profile and its digest.
    """

    trial: Trial
    target: dict[str, str]


def keep_trial(item: pytest.Item, target: Target, trial: Trial) -> None:
    """Keep an item's trial for the session's report."""
    own = trial.evidence.credentials if trial.evidence else ()
    members = [tokens(target.profile.place("client_secret"))[-1]] if isinstance(target, HttpTarget) else []
    clean = Redactor(members=members).clean(trial, also=(*target.credentials, *own))
    kept = _Kept(trial=msgspec.json.decode(written(clean), type=Trial), target=_facts(target))
    item.stash[_KEPT] = msgspec.json.encode(kept).decode()


def _facts(target: Target) -> dict[str, str]:
    if not isinstance(target, HttpTarget):
        return {"base_url": type(target).__name__, "profile": target.facts.profile, "profile_digest": ""}
    name = target.profile.name
    digest = profile_digest(name) if name in built_in_profiles() else ""
    return {"base_url": target.base_url, "profile": name, "profile_digest": digest}


class Gathering:
    """Gathers the trials of a session.

    Args:
        path: Where the result document is written; None for the guard alone.
    """

    def __init__(self, path: str | None) -> None:
        self._path = path
        self._began, self._started = time.perf_counter(), datetime.now(UTC)
        self._planned: set[str] = set()
        self._trials: dict[str, Trial] = {}
        self._targets: list[dict[str, str]] = []
        self._told: list[str] = []

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Where the item ran: its trial goes into its report."""
        report = yield
        if report.when == "call" and _KEPT in item.stash:
            setattr(report, _ATTRIBUTE, item.stash[_KEPT])
        return report

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """What is planned, in a session without workers."""
        self._planned |= {case.id for case in map(case_of, session.items) if case is not None}

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: list[str]) -> None:
        """What is planned, in a session with workers."""
        found = (nodeid.partition("[")[2].removesuffix("]") for nodeid in ids)
        self._planned |= {case_id for case_id in found if case_id in CASES}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A trial came in, from this process or from a worker."""
        told: str | None = getattr(report, _ATTRIBUTE, None)
        if told is None:
            return
        kept = msgspec.json.decode(told, type=_Kept)
        case = kept.trial.case
        self._trials[case] = worse(self._trials[case], kept.trial) if case in self._trials else kept.trial
        if kept.target not in self._targets:
            self._targets.append(kept.target)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """The controller's end: the guard, and the document."""
        if hasattr(session.config, "workerinput") or session.config.option.collectonly:
            return
        missing = [case_id for case_id in CASES if case_id in self._planned and case_id not in self._trials]
        if missing:
            shown = ", ".join(missing[:10]) + (", …" if len(missing) > 10 else "")  # noqa: PLR2004 - as a line holds
            self._tell(session, f"{len(missing)} planned cases did not run: {shown}")
        if self._path is not None:
            self._write(session, Path(self._path))

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:  # noqa: ANN401 - pytest's own, which has no public name
        """What there is to say."""
        for line in self._told:
            terminalreporter.write_line(f"idpact: {line}")

    def _write(self, session: pytest.Session, path: Path) -> None:
        bases = {target["base_url"] for target in self._targets}
        if len(bases) > 1:
            self._tell(session, f"no report: it would mix {len(bases)} implementations ({', '.join(sorted(bases))})")
        elif not self._planned | self._trials.keys():
            self._tell(session, "no report: no case of the contract was selected")
        else:
            report = self._report()
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(written_report(report))
            self._told.append(f"{_word(report)}; wrote {path}")

    def _report(self) -> Report:
        target = self._targets[0] if self._targets else {"base_url": "", "profile": "", "profile_digest": ""}
        facts = RunFacts(
            **target,
            seed=0,
            started=self._started.isoformat(timespec="seconds").replace("+00:00", "Z"),
            seconds=time.perf_counter() - self._began,
            suite=suite_facts(),
            environment=environment(),
        )
        wanted = self._planned | self._trials.keys()
        planned = [case for case in CASES.values() if case.id in wanted]
        return assemble(planned, self._trials, facts, Redactor())

    def _tell(self, session: pytest.Session, line: str) -> None:
        """A line of the summary that makes a green session red."""
        self._told.append(line)
        if session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _word(report: Report) -> str:
    if report.verdict is RunVerdict.CONFORMING and not report.complete:
        return "conforming, over the selected cases"
    return str(report.verdict)

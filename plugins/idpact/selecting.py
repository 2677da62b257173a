"""Which cases of the contract a session has: the user's own classes', the packaged suite's, and fewer where that is asked."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from idpact.settings import setting
from idpact_contract.cases import CASES, Case
from idpact_contract.catalogue import UnknownRuleError
from idpact_contract.run.settings import SettingsError, plan

__all__ = ["Selecting", "case_of"]


def case_of(item: pytest.Item) -> Case | None:
    """The case that an item is; None where it is somebody's own test."""
    callspec = getattr(item, "callspec", None)
    case = callspec.params.get("case") if callspec is not None else None
    return case if isinstance(case, Case) else None


class Selecting:
    """Adds the packaged suite, and leaves out the cases that were not asked for.

    Args:
        config: The session's.
        packaged: The packaged suite is wanted.

    Raises:
        pytest.UsageError: There is no such rule or case.
    """

    def __init__(self, config: pytest.Config, *, packaged: bool) -> None:
        self._packaged = packaged
        self._chosen = frozenset(_chosen(setting(config, "only")))

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(
        self, session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        """Before pytest's own selection by keyword and marker, which then sees the packaged items, too."""
        if self._packaged:
            items += _below(
                _Packaged.from_parent(session, path=Path(__file__).with_name("packaged.py"), nodeid="idpact")
            )
        left_out = [item for item in items if (case := case_of(item)) is not None and case.id not in self._chosen]
        if left_out:
            config.hook.pytest_deselected(items=left_out)
            items[:] = [item for item in items if item not in set(left_out)]


class _Packaged(pytest.Module):
    """The packaged suite as a module of the session's, wherever it is installed and however test modules are imported."""

    def _getobj(self) -> object:
        return import_module("idpact.packaged")


def _below(collector: pytest.Collector) -> Iterator[pytest.Item]:
    """The items below, told to pytest as if it had collected them itself; `--lf` would skip the file, which it does not know."""
    found = list(collector.collect())
    report = pytest.CollectReport(collector.nodeid, "passed", None, found)
    collector.ihook.pytest_collectreport(report=report)
    for node in found:
        if isinstance(node, pytest.Item):
            yield node
        elif isinstance(node, pytest.Collector):
            yield from _below(node)


def _chosen(only: str | None) -> Iterator[str]:
    if only is None:
        yield from CASES
        return
    names = [name.strip() for name in only.split(",") if name.strip()]
    try:
        cases = plan([name for name in names if "/" not in name], [name for name in names if "/" in name])
    except (UnknownRuleError, SettingsError) as error:
        raise pytest.UsageError(f"--idpact-only: {error}") from None
    yield from (case.id for case in cases)

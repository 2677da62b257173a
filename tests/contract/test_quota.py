"""A limit on connections, at one time and in all."""

import threading
from pathlib import Path

import pytest

from idpact_contract.bench import OpenBench
from idpact_contract.judgement import NotJudged, Passed
from idpact_contract.run.opening import open_target
from idpact_contract.run.settings import RunSettings
from idpact_contract.targets.profile import Limits, ProfileError, load_profile
from idpact_contract.targets.quota import Quota, QuotaSpentError
from idpact_contract.targets.variables import SettingsError
from idpact_mock import MockIdP
from tests.mutants.trying import REFERENCE, bench_of, cases_of, try_all

FRONTEND = (
    Path(__file__).parents[2] / "contract_tests/idpact_contract/targets/profiles/stytch-frontend.toml"
).read_text()


def limited(tmp_path: Path, limits: str) -> str:
    """A profile file with that line."""
    file = tmp_path / "profile.toml"
    head, variables, rest = FRONTEND.replace('official = "frontend"\n', "").partition("[variables]")
    file.write_text(f"{head}limits = {limits}\n{variables}{rest}")
    return str(file)


def test_one_waits_until_another_is_gone() -> None:
    """With as many as there may be, the next comes when one goes."""
    quota = Quota(Limits(connections=1))
    quota.take()
    came = threading.Event()

    def take() -> None:
        quota.take()
        came.set()

    threading.Thread(target=take, daemon=True).start()

    assert not came.wait(0.05)
    quota.gone()
    assert came.wait(10)


def test_waiting_ends_with_the_reason() -> None:
    """Where none goes, the profile's line is named."""
    quota = Quota(Limits(connections=1), longest_wait=0.01)
    quota.take()

    with pytest.raises(QuotaSpentError, match=r"limits\.connections: there are 1"):
        quota.take()


def test_what_was_refused_does_not_count() -> None:
    """Neither at one time nor in all."""
    quota = Quota(Limits(connections=1, connections_in_all=1), longest_wait=0.01)
    quota.take()
    quota.none_came()

    quota.take()


def test_more_than_may_be_made_is_told() -> None:
    """A connection that is gone counts still."""
    quota = Quota(Limits(connections_in_all=1))
    quota.take()
    quota.gone()

    with pytest.raises(QuotaSpentError, match=r"limits\.connections_in_all: 1 connections were made"):
        quota.take()


@pytest.mark.parametrize(
    ("limits", "passed"), [("{ connections = 1 }", 3), ("{ connections_in_all = 2 }", 2)], ids=["at-one-time", "in-all"]
)
def test_a_check_keeps_to_it(limits: str, passed: int, tmp_path: Path, shared_idp: MockIdP) -> None:
    """What comes too late is inconclusive, and never passes; with room for one at a time all is judged."""
    profile = limited(tmp_path, limits)
    with bench_of(REFERENCE, shared_idp, profile=profile) as bench:
        assert isinstance(bench, OpenBench)
        trials = try_all([case for case in cases_of(["CRED-1", "DISC-3"]) if not case.suite][:3], bench)

    told = [trial.judgement for trial in trials.values()]
    assert sum(isinstance(judgement, Passed) for judgement in told) == passed
    assert sum(
        isinstance(judgement, NotJudged) and "limits.connections_in_all" in judgement.reason for judgement in told
    ) == (3 - passed)


def test_several_workers_cannot_share_it(tmp_path: Path) -> None:
    """Each would count its own."""
    settings = RunSettings(
        base_url="http://127.0.0.1:1",
        profile=limited(tmp_path, "{ connections = 3 }"),
        variables={},
        cases=(),
        workers=2,
    )

    with pytest.raises(SettingsError, match=r"-n: limits\.connections"):
        open_target(settings)


def test_a_limit_is_at_least_one(tmp_path: Path) -> None:
    """The message names the place."""
    with pytest.raises(ProfileError, match=r"limits\.connections"):
        load_profile(limited(tmp_path, "{ connections = 0 }"))

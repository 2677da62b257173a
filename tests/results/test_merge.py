"""Shards of one check as one document, and the guard that nothing planned was lost."""

from pathlib import Path

import msgspec
import pytest
from tests.contract.reporting import BROKEN, report_of, trial
from tests.processes import idpact

from idpact_contract.cases import CASES
from idpact_contract.judgement import NotJudged, Passed
from idpact_contract.results.merge import MergeError, merged, not_run, worse
from idpact_contract.results.report import encode_report
from idpact_contract.results.verdict import CaseVerdict, RunVerdict

ACT, KEEP = "ACT-1/created", "KEEP-7/issuer"
PLANNED = [CASES[ACT], CASES[KEEP]]


def test_two_halves_are_the_whole() -> None:
    """Rules in the order of the catalogue, counts and verdict decided anew."""
    whole = merged([report_of({KEEP: Passed()}), report_of({ACT: Passed()})], PLANNED)

    assert [rule.id for rule in whole.rules] == ["ACT-1", "KEEP-7"]
    assert (whole.verdict, whole.complete, whole.counts["pass"]) == (RunVerdict.CONFORMING, False, 2)
    assert not_run(whole) == ()


def test_all_cases_make_it_complete() -> None:
    """Complete is what has every case of the suite, over all shards."""
    ids = list(CASES)
    shards = [report_of(dict.fromkeys(ids[start::3], Passed())) for start in range(3)]

    assert merged(shards, list(CASES.values())).complete
    assert not merged(shards[:2], list(CASES.values())).complete


def test_a_lost_shard_is_inconclusive() -> None:
    """A case that is planned and in no document is no pass."""
    whole = merged([report_of({ACT: Passed()})], PLANNED)

    assert (whole.verdict, not_run(whole)) == (RunVerdict.INCONCLUSIVE, (KEEP,))


def test_a_failure_in_one_shard_fails_the_whole() -> None:
    """Also where another shard had the same case pass."""
    whole = merged([report_of({ACT: Passed()}), report_of({ACT: BROKEN}), report_of({ACT: Passed()})], PLANNED[:1])

    assert (whole.verdict, whole.rules[0].verdict) == (RunVerdict.NONCONFORMING, CaseVerdict.FAIL)


def test_a_second_try_counts_where_the_first_never_ran() -> None:
    """A shard that was interrupted, and run again."""
    broken_off = report_of({ACT: Passed(), KEEP: Passed()}, missing=[KEEP])

    assert merged([broken_off, report_of({KEEP: Passed()})], PLANNED).verdict is RunVerdict.CONFORMING


def test_other_implementations_are_no_shards() -> None:
    """The message says what differs."""
    one = report_of({ACT: Passed()})
    other = msgspec.structs.replace(one, target={**one.target, "profile": "nimbus"})

    with pytest.raises(MergeError, match=r"target\.profile differs \(nimbus, stytch-frontend\)"):
        merged([one, other], PLANNED)


def test_of_two_trials_the_worse_counts() -> None:
    """A violation before one that could not be judged, and that before a pass."""
    fine, unsure, broken = trial(ACT, Passed()), trial(ACT, NotJudged("no")), trial(ACT, BROKEN)

    assert [worse(fine, unsure), worse(unsure, broken), worse(broken, fine)] == [unsure, broken, broken]


def test_the_command_says_what_is_missing(tmp_path: Path) -> None:
    """Exit code 2 and the cases by name; with --only, just those are planned."""
    (tmp_path / "a.json").write_bytes(encode_report(report_of({ACT: Passed()})))
    (tmp_path / "b.json").write_bytes(encode_report(report_of({KEEP: Passed()})))

    ran = idpact("merge", "a.json", "b.json", "-o", "out/all.json", "--only", "ACT-1", cwd=tmp_path)
    assert ran.returncode == 2
    lost = [case.id.partition("/")[2] for case in CASES.values() if case.rule.id == "ACT-1" and case.id != ACT]
    assert ran.stdout.splitlines() == [
        f"{len(lost)} planned cases ran in no document:",
        f"  ACT-1     {', '.join(lost)}",
        f"inconclusive: {len(lost) + 2} cases of 2 documents; wrote out/all.json",
    ]
    shown = idpact("report", "out/all.json", cwd=tmp_path)
    assert shown.returncode == 2
    assert "planned, but it did not run" in shown.stdout


def test_what_is_no_document_is_refused(tmp_path: Path) -> None:
    """The file is named, and nothing is written."""
    (tmp_path / "a.json").write_text("{}")

    ran = idpact("merge", "a.json", "-o", "all.json", cwd=tmp_path)
    assert ran.returncode == 2
    assert ran.stderr.startswith("idpact: a.json: no result document: ")
    assert not (tmp_path / "all.json").exists()

"""`idpact check` with a ledger and with a time budget, as its user meets them."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes import announced, idpact, running

CHECK = ["check", "--profile", "stytch-frontend", "--vars", "-"]


@pytest.fixture(scope="module")
def faulty() -> Iterator[str]:
    """The variables of an implementation that drops the path of an issuer."""
    with running("tests.mutants.serving", "DropsThePath") as process:
        yield json.dumps(announced(process))


def test_what_is_printed_is_pasted_and_excuses(faulty: str, tmp_path: Path) -> None:
    """From a red build to a green one with what the first one printed, and the verdict stays honest."""
    ledger = tmp_path / "ledger.toml"
    ledger.touch()
    command = [*CHECK, "--only", "DISC-3", "--ledger", "ledger.toml", "--examples", "1"]
    first = idpact(*command, cwd=tmp_path, told=faulty)
    ledger.write_text(first.stdout[first.stdout.index("[[expected]]") :])
    second = idpact(*command, "--json", "r.json", "--html", "r.html", "--junit", "r.xml", cwd=tmp_path, told=faulty)

    assert first.returncode == 1, first.stdout + first.stderr
    assert second.returncode == 0, second.stdout + second.stderr
    assert "nonconforming: at least one MUST was broken" in second.stdout
    assert "A MUST that somebody excused still counts as failed." in second.stdout
    report = json.loads((tmp_path / "r.json").read_text())
    assert report["rules"][0]["cases"][0]["excused_by"] == report["rules"][0]["cases"][0]["id"]
    assert "still counts as failed" in (tmp_path / "r.html").read_text()
    assert 'failures="0"' in (tmp_path / "r.xml").read_text().splitlines()[1]
    assert idpact("report", "r.json", cwd=tmp_path).returncode == 0


def test_an_entry_expires_on_its_day(faulty: str, tmp_path: Path) -> None:
    """The day can be told."""
    words = 'rule = "DISC-3"\ncase = "*"\nreason = "known"\nowner = "ann"\nexpires = 2027-01-31\n'
    (tmp_path / "ledger.toml").write_text(f"[[expected]]\n{words}")
    command = [*CHECK, "--only", "DISC-3", "--ledger", "ledger.toml", "--examples", "1", "--today"]
    before = idpact(*command, "2027-01-31", cwd=tmp_path, told=faulty)
    after = idpact(*command, "2027-02-01", cwd=tmp_path, told=faulty)

    assert (before.returncode, after.returncode) == (0, 1), before.stdout + after.stdout
    assert "it expires on 2027-01-31, in 0 days" in before.stdout
    assert "ledger: expired: DISC-3/*, ann: known (it expired on 2027-01-31" in after.stdout


def test_an_entry_whose_case_passes_fails_the_build(vars_file: Path, tmp_path: Path) -> None:
    """It is named, in JUnit too."""
    words = 'rule = "ACT-1"\ncase = "created"\nreason = "known"\nowner = "ann"\nexpires = 2999-01-31\n'
    (tmp_path / "ledger.toml").write_text(f"[[expected]]\n{words}")
    checked = idpact(
        *CHECK[:-1],
        vars_file.name,
        "--only",
        "ACT-1",
        "--ledger",
        "ledger.toml",
        "--junit",
        "r.xml",
        cwd=tmp_path,
    )

    assert checked.returncode == 1, checked.stdout + checked.stderr
    assert "ledger: stale: ACT-1/created, ann: known (what it names passes: take the entry out)" in checked.stdout
    assert 'classname="ledger" name="ACT-1/created"' in (tmp_path / "r.xml").read_text()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        pytest.param(["--ledger", "bad.toml"], "--ledger bad.toml: not TOML", id="ledger"),
        pytest.param(["--ledger", "none.toml"], "'none.toml' does not exist", id="no-ledger"),
        pytest.param(["--today", "tomorrow"], "a day is given as YYYY-MM-DD", id="today"),
        pytest.param(["--budget", "soon"], "--budget 'soon': a budget is a time such as 90s", id="budget"),
    ],
)
def test_bad_words_are_exit_code_2(options: list[str], said: str, vars_file: Path, tmp_path: Path) -> None:
    """Before anything is sent, in a sentence."""
    (tmp_path / "bad.toml").write_text("[[")
    checked = idpact(*CHECK[:-1], vars_file.name, *options, cwd=tmp_path)

    assert checked.returncode == 2
    assert said in checked.stderr
    assert "Traceback" not in checked.stderr


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["alone", "two-workers"])
def test_a_budget_leaves_out_what_would_not_fit_and_says_so(
    workers: list[str], vars_file: Path, tmp_path: Path
) -> None:
    """FALL's waits can't fit into a second: the verdict is open, and the rest comes to its end."""
    command = [*CHECK[:-1], vars_file.name, "--only", "FALL-1,WIRE-2", "--budget", "1s", *workers, "--json", "r.json"]
    checked = idpact(*command, cwd=tmp_path)
    report = json.loads((tmp_path / "r.json").read_text())

    assert checked.returncode == 2, checked.stdout + checked.stderr
    assert "left out, since the time budget was spent:" in checked.stdout
    assert report["complete"] is False
    assert "FALL-1/hang-before-headers" in report["left_out"]

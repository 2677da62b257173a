"""`idpact compare` as a process."""

from pathlib import Path

import pytest

from idpact_contract.results.report import encode_report
from tests.contract.reporting import BROKEN, full_report
from tests.processes import idpact


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    """A folder with a right report and a wrong one."""
    (tmp_path / "right.json").write_bytes(encode_report(full_report()))
    (tmp_path / "wrong.json").write_bytes(encode_report(full_report(PREC_1__atuj=BROKEN)))
    return tmp_path


def test_two_reports_beside_each_other(reports: Path) -> None:
    """On the screen, as a page and as Markdown; a comparison alone stops no build."""
    ran = idpact("compare", "right.json", "Acme=wrong.json", "--html", "m.html", "--markdown", "m.md", cwd=reports)

    assert ran.returncode == 0, ran.stderr
    assert "Acme: nonconforming" in ran.stdout
    assert b"Acme" in (reports / "m.html").read_bytes()
    assert "| rule | level | right | Acme |" in (reports / "m.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("baseline", "new", "code", "told"),
    [("right", "wrong", 1, "regressed"), ("wrong", "right", 0, "fixed"), ("right", "right", 0, "0 changes")],
)
def test_since_a_baseline(reports: Path, baseline: str, new: str, code: int, told: str) -> None:
    """A build stops where something is worse."""
    ran = idpact("compare", "--baseline", f"{baseline}.json", f"{new}.json", cwd=reports)

    assert ran.returncode == code
    assert told in ran.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("right.json",), "at least two reports"),
        (("--baseline", "right.json", "wrong.json", "right.json"), "one report is compared"),
        (("right.json", "missing.json"), "missing.json"),
        (("right.json", "broken.json"), "broken.json: not a result document"),
    ],
)
def test_bad_usage_is_one_sentence(reports: Path, arguments: tuple[str, ...], told: str) -> None:
    """It names the file, and there is no traceback."""
    (reports / "broken.json").write_text("{}", "utf-8")

    ran = idpact("compare", *arguments, cwd=reports)

    assert ran.returncode == 2
    assert told in ran.stderr
    assert len(ran.stderr.strip().splitlines()) == 1

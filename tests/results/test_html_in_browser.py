"""The report in a real browser: opens from disk, and deep links open what they name."""

import re
import subprocess
from pathlib import Path

import pytest
from tests.chromium import QUIET
from tests.mutants.trying import MUTANTS, bench_of, try_all
from tests.requirements import require

from idpact_contract.bench import OpenBench
from idpact_contract.cases import CASES
from idpact_contract.redact import Redactor
from idpact_contract.results.html import html_page
from idpact_contract.results.report import RunFacts, assemble
from idpact_contract.run.settings import plan
from idpact_mock import MockIdP

_ARGUMENTS = ("--headless", *QUIET, "--virtual-time-budget=3000", "--dump-dom")


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory, shared_idp: MockIdP) -> Path:
    """The report of an implementation that breaks PREC-1."""
    planned = plan(["PREC", "ACT"])
    with bench_of(MUTANTS["InferredWins"], shared_idp) as bench:
        report = assemble(planned, try_all(planned, bench), _facts(bench), Redactor())
    file = tmp_path_factory.mktemp("page") / "report.html"
    file.write_bytes(html_page(report))
    return file


def _facts(bench: OpenBench) -> RunFacts:
    return RunFacts(
        base_url="http://127.0.0.1:1",
        profile=bench.target.facts.profile,
        profile_digest="sha256:0",
        seed=0,
        started="2026-11-24T12:00:00Z",
        seconds=1.0,
    )


def _dom(url: str, profile: Path) -> str:
    command = [require("browser"), *_ARGUMENTS, f"--user-data-dir={profile}", url]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=50, check=True)
    return ran.stdout


def test_a_deep_link_opens_the_case_that_it_names(page: Path, tmp_path: Path) -> None:
    """`#PREC-2/t` unfolds a passing case that is folded without it."""
    plain = _dom(page.as_uri(), tmp_path / "one")
    linked = _dom(f"{page.as_uri()}#PREC-2/t", tmp_path / "two")

    def opened(dom: str) -> bool:
        tag = re.search(r'<details[^>]*id="PREC-2/t"[^>]*>', dom)
        assert tag is not None
        return " open" in tag.group()

    assert (opened(plain), opened(linked)) == (False, True)


def test_every_case_is_on_the_page(page: Path, tmp_path: Path) -> None:
    """Whatever is folded or drawn later, each planned case has its place."""
    dom = _dom(page.as_uri(), tmp_path / "profile")
    ids = set(re.findall(r'id="((?:PREC|ACT)-\d+/[^"]+)"', dom))

    assert ids == {case_id for case_id in CASES if case_id.startswith(("PREC-", "ACT-"))}

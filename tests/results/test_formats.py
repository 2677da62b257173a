"""Every format is made from the result document, and keeps to the schema that is published for it."""

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from tests.contract.reporting import BROKEN, FACTS, full_report, report_of
from tests.mutants.trying import MUTANTS, bench_of, try_all
from tests.processes import idpact

from idpact_contract.judgement import NotJudged, Passed, Violated
from idpact_contract.redact import Redactor
from idpact_contract.results.badge import badge
from idpact_contract.results.ctrf import ctrf
from idpact_contract.results.markdown import markdown
from idpact_contract.results.report import Report, RunFacts, assemble, encode_report
from idpact_contract.results.sarif import sarif
from idpact_contract.results.schema import report_schema
from idpact_contract.run.settings import plan
from idpact_mock import MockIdP

SCHEMAS = Path(__file__).parent / "schemas"


@pytest.fixture(scope="module")
def real(shared_idp: MockIdP) -> Report:
    """The document of a run that broke PREC-1, with evidence."""
    planned = plan(["PREC"])
    with bench_of(MUTANTS["InferredWins"], shared_idp) as bench:
        facts: RunFacts = FACTS
        return assemble(planned, try_all(planned, bench), facts, Redactor())


@pytest.fixture
def mixed() -> Report:
    """A document with every verdict in it."""
    return report_of(
        {
            "PREC-1/t": BROKEN,
            "DISC-4/host-slash": BROKEN,
            "ACT-1/created": Passed(),
            "WIRE-2/created": NotJudged("the answer never came"),
            "ORG-2/update": None,
        }
    )


def problems(schema: dict[str, Any], value: object) -> list[str]:
    """What the schema says against a value."""
    return [str(error) for error in jsonschema_rs.validator_for(schema).iter_errors(value)]


def vendored(name: str) -> dict[str, Any]:
    """A published schema."""
    told = SCHEMAS.joinpath(name).read_text("utf-8")
    # SARIF's pattern of `language` has a bracket too many, which a strict regex engine refuses
    schema: dict[str, Any] = json.loads(told.replace("-[a-zA-Z]{2}]?$", "-[a-zA-Z]{2}$"))
    return schema


def test_a_report_of_a_real_run_keeps_to_the_published_schema(real: Report) -> None:
    """Evidence, differences and curl lines included."""
    assert problems(report_schema(), json.loads(encode_report(real))) == []


def test_the_schema_bites(real: Report) -> None:
    """A verdict that isn't one of the words, and a missing member, are found."""
    told = json.loads(encode_report(real))
    told["verdict"] = "fine"
    del told["seed"]

    assert len(problems(report_schema(), told)) == 2


@pytest.mark.parametrize(
    ("render", "schema"), [(sarif, "sarif-2.1.0.json"), (ctrf, "ctrf.json")], ids=["sarif", "ctrf"]
)
def test_formats_of_others_keep_to_their_schemas(
    real: Report, mixed: Report, render: Callable[[Report], bytes], schema: str
) -> None:
    """Of a real run, and with every verdict there is."""
    assert [problems(vendored(schema), json.loads(render(report))) for report in (real, mixed)] == [[], []]


def test_sarif_has_a_result_for_each_case_that_did_not_pass(mixed: Report) -> None:
    """MUST is an error, SHOULD a warning, inconclusive a note; the rules come from the catalogue."""
    run = json.loads(sarif(mixed))["runs"][0]

    assert {(one["ruleId"], one["level"]) for one in run["results"]} == {
        (case.id.partition("/")[0], {"fail": "error", "warn": "warning", "inconclusive": "note"}[case.verdict])
        for case in mixed.cases
        if case.verdict in {"fail", "warn", "inconclusive"}
    }
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == [rule.id for rule in mixed.rules]


def test_ctrf_counts_what_it_lists(mixed: Report) -> None:
    """The summary adds up."""
    results = json.loads(ctrf(mixed))["results"]
    summary = results["summary"]

    assert summary["tests"] == len(mixed.cases) == len(results["tests"])
    assert summary["passed"] + summary["failed"] + summary["skipped"] + summary["other"] == summary["tests"]
    assert summary["failed"] == sum(case.verdict == "fail" for case in mixed.cases)


def test_markdown_names_failing_rules_first(mixed: Report) -> None:
    """Failed, then inconclusive, then warned of; what passed is only counted."""
    lines = markdown(mixed).decode().splitlines()
    rows = [line.split(" | ")[2] for line in lines if line.startswith("| ") and not line.startswith("| rule")]

    assert lines[0] == "## idpact: nonconforming"
    assert rows == sorted(rows, key=["fail", "inconclusive", "warn"].index)
    assert rows[0] == "fail"


def test_markdown_fits_one_screen_and_stays_text() -> None:
    """However much fails, and whatever an implementation answers."""
    hostile = Violated(expected="x", observed="<img src=x>|`a`\n# head @team " + "x" * 5000)
    told = markdown(report_of({case.id: hostile for case in plan([], [])})).decode()

    assert len(told.splitlines()) < 40
    assert "<img" not in told
    assert "\\@team" in told


def test_a_badge_says_the_verdict_to_everybody() -> None:
    """It is XML with a title; a full run says how many rules passed."""
    report = full_report()
    root = ET.fromstring(badge(report))
    passed = len(report.rules)

    assert root.findtext("{*}title") == f"idpact: conforming {passed}/{passed}"


def test_an_old_report_becomes_every_format(mixed: Report, tmp_path: Path) -> None:
    """`idpact report` writes them all in one go, and exits as the verdict asks."""
    tmp_path.joinpath("report.json").write_bytes(encode_report(mixed))
    names = {"--markdown": "a.md", "--sarif": "a.sarif", "--ctrf": "a.ctrf.json", "--badge": "a.svg"}

    done = idpact("report", "report.json", *(word for pair in names.items() for word in pair), cwd=tmp_path)

    assert done.returncode == 1, done.stderr
    assert [tmp_path.joinpath(name).stat().st_size > 0 for name in names.values()] == [True] * 4


def test_the_schema_is_printed(tmp_path: Path) -> None:
    """`idpact report schema` prints what the package validates with."""
    assert json.loads(idpact("report", "schema", cwd=tmp_path).stdout) == report_schema()

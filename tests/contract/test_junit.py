"""JUnit XML: what a CI server reads."""

from xml.etree import ElementTree as ET

import pytest

from idpact_contract.judgement import NotJudged, Passed, Violated
from idpact_contract.results.junit import junit_xml
from idpact_contract.results.report import Report
from tests.contract.building import evidence, refused
from tests.contract.reporting import BROKEN, full_report, report_of

MIXED = {
    "ACT-1/created": BROKEN,
    "ACT-1/created-with-name": Passed("fine"),
    "DISC-7/plain": BROKEN,
    "KEEP-3/typed": NotJudged("set-up: create answered 500"),
    "WIRE-7/created": None,
}


def parsed(report: Report) -> ET.Element:
    """The XML, parsed."""
    return ET.fromstring(junit_xml(report))


def test_counts_of_the_whole() -> None:
    """Fail is a failure, inconclusive an error; a warning is neither."""
    root = parsed(report_of(MIXED))

    assert (root.tag, root.get("tests"), root.get("failures"), root.get("errors")) == ("testsuites", "5", "1", "1")


def test_a_suite_per_rule_with_its_counts() -> None:
    """And the counts add up."""
    suites = parsed(report_of(MIXED)).findall("testsuite")
    told = {suite.get("name"): [suite.get(n) for n in ("tests", "failures", "errors", "skipped")] for suite in suites}

    assert told == {
        "DISC-7": ["1", "0", "0", "0"],
        "ACT-1": ["2", "1", "0", "0"],
        "KEEP-3": ["1", "0", "1", "0"],
        "WIRE-7": ["1", "0", "0", "1"],
    }


def test_a_case_per_case() -> None:
    """Of every case of the suite, each once."""
    report = full_report()
    cases = [(case.get("classname"), case.get("name")) for case in parsed(report).iter("testcase")]

    assert cases == [tuple(case.id.split("/")) for case in report.cases]


@pytest.mark.parametrize(
    ("name", "child"),
    [
        ("created", "failure"),
        ("created-with-name", None),
        ("plain", "system-out"),
        ("typed", "error"),
    ],
)
def test_what_is_said_of_a_case(name: str, child: str | None) -> None:
    """By the element that CI servers know."""
    root = parsed(report_of({case_id: told for case_id, told in MIXED.items() if told is not None}))
    case = next(case for case in root.iter("testcase") if case.get("name") == name)

    assert [element.tag for element in case] == ([child] if child else [])


def test_a_failure_is_told_whole() -> None:
    """Rule, what was wanted, what was seen, where it is written."""
    failure = parsed(report_of(MIXED)).find(".//failure")

    assert failure is not None
    assert failure.get("message") == BROKEN.observed
    assert BROKEN.expected in (failure.text or "")
    assert "source" in (failure.text or "")


def test_what_does_not_apply_is_skipped_with_its_reason() -> None:
    """Never passed."""
    skipped = parsed(report_of(MIXED)).find(".//skipped")

    assert skipped is not None
    assert skipped.get("message") == "the profile says so"


@pytest.mark.parametrize("hostile", ["</failure><x>&]]>", "\x00\x01\x1b[31m\x7f", "\ufffe\uffff", "line\nbreak\ttab"])
def test_hostile_text_keeps_it_xml(hostile: str) -> None:
    """What an implementation answers can't break the file, nor add an element."""
    judgement = Violated(expected=hostile, observed=hostile)
    root = parsed(report_of({"ACT-1/created": judgement}, seen=evidence(refused(400, answer=hostile))))

    assert [element.tag for element in root.iter()] == ["testsuites", "testsuite", "testcase", "failure"]


def test_the_time_is_told_in_seconds() -> None:
    """Of the run, a rule and a case."""
    root = parsed(report_of({"ACT-1/created": Passed(), "ACT-1/created-with-name": Passed()}))

    assert root.get("time") == "1.500"
    assert [suite.get("time") for suite in root.iter("testsuite")] == ["0.500"]
    assert [case.get("time") for case in root.iter("testcase")] == ["0.250", "0.250"]

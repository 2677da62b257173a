"""JUnit XML from the result document: a test suite per rule, a test case per case."""

from xml.etree import ElementTree as ET

from idpact_contract.results.explain import explain_case
from idpact_contract.results.ledger import Standing
from idpact_contract.results.report import CaseReport, Report, RuleReport
from idpact_contract.results.verdict import CaseVerdict

__all__ = ["junit_xml"]

_CONTROL = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF], "\N{REPLACEMENT CHARACTER}")
"""Characters that XML 1.0 can't hold (section 2.2)."""


def junit_xml(report: Report) -> bytes:
    """The document as JUnit XML: fail is a failure, inconclusive an error, not-applicable skipped, warn passed with output."""
    root = ET.Element(
        "testsuites",
        name="idpact",
        tests=str(len(report.cases)),
        failures=_failed(report.cases),
        errors=_count(report.cases, CaseVerdict.INCONCLUSIVE),
        time=f"{report.seconds:.3f}",
    )
    for rule in report.rules:
        suite = ET.SubElement(
            root,
            "testsuite",
            name=rule.id,
            tests=str(len(rule.cases)),
            failures=_failed(rule.cases),
            errors=_count(rule.cases, CaseVerdict.INCONCLUSIVE),
            skipped=str(
                sum(case.verdict is CaseVerdict.NOT_APPLICABLE or case.excused_by is not None for case in rule.cases)
            ),
            time=f"{sum(case.seconds for case in rule.cases):.3f}",
            timestamp=report.started.removesuffix("Z"),
        )
        for case in rule.cases:
            _case(suite, rule, case)
    stale = _ledger(root, report)
    if stale:
        root.set("tests", str(len(report.cases) + stale))
        root.set("failures", str(int(root.get("failures", "0")) + stale))
    ET.indent(root)
    rendered: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return rendered


def _case(suite: ET.Element, rule: RuleReport, case: CaseReport) -> None:
    name = case.id.partition("/")[2]
    element = ET.SubElement(suite, "testcase", classname=rule.id, name=name, time=f"{case.seconds:.3f}")
    told = explain_case(rule.statement, rule.citation, case).translate(_CONTROL)
    summary = (case.observed or case.title).translate(_CONTROL)
    if case.excused_by:
        told = f"excused by the ledger's entry {case.excused_by}\n{told}"
        ET.SubElement(element, "skipped", message=f"excused by {case.excused_by}: {summary}")
        ET.SubElement(element, "system-out").text = told
    elif case.verdict is CaseVerdict.FAIL:
        ET.SubElement(element, "failure", message=summary, type=case.level).text = told
    elif case.verdict is CaseVerdict.INCONCLUSIVE:
        ET.SubElement(element, "error", message=summary, type="inconclusive").text = told
    elif case.verdict is CaseVerdict.NOT_APPLICABLE:
        ET.SubElement(element, "skipped", message=summary)
    elif case.verdict is CaseVerdict.WARN:
        ET.SubElement(element, "system-out").text = told


def _failed(cases: tuple[CaseReport, ...]) -> str:
    return str(sum(case.verdict is CaseVerdict.FAIL and case.excused_by is None for case in cases))


def _ledger(root: ET.Element, report: Report) -> int:
    """A suite for entries that excuse what passed: they fail a build, so they have to fail here."""
    stale = [told for told in report.ledger.entries if told.standing is Standing.STALE] if report.ledger else []
    if stale:
        suite = ET.SubElement(root, "testsuite", name="ledger", tests=str(len(stale)), failures=str(len(stale)))
        for told in stale:
            element = ET.SubElement(suite, "testcase", classname="ledger", name=told.entry.id)
            ET.SubElement(element, "failure", message=told.note, type="stale")
    return len(stale)


def _count(cases: tuple[CaseReport, ...], verdict: CaseVerdict) -> str:
    return str(sum(case.verdict is verdict for case in cases))

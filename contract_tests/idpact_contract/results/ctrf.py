"""The result document as CTRF (Common Test Report Format, ctrf.io): a test per case."""

import json
from datetime import datetime
from typing import Any, Final

from idpact_contract.results.explain import explain_case
from idpact_contract.results.report import CaseReport, Report, RuleReport
from idpact_contract.results.verdict import CaseVerdict

__all__ = ["ctrf"]

_STATUSES: Final = {
    CaseVerdict.PASS: "passed",
    CaseVerdict.FAIL: "failed",
    CaseVerdict.WARN: "other",
    CaseVerdict.INCONCLUSIVE: "other",
    CaseVerdict.NOT_APPLICABLE: "skipped",
}


def ctrf(report: Report) -> bytes:
    """The document as CTRF, JSON in UTF-8: warn and inconclusive are `other`, with the verdict as raw status."""
    tests = [_test(rule, case) for rule in report.rules for case in rule.cases]
    start = round(datetime.fromisoformat(report.started).timestamp() * 1000)
    counts = {
        status: sum(test["status"] == status for test in tests)
        for status in ("passed", "failed", "skipped", "pending", "other")
    }
    results = {
        "tool": {"name": report.suite.get("name", "idpact"), "version": report.suite.get("version", "0")},
        "summary": {"tests": len(tests), **counts, "start": start, "stop": start + round(report.seconds * 1000)},
        "tests": tests,
        "environment": {"extra": report.environment},
        "extra": {
            "verdict": report.verdict,
            "complete": report.complete,
            "target": report.target,
            "suite": report.suite,
            "seed": report.seed,
        },
    }
    return json.dumps({"reportFormat": "CTRF", "specVersion": "0.0.0", "results": results}, indent=1).encode()


def _test(rule: RuleReport, case: CaseReport) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": case.id,
        "status": _STATUSES[case.verdict],
        "rawStatus": case.verdict,
        "duration": round(case.seconds * 1000),
        "suite": [rule.family, rule.id],
        "tags": [case.level],
    }
    if case.observed:
        told["message"] = case.observed
    if case.verdict in {CaseVerdict.FAIL, CaseVerdict.WARN, CaseVerdict.INCONCLUSIVE}:
        told["trace"] = explain_case(rule.statement, rule.citation, case)
    return told

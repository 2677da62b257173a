"""The result document as SARIF 2.1.0: a rule each for the rules of the catalogue, a result each for cases that did not pass."""

import json
from typing import Any, Final

from idpact_contract.results.explain import explain_case
from idpact_contract.results.report import CaseReport, Report, RuleReport
from idpact_contract.results.verdict import CaseVerdict

__all__ = ["sarif"]

_LEVELS: Final = {CaseVerdict.FAIL: "error", CaseVerdict.WARN: "warning", CaseVerdict.INCONCLUSIVE: "note"}
_HELP: Final = "https://idpact.dev/rules/"


def sarif(report: Report) -> bytes:
    """The document as SARIF 2.1.0, JSON in UTF-8: fail is an error, warn a warning, inconclusive a note."""
    index = {rule.id: place for place, rule in enumerate(report.rules)}
    driver = {
        "name": report.suite.get("name", "idpact"),
        "semanticVersion": report.suite.get("version", "0"),
        "rules": [_rule(rule) for rule in report.rules],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": report.complete, "startTimeUtc": report.started}],
        "properties": {
            "verdict": report.verdict,
            "target": report.target,
            "suite": report.suite,
            "seed": report.seed,
        },
        "results": [
            _result(report, rule, case, index[rule.id])
            for rule in report.rules
            for case in rule.cases
            if case.verdict in _LEVELS
        ],
    }
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    return json.dumps({"$schema": schema, "version": "2.1.0", "runs": [run]}, indent=1).encode()


def _rule(rule: RuleReport) -> dict[str, Any]:
    told = f"{rule.statement}\n\nLevel {rule.level}. Source: {rule.citation}"
    return {
        "id": rule.id,
        "name": rule.id.replace("-", ""),
        "shortDescription": {"text": rule.statement},
        "help": {"text": told},
        "helpUri": f"{_HELP}{rule.id}",
        "defaultConfiguration": {"level": "error" if rule.level == "MUST" else "warning"},
        "properties": {"family": rule.family, "level": rule.level, "since": rule.since},
    }


def _result(report: Report, rule: RuleReport, case: CaseReport, index: int) -> dict[str, Any]:
    return {
        "ruleId": rule.id,
        "ruleIndex": index,
        "kind": "fail",
        "level": _LEVELS[case.verdict],
        "message": {"text": explain_case(rule.statement, rule.citation, case)},
        "locations": [{"logicalLocations": [{"fullyQualifiedName": case.id, "kind": "function"}]}],
        "partialFingerprints": {"case/v1": f"{report.target['profile']} {case.id}"},
    }

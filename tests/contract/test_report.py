"""The result document: made once from the trials, written and read again."""

import json
from typing import Any

import jsonschema_rs
import msgspec
import pytest

from idpact_contract.cases import CASES
from idpact_contract.catalogue import CATALOGUE, catalogue_digest
from idpact_contract.judgement import NotJudged, Passed, Violated
from idpact_contract.redact import Redactor
from idpact_contract.results.report import Report, assemble, decode_report, encode_report
from idpact_contract.results.verdict import CaseVerdict, RunVerdict
from tests.contract.building import ISSUER, connection, evidence, not_served, refused, served, updated
from tests.contract.reporting import BROKEN, FACTS, full_report, report_of

CASE = "PREC-1/t"


def case_of(report: Report, case_id: str = CASE) -> Any:  # noqa: ANN401 - a CaseReport, whose fields the tests name
    """One case of a report."""
    return next(case for case in report.cases if case.id == case_id)


class TestVerdicts:
    def test_everything_passed_conforms_and_is_complete(self) -> None:
        """Every case of the suite ran and passed."""
        report = full_report()

        assert (report.verdict, report.complete) == (RunVerdict.CONFORMING, True)
        assert report.counts == {"pass": len(CATALOGUE), "fail": 0, "warn": 0, "not-applicable": 0, "inconclusive": 0}

    def test_a_broken_must_does_not_conform(self) -> None:
        """One case is enough."""
        report = full_report(ACT_1__created=BROKEN)

        assert report.verdict is RunVerdict.NONCONFORMING
        assert (report.counts["fail"], report.counts["pass"]) == (1, len(CATALOGUE) - 1)

    def test_a_broken_should_conforms_and_is_counted(self) -> None:
        """A warning is worth a look, and no failure."""
        report = full_report(DISC_7__plain=BROKEN)

        assert report.verdict is RunVerdict.CONFORMING
        assert report.counts["warn"] == 1

    def test_what_does_not_apply_conforms(self) -> None:
        """And is told apart from what passed."""
        report = full_report(ACT_1__created=None)

        assert report.verdict is RunVerdict.CONFORMING
        assert case_of(report, "ACT-1/created").observed == "the profile says so"
        assert case_of(report, "ACT-1/created").verdict is CaseVerdict.NOT_APPLICABLE

    def test_a_must_that_could_not_be_judged_is_inconclusive(self) -> None:
        """Nobody conforms by breaking the set-up."""
        report = full_report(ACT_1__created=NotJudged("set-up: create answered 500"))

        assert report.verdict is RunVerdict.INCONCLUSIVE
        assert case_of(report, "ACT-1/created").observed == "set-up: create answered 500"

    def test_rules_stand_in_the_order_of_the_catalogue(self) -> None:
        """Whatever the order in which the cases ran."""
        assert [rule.id for rule in full_report().rules] == list(CATALOGUE)

    def test_a_rules_verdict_is_that_of_its_cases(self) -> None:
        """The worst of them, not the last."""
        report = report_of({"ACT-1/created": BROKEN, "ACT-1/created-with-name": Passed()})

        assert [(rule.id, rule.verdict) for rule in report.rules] == [("ACT-1", CaseVerdict.FAIL)]


class TestComplete:
    def test_a_selection_is_not_complete(self) -> None:
        """The verdict is over the selection then."""
        report = report_of({CASE: Passed()})

        assert (report.verdict, report.complete) == (RunVerdict.CONFORMING, False)

    def test_a_case_that_did_not_run_is_told_and_never_passed(self) -> None:
        """Planned, and without a trial."""
        report = report_of({CASE: Passed()}, missing=["DISC-7/plain"])

        assert (report.verdict, report.complete) == (RunVerdict.INCONCLUSIVE, False)
        assert case_of(report, "DISC-7/plain").observed == "planned, but it did not run"
        assert case_of(report, "DISC-7/plain").verdict is CaseVerdict.INCONCLUSIVE

    def test_a_missing_case_does_not_hide_a_failure(self) -> None:
        """Fail beats inconclusive."""
        assert report_of({CASE: BROKEN}, missing=["DISC-7/plain"]).verdict is RunVerdict.NONCONFORMING


class TestCases:
    SEEN = evidence(updated({"issuer": ISSUER}, not_served(), served()), case=CASE)

    def test_a_violation_is_told_whole(self) -> None:
        """Wanted, seen, and the fields."""
        case = case_of(report_of({CASE: BROKEN}))

        assert (case.verdict, case.expected, case.observed) == (CaseVerdict.FAIL, BROKEN.expected, BROKEN.observed)
        assert case.differences == BROKEN.differences

    def test_a_note_is_kept(self) -> None:
        """What a judge found worth telling."""
        assert case_of(report_of({CASE: Passed("after 3.0 s")})).observed == "after 3.0 s"

    def test_what_the_mock_served_is_told_in_lines(self) -> None:
        """Failure or status, and whether it was a document."""
        served_lines = case_of(report_of({CASE: Passed()}, seen=self.SEEN)).served

        assert served_lines[0].startswith("GET /.well-known/openid-configuration -> http-404")
        assert served_lines[1] == "GET /.well-known/openid-configuration -> 200 (a document)"

    def test_an_error_in_json_is_no_document(self) -> None:
        """Who reads the lines must see that none was served."""
        served_lines = case_of(report_of({CASE: Passed()}, seen=self.SEEN)).served

        assert served_lines[0] == "GET /.well-known/openid-configuration -> http-404"

    def test_what_was_sent_is_told_in_lines(self) -> None:
        """Method, URL, and the answer in short; who sent it, where it wasn't the owner."""
        seen = evidence(refused(404, url="https://target.test/x"), case=CASE)

        assert case_of(report_of({CASE: Passed()}, seen=seen)).sent == (
            'PUT https://target.test/x -> 404 "That can\'t be."',
        )

    def test_lines_to_run_again_are_there(self) -> None:
        """With the profile's own variables for the credentials."""
        headers = (("Authorization", "Basic c2VjcmV0OnNlY3JldA=="),)
        seen = evidence(updated({}, exchange={"headers": headers, "body": "{}"}), case=CASE, issuers=())
        report = report_of({CASE: Passed()}, seen=seen, authorization="$IDPACT_PROJECT_ID:$IDPACT_SECRET")

        assert '-u "$IDPACT_PROJECT_ID:$IDPACT_SECRET"' in case_of(report).curl[-1]

    def test_the_judge_says_the_same_of_what_was_written(self) -> None:
        """A verdict can be computed again from a report."""
        seen = evidence(updated({"token_url": "https://typed.example/t"}, after=connection()), case=CASE)
        judgement = CASES[CASE].judgement(seen)
        again = decode_report(encode_report(report_of({CASE: judgement}, seen=seen)))

        assert isinstance(judgement, Violated)
        assert CASES[CASE].judgement(case_of(again).evidence) == judgement


class TestWriting:
    def test_what_was_written_is_read_again(self) -> None:
        """Nothing is lost on the way."""
        report = full_report(ACT_1__created=BROKEN, DISC_7__plain=NotJudged("why"), WIRE_7__created=None)

        assert decode_report(encode_report(report)) == report

    def test_a_case_is_a_line(self) -> None:
        """So that two reports can be compared with ordinary tools."""
        lines = encode_report(full_report()).decode().splitlines()

        assert sum(line.startswith('{"id":"ACT-1/created"') for line in lines) == 1
        assert len(lines) > len(CASES)

    def test_the_members_are_those_that_were_agreed(self) -> None:
        """Other tools read these names."""
        told = json.loads(encode_report(report_of({CASE: BROKEN})))

        assert {
            "schema",
            "verdict",
            "complete",
            "target",
            "suite",
            "seed",
            "started",
            "seconds",
            "counts",
            "rules",
        } <= set(told)
        assert {"open", "ledger"} <= set(told)
        assert {"id", "level", "verdict", "cases"} <= set(told["rules"][0])
        assert {"id", "level", "verdict", "expected", "observed", "served", "sent", "curl", "excused_by"} <= set(
            told["rules"][0]["cases"][0]
        )

    def test_the_suite_is_named_with_its_catalogue(self) -> None:
        """Two reports can be compared where the digests are equal."""
        assert report_of({CASE: BROKEN}).suite == {
            "name": "idpact",
            "version": "0.1.0",
            "catalogue": catalogue_digest(),
        }

    @pytest.mark.parametrize(
        ("data", "message"),
        [
            pytest.param(b"{", "truncated", id="cut"),
            pytest.param(b"[]", "Expected `object`, got `array`", id="list"),
            pytest.param(b"{}", "missing required field", id="empty"),
            pytest.param(b'{"verdict": "splendid"}', r"Invalid enum value 'splendid' - at `\$\.verdict`", id="verdict"),
        ],
    )
    def test_what_is_no_report_is_told(self, data: bytes, message: str) -> None:
        """With the place where it departs."""
        with pytest.raises(ValueError, match=message):
            decode_report(data)

    def test_a_lone_surrogate_in_an_answer_breaks_nothing(self) -> None:
        r"""`"\ud800"` is valid JSON; an implementation that answers it still gets its report."""
        seen = evidence(updated({}, after=connection(display_name="\ud800")), case=CASE)

        assert decode_report(encode_report(report_of({CASE: Passed()}, seen=seen))).verdict is RunVerdict.CONFORMING

    def test_a_deeply_nested_answer_breaks_nothing(self) -> None:
        """attribute_mapping is any object; an implementation that answers a deep one still gets its report."""
        deep: object = "end"
        for _ in range(700):
            deep = {"a": deep}
        seen = evidence(updated({}, after=connection(attribute_mapping=deep)), case=CASE, credentials=("canary-0001",))

        assert report_of({CASE: Passed()}, seen=seen).verdict is RunVerdict.CONFORMING

    def test_credentials_in_the_base_url_are_not_written(self) -> None:
        """Refused as a target, or taken out of the report: never written down."""
        facts = msgspec.structs.replace(FACTS, base_url="https://admin:canary-0001@target.test")

        assert b"canary-0001" not in encode_report(assemble([], {}, facts, Redactor({"IDPACT_SECRET": "canary-0001"})))


class TestSchema:
    def test_a_report_keeps_to_the_schema_that_is_made_of_its_form(self) -> None:
        """Anybody can check a document that they are handed."""
        schema = msgspec.json.schema(Report)
        report = full_report(ACT_1__created=BROKEN, DISC_7__plain=NotJudged("why"), WIRE_7__created=None)
        told = json.loads(encode_report(report))

        assert [error.message for error in jsonschema_rs.validator_for(schema).iter_errors(told)] == []

    def test_the_schema_refuses_what_is_no_report(self) -> None:
        """A schema that admits everything would say nothing."""
        told = json.loads(encode_report(report_of({CASE: BROKEN})))
        told["verdict"] = "splendid"

        assert not jsonschema_rs.validator_for(msgspec.json.schema(Report)).is_valid(told)

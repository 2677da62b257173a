"""Reports beside each other, and what changed since a baseline."""

from dataclasses import replace

import msgspec
import pytest
from tests.contract.reporting import BROKEN, full_report, report_of

from idpact_contract.catalogue import Level
from idpact_contract.judgement import NotJudged, Passed
from idpact_contract.questions import OpenAnswer
from idpact_contract.results.compare import (
    Change,
    Column,
    Kind,
    changes,
    changes_markdown,
    changes_page,
    is_setback,
    matrix_markdown,
    matrix_of,
    matrix_page,
)
from idpact_contract.results.report import Report

RIGHT = full_report()
WRONG = full_report(PREC_1__atuj=BROKEN)
HOSTILE = "<script>alert(1)</script> | **x**"


def column(name: str, report: Report) -> Column:
    """A report with its name."""
    return Column(name=name, report=report)


def found(before: Report, after: Report) -> dict[str, Kind]:
    """The kind of each change, by its subject."""
    return {change.subject: change.kind for change in changes(before, after)}


class TestMatrix:
    def test_a_row_has_a_verdict_for_each_column(self) -> None:
        """In the order in which the reports were given."""
        row = {row.id: row for row in matrix_of([column("a", RIGHT), column("b", WRONG)]).rules}["PREC-1"]

        assert row.verdicts == ("pass", "fail")
        assert row.differs
        assert row.broken[1][0] == 1

    def test_a_rule_that_a_report_leaves_out_is_no_verdict(self) -> None:
        """A selection says nothing of what it left out."""
        partial = report_of({"PREC-1/atuj": Passed()})

        rows = {row.id: row for row in matrix_of([column("a", partial), column("b", RIGHT)]).rules}

        assert rows["ORG-1"].verdicts == (None, "pass")
        assert list(rows) == [rule.id for rule in RIGHT.rules]

    def test_answers_stand_beside_each_other(self) -> None:
        """Open questions are compared as well."""
        answer = OpenAnswer(question="null", asks="What does null do?", answer="refused")
        other = msgspec.structs.replace(RIGHT, open=(answer,))

        (row,) = [row for row in matrix_of([column("a", RIGHT), column("b", other)]).answers if row.question == "null"]

        assert row.answers == ("not observed", "refused")

    def test_reports_of_other_catalogues_are_told(self) -> None:
        """Verdicts by other rules don't compare blindly."""
        other = msgspec.structs.replace(RIGHT, suite={**RIGHT.suite, "catalogue": "sha256:1"})

        matrix = matrix_of([column("a", RIGHT), column("b", other)])

        assert not matrix.one_catalogue
        assert "different catalogues" in matrix_markdown(matrix)
        assert b"different catalogues" in matrix_page(matrix)


class TestChanges:
    def test_nothing_changed(self) -> None:
        """A report compared with itself."""
        assert changes(RIGHT, RIGHT) == ()

    def test_a_regression_is_told_by_rule_and_case(self) -> None:
        """Never from summary numbers."""
        assert found(RIGHT, WRONG) == {"PREC-1": Kind.REGRESSED, "PREC-1/atuj": Kind.REGRESSED}

    def test_a_fix(self) -> None:
        """The other way round."""
        assert found(WRONG, RIGHT) == {"PREC-1": Kind.FIXED, "PREC-1/atuj": Kind.FIXED}

    def test_one_broken_case_for_another_is_both(self) -> None:
        """Two reports with the same numbers differ."""
        other = full_report(PREC_1__a=BROKEN)

        assert found(WRONG, other) == {"PREC-1/atuj": Kind.FIXED, "PREC-1/a": Kind.REGRESSED}

    @pytest.mark.parametrize("judgement", [None, NotJudged("set-up: 503")])
    def test_what_is_no_longer_judged_is_not_fixed(self, judgement: NotJudged | None) -> None:
        """A failure that a profile declares not applicable did not go away."""
        after = full_report(PREC_1__atuj=judgement)

        assert found(WRONG, after)["PREC-1/atuj"] is Kind.UNDECIDED
        assert all(is_setback(change) for change in changes(WRONG, after) if change.kind is Kind.UNDECIDED)

    def test_what_is_judged_for_the_first_time(self) -> None:
        """Kept is good news, broken is none."""
        before = full_report(PREC_1__atuj=None)

        assert found(before, RIGHT)["PREC-1/atuj"] is Kind.DECIDED
        assert found(before, WRONG)["PREC-1/atuj"] is Kind.REGRESSED

    def test_rules_that_came_and_went(self) -> None:
        """Their cases are not told one by one."""
        few = report_of({"PREC-1/atuj": Passed()})
        more = report_of({"PREC-1/atuj": Passed(), "ACT-1/created": BROKEN})

        assert found(few, more) == {"ACT-1": Kind.NEW_RULE}
        assert found(more, few) == {"ACT-1": Kind.REMOVED_RULE}
        assert [is_setback(change) for change in changes(few, more)] == [True]

    def test_a_level_that_changed(self) -> None:
        """The same rule binds more, or less."""
        rules = tuple(
            msgspec.structs.replace(rule, level=Level.SHOULD) if rule.id == "PREC-1" else rule for rule in RIGHT.rules
        )

        assert changes(RIGHT, msgspec.structs.replace(RIGHT, rules=rules)) == (
            Change(kind=Kind.LEVEL, subject="PREC-1", before="MUST", after="SHOULD"),
        )

    def test_an_answer_that_changed_is_no_setback(self) -> None:
        """Either answer is right."""
        answers = tuple(msgspec.structs.replace(one, answer="kept") for one in RIGHT.open[:1])
        told = changes(RIGHT, msgspec.structs.replace(RIGHT, open=answers))

        assert [change.kind for change in told] == [Kind.ANSWER]
        assert not any(map(is_setback, told))


class TestHostileText:
    def test_in_the_page(self) -> None:
        """Names and observations are anybody's text."""
        told = [replace(change, told=HOSTILE) for change in changes(RIGHT, WRONG)]

        for page in (
            matrix_page(matrix_of([column(HOSTILE, RIGHT), column("b", WRONG)])),
            changes_page(column(HOSTILE, RIGHT), column("b", WRONG), told),
        ):
            assert b"<script>alert" not in page
            assert b"&lt;script&gt;" in page

    def test_in_markdown(self) -> None:
        """No cell more, no markup."""
        told = [replace(change, told=HOSTILE) for change in changes(RIGHT, WRONG)]
        text = changes_markdown(column(HOSTILE, RIGHT), column("b", WRONG), told)

        assert "<script>" not in text
        assert "\\<script\\>alert(1)\\</script\\> \\| \\*\\*x\\*\\*" in text


def test_setbacks_come_first_in_markdown() -> None:
    """What a build stopped at is what its reader looks for."""
    before = full_report(ACT_1__created=BROKEN)
    text = changes_markdown(column("a", before), column("b", WRONG), changes(before, WRONG))

    assert text.index("## Regressed") < text.index("## Fixed")

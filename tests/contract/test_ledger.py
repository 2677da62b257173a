"""Expected failures: the file's form, the four cells, expiry, and entries ready to be pasted."""

from datetime import date

import pytest

from idpact_contract.cases import CASES
from idpact_contract.judgement import Judgement, NotJudged, Passed
from idpact_contract.redact import Redactor
from idpact_contract.results.ledger import Ledger, LedgerError, Standing, entry_for, read_ledger
from idpact_contract.results.report import Report, assemble, decode_report, encode_report
from idpact_contract.results.verdict import CaseVerdict, RunVerdict
from tests.contract.reporting import BROKEN, FACTS, trial

TODAY = date(2027, 1, 10)
CASE = "ACT-1/created"


def text(case: str = "created", *, rule: str = "ACT-1", expires: str = "2027-03-01", reason: str = "known") -> str:
    """A ledger of one entry."""
    return f'[[expected]]\nrule = "{rule}"\ncase = "{case}"\nreason = "{reason}"\nowner = "ann"\nexpires = {expires}\n'


def report_with(ledger: str, judgements: dict[str, Judgement], *, today: date = TODAY) -> Report:
    """The document of a run of these cases with that ledger."""
    trials = {case_id: trial(case_id, judgement) for case_id, judgement in judgements.items()}
    planned = [CASES[case_id] for case_id in judgements]
    return assemble(planned, trials, FACTS, Redactor(), ledger=read_ledger(ledger), today=today)


def standing(report: Report) -> Standing:
    """What the first entry is worth."""
    assert report.ledger is not None
    return report.ledger.entries[0].standing


def test_fail_and_listed_is_excused_and_still_failed() -> None:
    """The exit code follows the ledger; the verdicts don't."""
    report = report_with(text(), {CASE: BROKEN})

    assert (report.exit_code, report.verdict, standing(report)) == (0, RunVerdict.NONCONFORMING, Standing.EXCUSES)
    assert (report.cases[0].verdict, report.cases[0].excused_by) == (CaseVerdict.FAIL, CASE)


def test_fail_and_unlisted_fails() -> None:
    """An entry excuses its own case and no other."""
    report = report_with(text(), {CASE: BROKEN, "PREC-4/" + _first("PREC-4"): BROKEN})

    assert report.exit_code == 1
    assert [case.excused_by for case in report.cases] == [None, CASE]


def test_pass_and_listed_is_stale() -> None:
    """Whoever mended something takes the entry out."""
    report = report_with(text(), {CASE: Passed()})

    assert (report.exit_code, report.verdict, standing(report)) == (1, RunVerdict.CONFORMING, Standing.STALE)


def test_pass_and_unlisted_passes() -> None:
    """An empty ledger changes nothing."""
    assert report_with("", {CASE: Passed()}).exit_code == 0


def test_what_was_not_judged_is_neither_excused_nor_stale() -> None:
    """Nothing is known of it."""
    report = report_with(text(), {CASE: NotJudged("why")})

    assert (report.exit_code, standing(report)) == (2, Standing.UNDECIDED)


def test_what_was_not_planned_says_nothing_of_an_entry() -> None:
    """With --only the rest of the ledger rests."""
    report = report_with(text(), {"ORG-2/" + _first("ORG-2"): Passed()})

    assert (report.exit_code, standing(report)) == (0, Standing.UNDECIDED)


@pytest.mark.parametrize(
    ("today", "stands", "code", "note"),
    [
        pytest.param(date(2027, 2, 14), Standing.EXCUSES, 0, "", id="15-days-ahead"),
        pytest.param(
            date(2027, 2, 15), Standing.EXCUSES, 0, "it expires on 2027-03-01, in 14 days", id="14-days-ahead"
        ),
        pytest.param(date(2027, 3, 1), Standing.EXCUSES, 0, "in 0 days", id="last-day"),
        pytest.param(date(2027, 3, 2), Standing.EXPIRED, 1, "it expired on 2027-03-01", id="over"),
    ],
)
def test_expiry(today: date, stands: Standing, code: int, note: str) -> None:
    """It is told 14 days ahead, and then the failure counts."""
    report = report_with(text(), {CASE: BROKEN}, today=today)

    assert report.ledger is not None
    assert (standing(report), report.exit_code) == (stands, code)
    told = report.ledger.entries[0].note
    assert told.startswith(note) if note.startswith("it") or not note else note in told
    assert bool(told) is bool(note)


def test_a_whole_rule_is_excused_by_a_star() -> None:
    """And what passes of it makes the entry not stale while something fails."""
    names = [case_id for case_id in CASES if case_id.startswith("KEEP-7/")]
    report = report_with(text("*", rule="KEEP-7"), {names[0]: BROKEN, **dict.fromkeys(names[1:], Passed())})

    assert (report.exit_code, standing(report)) == (0, Standing.EXCUSES)
    assert report_with(text("*", rule="KEEP-7"), dict.fromkeys(names, Passed())).exit_code == 1


@pytest.mark.parametrize(
    ("told", "message"),
    [
        pytest.param("[[expected", "not TOML", id="no-toml"),
        pytest.param("[[excused]]\n", "'excused': a ledger holds tables", id="other-table"),
        pytest.param(text(rule="ACT-99"), "entry 1: rule: 'ACT-99' is no rule of the catalogue", id="rule"),
        pytest.param(text("never"), "entry 1: case: ACT-1 has no case 'never'; it has created", id="case"),
        pytest.param(text() + text(), "entry 2: ACT-1/created is excused by entry 1 already", id="twice"),
        pytest.param(text() + text("*"), r"entry 2: ACT-1/\* is excused by entry 1 already", id="twice-by-star"),
        pytest.param(text(reason=" "), "entry 1: reason is ' '; it has to be a text", id="reason"),
        pytest.param(
            text(expires='"soon"'), "entry 1: expires is 'soon'; it has to be a date without quotes", id="date"
        ),
        pytest.param(text().replace('owner = "ann"\n', ""), "entry 1: owner is missing", id="no-owner"),
        pytest.param(text() + "by = 1\n", "entry 1: 'by' is no word of an entry", id="more"),
    ],
)
def test_a_bad_ledger_says_what_would_be_right(told: str, message: str) -> None:
    """The entry, the value and what is wanted."""
    with pytest.raises(LedgerError, match=message):
        read_ledger(told)


@pytest.mark.parametrize("reason", ["token_url '' in the read", 'a "quote", a \\ and\na line', "\x7f\x01😀", ""])
def test_a_printed_entry_can_be_pasted(reason: str) -> None:
    """It is read again as it stands, whatever an implementation said."""
    told = read_ledger(entry_for(CASE, reason, owner="ann", today=TODAY))

    assert [(entry.id, entry.owner, entry.expires) for entry in told.entries] == [(CASE, "ann", date(2027, 2, 9))]


def test_a_ledger_survives_the_result_document() -> None:
    """Reports are made from what is written there."""
    report = report_with(text(), {CASE: BROKEN})

    assert decode_report(encode_report(report)) == report


def test_entries_are_known_by_the_digest_of_their_file() -> None:
    """Two reports with one digest had the same excuses."""
    one, other = read_ledger(text()), read_ledger(text(reason="other"))

    assert isinstance(one, Ledger)
    assert one.digest != other.digest


def _first(rule: str) -> str:
    return next(case_id for case_id in CASES if case_id.startswith(f"{rule}/")).partition("/")[2]

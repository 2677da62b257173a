"""What a person sees on a screen of 100 columns."""

import io

import pytest
from rich.console import Console

from idpact_contract.cases import CASES
from idpact_contract.judgement import NotJudged, Passed, Violated
from idpact_contract.results.report import Report
from idpact_contract.results.terminal import print_report, show_progress
from tests.contract.building import ISSUER, evidence, served, updated
from tests.contract.reporting import BROKEN, full_report, report_of, trial


def shown(report: Report, *, rerun: str = "") -> str:
    """The screen as plain text."""
    screen = io.StringIO()
    print_report(Console(file=screen, width=100, color_system=None), report, rerun=rerun)
    return screen.getvalue()


class TestReport:
    def test_a_line_per_rule(self) -> None:
        """Id, level, verdict, cases and what it says."""
        text = shown(report_of({"ACT-1/created": Passed(), "ACT-1/created-with-name": Passed()}))

        assert "ACT-1 MUST pass 2 A new connection is pending." in " ".join(text.split())

    def test_cases_that_did_not_pass_are_counted(self) -> None:
        """Passed of all."""
        text = shown(report_of({"ACT-1/created": BROKEN, "ACT-1/created-with-name": Passed()}))

        assert "ACT-1 MUST fail 1/2 A new connection is pending." in " ".join(text.split())

    def test_the_verdict_comes_with_its_meaning_and_counts(self) -> None:
        """In words that need no manual."""
        text = shown(report_of({"ACT-1/created": BROKEN, "DISC-7/plain": BROKEN}))

        assert "nonconforming: at least one MUST was broken (1 fail, 1 warn; 1.5 s)" in text

    def test_a_selection_is_told(self) -> None:
        """Nobody takes it for the whole."""
        assert "The verdict is over a selection of the cases" in shown(report_of({"ACT-1/created": Passed()}))

    def test_a_whole_run_says_nothing_of_a_selection(self) -> None:
        """And shows the open answers instead."""
        text = shown(full_report())

        assert "selection" not in text
        assert "conforming: every MUST that applies was kept" in text
        assert "left open by the source" in text

    def test_a_failure_is_told_whole_with_its_next_step(self) -> None:
        """Rule, wanted, seen, source, and the command that runs it again."""
        text = shown(report_of({"ACT-1/created": BROKEN}), rerun="idpact check http://x --case {case}")

        assert "ACT-1/created (MUST) violated: A new connection is pending." in text
        assert f"  wanted  {BROKEN.expected}" in text
        assert f"  saw     {BROKEN.observed}" in text
        assert "  source  Update OIDC Connection (B2B), description" in text
        assert "  rerun   idpact check http://x --case ACT-1/created" in text

    def test_braces_in_the_command_survive(self) -> None:
        """A variable may hold them."""
        assert "  rerun   a {b} ACT-1/created" in shown(report_of({"ACT-1/created": BROKEN}), rerun="a {{b}} {case}")

    def test_further_cases_of_a_rule_are_told_by_id(self) -> None:
        """One in full is enough."""
        text = shown(report_of({"ACT-1/created": BROKEN, "ACT-1/created-with-name": BROKEN}))

        assert "  also    ACT-1/created-with-name" in text
        assert text.count("violated:") == 1

    def test_failures_come_before_warnings(self) -> None:
        """What matters most is read first."""
        text = shown(report_of({"DISC-7/plain": BROKEN, "ACT-1/created": BROKEN}))

        assert text.index("ACT-1/created (MUST)") < text.index("DISC-7/plain (SHOULD)")

    def test_one_reason_for_all_that_is_inconclusive_is_told_once(self) -> None:
        """An unreachable mock IdP isn't fifty findings."""
        reason = NotJudged("set-up: it never asked")
        text = shown(report_of({"ACT-4/together": reason, "DISC-1/first-issuer": reason}))

        assert text.count("it never asked") == 1
        assert "concerns DISC-1, ACT-4" in text

    def test_no_line_of_the_table_is_wider_than_the_screen(self) -> None:
        """Long statements wrap."""
        table = shown(full_report()).partition("left open")[0]

        assert max(len(line) for line in table.splitlines()) <= 100


HOSTILE = "[bold red]hacked[/] [link=https://evil.example]x[/link] [/] [@click=x]"


class TestHostileText:
    def test_markup_in_a_violation_is_shown_as_it_stands(self) -> None:
        """What an implementation answers styles nothing and breaks nothing."""
        judgement = Violated(expected=HOSTILE, observed=HOSTILE)

        assert f"  saw     {HOSTILE}" in shown(report_of({"ACT-1/created": judgement}))

    def test_markup_in_a_reason_is_shown_as_it_stands(self) -> None:
        """The same for what could not be judged."""
        assert f"inconclusive: {HOSTILE}" in shown(report_of({"ACT-1/created": NotJudged(HOSTILE)}))

    def test_markup_in_an_open_answer_is_shown_as_it_stands(self) -> None:
        """A User-Agent is whatever a client sends."""
        seen = evidence(updated({"issuer": ISSUER}, served(headers=(("user-agent", "[red]x[/]"),))))

        assert "[red]x[/]" in shown(report_of(dict.fromkeys(CASES, Passed()), seen=seen))

    def test_markup_in_the_short_form_is_shown_as_it_stands(self) -> None:
        """From the sixth rule on."""
        rules = (
            "ACT-1/created",
            "ACT-4/together",
            "KEEP-3/typed",
            "WIRE-1/created",
            "WIRE-2/created",
            "WIRE-4/created",
        )
        text = shown(report_of(dict.fromkeys(rules, Violated(expected="x", observed=HOSTILE))))

        assert f"WIRE-4/created (MUST) fail: {HOSTILE}" in " ".join(text.split())

    @pytest.mark.parametrize("judgement", [Violated(expected="x", observed="a:lock:b"), NotJudged("a:lock:b")])
    def test_a_word_between_colons_is_shown_as_it_stands(self, judgement: Violated | NotJudged) -> None:
        """A report shows values, not pictures."""
        assert "a:lock:b" in shown(report_of({"ACT-1/created": judgement}))

    def test_a_backslash_before_a_bracket_is_shown(self) -> None:
        """JSON within JSON has many."""
        assert "a\\[ b" in shown(report_of({"ACT-1/created": NotJudged("a\\[ b")}))

    @pytest.mark.parametrize("judgement", [Violated(expected="x", observed="\x1b[2J"), NotJudged("\x1b]0;pwned\x07")])
    def test_no_control_sequence_reaches_the_terminal(self, judgement: Violated | NotJudged) -> None:
        """A content type may hold ESC; a screen is not cleared, nor its title set, by an implementation."""
        assert "\x1b" not in shown(report_of({"ACT-1/created": judgement}))


class TestProgress:
    def test_a_line_per_family_where_there_is_no_terminal(self) -> None:
        """Each when its last case is done, with what did not pass."""
        screen = io.StringIO()
        planned = [CASES[name] for name in ("ACT-1/created", "ACT-1/created-with-name", "KEEP-3/typed")]
        with show_progress(Console(file=screen, width=100), planned) as progress:
            progress(trial("ACT-1/created", Passed()))
            progress(trial("KEEP-3/typed", Passed()))
            progress(trial("ACT-1/created-with-name", BROKEN))

        assert screen.getvalue().splitlines() == ["  KEEP     1 cases", "  ACT      2 cases, 1 not passed"]

    def test_a_bar_on_a_terminal_leaves_nothing_behind(self) -> None:
        """It is gone when the report comes."""
        screen = io.StringIO()
        console = Console(file=screen, width=100, force_terminal=True, color_system=None, legacy_windows=False)
        with show_progress(console, [CASES["ACT-1/created"]]) as progress:
            progress(trial("ACT-1/created", Passed()))

        assert "ACT-1/created" in screen.getvalue()

"""The result on a screen: progress while it runs, then a line per rule, what failed, and the verdict."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final, Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from idpact_contract.cases import CASES, Case
from idpact_contract.results.explain import explain_case
from idpact_contract.results.ledger import EntryReport, Standing, entry_for
from idpact_contract.results.report import CaseReport, Report, RuleReport
from idpact_contract.results.verdict import CaseVerdict, RunVerdict, case_verdict
from idpact_contract.trial import Trial

__all__ = ["ProgressSink", "plain", "print_new_entries", "print_report", "print_verdict", "show_progress"]

_STYLES: Final = {
    CaseVerdict.PASS: "green",
    CaseVerdict.FAIL: "bold red",
    CaseVerdict.WARN: "yellow",
    CaseVerdict.NOT_APPLICABLE: "dim",
    CaseVerdict.INCONCLUSIVE: "magenta",
}
_MEANINGS: Final = {
    RunVerdict.CONFORMING: ("bold green", "every MUST that applies was kept"),
    RunVerdict.NONCONFORMING: ("bold red", "at least one MUST was broken"),
    RunVerdict.INCONCLUSIVE: ("bold magenta", "not enough could be judged to say"),
}
_SHOWN_IN_FULL: Final = 5


class ProgressSink(Protocol):
    """Is told of each trial as it comes in."""

    def __call__(self, trial: Trial, /) -> None:
        """One more case is done."""


@contextmanager
def show_progress(console: Console, planned: Sequence[Case]) -> Iterator[ProgressSink]:
    """A bar on a terminal, a line per family elsewhere."""
    if console.is_terminal:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=console, transient=True) as bar:
            task = bar.add_task("starting", total=len(planned))

            def advance(trial: Trial) -> None:
                bar.update(task, advance=1, description=f"{trial.case:<40.40}")

            yield advance
        return
    yield _lines(console, planned)


def _lines(console: Console, planned: Sequence[Case]) -> ProgressSink:
    left: dict[str, int] = {}
    for case in planned:
        left[case.rule.family] = left.get(case.rule.family, 0) + 1
    totals, broken = dict(left), dict.fromkeys(left, 0)

    def advance(trial: Trial) -> None:
        case = CASES[trial.case]
        family = case.rule.family
        left[family] -= 1
        judged = trial.judgement is not None
        if judged and case_verdict(trial.judgement, case.level) is not CaseVerdict.PASS:  # type: ignore[arg-type] # judged
            broken[family] += 1
        if not left[family]:
            told = f", {broken[family]} not passed" if broken[family] else ""
            console.print(f"  {family:<6}{totals[family]:>4} cases{told}", highlight=False)

    return advance


def print_report(console: Console, report: Report, *, rerun: str = "") -> None:
    """A line per rule, what did not pass, the open answers, the verdict.

    Args:
        console: Where to.
        report: The document.
        rerun: The command that runs one case again, with `{case}` for its id.
    """
    console.print(_table(report.rules))
    _print_broken(console, report, rerun)
    if report.complete and report.open:
        answers = Table("left open by the source", "answer", box=None, header_style="bold")
        for answer in report.open:
            answers.add_row(plain(answer.asks), plain(answer.answer))
        console.print(answers)
        console.print()
    print_verdict(console, report)


def print_verdict(console: Console, report: Report) -> None:
    """The verdict in a line or two: what it means, and over what."""
    style, meaning = _MEANINGS[report.verdict]
    counts = ", ".join(f"{count} {verdict}" for verdict, count in report.counts.items() if count)
    console.print(f"[{style}]{report.verdict}[/]: {meaning} ({counts}; {report.seconds:.1f} s)", highlight=False)
    _print_ledger(console, report)
    if report.left_out:
        _print_left_out(console, report)
    if not report.complete:
        console.print("The verdict is over a selection of the cases, or not all of them ran.", highlight=False)


_LEDGER_STYLES: Final = {Standing.STALE: "bold red", Standing.EXPIRED: "bold red", Standing.EXCUSES: "yellow"}


def _print_ledger(console: Console, report: Report) -> None:
    if report.ledger is None:
        return
    for told in report.ledger.entries:
        if told.standing is not Standing.UNDECIDED:
            _print_entry(console, told)
    if report.verdict is RunVerdict.NONCONFORMING and report.exit_code == 0:
        console.print(
            "Every failure is excused: the exit code is 0. A MUST that somebody excused still counts as failed."
        )


def _print_entry(console: Console, told: EntryReport) -> None:
    line = f": {told.entry.id}, {told.entry.owner}: {told.entry.reason}" + (f" ({told.note})" if told.note else "")
    head = Text(f"ledger: {told.standing}", _LEDGER_STYLES.get(told.standing, "dim"))
    console.print(head + plain(line), highlight=False, soft_wrap=True)


def _print_left_out(console: Console, report: Report) -> None:
    left = set(report.left_out)
    told = {rule.id: sum(case.id in left for case in rule.cases) for rule in report.rules}
    names = ", ".join(f"{rule_id} ({count})" for rule_id, count in told.items() if count)
    console.print(
        plain(f"left out, since the time budget was spent: {len(left)} cases: {names}"), highlight=False, soft_wrap=True
    )


def print_new_entries(console: Console, report: Report, *, owner: str) -> None:
    """An entry for each failure that the ledger does not excuse, ready to be put into it.

    Args:
        console: Where to.
        report: The document of a run with a ledger.
        owner: Who is named as the entries' owner.
    """
    if report.ledger is None:
        return
    new = [case for case in report.cases if case.verdict is CaseVerdict.FAIL and case.excused_by is None]
    known = {case_id for told in report.ledger.entries for case_id in told.cases}
    for number, case in enumerate(case for case in new if case.id not in known):
        if number == 0:
            console.print("\nNew failures; to expect one, put its entry into the ledger and say why:", highlight=False)
        told = entry_for(case.id, case.observed, owner=owner, today=report.ledger.today)
        console.print(Text("\n") + plain(told), highlight=False, soft_wrap=True)


def plain(told: str) -> Text:
    """Text as it stands: no markup, no pictures for words, and no control character reaches the terminal."""
    return Text("".join(char if char.isprintable() or char == "\n" else ascii(char)[1:-1] for char in told))


def _table(rules: Sequence[RuleReport]) -> Table:
    table = Table("rule", "level", "verdict", "cases", "statement", box=None, header_style="bold", pad_edge=False)
    table.columns[3].justify = "right"
    for rule in rules:
        passed = sum(case.verdict is CaseVerdict.PASS for case in rule.cases)
        cases = str(passed) if passed == len(rule.cases) else f"{passed}/{len(rule.cases)}"
        verdict = f"[{_STYLES[rule.verdict]}]{rule.verdict}[/]"
        table.add_row(rule.id, rule.level, verdict, cases, plain(rule.statement))
    return table


def _print_broken(console: Console, report: Report, rerun: str) -> None:
    """Failures first, one in full per rule; the rest of a rule's cases by their ids."""
    for wanted in (CaseVerdict.FAIL, CaseVerdict.INCONCLUSIVE, CaseVerdict.WARN):
        groups = [(rule, [case for case in rule.cases if case.verdict is wanted]) for rule in report.rules]
        groups = [(rule, cases) for rule, cases in groups if cases]
        same = _one_reason(groups) if wanted is CaseVerdict.INCONCLUSIVE else None
        if same:
            names = ", ".join(rule.id for rule, _ in groups)
            console.print()
            console.print(Text("inconclusive", "magenta") + plain(f": {same}\n  concerns {names}"), highlight=False)
            continue
        for index, (rule, cases) in enumerate(groups):
            _print_group(console, rule, cases, rerun, in_full=index < _SHOWN_IN_FULL)
    broken = next((rule.id for rule in report.rules if rule.verdict in (CaseVerdict.FAIL, CaseVerdict.WARN)), None)
    if broken:
        console.print(f"\nWhy, and how it is done right: idpact explain {broken}", highlight=False)
    console.print()


def _one_reason(groups: Sequence[tuple[RuleReport, Sequence[CaseReport]]]) -> str | None:
    reasons = {case.observed for _, cases in groups for case in cases}
    return reasons.pop() if len(reasons) == 1 else None


def _print_group(console: Console, rule: RuleReport, cases: Sequence[CaseReport], rerun: str, *, in_full: bool) -> None:
    first, others = cases[0], cases[1:]
    console.print()
    excused = [case.id for case in cases if case.excused_by]
    if excused:
        console.print(plain(f"excused by the ledger: {', '.join(excused)}"), highlight=False, soft_wrap=True)
    if in_full:
        told = explain_case(rule.statement, rule.citation, first, rerun=rerun.format(case=first.id) if rerun else "")
        console.print(plain(told), highlight=False, soft_wrap=True)
    else:
        console.print(plain(f"{first.id} ({first.level}) {first.verdict}: {first.observed}"), highlight=False)
    if others:
        console.print(
            f"  also    {', '.join(case.id for case in others)}", markup=False, highlight=False, soft_wrap=True
        )

"""What of the benchmarks needs no time to be measured: goals, the report's words, and what a section is."""

import pytest

from tests.bench import __main__ as bench
from tests.bench.figures import Figure, Result, at_least, at_most, markdown
from tests.bench.load import require_wrk
from tests.bench.sections import Section, sections


class Made:
    """A section with one figure."""

    TITLE = "Made up"
    ORDER = 1
    __name__ = "made"
    __doc__ = "Not measured."

    def __init__(self, figure: Figure) -> None:
        self.figure = figure

    def measure(self) -> Result:
        """Nothing is."""
        return Result(figures=[self.figure])


def exit_status(figure: Figure, monkeypatch: pytest.MonkeyPatch, *options: str) -> int:
    """How a run of this one section ends."""
    found: dict[str, Section] = {"made": Made(figure)}
    monkeypatch.setattr(bench, "sections", lambda: found)
    monkeypatch.setattr(bench, "require_wrk", lambda: None)
    monkeypatch.setattr("tests.bench.peers.install", lambda: None)
    monkeypatch.setattr("sys.argv", ["bench", "--only", "made", *options])
    return bench.main()


@pytest.mark.parametrize(("value", "missed"), [(0.9, False), (0.899, False), (0.89, True)])
def test_a_goal_is_held_against_the_figure_as_it_is_written(value: float, *, missed: bool) -> None:
    """Nobody reads 0.90 beside "at least 0.9" and "missed"."""
    assert Figure(what="share", value=value, goal=at_least(0.9)).missed is missed


def test_the_report_says_which_goals_were_met() -> None:
    """Each figure stands beside its goal and whether it holds."""
    figures = [Figure(what="a", value=1, goal=at_most(2)), Figure(what="b", value=3, goal=at_most(2))]

    text = markdown("Title", "How.", Result(figures=figures))

    assert "| a | 1.00 | at most 2 | met |\n| b | 3.00 | at most 2 | **missed** |" in text


def test_a_missed_goal_fails_the_run_and_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """By section, figure and goal."""
    assert exit_status(Figure(what="share", value=0.5, goal=at_least(0.9)), monkeypatch) == 1
    assert capsys.readouterr().out.endswith("goal missed: made: share: 0.50, wanted at least 0.9\n")


def test_a_missed_goal_can_be_only_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    """For runs on a machine that is busy."""
    assert exit_status(Figure(what="share", value=0.5, goal=at_least(0.9)), monkeypatch, "--report-only") == 0


def test_without_wrk_one_sentence_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is measured by another client."""
    monkeypatch.setenv("PATH", "")

    with pytest.raises(SystemExit, match="apt-get install -y wrk"):
        require_wrk()


@pytest.mark.parametrize("name", sections())
def test_a_section_says_what_it_is_and_how_it_measures(name: str) -> None:
    """Its heading, its place and its docstring make the report."""
    section = sections()[name]

    assert section.TITLE
    assert section.ORDER > 0
    assert section.__doc__
    assert callable(section.measure)

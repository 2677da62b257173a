"""What the pages tell a reader to type is what the command line takes."""

import re
import shlex
from pathlib import Path

import click
import pytest

from idpact.cli import main
from idpact_contract.run.settings import plan
from tests.processes import ROOT

PAGES = [ROOT / "contract_tests" / "README.md", *sorted((ROOT / "contract_tests" / "docs").glob("*.md"))]
FILES = ("vars.json", "expected.toml", "idp.pem", "idp-key.pem")


def commands(page: Path) -> list[str]:
    """The commands of a page's examples: after a prompt, or within a compose file."""
    text = re.sub(r"\\\n\s*", " ", page.read_text())
    shown = re.findall(r"^\$ (idpact [^>&#\n]*)", text, re.MULTILINE)
    within = re.findall(r"&& (idpact [^\"]*)\"", text)
    return [*shown, *(" ".join(command.split()) for command in within)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_examples_of_a_page_are_understood(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every option exists and takes what it is given; every case and rule is there."""
    monkeypatch.chdir(tmp_path)
    for name in FILES:
        (tmp_path / name).touch()
    told = commands(page)
    assert told

    for command in told:
        name, *arguments = shlex.split(command.replace("/run/vars.json", "vars.json"))[1:]
        known = main.commands[name]
        assert isinstance(known, click.Command)
        params = known.make_context(name, arguments).params
        if name == "check":
            assert plan(params["only"], params["case_ids"])


@pytest.mark.parametrize("page", PAGES[1:], ids=lambda page: page.name)
def test_a_page_is_linked(page: Path) -> None:
    """A reader finds it from the part's own page."""
    assert f"docs/{page.name}" in PAGES[0].read_text()

"""Commands in the documentation: whatever it shows, the command line takes."""

import re
import shlex
from pathlib import Path
from typing import Any

import click
import pytest

from idpact.cli import main
from idpact_contract.run.settings import plan
from tests.processes import ROOT

PAGES = sorted(ROOT.glob("*.md")) + sorted(ROOT.glob("*/*.md")) + sorted(ROOT.glob("*/docs/*.md"))
_LINE = re.compile(r"^\s*(?:\$ |.*\| )?(idpact (?!:).*?)(?:\s+#.*|\s*&|\s*>.*)?$")


def commands() -> list[tuple[str, str]]:
    """Every `idpact …` in a console block, with the name of its page."""
    found = []
    for page in PAGES:
        for block in re.findall(r"```console\n(.*?)```", page.read_text("utf-8"), re.DOTALL):
            lines = block.replace("\\\n", " ").splitlines()
            shown = (_LINE.match(line) for line in lines if line.lstrip().startswith("$"))
            found += [(page.name, match.group(1)) for match in shown if match]
        for block in re.findall(r"```yaml\n(.*?)```", page.read_text("utf-8"), re.DOTALL):
            found += [(page.name, " ".join(shown.split())) for shown in re.findall(r"&&\s+(idpact [^\"]*)\"", block)]
    return found


def parse(words: list[str]) -> dict[str, Any]:
    """What click reads of a command's words; nothing is run."""
    command: click.Command = main
    while isinstance(command, click.Group):
        context = click.Context(command)
        name, found, words = command.resolve_command(context, words)
        assert found is not None, name
        command = found
    return command.make_context(command.name, words).params


@pytest.mark.parametrize("shown", [pytest.param(shown, id=f"{page}: {shown}") for page, shown in commands()])
def test_a_command_that_is_shown_is_taken(shown: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its options exist, its arguments have the right form, rules and cases are there; files that it reads are made up."""
    monkeypatch.chdir(tmp_path)
    words = shlex.split(shown)[1:]
    for word in words:
        if re.fullmatch(r"[\w-]+\.(json|toml|pem|txt)", word.rpartition("=")[2]):
            Path(word.rpartition("=")[2]).touch()

    params = parse(words)
    if "case_ids" in params:
        assert plan(params["only"], params["case_ids"])


def test_commands_are_found() -> None:
    """A pattern that finds none would let all of them rot."""
    assert {page for page, _ in commands()} >= {"README.md", "docker.md", "ssrf-guard.md", "tunnels.md"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_within_the_project_lead_somewhere(page: Path) -> None:
    """A page that is named is there."""
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text("utf-8"))

    assert [link for link in links if not (page.parent / link).exists()] == []

"""Variables from a file, the environment and the command line."""

import io
import json
from pathlib import Path

import pytest

from idpact_contract.reference import build
from idpact_contract.targets.variables import SettingsError, gather_variables

CANARY = "canary-secret-0001"


def file_with(folder: Path, content: object) -> str:
    """A variables file; text is written as it stands."""
    file = folder / "vars.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return str(file)


def test_pairs() -> None:
    """A value may hold `=` and be empty."""
    assert gather_variables(["a=1", "b=x=y", "c="], environ={}) == {"a": "1", "b": "x=y", "c": ""}


def test_the_environment() -> None:
    """IDPACT_ and the name in capitals; empty ones and others' don't count."""
    environ = {"IDPACT_SESSION_TOKEN": "s", "IDPACT_SECRET": "", "PATH": "/bin", "MY_IDPACT_X": "y"}

    assert gather_variables(environ=environ) == {"session_token": "s"}


def test_the_process_environment_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the shell exported."""
    monkeypatch.setenv("IDPACT_PROJECT_ID", "project-0001")

    assert gather_variables()["project_id"] == "project-0001"


def test_a_file(tmp_path: Path) -> None:
    """A JSON object of names and strings."""
    assert gather_variables(file=file_with(tmp_path, {"base_url": "http://x", "secret": "s"}), environ={}) == {
        "base_url": "http://x",
        "secret": "s",
    }


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    """The file `-`."""
    monkeypatch.setattr("sys.stdin", io.StringIO('{"a": "1"}\n'))

    assert gather_variables(file="-", environ={}) == {"a": "1"}


def test_pairs_beat_the_environment_and_that_beats_the_file(tmp_path: Path) -> None:
    """The nearer to the command, the stronger."""
    file = file_with(tmp_path, {"a": "file", "b": "file", "c": "file"})

    assert gather_variables(["a=pair"], file, {"IDPACT_A": "environment", "IDPACT_B": "environment"}) == {
        "a": "pair",
        "b": "environment",
        "c": "file",
    }


def test_two_organizations_fill_four_variables(tmp_path: Path) -> None:
    """The first as it is, the second's with other_."""
    orgs = [{"organization_id": "o1", "session_token": "s1"}, {"organization_id": "o2", "session_token": "s2"}]

    assert gather_variables(file=file_with(tmp_path, {"orgs": orgs}), environ={}) == {
        "organization_id": "o1",
        "session_token": "s1",
        "other_organization_id": "o2",
        "other_session_token": "s2",
    }


def test_what_the_reference_announces_can_be_read(tmp_path: Path) -> None:
    """The line that the reference implementation prints is a variables file."""
    reference = build()
    told = gather_variables(file=file_with(tmp_path, reference.announcement("http://127.0.0.1:1")), environ={})
    reference.close()

    assert told["other_session_token"] == reference.settings.orgs[1].session_token
    assert told["base_url"] == "http://127.0.0.1:1"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(f'{{"secret": "{CANARY}"', "not JSON: .*line 1", id="cut"),
        pytest.param(f"secret={CANARY}", "not JSON", id="no-json"),
        pytest.param([CANARY], "a JSON object of names and strings is needed", id="list"),
        pytest.param({"secret": [CANARY]}, "secret has to be a string, not list", id="list-value"),
        pytest.param({"port": 8080}, "port has to be a string, not int", id="number"),
        pytest.param({"orgs": {"organization_id": CANARY}}, "orgs has to be a list of objects", id="orgs-object"),
        pytest.param({"orgs": [CANARY]}, "orgs has to be a list of objects", id="orgs-strings"),
        pytest.param(
            {"orgs": [{"session_token": {"v": CANARY}}]}, "session_token has to be a string, not dict", id="org"
        ),
    ],
)
def test_a_file_that_can_not_be_used_is_told_without_its_values(tmp_path: Path, content: object, message: str) -> None:
    """The file, the name and what would be right; never a value."""
    file = file_with(tmp_path, content)

    with pytest.raises(SettingsError, match=message) as caught:
        gather_variables(file=file, environ={})
    assert f"--vars {file!r}" in str(caught.value)
    assert CANARY not in str(caught.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    """By name and reason."""
    with pytest.raises(SettingsError, match=r"--vars '.*none\.json': No such file"):
        gather_variables(file=str(tmp_path / "none.json"), environ={})


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    """Bytes that are no UTF-8."""
    file = tmp_path / "vars.json"
    file.write_bytes(b"\xff\xfe")

    with pytest.raises(SettingsError, match="--vars"):
        gather_variables(file=str(file), environ={})


@pytest.mark.parametrize("pair", ["session_token", "=value", ""])
def test_a_pair_without_a_name_or_a_value_is_told(pair: str) -> None:
    """And how a variable is given."""
    with pytest.raises(SettingsError, match="--var: a variable is given as name=value"):
        gather_variables([pair], environ={})


@pytest.mark.parametrize("pair", [f"session_token:{CANARY}", CANARY])
def test_a_mistyped_pair_is_told_without_its_value(pair: str) -> None:
    """Who writes `:` for `=`, or forgets the name, doesn't find the secret in a log."""
    with pytest.raises(SettingsError) as caught:
        gather_variables([pair], environ={})
    assert CANARY not in str(caught.value)

"""The package's surface: what it exports, what it imports, and what its README says."""

import ast
import importlib
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import idpact_mock
from idpact_mock import FAILURES, NO_PRESET, PRESETS, SWITCHES

README = Path(idpact_mock.__file__).parents[1] / "README.md"
HEAVY = {"starlette", "uvicorn", "joserfc", "cryptography", "trustme", "httpx", "httptools", "asyncio", "ssl"}


def loaded_by(code: str) -> set[str]:
    """The heavy modules that are loaded once that code ran in a fresh process."""
    script = f"import sys\n{code}\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return HEAVY & {name.partition(".")[0] for name in done.stdout.split()}


def test_exports_are_in_order() -> None:
    """Constants first, then classes, then functions, each by name, as the linter has it; each once."""
    assert len(set(idpact_mock.__all__)) == len(idpact_mock.__all__)
    assert set(idpact_mock._HOMES) == set(idpact_mock.__all__)  # a name without a home couldn't be imported


@pytest.mark.parametrize("name", idpact_mock.__all__)
def test_every_export_is_there(name: str) -> None:
    """Each is the very object of its home, and listed."""
    home = importlib.import_module(f"idpact_mock.{idpact_mock._HOMES[name]}")

    assert getattr(idpact_mock, name) is getattr(home, name)
    assert name in dir(idpact_mock)
    assert name in home.__all__


def test_other_names_are_not_there() -> None:
    """The usual error for a slip of the pen."""
    with pytest.raises(AttributeError, match="has no attribute 'MockIDP'"):
        _ = idpact_mock.MockIDP


@pytest.mark.parametrize(
    "code",
    [
        "import idpact_mock",
        "from idpact_mock import FAILURES, FailureMode, Outcome",
        "from idpact_mock import Entry, Journal",
        "from idpact_mock import PRESETS, SWITCHES; len(PRESETS)",
    ],
)
def test_data_is_light(code: str) -> None:
    """Who needs the catalogue or the journal's records only loads no server, no client and no cryptography."""
    assert loaded_by(code) == set()


def test_server_needs_no_client_and_no_keys() -> None:
    """A running server has loaded neither httpx nor cryptography, and no router as long as nobody controls it."""
    code = "from idpact_mock import MockIdP\nwith MockIdP() as idp: idp.make_issuer(own_port=True)"

    assert loaded_by(code) & {"starlette", "httpx", "joserfc", "cryptography", "trustme"} == set()


def test_readme_lists_every_failure() -> None:
    """The table is the catalogue, row by row."""
    rows = re.findall(
        r"^\| `([a-z0-9-]+)` \| (\S+) \| (\S+) \| (\S+) \| (.+?) \| (.*?) ?\|$",
        README.read_text(encoding="utf-8"),
        re.MULTILINE,
    )

    assert rows == [
        (mode.id, mode.group, mode.layer, mode.outcome.value, mode.statement, mode.standard)
        for mode in FAILURES.values()
    ]


def test_readme_lists_every_preset() -> None:
    """The table is the presets, row by row; those of no vendor are named in the text."""
    text = README.read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z0-9-]+)` \| (.+?) \| `(https://.+?)` \| (\S+) \| (\S) \|$", text, re.MULTILINE)

    assert rows == [
        (preset.name, f"{preset.title}, {preset.form}", preset.issuer, preset.grade, preset.mark)
        for preset in PRESETS.values()
        if not preset.is_own
    ]
    assert all(f"`{name}`" in text for name in NO_PRESET)


def test_readme_lists_every_switch() -> None:
    """The table is the switches, row by row."""
    table = (
        README.read_text(encoding="utf-8")
        .partition("| switch | does | seen at |\n|---|---|---|\n")[2]
        .partition("\n\n")[0]
    )

    assert table.splitlines() == [
        f"| `{switch.id}` | {switch.statement} | {', '.join(f'`{name}`' for name in switch.seen_at)} |"
        for switch in SWITCHES.values()
    ]


@pytest.mark.parametrize(
    "block",
    re.findall(
        r"^```python\n(.*?)^```",
        README.read_text(encoding="utf-8") if README.is_file() else "",
        re.MULTILINE | re.DOTALL,
    ),
)
def test_readme_examples_run(block: str) -> None:
    """What the README shows works as shown."""
    exec(compile(block, str(README), "exec"), {})  # our own text, which is what is being tested


def test_readme_shows_each_feature_by_a_test() -> None:
    """Every yes of the feature tables names a test that is there."""
    shown = re.findall(r"^\| .+ \| yes \| `(.+)` \|$", README.read_text(encoding="utf-8"), re.MULTILINE)
    root = README.parents[1]

    missing = {node for node in shown if node not in nodes_of(root, node.partition("::")[0])}

    assert (len(shown) > 45, missing) == (True, set())


@cache
def nodes_of(root: Path, name: str) -> set[str]:
    """The node ids of the tests in a file, without parameters."""
    found = set()
    for node in ast.parse((root / name).read_text(encoding="utf-8")).body:
        inside = (
            [f"{node.name}::{inner.name}" for inner in node.body if isinstance(inner, ast.FunctionDef)]
            if isinstance(node, ast.ClassDef)
            else []
        )
        found |= {f"{name}::{each}" for each in inside}
        if isinstance(node, ast.FunctionDef):
            found.add(f"{name}::{node.name}")
    return found

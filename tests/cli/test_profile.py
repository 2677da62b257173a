"""`idpact profile`: a profile written, filled in and tried."""

import re
import tomllib
from pathlib import Path

from idpact_contract.targets.profile import load_profile
from tests.processes import idpact

FRONTEND = Path(__file__).parents[2] / "contract_tests/idpact_contract/targets/profiles/stytch-frontend.toml"


def test_a_new_profile_is_a_valid_one_and_overwrites_nothing(tmp_path: Path) -> None:
    """Its author starts from something that loads."""
    first = idpact("profile", "new", "ours.toml", cwd=tmp_path)
    second = idpact("profile", "new", "ours.toml", cwd=tmp_path)

    assert (first.returncode, second.returncode) == (0, 2)
    assert second.stderr == "idpact: ours.toml: File exists\n"
    assert load_profile(str(tmp_path / "ours.toml")).name == "ours"
    assert tomllib.loads((tmp_path / "ours.toml").read_text())["schema"] == 1


def test_a_right_profile_comes_out_right_at_every_step(vars_file: Path, tmp_path: Path) -> None:
    """Create, read, update, the refusals, delete."""
    tried = idpact("profile", "check", "stytch-backend", "--vars", str(vars_file), cwd=tmp_path)

    assert tried.returncode == 0, tried.stdout
    steps = re.findall(r"^ok +(.*?):", tried.stdout, re.MULTILINE)
    assert steps[:4] == ["create", "read", "update", "read what was updated"]
    assert steps[-1] == "delete"
    assert "wrong" not in tried.stdout


def test_a_wrong_line_is_named(vars_file: Path, tmp_path: Path) -> None:
    """A pointer that leads nowhere, a field under another name, a wrong path: each is told with where to look."""
    text = FRONTEND.read_text()
    mistakes = {
        'list = "/data/oidc_connections"': (
            'list = "/data/connections"',
            "the connection isn't where operations.read says",
        ),
        "[auth]": ('[fields]\ndisplay_name = "name"\n\n[auth]', "see fields.display_name"),
        'path = "/sdk/v1/b2b/sso/oidc"': ('path = "/sdk/v1/sso"', "see operations.create"),
    }
    for old, (new, told) in mistakes.items():
        (tmp_path / "wrong.toml").write_text(text.replace(old, new, 1))
        tried = idpact("profile", "check", "wrong.toml", "--vars", str(vars_file), cwd=tmp_path)

        assert tried.returncode == 2
        assert told in tried.stdout

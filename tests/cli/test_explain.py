"""`idpact explain` as its user meets it."""

from pathlib import Path

import pytest

from tests.processes import idpact


@pytest.mark.parametrize("told", ["DISC-3", "disc-3", "DISC-3/one-segment"])
def test_a_rule_is_explained(told: str, tmp_path: Path) -> None:
    """By its id in any case of letters, or by the id of one of its cases, as reports have it."""
    explained = idpact("explain", told, cwd=tmp_path)

    assert explained.returncode == 0, explained.stderr
    for part in ("DISC-3 (MUST", "Why", "Source", "Wrong", "Right", "Its cases", "DISC-3/one-segment"):
        assert part in explained.stdout


@pytest.mark.parametrize(
    ("told", "near"), [("DISC-33", "did you mean DISC-1, DISC-2"), ("DICS-3", "DISC-3"), ("SAVE-1", "SAFE-1")]
)
def test_an_unknown_rule_gives_close_matches(told: str, near: str, tmp_path: Path) -> None:
    """In a sentence, with exit code 2."""
    explained = idpact("explain", told, cwd=tmp_path)

    assert explained.returncode == 2
    assert near in explained.stderr
    assert "Traceback" not in explained.stderr

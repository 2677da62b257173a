"""Every rule is explained to whoever has to mend an implementation."""

import ast
import textwrap
from io import StringIO

import pytest
from rich.console import Console

from idpact_contract.catalogue import CATALOGUE, FAMILIES
from idpact_contract.explaining import _family as texts_of
from idpact_contract.explaining import explanation
from idpact_contract.results.manual import print_rule


def page(rule_id: str) -> str:
    """The page of a rule at 80 columns."""
    written = StringIO()
    print_rule(Console(file=written, width=80), rule_id)
    return written.getvalue()


@pytest.mark.parametrize("rule_id", CATALOGUE)
def test_every_rule_has_every_part(rule_id: str) -> None:
    """Why, the mistake, wrong and right in Python, right elsewhere; the two differ."""
    told = explanation(rule_id)

    assert all(part.strip() for part in (told.why, told.mistake, told.wrong, told.fix, told.other))
    assert told.wrong != told.fix


@pytest.mark.parametrize("family", FAMILIES)
def test_nothing_is_explained_that_is_no_rule(family: str) -> None:
    """A text without its rule would never be read."""
    assert set(texts_of(family)) == {entry.id for entry in CATALOGUE.values() if entry.family == family}


@pytest.mark.parametrize("rule_id", CATALOGUE)
def test_a_page_fits_into_80_columns(rule_id: str) -> None:
    """And nothing of the code is cut off."""
    shown = page(rule_id)
    told = explanation(rule_id)

    assert max(len(line) for line in shown.splitlines()) <= 80
    lines = [line for source in (told.wrong, told.fix, told.other) for line in source.strip("\n").splitlines()]
    assert {f"  {line}".rstrip() for line in lines} <= {line.rstrip() for line in shown.splitlines()}


@pytest.mark.parametrize("rule_id", CATALOGUE)
def test_what_is_right_is_python(rule_id: str) -> None:
    """Examples with a slip in them teach the slip; what stands alone is held by the parser."""
    source = explanation(rule_id).fix.strip("\n")
    if source.startswith("except"):
        source = f"try:\n    pass\n{source}"
    if source.startswith('"'):
        source = f"{{{source}}}"
    if "await" in source or "async with" in source:
        source = "async def f():\n" + textwrap.indent(source, "    ")

    ast.parse(source)


def test_a_page_names_its_cases_and_how_to_try_them() -> None:
    """The id of a case is what a report and a ledger say."""
    shown = page("ACT-1")

    assert "ACT-1/created (MUST)" in shown
    assert "--only ACT-1" in shown

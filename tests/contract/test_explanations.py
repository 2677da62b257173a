"""Explanations: every rule has one, in whole sentences, and the command tells it."""

import pytest

from idpact.explaining import explained, wanted_rules
from idpact_contract.catalogue import CATALOGUE, Rule, UnknownRuleError
from idpact_contract.explanations import explanation_of


@pytest.mark.parametrize("rule", CATALOGUE.values(), ids=CATALOGUE)
def test_every_rule_is_explained(rule: Rule) -> None:
    """Why, what is commonly wrong, what is right; and the statement isn't said twice."""
    told = explanation_of(rule.id)

    assert told.why.endswith(".")
    assert rule.statement not in told.why
    assert told.wrong.strip()
    assert told.right.strip()
    assert told.wrong != told.right


@pytest.mark.parametrize("rule", CATALOGUE.values(), ids=CATALOGUE)
def test_an_explanation_fits_a_terminal(rule: Rule) -> None:
    """No line is longer than a wide terminal, and the source and the cases are there."""
    told = explained(rule)

    assert max(map(len, told.splitlines())) <= 120
    assert rule.id in told.splitlines()[0]
    assert f"{rule.id}/" in told


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        (["PREC-1"], ["PREC-1"]),
        (["prec-1", "PREC-1/atuj"], ["PREC-1"]),
        (["cred"], ["CRED-1", "CRED-2", "CRED-3"]),
    ],
)
def test_rules_are_asked_for_by_rule_family_or_case(asked: list[str], meant: list[str]) -> None:
    """In whatever case they are typed, each once."""
    assert [rule.id for rule in wanted_rules(asked)] == meant


@pytest.mark.parametrize(
    ("asked", "hint"), [("PREC-9", "PREC-1"), ("NOPE", "ORG"), ("PREC-1/nope", "idpact explain PREC-1")]
)
def test_what_is_unknown_is_answered_with_what_there_is(asked: str, hint: str) -> None:
    """One sentence that helps."""
    with pytest.raises(UnknownRuleError, match=hint):
        wanted_rules([asked])

"""What a run plans from what it was told."""

import pytest

from idpact_contract.cases import CASES
from idpact_contract.catalogue import UnknownRuleError
from idpact_contract.run.settings import SettingsError, plan


def test_nothing_told_plans_everything() -> None:
    """Every case, in the order of the contract."""
    assert [case.id for case in plan()] == list(CASES)


def test_a_family_plans_its_rules() -> None:
    """All of that family's cases and no other."""
    assert {case.rule.family for case in plan(["FALL"])} == {"FALL"}
    assert len(plan(["FALL"])) == sum(case.rule.family == "FALL" for case in CASES.values())


def test_a_rule_plans_its_cases() -> None:
    """Not those of a rule whose id begins alike."""
    assert {case.rule.id for case in plan(["INFER-1"])} == {"INFER-1"}


def test_a_case_plans_itself() -> None:
    """One case."""
    assert [case.id for case in plan(case_ids=["FALL-2/http-404"])] == ["FALL-2/http-404"]


def test_several_are_planned_once_each_in_the_order_of_the_contract() -> None:
    """Whatever the order in which they were told, and however often."""
    planned = [case.id for case in plan(["ACT", "ACT-1"], ["DISC-1/first-issuer", "ACT-1/created"])]

    assert planned == [case_id for case_id in CASES if case_id == "DISC-1/first-issuer" or case_id.startswith("ACT-")]


def test_an_unknown_rule_is_told() -> None:
    """With the rules of its family."""
    with pytest.raises(UnknownRuleError, match="'FALL-9' is no rule of the catalogue; there are FALL-1"):
        plan(["FALL-9"])


def test_an_unknown_case_is_told_with_the_cases_of_its_rule() -> None:
    """Who mistypes a name sees which there are."""
    with pytest.raises(SettingsError, match=r"--case 'ACT-1/create': there is no such case; ACT-1 has ACT-1/created"):
        plan(case_ids=["ACT-1/create"])


def test_a_case_of_an_unknown_rule_is_told_with_what_there_is() -> None:
    """Who mistypes the rule of a case sees which rules or families there are."""
    with pytest.raises((SettingsError, UnknownRuleError), match="DISC"):
        plan(case_ids=["DISK-1/first-issuer"])

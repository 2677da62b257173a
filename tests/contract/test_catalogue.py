"""The catalogue: ids and levels that never change their meaning, and the cases and judges that go with them."""

import re
from typing import Final

import pytest

from idpact_contract.cases import CASES
from idpact_contract.catalogue import CATALOGUE, FAMILIES, Level, Rule, UnknownRuleError, catalogue_digest, rule
from idpact_contract.rules import JUDGES

_MUST: Final = """
    ORG-1 ORG-2 ORG-3 ORG-4 ORG-6
    DISC-1 DISC-2 DISC-3 DISC-5 DISC-6 DISC-8
    INFER-1 INFER-2 INFER-3 INFER-4 INFER-5 INFER-6 INFER-7 INFER-8 INFER-10
    CRED-1 CRED-2
    FALL-1 FALL-2 FALL-3 FALL-4
    PREC-1 PREC-2 PREC-3 PREC-4
    ACT-1 ACT-2 ACT-3 ACT-4 ACT-5
    KEEP-1 KEEP-3 KEEP-4 KEEP-6 KEEP-7
    WIRE-1 WIRE-2 WIRE-3 WIRE-4 WIRE-5 WIRE-6
    INPUT-1 INPUT-2
    SAFE-3
"""
_SHOULD: Final = (
    "ORG-5 DISC-4 DISC-7 INFER-9 INFER-11 CRED-3 FALL-5 FALL-6 ACT-6 KEEP-2 KEEP-5 WIRE-7 INPUT-3 SAFE-1 SAFE-2"
)
_LEVELS: Final = {**dict.fromkeys(_MUST.split(), "MUST"), **dict.fromkeys(_SHOULD.split(), "SHOULD")}


def test_ids_and_levels_are_those_of_the_contract() -> None:
    """A rule that comes, goes or changes its level is a change of the contract, and seen here."""
    assert {entry.id: entry.level.value for entry in CATALOGUE.values()} == _LEVELS


def test_every_rule_belongs_to_a_family_that_has_a_name() -> None:
    """Reports show a family by its name."""
    assert {entry.family for entry in CATALOGUE.values()} == set(FAMILIES)


@pytest.mark.parametrize("entry", CATALOGUE.values(), ids=CATALOGUE)
def test_a_statement_is_one_sentence_with_a_source(entry: Rule) -> None:
    """What a rule says ends in a full stop, and where it is written is told."""
    assert re.fullmatch(r"[^\n]+\.", entry.statement)
    assert entry.citation


def test_every_rule_has_a_judge() -> None:
    """No rule is listed that can't be judged, and none judged that isn't listed."""
    assert set(JUDGES) == set(CATALOGUE)


def test_every_rule_has_a_case() -> None:
    """No rule is listed that nothing tries."""
    assert {case.rule.id for case in CASES.values()} == set(CATALOGUE)


def test_every_must_rule_has_a_must_case() -> None:
    """A MUST rule can fail, not only warn."""
    failing = {case.rule.id for case in CASES.values() if case.level is Level.MUST}

    assert {entry.id for entry in CATALOGUE.values() if entry.level is Level.MUST} - failing == set()


def test_no_should_rule_has_a_must_case() -> None:
    """A SHOULD rule can never make an implementation fail."""
    raised = [case.id for case in CASES.values() if case.level is Level.MUST and case.rule.level is Level.SHOULD]

    assert raised == []


def test_every_case_names_a_rule_of_the_catalogue() -> None:
    """A case's rule is the catalogue's own record."""
    assert [case.id for case in CASES.values() if CATALOGUE.get(case.rule.id) is not case.rule] == []


def test_case_ids_are_a_rule_and_a_name() -> None:
    """Ids are safe in a shell, a file name and a URL's fragment."""
    assert [case_id for case_id in CASES if not re.fullmatch(r"[A-Z]+-\d+/[a-z0-9.-]+", case_id)] == []


def test_cases_are_registered_under_their_own_id() -> None:
    """Looking a case up by its id finds that case."""
    assert [key for key, case in CASES.items() if case.id != key] == []


def test_cases_stand_in_the_order_of_the_contract_family_by_family() -> None:
    """A report's families come in the catalogue's order."""
    order = list(dict.fromkeys(case.rule.family for case in CASES.values() if case.rule.family != "CRED"))

    assert order == [family for family in FAMILIES if family != "CRED"]


def test_every_case_has_a_title_of_one_line() -> None:
    """What a case does is told in a line."""
    assert [case.id for case in CASES.values() if not re.fullmatch(r"[^\n]+\.", case.title)] == []


def test_the_sixteen_subsets_are_all_there() -> None:
    """PREC tries every subset of the four URLs: fifteen that type something, fifteen that leave something out."""
    names = {
        rule_id: {case.name for case in CASES.values() if case.rule.id == rule_id and not case.suite}
        for rule_id in ("PREC-1", "PREC-2")
    }

    assert len(names["PREC-1"]) == 15
    assert len(names["PREC-2"]) == 15
    assert len(names["PREC-1"] | names["PREC-2"]) == 16


def test_the_digest_names_its_algorithm() -> None:
    """Two reports' digests can be compared, and it is told what they are."""
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", catalogue_digest())


def test_the_digest_is_the_same_each_time() -> None:
    """The digest depends on the rules alone."""
    assert catalogue_digest() == catalogue_digest()


def test_an_unknown_number_is_answered_with_the_rules_of_its_family() -> None:
    """Who mistypes a number sees which there are."""
    with pytest.raises(
        UnknownRuleError, match=r"'CRED-9' is no rule of the catalogue; there are CRED-1, CRED-2, CRED-3$"
    ):
        rule("CRED-9")


def test_an_unknown_family_is_answered_with_the_families() -> None:
    """Who mistypes a family sees which there are."""
    with pytest.raises(UnknownRuleError, match=r"'DISK-1' is no rule of the catalogue; there are ORG, DISC, INFER"):
        rule("DISK-1")


def test_an_id_in_small_letters_is_answered_with_its_family() -> None:
    """The id is not guessed, but its family is."""
    with pytest.raises(UnknownRuleError, match="there are ACT-1, ACT-2"):
        rule("act-1")

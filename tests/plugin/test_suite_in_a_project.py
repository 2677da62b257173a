"""The contract in a user's own suite: one short file, and the fixture that says where the endpoint is."""

import pytest

from idpact_contract.cases import CASES
from tests.plugin.conftest import Project
from tests.processes import ROOT

PLAIN = ("-p", "no:schemathesis", "-p", "no:randomly", "-p", "no:cacheprovider")


def test_the_whole_suite_passes_on_the_reference(project: Project, pytester: pytest.Pytester) -> None:
    """Every case is an item; the four of the backend wire are skipped with the reason; packages of our names stay the user's."""
    project()
    ran = pytester.runpytest_subprocess(*PLAIN, "-rs", "--strict-config", "-Werror")

    backend = sum(case.rule.id == "WIRE-7" or case.id == "WIRE-6/both-ids" for case in CASES.values())
    ran.assert_outcomes(passed=len(CASES) - backend + 1, skipped=backend)
    ran.stdout.fnmatch_lines(["SKIPPED*the rule is about the backend wire alone"])


def _items(family: str) -> int:
    """The items of a family's class: its cases, and one beside them."""
    return sum(case.rule.family == family for case in CASES.values()) + 1


def test_one_family_alone(project: Project, pytester: pytest.Pytester) -> None:
    """A family's class runs its rules only, each keyed by rule id and case."""
    project(suite="ActivationRules")
    ran = pytester.runpytest_subprocess(*PLAIN, "-v", "-k", "ACT-5 or ACT-6")

    ran.assert_outcomes(passed=4, deselected=_items("ACT") - 4)
    ran.stdout.fnmatch_lines(["*TestOurEndpoint::test_act[[]ACT-5/then-typed[]] PASSED*"])


def test_a_broken_must_fails_in_words(
    project: Project, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The failure is the explanation, without a traceback of ours and without secrets."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    project(suite="PrecedenceRules", mutant="mutants.falling.InferredWinsForOne")
    _mutants_package(pytester)
    ran = pytester.runpytest_subprocess(*PLAIN, "-k", "PREC-1")

    ran.assert_outcomes(failed=9, passed=7, deselected=_items("PREC") - 16)
    ran.stdout.fnmatch_lines(
        ["PREC-1/u (MUST) violated: Every typed URL is stored as typed, whatever the document says."]
    )
    ran.stdout.no_fnmatch_line("*Traceback*")


def test_a_broken_should_is_a_warning(
    project: Project, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The suite stays green, and pytest's summary of warnings tells."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    project(suite="FallbackRules", mutant="mutants.falling.NeverWarns")
    _mutants_package(pytester)
    ran = pytester.runpytest_subprocess(*PLAIN, "-k", "FALL-5/http-404")

    ran.assert_outcomes(passed=1, deselected=_items("FALL") - 1, warnings=1)
    ran.stdout.fnmatch_lines(["*ContractWarning: FALL-5/http-404 (SHOULD) violated:*"])


def test_parallel_and_in_random_order(project: Project, pytester: pytest.Pytester) -> None:
    """pytest-xdist and pytest-randomly change nothing; each worker has its own mock IdP."""
    project(suite="InferenceRules")
    ran = pytester.runpytest_subprocess("-p", "no:schemathesis", "-n", "2")

    ran.assert_outcomes(passed=60)


def _mutants_package(pytester: pytest.Pytester) -> None:
    """Our faulty implementations under another name, since `tests` is the project's own."""
    link = pytester.path / "mutants"
    link.mkdir()
    for source in (ROOT / "tests" / "mutants").glob("[!t]*.py"):  # no test module, nor what tries mutants
        (link / source.name).write_text(source.read_text().replace("tests.mutants", "mutants"))

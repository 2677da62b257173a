"""`pytest --idpact-target URL`: the packaged suite beside the user's tests, fewer rules of it, and one report."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from idpact_contract.cases import CASES
from idpact_contract.generated import model, schema
from idpact_contract.results.report import Report, decode_report
from tests.plugin.conftest import Project
from tests.processes import announced, running

pytestmark = pytest.mark.timeout(240)  # each starts a pytest, some of them with workers

# A run within this process forgets what it was the first to import, so that the next would meet halves of two Hypotheses.
_ = (model, schema)

PLAIN = ("-p", "no:schemathesis", "-p", "no:asyncio", "-p", "no:cacheprovider")


@pytest.fixture(scope="module")
def reference() -> Iterator[dict[str, object]]:
    """What a running reference implementation says of itself."""
    with running("idpact", "reference", "--port", "0", "--discovery-timeout", "2") as process:
        yield announced(process)


@pytest.fixture
def options(reference: dict[str, object], pytester: pytest.Pytester) -> tuple[str, ...]:
    """The options for that implementation, in a folder with one test of the user's."""
    pytester.makepyfile(test_ours="def test_ours(): pass\n")
    (pytester.path / "vars.json").write_text(json.dumps(reference))
    url = reference["base_url"]
    return (*PLAIN, f"--idpact-target={url}", "--idpact-profile=stytch-frontend", "--idpact-vars=vars.json")


def report(pytester: pytest.Pytester) -> Report:
    """The document that a run has written."""
    return decode_report((pytester.path / "report.json").read_bytes())


def test_chosen_rules_beside_ones_own_tests(pytester: pytest.Pytester, options: tuple[str, ...]) -> None:
    """A family and a case by id; the user's test runs, too, and the counts are right."""
    ran = pytester.runpytest_inprocess(*options, "--idpact-only=CRED,PREC-1/u", "-v")

    ran.assert_outcomes(passed=many("CRED") + 2, deselected=len_of_the_rest(many("CRED") + 1))
    ran.stdout.fnmatch_lines([f"*collected {len(CASES) + 1} items / * deselected / {many('CRED') + 2} selected"])
    ran.stdout.fnmatch_lines_random(
        ["idpact::TestContract::test_prec[[]PREC-1/u[]] PASSED*", "test_ours.py::test_ours PASSED*"]
    )


def test_rules_by_marker(pytester: pytest.Pytester, options: tuple[str, ...]) -> None:
    """Pytest's own -m knows rule, family and level."""
    ran = pytester.runpytest_inprocess(*options, "--strict-markers", "-m", "idpact(rule='ACT-1')")

    ran.assert_outcomes(passed=many("ACT-1"), deselected=len_of_the_rest(many("ACT-1")) + 1)


def test_one_report_of_all_workers(
    pytester: pytest.Pytester, options: tuple[str, ...], reference: dict[str, object]
) -> None:
    """Written once, by the controller, with every case and without a secret; so is JUnit."""
    ran = pytester.runpytest_subprocess(
        *options, "--idpact-only=ACT", "--idpact-report=report.json", "--junitxml=junit.xml", "-n2"
    )
    ran.assert_outcomes(passed=many("ACT") + 1)
    ran.stdout.fnmatch_lines(["idpact: conforming, over the selected cases; wrote report.json"])

    document = report(pytester)
    assert (document.verdict, document.complete, len(document.cases)) == ("conforming", False, many("ACT"))
    assert document.target["base_url"] == reference["base_url"]
    secrets = [organization["session_token"] for organization in reference["orgs"]]  # type: ignore[attr-defined] # JSON
    for file in ("report.json", "junit.xml"):
        text = (pytester.path / file).read_text()
        assert [secret for secret in secrets if secret in text] == []


def test_settings_in_native_toml(pytester: pytest.Pytester, options: tuple[str, ...]) -> None:
    """All of it without an option; whoever names a path of theirs gets that alone."""
    url = options[-3].partition("=")[2]
    (pytester.path / "pytest.toml").write_text(
        f'[pytest]\nidpact_target = "{url}"\nidpact_profile = "stytch-frontend"\nidpact_vars = "vars.json"\n'
        'idpact_only = ["CRED-1", "CRED-2"]\nidpact_report = "report.json"\n'
    )
    pytester.runpytest_inprocess(*PLAIN).assert_outcomes(
        passed=many("CRED-1", "CRED-2") + 1, deselected=len_of_the_rest(many("CRED-1", "CRED-2"))
    )
    assert {rule.id for rule in report(pytester).rules} == {"CRED-1", "CRED-2"}


def test_settings_reach_workers_and_add_nothing_to_a_path(pytester: pytest.Pytester, options: tuple[str, ...]) -> None:
    """In a worker they mean the same; whoever names a path of theirs gets that alone."""
    url = options[-3].partition("=")[2]
    (pytester.path / "pytest.toml").write_text(
        f'[pytest]\nidpact_target = "{url}"\nidpact_profile = "stytch-frontend"\nidpact_vars = "vars.json"\n'
    )
    pytester.runpytest_subprocess(*PLAIN, "-n1", "--idpact-only=CRED-1").assert_outcomes(passed=many("CRED-1") + 1)

    ran = pytester.runpytest_inprocess(*PLAIN, "test_ours.py")
    ran.assert_outcomes(passed=1)
    assert ran.ret == pytest.ExitCode.OK


def test_a_conftest_is_about_another_implementation(
    project: Project, pytester: pytest.Pytester, options: tuple[str, ...], reference: dict[str, object]
) -> None:
    """The packaged suite tries what the command line names, although a conftest.py defines a target; and no report mixes them."""
    project(suite="CredentialRules")
    ran = pytester.runpytest_subprocess(*options, "-m", "idpact(family='CRED')", "--idpact-report=report.json")
    ran.assert_outcomes(passed=2 * many("CRED"), deselected=2 + len_of_the_rest(many("CRED")))
    ran.stdout.fnmatch_lines([f"idpact: no report: it would mix 2 implementations (*{reference['base_url']}*"])
    assert ran.ret == pytest.ExitCode.TESTS_FAILED

    pytester.runpytest_subprocess(*options, "--idpact-only=CRED", "test_ours.py", "--idpact-report=report.json")
    assert report(pytester).target["base_url"] == reference["base_url"]


def test_a_planned_case_that_did_not_run_is_told(pytester: pytest.Pytester, options: tuple[str, ...]) -> None:
    """A green session with a hole in it is red."""
    pytester.makeconftest(
        """
        import pytest

        def pytest_collection_finish(session):
            for item in session.items:
                if "CRED-2/own-credentials" in item.nodeid:
                    item.add_marker(pytest.mark.skip("another day"))
        """
    )
    ran = pytester.runpytest_inprocess(*options, "--idpact-only=CRED", "--idpact-report=report.json")

    ran.stdout.fnmatch_lines(
        ["idpact: 1 planned cases did not run: CRED-2/own-credentials", "idpact: inconclusive; wrote report.json"]
    )
    assert ran.ret == pytest.ExitCode.TESTS_FAILED


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (["--idpact-only=ACT-99"], "*--idpact-only: 'ACT-99' is no rule of the catalogue; there are ACT-1, *"),
        (["--idpact-target=https://sso.example"], "*https://sso.example is not on this machine*say --idpact-yes*"),
        (["--idpact-profile=nope"], "*--idpact-target: *nope*"),
        (["--idpact-vars=gone.json"], "*gone.json*"),
    ],
    ids=["rule", "far-away", "profile", "variables"],
)
def test_a_wrong_setting_ends_it_at_once(
    pytester: pytest.Pytester, options: tuple[str, ...], wrong: list[str], told: str
) -> None:
    """One line, and no test."""
    ran = pytester.runpytest_inprocess(*options, *wrong)

    assert ran.ret == pytest.ExitCode.USAGE_ERROR
    ran.stderr.fnmatch_lines([f"ERROR: {told}"])


def test_an_override_that_takes_rules_away_is_refused(pytester: pytest.Pytester) -> None:
    """By a method, a value or a class before ours; methods of one's own are welcome."""
    pytester.makepyfile(
        """
        import pytest
        from idpact import ActivationRules, ContractSuite

        class Mixin:
            def test_act(self): pass

        def test_refused():
            for bases, members in (((ContractSuite,), {"test_disc": None}), ((Mixin, ActivationRules), {})):
                with pytest.raises(TypeError, match="Mine.test_(act|disc): the rules of (ACT|DISC) can't be overridden"):
                    type("Mine", bases, members)

        def test_welcome():
            class Mine(ContractSuite):
                pytestmark = pytest.mark.usefixtures('tmp_path')
                def test_another(self): pass
        """
    )
    pytester.runpytest_inprocess(*PLAIN).assert_outcomes(passed=2)


def many(*names: str) -> int:
    """How many cases those rules and families have."""
    return sum(case.rule.id in names or case.rule.family in names for case in CASES.values())


def len_of_the_rest(chosen: int) -> int:
    """How many cases are left out."""
    return len(CASES) - chosen


def test_the_document_is_where_it_was_asked_for(pytester: pytest.Pytester, options: tuple[str, ...]) -> None:
    """Folders are made."""
    pytester.runpytest_inprocess(*options, "--idpact-only=CRED-1", "--idpact-report=a/b.json")

    assert Path(pytester.path / "a" / "b.json").is_file()

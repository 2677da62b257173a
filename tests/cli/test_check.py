"""`idpact check` as its user meets it: exit codes, sentences, files."""

import json
import re
import socket
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from idpact_contract.cases import CASES
from idpact_contract.results.report import decode_report
from idpact_contract.results.verdict import case_verdict
from tests.processes import announced, idpact, running


@pytest.mark.parametrize("profile", ["stytch-frontend", "stytch-backend"])
def test_the_reference_conforms_on_both_wires(profile: str, vars_file: Path, tmp_path: Path) -> None:
    """The very JSON line that the reference prints will do, and the verdict is exit code 0."""
    checked = idpact("check", "--profile", profile, "--vars", vars_file.name, cwd=tmp_path)

    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert re.search(r"^conforming: every MUST that applies was kept", checked.stdout, re.MULTILINE)


@pytest.fixture(scope="module")
def whole_run(variables: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The result document of a run of every case with two workers, which came out as exit code 0."""
    folder = tmp_path_factory.mktemp("whole")
    command = ["check", "--profile", "stytch-backend", "--vars", "-", "-n", "2", "--json", "out/report.json"]
    checked = idpact(*command, cwd=folder, told=variables)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    return folder / "out/report.json"


def test_parallel_workers_come_to_the_same_verdict(whole_run: Path) -> None:
    """-n 2 tries every case once, and a report of it is complete."""
    report = json.loads(whole_run.read_text())

    assert report["complete"] is True
    assert [case["id"] for rule in report["rules"] for case in rule["cases"]] == list(CASES)


def test_every_verdict_comes_out_again_from_what_was_recorded(whole_run: Path) -> None:
    """Evidence is kept short, and still all that a judge needs."""
    report = decode_report(whole_run.read_bytes())
    judged = {
        case.id: case_verdict(CASES[case.id].judgement(case.evidence), case.level)
        for case in report.cases
        if case.evidence is not None and not CASES[case.id].suite
    }

    assert judged == {case.id: case.verdict for case in report.cases if case.id in judged}
    assert len(judged) > 1000


@pytest.mark.parametrize(
    ("name", "rule", "case"),
    [
        ("InferredWins", "PREC-1", "PREC-1/a"),
        ("DropsThePath", "DISC-3", "DISC-3/one-segment"),
        ("BreaksOnHtml", "FALL-1", "FALL-1/empty-body"),
        ("ForgetsTheOwner", "ORG-2", "ORG-2/update"),
        ("ForgetsTheWrapper", "WIRE-1", "WIRE-1/created"),
    ],
)
def test_a_faulty_implementation_is_exit_code_1_with_the_rule(name: str, rule: str, case: str, tmp_path: Path) -> None:
    """The rule is named with its source, what was wanted and seen, curl lines and how to run the case again."""
    with running("tests.mutants.serving", name) as process:
        told = json.dumps(announced(process))
        checked = idpact(
            "check", "--profile", "stytch-frontend", "--vars", "-", "--only", rule, cwd=tmp_path, told=told
        )

    assert checked.returncode == 1, checked.stdout + checked.stderr
    explained = checked.stdout[checked.stdout.index(f"{case} (MUST) violated") :]
    for part in (
        "  case    ",
        "  wanted  ",
        "  saw     ",
        "  sent    ",
        "  source  ",
        "curl -sS -X ",
        f"--case {case}",
    ):
        assert part in explained
    assert "nonconforming: at least one MUST was broken" in checked.stdout


def test_only_a_should_broken_still_conforms(tmp_path: Path) -> None:
    """A broken SHOULD is a warning: exit code 0, and it is told."""
    with running("tests.mutants.serving", "DoublesTheSlash") as process:
        told = json.dumps(announced(process))
        checked = idpact(
            "check",
            "--profile",
            "stytch-frontend",
            "--vars",
            "-",
            "--only",
            "DISC",
            "--examples",
            "1",
            cwd=tmp_path,
            told=told,
        )

    assert checked.returncode == 0
    assert "DISC-4/host-slash (SHOULD) violated" in checked.stdout
    assert "GET //.well-known/openid-configuration" in checked.stdout


def test_a_dead_port_is_exit_code_2_and_one_sentence(vars_file: Path, tmp_path: Path) -> None:
    """Nothing is tried where nobody listens."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        checked = idpact("check", url, "--profile", "stytch-frontend", "--vars", str(vars_file), cwd=tmp_path)

    assert checked.returncode == 2
    assert checked.stdout == ""
    assert checked.stderr == f"idpact: {url} can't be reached: [Errno 111] Connection refused\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--profile", "nobody"], "profile 'nobody': no built-in profile (stytch-backend, stytch-frontend)"),
        (
            ["--profile", "stytch-frontend", "--only", "PREC-9"],
            "'PREC-9' is no rule of the catalogue; there are PREC-1,",
        ),
        (["--profile", "stytch-frontend", "--case", "DISC-4/x"], "there is no such case; DISC-4 has DISC-4/host-slash"),
        (["--profile", "stytch-frontend", "--var", "secret"], "--var: a variable is given as name=value"),
        (["--profile", "stytch-frontend", "--var", "session_token=nope"], "the check can't begin: create answered 401"),
        (["--profile", "stytch-frontend", "--idp-bind", "9000"], "an address is given as HOST:PORT"),
    ],
    ids=["profile", "rule", "case", "pair", "credentials", "address"],
)
def test_bad_usage_is_exit_code_2_and_says_what_would_be_right(
    arguments: list[str], told: str, vars_file: Path, tmp_path: Path
) -> None:
    """No traceback: the option, the value and what would be right."""
    checked = idpact("check", *arguments, "--vars", str(vars_file), cwd=tmp_path)

    assert checked.returncode == 2
    assert told in " ".join(checked.stderr.split())
    assert "Traceback" not in checked.stderr


def test_variables_that_are_missing_are_all_named(tmp_path: Path) -> None:
    """Each with what it is, so that one go is enough."""
    checked = idpact("check", "http://127.0.0.1:1", "--profile", "stytch-backend", cwd=tmp_path)

    assert checked.returncode == 2
    assert "needs project_id (the project's id); secret (the project's secret); organization_id" in checked.stderr


def test_variables_from_the_environment_beat_the_file(vars_file: Path, tmp_path: Path) -> None:
    """IDPACT_SESSION_TOKEN is taken, and --var beats it."""
    command = ["check", "--profile", "stytch-frontend", "--vars", str(vars_file), "--case", "WIRE-4/partial"]
    wrong = idpact(*command, cwd=tmp_path, env={"IDPACT_SESSION_TOKEN": "wrong-token"})
    token = json.loads(vars_file.read_text())["orgs"][0]["session_token"]
    right = idpact(
        *command, "--var", f"session_token={token}", cwd=tmp_path, env={"IDPACT_SESSION_TOKEN": "wrong-token"}
    )

    assert (wrong.returncode, right.returncode) == (2, 0)


def test_one_case_alone_is_a_selection(vars_file: Path, tmp_path: Path) -> None:
    """The verdict is over the selection, and the document says that it is not complete."""
    command = ["--vars", str(vars_file), "--case", "FALL-2/http-404", "--json", "report.json"]
    checked = idpact("check", "--profile", "stytch-frontend", *command, cwd=tmp_path)
    report = json.loads((tmp_path / "report.json").read_text())

    assert checked.returncode == 0
    assert "over a selection" in checked.stdout
    assert (report["verdict"], report["complete"]) == ("conforming", False)
    assert [case["id"] for rule in report["rules"] for case in rule["cases"]] == ["FALL-2/http-404"]


def test_a_dry_run_sends_nothing(tmp_path: Path) -> None:
    """It needs neither variables nor a server, and says how many requests there would be."""
    checked = idpact("check", "http://127.0.0.1:1", "--profile", "stytch-frontend", "--dry-run", cwd=tmp_path)

    assert checked.returncode == 0
    assert re.search(
        rf"^{len(CASES)} cases, \d{{4}} requests, and those of generated examples; nothing was sent$",
        checked.stdout,
        re.MULTILINE,
    )
    assert "not applicable: the rule is about the backend wire alone" in checked.stdout


def test_a_target_off_loopback_is_not_touched_without_yes(tmp_path: Path) -> None:
    """A check writes: not by mistake on somebody's production."""
    checked = idpact("check", "https://api.example", "--profile", "stytch-frontend", cwd=tmp_path)

    assert checked.returncode == 2
    assert "https://api.example is not on this machine" in checked.stderr
    assert "--yes" in checked.stderr


def test_an_idp_that_is_not_reached_is_inconclusive_and_said_once(vars_file: Path, tmp_path: Path) -> None:
    """Never asked, where it isn't known that the implementation reaches the mock IdP, is nobody's failure."""
    command = ["--vars", str(vars_file), "--idp-url", "http://idp.invalid", "--only", "DISC-1,ACT-1", "--examples", "1"]
    checked = idpact("check", "--profile", "stytch-frontend", *command, cwd=tmp_path)

    assert checked.returncode == 2
    assert checked.stdout.count("note: the implementation does not reach the mock IdP") == 1
    assert re.search(r"^DISC-1\s+MUST\s+inconclusive", checked.stdout, re.MULTILINE)
    assert re.search(r"^ACT-1\s+MUST\s+pass", checked.stdout, re.MULTILINE)


@pytest.mark.parametrize("workers", ["0", "2"])
def test_one_address_for_the_idp_serves_all_workers(workers: str, vars_file: Path, tmp_path: Path) -> None:
    """With --idp-url the controller owns the one server, and every case still finds its own requests in the journal."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    command = ["--vars", str(vars_file), "--idp-bind", address, "--idp-url", f"http://{address}", "-n", workers]
    checked = idpact(
        "check", "--profile", "stytch-frontend", *command, "--only", "DISC,FALL-2,CRED", "--examples", "1", cwd=tmp_path
    )

    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_nothing_of_the_users_own_pytest_takes_part(vars_file: Path, tmp_path: Path) -> None:
    """Neither PYTEST_ADDOPTS nor a conftest.py, an ini file or packages of our folders' names change the verdict."""
    (tmp_path / "conftest.py").write_text("raise RuntimeError('not yours')")
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n")
    for name in ("contract_tests", "plugins", "mock_idp", "tests"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(f"raise RuntimeError({name!r})")
    env = {"PYTEST_ADDOPTS": "-k nothing --maxfail=1", "PYTEST_PLUGINS": "no_such_plugin"}
    command = ["check", "--profile", "stytch-frontend", "--vars", str(vars_file), "--only", "ACT-1", "--examples", "1"]
    checked = idpact(*command, cwd=tmp_path, env=env)

    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert re.search(r"^ACT-1\s+MUST\s+pass\s+3", checked.stdout, re.MULTILINE)


def test_what_a_check_creates_is_deleted_unless_kept(tmp_path: Path) -> None:
    """Afterwards the organization has as many connections as before; with --keep one more for each."""
    with running("idpact", "reference", "--port", "0") as process:
        told = json.dumps(announced(process))
        command = [
            "check",
            "--profile",
            "stytch-frontend",
            "--vars",
            "-",
            "--case",
            "WIRE-4/created",
            "--json",
            "r.json",
        ]
        counts = []
        for extra in ([], ["--keep"], []):
            assert idpact(*command, *extra, cwd=tmp_path, told=told).returncode == 0
            (case,) = json.loads((tmp_path / "r.json").read_text())["rules"][0]["cases"]
            listed = json.loads(case["evidence"]["steps"][0]["read"]["answer"])["data"]["oidc_connections"]
            counts.append(len(listed))

    assert counts == [1, 1, 2]


@pytest.mark.timeout(240)  # a whole check, on machines that may be busy
def test_no_secret_reaches_any_output(variables: str, tmp_path: Path) -> None:
    """Neither the run's own secrets nor those that the suite makes up, as they stand or in Base64."""
    told = json.loads(variables)
    outputs = ["--json", "r.json", "--html", "r.html", "--junit", "r.xml"]
    command = ["check", "--profile", "stytch-frontend", "--vars", "-", *outputs]
    checked = idpact(*command, cwd=tmp_path, told=variables)
    written = [(tmp_path / name).read_text() for name in ("r.json", "r.html", "r.xml")]

    for text in (checked.stdout, checked.stderr, *written):
        assert told["secret"] not in text
        assert not [org for org in told["orgs"] if org["session_token"] in text]
        assert not re.search(r"client-secret-[0-9a-f]{24}", text)
        assert not re.search(r"Basic [A-Za-z0-9+/=]{20}", text)
    assert re.search(r'"client_secret":"\$SECRET_\d+"', written[0])


def test_junit_has_a_suite_for_each_rule_and_a_case_for_each_case(vars_file: Path, tmp_path: Path) -> None:
    """What a CI system shows is what the document says."""
    command = ["--vars", str(vars_file), "--only", "ACT,WIRE-7", "--examples", "1", "--junit", "out/junit.xml"]
    idpact("check", "--profile", "stytch-frontend", *command, cwd=tmp_path)
    root = ET.parse(tmp_path / "out/junit.xml").getroot()

    assert [suite.get("name") for suite in root] == [*(f"ACT-{number}" for number in range(1, 7)), "WIRE-7"]
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("43", "0", "0")
    assert len(root.findall("./testsuite[@name='WIRE-7']/testcase/skipped")) == 5


def test_a_document_makes_its_other_formats_again(vars_file: Path, tmp_path: Path) -> None:
    """`idpact report` shows what the check showed, and its exit code is the verdict's."""
    command = [
        "--vars",
        str(vars_file),
        "--only",
        "ACT-1",
        "--examples",
        "1",
        "--json",
        "r.json",
        "--html",
        "first.html",
    ]
    idpact("check", "--profile", "stytch-frontend", *command, cwd=tmp_path)
    shown = idpact("report", "r.json", cwd=tmp_path)
    made = idpact("report", "r.json", "--html", "second.html", cwd=tmp_path)

    assert (shown.returncode, made.returncode) == (0, 0)
    assert "conforming" in shown.stdout
    assert (tmp_path / "first.html").read_bytes() == (tmp_path / "second.html").read_bytes()


def test_quiet_says_the_verdict_alone(vars_file: Path, tmp_path: Path) -> None:
    """No progress, no table, no word of the files that were written; the exit code as ever."""
    told = ["--vars", str(vars_file), "--only", "ORG-1", "--examples", "1", "--quiet", "--markdown", "summary.md"]

    done = idpact("check", "--profile", "stytch-frontend", *told, cwd=tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    assert [line.partition(":")[0] for line in done.stdout.splitlines()] == [
        "conforming",
        "The verdict is over a selection of the cases, or not all of them ran.",
    ]
    assert (tmp_path / "summary.md").read_text().startswith("## idpact")

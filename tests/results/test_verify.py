"""`idpact verify`: a report as it was made is believed, and one that somebody changed is refused with the reason."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from tests.contract.reporting import FACTS, report_of
from tests.mutants.trying import MUTANTS, bench_of
from tests.processes import idpact

from idpact_contract.cases import CASES
from idpact_contract.judgement import NotJudged, Passed
from idpact_contract.redact import Redactor
from idpact_contract.results.report import Report, assemble, encode_report, sealed, signed, written_report
from idpact_contract.results.sealing import canonical, digest
from idpact_contract.results.verify import verify
from idpact_contract.trial import Trial, try_case
from idpact_mock import MockIdP

TRIED = ("PREC-1/a", "PREC-1/t", "DISC-7/plain", "ACT-1/created", "WIRE-7/created")


@pytest.fixture(scope="module")
def report() -> Iterator[Report]:
    """Of an implementation that lets inferred values win: PREC-1 fails, and WIRE-7 is about another wire."""
    planned = [CASES[case_id] for case_id in TRIED]
    with MockIdP() as idp, bench_of(MUTANTS["InferredWins"], idp) as bench:
        trials = {case.id: try_case(case, bench) for case in planned}
        yield sealed(assemble(planned, trials, FACTS, Redactor()))


def tampered(report: Report, change: Callable[[Any], None], *, anew: bool = True) -> bytes:
    """The report after a change; its digest made anew, as whoever wants to deceive would."""
    document = json.loads(encode_report(report))
    change(document)
    if anew:
        document["digest"] = digest(document)
    return json.dumps(document).encode()


def case_of(document: Any, case_id: str) -> Any:  # noqa: ANN401 - JSON
    """One case of a document."""
    return next(case for rule in document["rules"] for case in rule["cases"] if case["id"] == case_id)


def replace_everywhere(document: Any, rule_id: str, verdict: str) -> None:  # noqa: ANN401 - JSON
    """A rule and its cases get another verdict."""
    for rule in document["rules"]:
        if rule["id"] == rule_id:
            rule["verdict"] = verdict
            for case in rule["cases"]:
                case["verdict"] = verdict


class TestAsMade:
    def test_a_report_as_it_was_made_is_verified(self, report: Report) -> None:
        """Every case with evidence is judged again, the one that doesn't apply is named."""
        found = verify(encode_report(report))

        assert found.problems == ()
        assert found.recomputed == len(TRIED) - 1
        assert found.unjudged == {"WIRE-7/created": "it does not apply"}
        assert found.whole

    def test_layout_does_not_matter(self, report: Report) -> None:
        """Members in another order and white space are the same document."""
        document = json.loads(encode_report(report))

        assert verify(json.dumps(document, indent=4, sort_keys=True).encode()).problems == ()

    def test_what_a_generated_suite_passed_is_named(self) -> None:
        """It keeps no evidence, which is told and no reason to refuse."""
        case = CASES["PREC-1/sequence"]
        made = assemble([case], {case.id: Trial(case=case.id, judgement=Passed())}, FACTS, Redactor())

        found = verify(written_report(made))

        assert found.problems == ()
        assert found.unjudged == {case.id: "the generated suite 'model' keeps no evidence of what passed"}

    def test_a_set_up_that_broke_is_named(self) -> None:
        """Such a case was never judged."""
        found = verify(written_report(report_of({"ACT-1/created": NotJudged("set-up: create answered 500")})))

        assert found.problems == ()
        assert found.unjudged == {"ACT-1/created": "it broke off before it could be judged"}

    def test_unknown_cases_are_told(self, report: Report) -> None:
        """A report of another version of the suite is verified in part."""
        made = json.loads(encode_report(report))
        case_of(made, "PREC-1/t")["id"] = "PREC-1/of-tomorrow"
        made["suite"]["catalogue"] = "sha256:0"
        made["digest"] = digest(made)

        found = verify(json.dumps(made).encode())

        assert found.problems == ()
        assert (found.unknown, found.whole) == (("PREC-1/of-tomorrow",), False)
        assert "another catalogue of rules" in found.notes[0]


def _one_passes(document: Any) -> None:  # noqa: ANN401 - JSON
    case_of(document, "PREC-1/a")["verdict"] = "pass"


def _evidence_of_another(document: Any) -> None:  # noqa: ANN401 - JSON
    case_of(document, "PREC-1/a")["evidence"] = case_of(document, "ACT-1/created")["evidence"]


def _evidence_changed(document: Any) -> None:  # noqa: ANN401 - JSON
    for step in case_of(document, "ACT-1/created")["evidence"]["steps"]:
        for read in ("response", "after"):
            if read in step:
                step[read]["status"] = "active"


def _evidence_gone(document: Any) -> None:  # noqa: ANN401 - JSON
    case_of(document, "PREC-1/t")["evidence"] = None


def _level_lowered(document: Any) -> None:  # noqa: ANN401 - JSON
    case_of(document, "PREC-1/a")["level"] = "SHOULD"


def _rule_lowered(document: Any) -> None:  # noqa: ANN401 - JSON
    next(rule for rule in document["rules"] if rule["id"] == "PREC-1")["level"] = "SHOULD"


def _rule_reworded(document: Any) -> None:  # noqa: ANN401 - JSON
    next(rule for rule in document["rules"] if rule["id"] == "PREC-1")["statement"] = "Nothing much."


def _excused(document: Any) -> None:  # noqa: ANN401 - JSON
    replace_everywhere(document, "PREC-1", "not-applicable")


def _called_conforming(document: Any) -> None:  # noqa: ANN401 - JSON
    document["verdict"] = "conforming"


def _let_through(document: Any) -> None:  # noqa: ANN401 - JSON
    document["exit_code"] = 0


def _counted_otherwise(document: Any) -> None:  # noqa: ANN401 - JSON
    document["counts"]["fail"] = 0


def _case_twice(document: Any) -> None:  # noqa: ANN401 - JSON
    document["rules"][0]["cases"].append(document["rules"][0]["cases"][0])


def _called_complete(document: Any) -> None:  # noqa: ANN401 - JSON
    document["complete"] = True


def _answers_gone(document: Any) -> None:  # noqa: ANN401 - JSON
    document["open"] = document["open"][1:]


def _no_report(document: Any) -> None:  # noqa: ANN401 - JSON
    document["verdict"] = "splendid"


class TestTampered:
    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            (_one_passes, "PREC-1/a: the report says pass, and its evidence says fail"),
            (_evidence_of_another, "PREC-1/a: "),
            (_evidence_changed, "ACT-1/created: the report says pass, and its evidence says fail"),
            (_evidence_gone, "PREC-1/t: the report says fail, and the evidence for it is missing"),
            (_level_lowered, "PREC-1/a: the report says its level is SHOULD, and it is MUST"),
            (_rule_lowered, "PREC-1: the report says its level is 'SHOULD', and it is 'MUST'"),
            (_rule_reworded, "PREC-1: the report says its statement is 'Nothing much.'"),
            (_excused, "PREC-1/a: the report says it is not applicable"),
            (_called_conforming, "verdict: the report says conforming, and its cases say nonconforming"),
            (_let_through, "exit_code: the report says 0, and its cases and its ledger say 1"),
            (_counted_otherwise, "counts: the report says 0 rules fail, and there are 1"),
            (_case_twice, ": the report has this case more than once"),
            (_called_complete, "complete: the report says that every case ran, and it lacks "),
            (_answers_gone, "open: the answers"),
            (_no_report, "schema: Invalid enum value 'splendid' - at `$.verdict`"),
        ],
    )
    def test_a_change_is_refused_with_the_reason_though_its_digest_was_made_anew(
        self, change: Callable[[Any], None], reason: str, report: Report
    ) -> None:
        """The verdicts have to follow from the evidence, whatever the digest says."""
        problems = verify(tampered(report, change)).problems

        assert any(reason in problem for problem in problems), problems

    @pytest.mark.parametrize("member", ["target", "started", "rules", "seed"])
    def test_any_change_is_refused_by_the_digest(self, member: str, report: Report) -> None:
        """Removing a case, another target: what evidence can't tell."""

        def change(document: Any) -> None:  # noqa: ANN401 - JSON
            document[member] = {
                "target": {"base_url": "https://other.test"},
                "started": "2031-01-01T00:00:00Z",
                "rules": document["rules"][:-1],
                "seed": 8,
            }[member]

        problems = verify(tampered(report, change, anew=False)).problems

        assert problems[0].startswith("digest: ")
        assert "it was changed after it was made" in problems[0]

    def test_a_report_without_a_digest_is_refused(self, report: Report) -> None:
        """Nothing says that it is as it was made."""
        assert (
            "digest: the report has none" in verify(encode_report(msgspec.structs.replace(report, digest=""))).problems
        )


class TestSignature:
    def test_the_right_keys_signature_holds(self, report: Report) -> None:
        """And is told."""
        key = Ed25519PrivateKey.generate()

        found = verify(encode_report(signed(report, key)), key=key.public_key())

        assert (found.problems, found.signed) == ((), True)

    def test_another_keys_is_refused(self, report: Report) -> None:
        """Whoever signed it, it was not the owner of that key."""
        other = Ed25519PrivateKey.generate().public_key()

        found = verify(encode_report(signed(report, Ed25519PrivateKey.generate())), key=other)

        assert found.problems == ("signature: another key signed it than the one given",)

    def test_a_change_breaks_it(self, report: Report) -> None:
        """The digest can be made anew, the signature can't."""
        made = signed(report, Ed25519PrivateKey.generate())

        problems = verify(tampered(made, lambda document: document.update(seed=8))).problems

        assert problems == ("signature: it is not the key's signature over this report",)

    def test_one_that_is_wanted_and_missing_is_refused(self, report: Report) -> None:
        """Taking the signature off does not help."""
        found = verify(encode_report(report), key=Ed25519PrivateKey.generate().public_key())

        assert found.problems == ("signature: a signature by the given key is wanted, and the report has none",)


class TestCanonicalForm:
    def test_members_stand_in_order_and_numbers_in_one_form(self) -> None:
        """As RFC 8785 says."""
        assert canonical({"b": 1.0, "a": [1e21, "ü"]}) == '{"a":[1e+21,"ü"],"b":1}'.encode()

    def test_integers_that_not_every_reader_keeps_stand_as_text(self) -> None:
        """Implementations and identity providers may answer with any number."""
        assert canonical({"n": 2**60}) == b'{"n":"1152921504606846976"}'

    def test_sealing_again_changes_nothing(self, report: Report) -> None:
        """The digest is not about itself."""
        assert sealed(report).digest == report.digest


class TestCommands:
    def test_sign_then_verify(self, report: Report, tmp_path: Path) -> None:
        """Keys are PEM files, as openssl writes them."""
        key = Ed25519PrivateKey.generate()
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (tmp_path / "key.pem").write_bytes(pem)
        (tmp_path / "pub.pem").write_bytes(
            key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        )
        (tmp_path / "report.json").write_bytes(encode_report(report))

        made = idpact("sign", "report.json", "--key", "key.pem", cwd=tmp_path)
        found = idpact("verify", "report.json", "--public-key", "pub.pem", cwd=tmp_path)

        assert made.returncode == 0, made.stderr
        assert found.returncode == 0, found.stdout + found.stderr
        assert "report.json: verified" in found.stdout

    def test_a_tampered_one_is_exit_code_1(self, report: Report, tmp_path: Path) -> None:
        """The reason comes first."""
        (tmp_path / "report.json").write_bytes(tampered(report, _one_passes))

        found = idpact("verify", "report.json", cwd=tmp_path)

        assert found.returncode == 1
        assert "PREC-1/a: the report says pass, and its evidence says fail" in found.stdout
        assert "report.json: refused" in found.stdout

    def test_a_file_that_is_no_key_is_said_so(self, report: Report, tmp_path: Path) -> None:
        """With what would be right."""
        (tmp_path / "report.json").write_bytes(encode_report(report))

        made = idpact("sign", "report.json", "--key", "report.json", cwd=tmp_path)

        assert made.returncode == 2
        assert "report.json: it should hold an Ed25519 private key in PEM" in made.stderr

"""The result document: everything that a report shows, decided once. Every other format is made from it.

Knows the document's form and how trials become one; reads and writes no file.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, Final

import msgspec

from idpact_contract.cases import CASES, Case
from idpact_contract.catalogue import CATALOGUE, FAMILIES, Level, Rule, catalogue_digest
from idpact_contract.curl import curl_lines
from idpact_contract.evidence import Evidence, Step
from idpact_contract.judgement import Difference, NotJudged, Passed, Violated
from idpact_contract.questions import OpenAnswer, answer_questions
from idpact_contract.redact import Redactor
from idpact_contract.results.ledger import Ledger, LedgerReport, excuses, judge_entries
from idpact_contract.results.sealing import PrivateKey, Signature, digest, sign
from idpact_contract.results.verdict import CaseVerdict, RunVerdict, case_verdict, exit_code, rule_verdict, run_verdict
from idpact_contract.rules.judging import describe
from idpact_contract.script import script_lines
from idpact_contract.trial import Trial
from idpact_mock import Outcome

__all__ = [
    "NOT_RUN",
    "CaseReport",
    "Report",
    "RuleReport",
    "RunFacts",
    "assemble",
    "composed",
    "decode_report",
    "encode_report",
    "report_case",
    "sealed",
    "signed",
    "written_report",
]

SCHEMA: Final = "https://idpact.dev/schemas/report-1.json"

NOT_RUN: Final = "planned, but it did not run"
"""What is observed of a case that there is no trial of."""


class RunFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a run beside its cases.

    Attributes:
        base_url: Where the implementation is.
        profile: The profile's name.
        profile_digest: SHA-256 of the profile as it was read.
        seed: The run's seed.
        started: When it began, ISO 8601 in UTC.
        seconds: How long it took.
        reachability: How it was found out that the implementation reaches the mock IdP.
        suite: Name and version of the suite, digest of the catalogue.
        environment: Python, platform and the versions of what the verdict rests on.
    """

    base_url: str
    profile: str
    profile_digest: str
    seed: int
    started: str
    seconds: float
    reachability: str = ""
    suite: dict[str, str] = msgspec.field(default_factory=dict)
    environment: dict[str, str] = msgspec.field(default_factory=dict)


class CaseReport(msgspec.Struct, frozen=True, kw_only=True):
    """One case.

    Attributes:
        id: `RULE/name`.
        level: MUST or SHOULD.
        verdict: What is said of it.
        title: What was done, in one sentence.
        expected: What would have been right, where it was not.
        observed: What was seen, in words; why, where it could not be judged or does not apply.
        differences: The fields that came out otherwise.
        sent: The requests to the implementation, a line each.
        served: What the mock IdP was asked and served, a line each.
        curl: Shell lines that do it again.
        story: What was done, a sentence each, where a generated suite found it.
        script: The lines of a shell script that does it again, mock IdP and all, where a generated suite found it.
        seconds: How long it took.
        excused_by: The id of the entry of the ledger that excuses it, None where none does. Its verdict stays what it is.
        evidence: All that was seen, without secrets.
    """

    id: str
    level: Level
    verdict: CaseVerdict
    title: str
    expected: str = ""
    observed: str = ""
    differences: tuple[Difference, ...] = ()
    sent: tuple[str, ...] = ()
    served: tuple[str, ...] = ()
    curl: tuple[str, ...] = ()
    story: tuple[str, ...] = ()
    script: tuple[str, ...] = ()
    seconds: float = 0.0
    excused_by: str | None = None
    evidence: Evidence | None = None


class RuleReport(msgspec.Struct, frozen=True, kw_only=True):
    """One rule and its cases."""

    id: str
    family: str
    level: Level
    statement: str
    citation: str
    since: str
    verdict: CaseVerdict
    cases: tuple[CaseReport, ...]


class Report(msgspec.Struct, frozen=True, kw_only=True, rename={"schema_id": "schema"}):
    """The result document.

    Attributes:
        schema_id: The URL that names this document's form.
        verdict: conforming, nonconforming or inconclusive; over the selection where `complete` is false.
        complete: Every case of the suite was planned, and ran.
        target: The implementation: base URL, profile, profile digest.
        suite: Name and version of the suite, digest of the catalogue.
        seed: The run's seed.
        started: When it began, ISO 8601 in UTC.
        seconds: How long it took.
        counts: Rules by verdict.
        rules: Every planned rule, in the order of the catalogue.
        open: What the source leaves open, answered by what was seen.
        ledger: The ledger and what its entries are worth; None where none was told.
        exit_code: What a build is told: 0, 1 or 2; the ledger counts here alone.
        left_out: The ids of planned cases that the time budget left no room for.
        reachability: How it was found out that the implementation reaches the mock IdP.
        environment: Versions and platform.
        digest: SHA-256 of all the rest but the signature, in canonical form (RFC 8785); empty until the document is written.
        signature: Of the same; None where nobody signed it.
    """

    schema_id: str
    verdict: RunVerdict
    complete: bool
    target: dict[str, str]
    suite: dict[str, str]
    seed: int
    started: str
    seconds: float
    counts: dict[str, int]
    rules: tuple[RuleReport, ...]
    open: tuple[OpenAnswer, ...]
    ledger: LedgerReport | None = None
    exit_code: int = 2
    left_out: tuple[str, ...] = ()
    reachability: str = ""
    environment: dict[str, str] = msgspec.field(default_factory=dict)
    digest: str = ""
    signature: Signature | None = None

    @property
    def cases(self) -> tuple[CaseReport, ...]:
        """Every case, in the order of the rules."""
        return tuple(case for rule in self.rules for case in rule.cases)


def assemble(
    planned: Sequence[Case],
    trials: Mapping[str, Trial],
    facts: RunFacts,
    redactor: Redactor,
    authorization: str = "",
    *,
    ledger: Ledger | None = None,
    today: date | None = None,
    left_out: Collection[str] = (),
) -> Report:
    """Make the document from a run's trials.

    Args:
        planned: The cases that should have run.
        trials: What became of them, by case id.
        facts: What else is known of the run.
        redactor: Takes the secrets out.
        authorization: What curl's `-u` is given for the caller's own credentials, such as `$IDPACT_SECRET`.
        ledger: The failures that are expected.
        today: The day for which their expiry is decided; the one on which the run began by default.
        left_out: The ids of cases for which no time was left.
    """
    today = today or date.fromisoformat(facts.started[:10])
    facts = redactor.clean(facts)
    cases = {case.id: report_case(case, trials.get(case.id), redactor, authorization) for case in planned}
    for case_id in left_out:
        cases[case_id] = msgspec.structs.replace(cases[case_id], observed="left out: the time budget was spent")
    told = None
    if ledger is not None:
        cases = {case_id: _excused(case, ledger, today) for case_id, case in cases.items()}
        told = judge_entries(ledger, {case.id: case.verdict for case in cases.values()}, today=today)
    return composed(
        tuple(cases.values()),
        # What the budget left out is inconclusive by itself: it counts as little as its level.
        all_ran=all(case.id in trials or case.id in left_out for case in planned),
        target={"base_url": facts.base_url, "profile": facts.profile, "profile_digest": facts.profile_digest},
        suite={**facts.suite, "catalogue": catalogue_digest()},
        seed=facts.seed,
        started=facts.started,
        seconds=round(facts.seconds, 3),
        ledger=told,
        stale=told is not None and told.stale,
        left_out=tuple(case.id for case in planned if case.id in left_out),
        reachability=facts.reachability,
        environment=facts.environment,
    )


def composed(
    cases: Sequence[CaseReport],
    *,
    all_ran: bool,
    target: dict[str, str],
    suite: dict[str, str],
    seed: int,
    started: str,
    seconds: float,
    ledger: LedgerReport | None,
    stale: bool,
    left_out: tuple[str, ...],
    reachability: str,
    environment: dict[str, str],
) -> Report:
    """The document over these cases, with all that follows from them: rules, verdict, counts, answers and exit code.

    Args:
        cases: The cases, in the order of the contract.
        all_ran: Every planned case has a verdict, or was left out by the time budget.
        target: As in the report.
        suite: As in the report.
        seed: As in the report.
        started: As in the report.
        seconds: As in the report.
        ledger: As in the report.
        stale: An entry of the ledger is worth nothing any more.
        left_out: As in the report.
        reachability: As in the report.
        environment: As in the report.
    """
    rules = tuple(
        _rule(rule, found)
        for rule in CATALOGUE.values()
        if (found := tuple(case for case in cases if case.id.partition("/")[0] == rule.id))
    )
    return Report(
        schema_id=SCHEMA,
        verdict=run_verdict(((case.level, case.verdict) for case in cases), all_ran=all_ran),
        complete=all_ran and not left_out and len(cases) == len(CASES),
        target=target,
        suite=suite,
        seed=seed,
        started=started,
        seconds=seconds,
        counts={word: sum(rule.verdict == word for rule in rules) for word in CaseVerdict},
        rules=rules,
        open=answer_questions({case.id: case.evidence for case in cases if case.evidence is not None}),
        ledger=ledger,
        exit_code=exit_code(
            ((case.level, case.verdict, case.excused_by is not None) for case in cases), all_ran=all_ran, stale=stale
        ),
        left_out=left_out,
        reachability=reachability,
        environment=environment,
    )


def sealed(report: Report) -> Report:
    """The report with the digest of its content, and without a signature."""
    document = msgspec.json.decode(encode_report(report))
    return msgspec.structs.replace(report, digest=digest(document), signature=None)


def signed(report: Report, key: PrivateKey) -> Report:
    """The report with that key's signature; its digest stays, if it has one."""
    whole = report if report.digest else sealed(report)
    return msgspec.structs.replace(whole, signature=sign(msgspec.json.decode(encode_report(whole)), key))


def _excused(case: CaseReport, ledger: Ledger, today: date) -> CaseReport:
    return msgspec.structs.replace(case, excused_by=excuses(ledger, case.id, case.verdict, today=today))


def _rule(rule: Rule, cases: tuple[CaseReport, ...]) -> RuleReport:
    """One rule of the document from its cases."""
    return RuleReport(
        id=rule.id,
        family=FAMILIES[rule.family],
        level=rule.level,
        statement=rule.statement,
        citation=rule.citation,
        since=rule.since,
        verdict=rule_verdict([(case.level, case.verdict) for case in cases]),
        cases=cases,
    )


def report_case(case: Case, trial: Trial | None, redactor: Redactor, authorization: str = "") -> CaseReport:
    """One case of the document from its trial, without secrets; None is a case that was planned and did not run."""
    told: dict[str, Any] = {"id": case.id, "level": case.level, "title": case.title}
    if trial is None:
        return CaseReport(**told, verdict=CaseVerdict.INCONCLUSIVE, observed=NOT_RUN)
    if trial.judgement is None:
        return CaseReport(**told, verdict=CaseVerdict.NOT_APPLICABLE, observed=trial.not_applicable or "")
    clean = redactor.clean(trial, also=trial.evidence.credentials if trial.evidence else ())
    judgement, evidence = clean.judgement, clean.evidence
    assert judgement is not None  # noqa: S101 - told apart above; for the type-checker
    told |= {"verdict": case_verdict(judgement, case.level), "seconds": round(trial.seconds, 4), "evidence": evidence}
    told |= {"story": clean.story}
    if isinstance(judgement, Violated):
        told |= {"expected": judgement.expected, "observed": judgement.observed, "differences": judgement.differences}
    elif isinstance(judgement, NotJudged):
        told["observed"] = judgement.reason
    elif isinstance(judgement, Passed):
        told["observed"] = judgement.note
    if evidence is not None:
        told["sent"] = tuple(_sent(step) for step in evidence.steps)
        told["served"] = tuple(line for step in evidence.steps for line in _served(step))
        given = _authorization(evidence, authorization)
        told["curl"] = curl_lines(evidence, authorization=given)
        if clean.story:
            told["script"] = script_lines(evidence, clean.staging, authorization=given)
    return CaseReport(**told)


def _sent(step: Step) -> str:
    actor = "" if step.actor == "owner" else f", as {step.actor}"
    body = f" {step.exchange.body}" if step.exchange.body else ""
    return f"{step.exchange.method} {step.exchange.url}{body} -> {describe(step.exchange)}{actor}"


def _served(step: Step) -> tuple[str, ...]:
    return tuple(
        f"{entry.method} {entry.target} -> "
        + (f"{entry.status or 'no status'}" if entry.failure is None else f"{entry.failure}")
        + (" (a document)" if entry.document is not None and entry.outcome is not Outcome.NOT else "")
        for entry in step.asked
    )


def _authorization(evidence: Evidence, authorization: str) -> dict[str, str]:
    """The redacted Authorization headers of the owner's requests, and what curl is given in their place."""
    headers = {
        value
        for step in evidence.steps
        if step.actor == "owner"
        for name, value in step.exchange.headers
        if name.lower() == "authorization"
    }
    return dict.fromkeys(headers, authorization) if authorization else {}


def encode_report(report: Report) -> bytes:
    """The document as JSON, a rule a line."""
    lines = msgspec.json.encode(report).replace(b'{"id":"', b'\n{"id":"')
    return lines + b"\n"


def written_report(report: Report) -> bytes:
    """The document as JSON that is kept: with its digest, which is made here if it has none yet."""
    return encode_report(report if report.digest else sealed(report))


def decode_report(data: bytes) -> Report:
    """Read a document.

    Raises:
        ValueError: It is no JSON, or no report; the message says where it departs from the schema.
    """
    return msgspec.json.decode(data, type=Report)

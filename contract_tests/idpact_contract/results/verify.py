"""Whether a result document can be believed: its form, digest and signature, and every verdict judged again from its evidence.

The judges are those of a check, and what they are handed is what the document says was seen. Knows no file and no screen.
"""

from collections.abc import Iterator

import msgspec

from idpact_contract.abilities import LACKING
from idpact_contract.cases import CASES, Case
from idpact_contract.catalogue import CATALOGUE, catalogue_digest
from idpact_contract.judgement import Judgement, Violated
from idpact_contract.questions import answer_questions
from idpact_contract.results.report import NOT_RUN, SCHEMA, CaseReport, Report, RuleReport, decode_report
from idpact_contract.results.sealing import PublicKey, digest, signature_problem
from idpact_contract.results.verdict import CaseVerdict, case_verdict, exit_code, rule_verdict, run_verdict

__all__ = ["Verification", "verify"]


class Verification(msgspec.Struct, frozen=True, kw_only=True):
    """What verifying found.

    Attributes:
        problems: Why the report is refused, a sentence each; empty where nothing speaks against it.
        recomputed: Cases that were judged again, and came out as reported.
        unjudged: Cases that can't be judged again by id, and why: they keep no evidence, or were never judged.
        unknown: Ids of cases that this version of the suite does not know.
        notes: What else is worth knowing, such as another version of the suite.
        signed: It carries a signature that holds.
        whole: This version of the suite knows every case of it, and judges by the same catalogue of rules.
    """

    problems: tuple[str, ...] = ()
    recomputed: int = 0
    unjudged: dict[str, str] = msgspec.field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    signed: bool = False
    whole: bool = False


def verify(data: bytes, *, key: PublicKey | None = None) -> Verification:
    """Verify a result document as it was read from its file.

    Args:
        data: The document's bytes.
        key: Whose signature it must carry; None where none is asked for.
    """
    try:
        report, document = decode_report(data), msgspec.json.decode(data)
    except (ValueError, msgspec.MsgspecError) as error:
        return Verification(problems=(f"schema: {error}",))
    if report.schema_id != SCHEMA:
        return Verification(problems=(f"schema: {report.schema_id!r} is not known here; it would be {SCHEMA!r}",))
    problems = [*_seal_problems(report, digest(document))]
    if told := signature_problem(document, report.signature, key):
        problems.append(f"signature: {told}")
    judged = {case.id: _judged_again(case) for case in report.cases if case.id in CASES}
    problems += [f"{case_id}: {told}" for case_id, (told, _) in judged.items() if told]
    problems += [*_rule_problems(report), *_run_problems(report)]
    unknown = tuple(case.id for case in report.cases if case.id not in CASES)
    return Verification(
        problems=tuple(problems),
        recomputed=sum(not told and not why for told, why in judged.values()),
        unjudged={case_id: why for case_id, (told, why) in judged.items() if why and not told},
        unknown=unknown,
        notes=tuple(_notes(report)),
        signed=report.signature is not None and told is None,
        whole=not unknown and _same_catalogue(report),
    )


def _seal_problems(report: Report, computed: str) -> Iterator[str]:
    if not report.digest:
        yield "digest: the report has none"
    elif report.digest != computed:
        yield f"digest: the report says {report.digest}, and its content has {computed}: it was changed after it was made"


def _judged_again(told: CaseReport) -> tuple[str, str]:
    """What is wrong with a case's verdict, and why it could not be judged again; both empty where it came out the same."""
    case = CASES[told.id]
    if told.level != case.level:
        return f"the report says its level is {told.level}, and it is {case.level}", ""
    if told.verdict is CaseVerdict.NOT_APPLICABLE:
        return _not_applicable_problem(case, told), "it does not apply"
    if told.evidence is None:
        return _no_evidence(case, told)
    if told.verdict is CaseVerdict.INCONCLUSIVE and _broke_off(told):
        return "", "it broke off before it could be judged"
    try:
        judgement = case.judgement(told.evidence)
    except (ArithmeticError, LookupError, AttributeError, TypeError, ValueError) as error:
        return f"its evidence is not what such a case leaves: it can't be judged ({type(error).__name__})", ""
    return _disagreement(told, judgement, case_verdict(judgement, case.level)), ""


def _disagreement(told: CaseReport, judgement: Judgement, verdict: CaseVerdict) -> str:
    if verdict is not told.verdict:
        return f"the report says {told.verdict}, and its evidence says {verdict}"
    # What a generated suite found is named after the suite, and may stand under several rules.
    if told.evidence is not None and not CASES[told.id].suite and told.evidence.case != told.id:
        return f"its evidence is that of {told.evidence.case}"
    if isinstance(judgement, Violated) and [item.field for item in told.differences] != [
        item.field for item in judgement.differences
    ]:
        return "the report names other fields that came out wrong than its evidence does"
    return ""


def _not_applicable_problem(case: Case, told: CaseReport) -> str:
    """A case applies unless an ability is lacking that it needs."""
    reasons = {LACKING[ability] for ability in case.needs}
    if told.evidence is not None or not set(told.observed.split("; ")) <= reasons:
        return f"the report says it is not applicable ({told.observed!r}), which is no reason that can be for this case"
    return ""


def _no_evidence(case: Case, told: CaseReport) -> tuple[str, str]:
    if told.verdict is CaseVerdict.INCONCLUSIVE:
        return "", told.observed or "it was not judged"
    if case.suite and told.verdict is CaseVerdict.PASS:
        return "", f"the generated suite {case.suite!r} keeps no evidence of what passed"
    return f"the report says {told.verdict}, and the evidence for it is missing", ""


def _broke_off(told: CaseReport) -> bool:
    """It could not be arranged, or a request to the implementation got no answer at all."""
    steps = told.evidence.steps if told.evidence else ()
    unanswered = any(step.exchange.status is None for step in steps)
    return told.observed.startswith("set-up: ") or not steps or unanswered


def _rule_problems(report: Report) -> Iterator[str]:
    ids = [case.id for case in report.cases]
    for case_id in sorted({case_id for case_id in ids if ids.count(case_id) > 1}):
        yield f"{case_id}: the report has this case more than once"
    for rule in report.rules:
        computed = rule_verdict([(case.level, case.verdict) for case in rule.cases])
        if rule.verdict is not computed:
            yield f"{rule.id}: the report says {rule.verdict}, and its cases say {computed}"
        if rule.id in CATALOGUE and _same_catalogue(report):
            yield from _catalogue_problems(rule)
        for case in rule.cases:
            if case.id.partition("/")[0] != rule.id:
                yield f"{case.id}: the report has this case under {rule.id}"


def _catalogue_problems(rule: RuleReport) -> Iterator[str]:
    known = CATALOGUE[rule.id]
    for name in ("level", "statement", "citation"):
        told, right = str(getattr(rule, name)), str(getattr(known, name))
        if told != right:
            yield f"{rule.id}: the report says its {name} is {told!r}, and it is {right!r}"


def _run_problems(report: Report) -> Iterator[str]:
    counts = {word: sum(rule.verdict is word for rule in report.rules) for word in CaseVerdict}
    for word, count in counts.items():
        if report.counts.get(word) != count:
            yield f"counts: the report says {report.counts.get(word)} rules {word}, and there are {count}"
    all_ran = not any(case.evidence is None and case.observed == NOT_RUN for case in report.cases)
    computed = run_verdict(((case.level, case.verdict) for case in report.cases), all_ran=all_ran)
    if report.verdict is not computed:
        yield f"verdict: the report says {report.verdict}, and its cases say {computed}"
    code = exit_code(
        ((case.level, case.verdict, case.excused_by is not None) for case in report.cases),
        all_ran=all_ran,
        stale=report.ledger is not None and report.ledger.stale,
    )
    if report.exit_code != code:
        yield f"exit_code: the report says {report.exit_code}, and its cases and its ledger say {code}"
    missing = [case_id for case_id in CASES if case_id not in {case.id for case in report.cases}]
    if report.complete and missing and _same_catalogue(report):
        yield f"complete: the report says that every case ran, and it lacks {_some(missing)}"
    evidence = {case.id: case.evidence for case in report.cases if case.evidence is not None}
    if report.open != answer_questions(evidence):
        yield "open: the answers to what the source leaves open are not those that the evidence gives"


def _notes(report: Report) -> Iterator[str]:
    if not _same_catalogue(report):
        yield f"it was made with another catalogue of rules, by idpact {report.suite.get('version', 'of unknown version')}"
    if not report.complete:
        yield "it is over a selection of the cases, or not all of them ran"
    if report.signature is None:
        yield "it is not signed: whoever changed it could have made its digest anew"


def _same_catalogue(report: Report) -> bool:
    return report.suite.get("catalogue") == catalogue_digest()


def _some(names: list[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")  # noqa: PLR2004 - as many as are named

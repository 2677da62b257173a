"""What the judges of all families share: the register of judges, and the questions that many of them ask.

Pure: a judge gets evidence and returns a judgement. No client, no clock, no assert.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from idpact_contract.catalogue import rule
from idpact_contract.connection import SERVER_SET, UPDATABLE
from idpact_contract.evidence import Asked, Evidence, Exchange, Step
from idpact_contract.judgement import Difference, Judgement, NotJudged, Passed, Violated
from idpact_contract.oracle import Allowed, expectation_of, readings, same_value, text

__all__ = [
    "JUDGES",
    "Judge",
    "changed",
    "comparable",
    "describe",
    "discovery_requests",
    "judge",
    "judge_fields",
    "no_document_served",
    "not_accepted",
    "nothing_shown",
    "status_is",
    "stored",
    "surfaces",
    "verdict_of",
]

Judge: TypeAlias = Callable[[Evidence], Judgement]

JUDGES: dict[str, Judge] = {}
"""The judge of each rule by its id. A case may name another one for a part of the rule that has its own level."""

WELL_KNOWN = "/.well-known/openid-configuration"


def judge(*rule_ids: str) -> Callable[[Judge], Judge]:
    """Register a function as the judge of these rules.

    Raises:
        UnknownRuleError: The catalogue does not hold one of them.
    """

    def register(function: Judge) -> Judge:
        for rule_id in rule_ids:
            JUDGES[rule(rule_id).id] = function
        return function

    return register


def describe(exchange: Exchange | None) -> str:
    """An answer in a few words: its status, and the error message if it has one."""
    if exchange is None:
        return "no answer"
    if exchange.status is None:
        return exchange.error or "no answer"
    message = exchange.json.get("error_message") if isinstance(exchange.json, dict) else None
    return f"{exchange.status} {message!r}" if message else str(exchange.status)


def not_accepted(step: Step, *, wanted: str = "200") -> Violated | None:
    """The violation where a step that should succeed did not; None where it did."""
    if step.exchange.accepted:
        return None
    return Violated(expected=f"{wanted} to the {step.kind}", observed=describe(step.exchange))


def surfaces(step: Step) -> tuple[tuple[str, Mapping[str, Any]], ...]:
    """Where a connection shows after a step: in the response, and in the second read."""
    seen = (("response", step.response), ("read", step.after))
    return tuple((where, connection) for where, connection in seen if connection is not None)


def nothing_shown(evidence: Evidence, step: Step) -> Violated | None:
    """The violation where a connection doesn't show after a step, in the response or in the second read."""
    if step.after is None:
        return Violated(expected="the connection in a read", observed="none in the read")
    if step.response is None and evidence.wire.answers_updates:
        return Violated(expected="the connection in the response", observed="none in the response")
    return None


def status_is(evidence: Evidence, step: Step, wanted: str, why: str) -> Judgement:
    """Whether the connection has that status, in the response and in the second read."""
    if failed := nothing_shown(evidence, step):
        return failed
    differences = tuple(
        Difference(where=where, field="status", allowed=(wanted,), observed=connection.get("status"), why=why)
        for where, connection in surfaces(step)
        if connection.get("status") != wanted and not (where == "response" and evidence.wire.activates_within)
    )
    return verdict_of(differences)


def comparable(evidence: Evidence, names: Iterable[str]) -> tuple[str, ...]:
    """The fields that can be compared: those that reads show."""
    hidden = {*evidence.wire.unseen, *(() if evidence.wire.shows_secret else ("client_secret",))}
    return tuple(name for name in names if name not in hidden)


def judge_fields(
    evidence: Evidence, step: Step, names: Iterable[str], *, expected: Mapping[str, Allowed] | None = None
) -> Judgement:
    """Whether an update left these fields as the oracle says, in the response and in the second read."""
    allowed = expectation_of(step) if expected is None else expected
    if step.exchange.accepted and (failed := nothing_shown(evidence, step)):
        return failed
    differences = tuple(
        Difference(
            where=where,
            field=name,
            allowed=allowed[name].values,
            observed=connection.get(name),
            why=allowed[name].why,
        )
        for where, connection in surfaces(step)
        for name in comparable(evidence, names)
        if not allowed[name].admits(connection.get(name))
    )
    return verdict_of(differences)


def verdict_of(differences: tuple[Difference, ...]) -> Judgement:
    """Passed without differences; otherwise a violation that names the first and holds them all."""
    if not differences:
        return Passed()
    first = differences[0]
    wanted = " or ".join(repr(value) for value in first.allowed) or "another value"
    fields = ", ".join(dict.fromkeys(entry.field for entry in differences))
    return Violated(
        expected=f"{first.field} {wanted} ({first.why})" if first.why else f"{first.field} {wanted}",
        observed=f"{first.field} {first.observed!r} in the {first.where}"
        + (f"; differing fields: {fields}" if ", " in fields else ""),
        differences=differences,
    )


def changed(
    evidence: Evidence, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> tuple[Difference, ...]:
    """The fields of a connection, without status, that differ between two reads of its owner."""
    if before is None or after is None:
        return (Difference(where="read", field="connection", observed=None, why="its owner can't read it any more"),)
    return tuple(
        Difference(
            where="read", field=name, allowed=(text(before.get(name)),), observed=after.get(name), why="unchanged"
        )
        for name in comparable(evidence, (*SERVER_SET, *UPDATABLE))
        if not same_value(before.get(name), after.get(name))
    )


def stored(step: Step, name: str) -> str:
    """A field's value as its owner read it after the step, the empty string where unset."""
    return text((step.after or {}).get(name))


def discovery_requests(step: Step) -> tuple[Asked, ...]:
    """The requests that look for a discovery document, wherever they went."""
    return tuple(entry for entry in step.asked if entry.kind != "jwks" and "/.well-known/" in entry.target)


def no_document_served(step: Step) -> Judgement | None:
    """Why a rule about a document's values can't be kept or can't be judged; None where a document was served.

    Never having asked is a violation: the issuer changed, and nothing was looked up. Having asked elsewhere, and got
    nothing there, is what the DISC rules judge; here it is not judged.
    """
    issuer = text((step.typed or {}).get("issuer"))
    if any(reading.possible for reading in readings(step.asked, issuer)):
        return None
    address = urlsplit(issuer).path.removesuffix("/") + WELL_KNOWN
    if not step.asked:
        return Violated(expected=f"GET {address}", observed="no request reached the mock IdP")
    asked = ", ".join(dict.fromkeys(entry.target for entry in step.asked))
    return NotJudged(f"no document was served to this update: it asked for {asked}, not for {address} (see DISC)")

"""FALL: the update goes through although the document can't be read."""

from idpact_contract.connection import SERVER_SET, URL_FIELDS
from idpact_contract.evidence import Evidence, Step
from idpact_contract.judgement import Judgement, NotJudged, Passed, Violated
from idpact_contract.oracle import ACTIVE, Allowed, Why, readings, text
from idpact_contract.rules.judging import (
    describe,
    judge,
    judge_fields,
    no_document_served,
    not_accepted,
    status_is,
)

__all__ = ["LIMIT_SECONDS", "no_warning_when_read"]

LIMIT_SECONDS = 30.0
"""The longest that an administrator waits for an answer (FALL-6); our own figure."""


@judge("FALL-1")
def typed_values_are_stored(seen: Evidence) -> Judgement:
    """The update is accepted, and issuer and every other value in the body are stored."""
    step = seen.last
    return not_accepted(step) or judge_fields(seen, step, tuple(step.typed or {}))


@judge("FALL-2")
def nothing_is_inferred(seen: Evidence) -> Judgement:
    """Every URL that the body did not name is as it was, or empty."""
    step = seen.last
    if failed := not_accepted(step):
        return failed
    if not _attempted(seen, step):
        return NotJudged("the document was never asked for (see DISC-1)")
    unread = {
        name: Allowed(tuple(dict.fromkeys((text((step.before or {}).get(name)), ""))), Why.UNREAD)
        for name in URL_FIELDS
        if name not in (step.typed or {})
    }
    return judge_fields(seen, step, tuple(unread), expected=unread)


def _attempted(seen: Evidence, step: Step) -> bool:
    """A request came; or none could, since the failure lies in the address itself."""
    issuer = seen.issuer(text((step.typed or {}).get("issuer")))
    return bool(step.asked) or (issuer is not None and not issuer.reachable)


@judge("FALL-3")
def active_in_spite_of_the_failure(seen: Evidence) -> Judgement:
    """All seven fields were typed: the connection is active, in the response and in a read."""
    step = seen.last
    return not_accepted(step) or status_is(seen, step, ACTIVE, "all seven were typed")


@judge("FALL-4")
def recovers_with_a_working_issuer(seen: Evidence) -> Judgement:
    """After a failure a working issuer is read, and its document is used."""
    step = seen.last
    return not_accepted(step) or no_document_served(step) or judge_fields(seen, step, (*SERVER_SET, *URL_FIELDS))


@judge("FALL-5")
def failure_is_told(seen: Evidence) -> Judgement:
    """The answer's warning says that the document could not be read."""
    step = seen.last
    if failed := not_accepted(step):
        return failed
    if not _attempted(seen, step):
        return NotJudged("the document was never asked for (see DISC-1)")
    if isinstance(step.warning, str) and step.warning.strip():
        return Passed()
    return Violated(expected="warning: a non-empty string", observed=f"warning: {step.warning!r}")


def no_warning_when_read(seen: Evidence) -> Judgement:
    """FALL-5's other half: no warning where the document was read."""
    step = seen.last
    if failed := not_accepted(step) or no_document_served(step):
        return failed
    issuer = text((step.typed or {}).get("issuer"))
    if not all(reading.certain for reading in readings(step.asked, issuer)):
        return NotJudged("a request for the document failed before it was read")
    if step.warning in (None, ""):
        return Passed()
    return Violated(expected="no warning: the document was read", observed=f"warning: {step.warning!r}")


@judge("FALL-6")
def answers_in_time(seen: Evidence) -> Judgement:
    """The answer comes within 30 seconds."""
    exchange = seen.last.exchange
    if exchange.status is not None and exchange.seconds <= LIMIT_SECONDS:
        return Passed(f"after {exchange.seconds:.1f} s")
    return Violated(
        expected=f"an answer within {LIMIT_SECONDS:.0f} s",
        observed=f"{describe(exchange)} after {exchange.seconds:.1f} s",
    )

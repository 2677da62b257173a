"""ACT: when a connection is active. The only judges that speak of `status`."""

from idpact_contract.connection import REQUIRED
from idpact_contract.evidence import Evidence, Step
from idpact_contract.judgement import Judgement, NotJudged, Violated
from idpact_contract.oracle import ACTIVE, PENDING, text
from idpact_contract.rules.judging import judge, no_document_served, not_accepted, status_is, verdict_of

__all__: list[str] = []


def _missing(step: Step) -> str:
    missing = [name for name in REQUIRED if not text((step.after or {}).get(name))]
    return f"missing: {', '.join(missing)}" if missing else "all seven are there"


@judge("ACT-1")
def new_is_pending(seen: Evidence) -> Judgement:
    """A connection that was just created is pending."""
    return not_accepted(seen.last) or status_is(seen, seen.last, PENDING, "newly created")


@judge("ACT-2")
def incomplete_is_pending(seen: Evidence) -> Judgement:
    """The connection is pending after every update, since one field is always missing."""
    for step in seen.judged:
        judgement = not_accepted(step) or status_is(seen, step, PENDING, _missing(step))
        if isinstance(judgement, Violated):
            return judgement
    return verdict_of(())


@judge("ACT-3")
def seventh_field_activates(seen: Evidence) -> Judgement:
    """After the last update all seven were provided: the connection is active."""
    for step in seen.judged:
        if failed := not_accepted(step):
            return failed
    return status_is(seen, seen.last, ACTIVE, "all seven were provided")


@judge("ACT-4")
def inferred_values_count(seen: Evidence) -> Judgement:
    """Issuer and credentials were typed and a full document served: the connection is active."""
    for step in seen.judged:
        if failed := not_accepted(step):
            return failed
    with_issuer = next(step for step in seen.judged if "issuer" in (step.typed or {}))
    unserved = no_document_served(with_issuer)
    return unserved or status_is(seen, seen.last, ACTIVE, "typed and inferred, all seven are there")


@judge("ACT-5")
def userinfo_is_required(seen: Evidence) -> Judgement:
    """Without userinfo_endpoint in the document it is pending; once userinfo_url is typed it is active."""
    first, second = seen.judged
    for step in (first, second):
        if failed := not_accepted(step):
            return failed
    if unserved := no_document_served(first):
        return unserved
    judgement = status_is(seen, first, PENDING, "userinfo_url is missing")
    return judgement if isinstance(judgement, Violated) else status_is(seen, second, ACTIVE, "userinfo_url was typed")


@judge("ACT-6")
def stays_active(seen: Evidence) -> Judgement:
    """An update of display_name alone leaves an active connection active."""
    step = seen.last
    if (step.before or {}).get("status") != ACTIVE:
        return NotJudged("the connection was not active to begin with (see ACT-3)")
    return not_accepted(step) or status_is(seen, step, ACTIVE, "only display_name changed")

"""INFER and CRED: what comes from the discovery document, and what never does."""

from idpact_contract.connection import URL_FIELDS
from idpact_contract.evidence import Evidence
from idpact_contract.judgement import Difference, Judgement, NotJudged, Passed, Violated
from idpact_contract.oracle import ACTIVE, Allowed, Why, text
from idpact_contract.rules.disc import carriers
from idpact_contract.rules.judging import (
    Judge,
    describe,
    judge,
    judge_fields,
    no_document_served,
    not_accepted,
    nothing_shown,
    surfaces,
    verdict_of,
)

__all__ = ["no_text_form_is_stored"]


def _served(seen: Evidence) -> Judgement | None:
    return not_accepted(seen.last) or no_document_served(seen.last)


def _own_member(field: str) -> Judge:
    def inferred_from_its_own_member(seen: Evidence) -> Judgement:
        """The field is its own member of the document served, exactly as written there."""
        return _served(seen) or judge_fields(seen, seen.last, (field,))

    return inferred_from_its_own_member


for _number, _field in enumerate(URL_FIELDS, start=1):
    judge(f"INFER-{_number}")(_own_member(_field))


@judge("INFER-5", "INFER-6", "INFER-11")
def inferred_as_served(seen: Evidence) -> Judgement:
    """Every URL that the body did not name is the document's; where it has none, nothing is invented."""
    return _served(seen) or judge_fields(seen, seen.last, URL_FIELDS)


@judge("INFER-7")
def issuer_is_the_typed_one(seen: Evidence) -> Judgement:
    """The stored issuer is the typed one, whatever the document calls itself."""
    return _served(seen) or judge_fields(seen, seen.last, ("issuer",))


@judge("INFER-8")
def always_a_string(seen: Evidence) -> Judgement:
    """A member that is no string never makes the field anything but a string."""
    step = seen.last
    if failed := _served(seen) or nothing_shown(seen, step):
        return failed
    differences = tuple(
        Difference(where=where, field=name, observed=connection.get(name), why="a string, whatever the document holds")
        for where, connection in surfaces(step)
        for name in URL_FIELDS
        if not isinstance(connection.get(name), str) and (seen.wire.documented or connection.get(name) is not None)
    )
    return verdict_of(differences)


def no_text_form_is_stored(seen: Evidence) -> Judgement:
    """INFER-8's other half, a SHOULD: what is no string isn't stored in some text form either."""
    return _served(seen) or judge_fields(seen, seen.last, URL_FIELDS)


@judge("INFER-9")
def foreign_document_is_not_used(seen: Evidence) -> Judgement:
    """A document whose issuer differs from the typed one is not used: the URLs stay as they were, or empty."""
    step = seen.last
    if failed := _served(seen):
        return failed
    before = step.before or {}
    unused = {
        name: Allowed(tuple(dict.fromkeys((text(before.get(name)), ""))), Why.UNREAD)
        for name in URL_FIELDS
        if name not in (step.typed or {})
    }
    return judge_fields(seen, step, tuple(unused), expected=unused)


@judge("INFER-10")
def names_are_never_inferred(seen: Evidence) -> Judgement:
    """display_name and identity_provider are what they were, though the document holds members of these names."""
    return _served(seen) or judge_fields(seen, seen.last, ("display_name", "identity_provider"))


@judge("CRED-1")
def client_id_is_never_inferred(seen: Evidence) -> Judgement:
    """client_id is what it was, though the document holds one."""
    return _served(seen) or judge_fields(seen, seen.last, ("client_id",))


@judge("CRED-2")
def client_secret_is_never_inferred(seen: Evidence) -> Judgement:
    """client_secret is what it was, though the document holds one; where reads hide it, the status must not count it."""
    step = seen.last
    if failed := _served(seen):
        return failed
    if seen.wire.shows_secret:
        return judge_fields(seen, step, ("client_secret",))
    if not seen.secrets_typed() and (step.after or {}).get("status") == ACTIVE:
        return Violated(expected="not active: no client secret was typed", observed="active in the read")
    return Passed()


@judge("CRED-3")
def client_secret_stays_at_home(seen: Evidence) -> Judgement:
    """No request that reached the mock IdP during the updates carried the client secret, in any form."""
    for step in seen.judged:
        if failed := not_accepted(step):
            return failed
        secrets = (*seen.secrets_typed(step), text((step.before or {}).get("client_secret")))
        for entry in step.asked:
            if place := carriers(entry, secrets):
                return Violated(
                    expected="no request to the identity provider that carries client_secret",
                    observed=f"{entry.method} {entry.target} carries it in {place}",
                )
    return _asked_something(seen)


def _asked_something(seen: Evidence) -> Judgement:
    if any(step.asked for step in seen.judged):
        return verdict_of(())
    return NotJudged(f"no request reached the mock IdP ({describe(seen.last.exchange)}; see DISC-1)")

"""DISC: when and where the discovery document is read. Judges of the mock IdP's journal, and of what must not move."""

from urllib.parse import urlsplit

from idpact_contract.connection import UPDATABLE, URL_FIELDS
from idpact_contract.evidence import Asked, Evidence, Step
from idpact_contract.forms import forms
from idpact_contract.judgement import Difference, Judgement, Passed, Violated
from idpact_contract.oracle import same_value, text
from idpact_contract.rules.judging import (
    comparable,
    discovery_requests,
    judge,
    judge_fields,
    not_accepted,
    nothing_shown,
    surfaces,
    verdict_of,
)

__all__ = ["carriers", "discovery_target"]


def discovery_target(issuer: str) -> str:
    """The request target of an issuer's document: its path kept, one final slash dropped.

    Source: OpenID Connect Discovery 1.0, section 4.1.
    """
    return urlsplit(issuer).path.removesuffix("/") + "/.well-known/openid-configuration"


def _asked_at(step: Step, issuer: str) -> Judgement:
    """The document was requested at its address below that issuer."""
    wanted = discovery_target(issuer)
    asked = discovery_requests(step)
    if any(entry.method == "GET" and entry.target == wanted and entry.issuer == issuer for entry in asked):
        return Passed()
    return Violated(expected=f"GET {wanted}", observed=_journal(asked or step.asked))


def _journal(asked: tuple[Asked, ...]) -> str:
    if not asked:
        return "no request reached the mock IdP"
    return ", ".join(f"{entry.method} {entry.target} (after {entry.at:.3f} s)" for entry in asked)


@judge("DISC-1", "DISC-3")
def asked_at_the_issuer(seen: Evidence) -> Judgement:
    """The last update made the document be requested at its issuer, path and all."""
    step = seen.last
    return not_accepted(step) or _asked_at(step, text((step.typed or {}).get("issuer")))


@judge("DISC-2", "DISC-8")
def asked_again_and_used(seen: Evidence) -> Judgement:
    """The changed issuer was requested, and the four URLs are its document's."""
    step = seen.last
    judgement = not_accepted(step) or _asked_at(step, text((step.typed or {}).get("issuer")))
    return judgement if isinstance(judgement, Violated) else judge_fields(seen, step, URL_FIELDS)


@judge("DISC-4")
def final_slash_gives_one_slash(seen: Evidence) -> Judgement:
    """An issuer with a final slash is requested below one slash, never below two, and is stored as typed."""
    step = seen.last
    issuer = text((step.typed or {}).get("issuer"))
    if failed := not_accepted(step):
        return failed
    asked = discovery_requests(step)
    doubled = [entry for entry in asked if "//" in entry.target]
    if doubled:
        return Violated(expected=f"GET {discovery_target(issuer)}", observed=_journal(tuple(doubled)))
    judgement = _asked_at(step, issuer)
    return judgement if isinstance(judgement, Violated) else judge_fields(seen, step, ("issuer",))


@judge("DISC-5", "DISC-6")
def nothing_unnamed_changes(seen: Evidence) -> Judgement:
    """Without a change of issuer no stored value changes that the body did not name; filling an empty URL is open."""
    step = seen.last
    if failed := not_accepted(step) or nothing_shown(seen, step):
        return failed
    typed, before = step.typed or {}, step.before or {}
    differences = tuple(
        Difference(
            where=where,
            field=name,
            allowed=(text(before.get(name)),),
            observed=connection.get(name),
            why="the issuer did not change",
        )
        for where, connection in surfaces(step)
        for name in comparable(seen, UPDATABLE)
        if name not in typed and before.get(name) and not same_value(before.get(name), connection.get(name))
    )
    return verdict_of(differences)


@judge("DISC-7")
def plain_get(seen: Evidence) -> Judgement:
    """Every request for a document was a GET without body, cookies or credentials."""
    step = seen.last
    asked = discovery_requests(step)
    if not asked:
        return Violated(expected="a plain GET of the discovery document", observed="no request reached the mock IdP")
    for entry in asked:
        if fault := _not_plain(entry, seen.credentials):
            return Violated(expected="a plain GET without body, cookies or credentials", observed=fault)
    return Passed()


def _not_plain(entry: Asked, credentials: tuple[str, ...]) -> str | None:
    names = {name.lower() for name, _ in entry.headers}
    if entry.method != "GET":
        return f"the method {entry.method}"
    if entry.body:
        return f"a body of {len(entry.body)} characters"
    for name in ("cookie", "authorization"):
        if name in names:
            return f"the header {name.title()}"
    carried = carriers(entry, credentials)
    return f"credentials in {carried}" if carried else None


def carriers(entry: Asked, secrets: tuple[str, ...]) -> str | None:
    """Where a request carries one of these secrets: `the target`, `the body` or `the header NAME`; None if nowhere.

    Looked for in every form in which a secret travels.
    """
    places = [("the target", entry.target), ("the body", entry.body)]
    places += [(f"the header {name}", value) for name, value in entry.headers]
    looked_for = {form for secret in secrets if secret for form in forms(secret)}
    return next((place for place, held in places if any(form in held for form in looked_for)), None)

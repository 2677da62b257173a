"""ORG: whose connection it is. Judges of the boundary between organizations."""

import json
from typing import Any

from idpact_contract.connection import SERVER_SET, UPDATABLE
from idpact_contract.evidence import Evidence, Exchange
from idpact_contract.forms import forms
from idpact_contract.judgement import Difference, Judgement, NotJudged, Passed, Violated
from idpact_contract.oracle import text
from idpact_contract.rules.judging import changed, describe, judge, not_accepted, verdict_of

__all__: list[str] = []

_SHORTEST_TELLING = 6
"""A value shorter than this may stand in an answer by chance."""


@judge("ORG-1")
def organization_comes_from_the_session(seen: Evidence) -> Judgement:
    """A create and an update whose bodies name no organization end up in the caller's own."""
    for step in seen.judged:
        if failed := not_accepted(step):
            return failed
        organization = text((step.after or {}).get("organization_id"))
        if organization != seen.organization_id:
            return verdict_of(
                (
                    Difference(
                        where="read",
                        field="organization_id",
                        allowed=(seen.organization_id,),
                        observed=organization,
                        why="the caller's organization",
                    ),
                )
            )
    return Passed()


@judge("ORG-2")
def foreign_update_is_refused(seen: Evidence) -> Judgement:
    """Every step of another organization is answered 4xx, and the owner reads the connection unchanged."""
    return _refused_without_a_trace(seen, statuses=range(400, 500), wanted="4xx")


@judge("ORG-6")
def no_credentials_no_update(seen: Evidence) -> Judgement:
    """Without valid credentials the answer is 401 or 403, and the owner reads the connection unchanged."""
    return _refused_without_a_trace(seen, statuses=(401, 403), wanted="401 or 403")


def _refused_without_a_trace(seen: Evidence, *, statuses: range | tuple[int, ...], wanted: str) -> Judgement:
    for step in seen.judged:
        if differences := changed(seen, step.before, step.after):
            return verdict_of(differences)
        if step.exchange.status not in statuses:
            return Violated(expected=wanted, observed=describe(step.exchange))
    return Passed()


@judge("ORG-3")
def refusal_gives_nothing_away(seen: Evidence) -> Judgement:
    """No value of the other organization's connection stands in the answer's body or headers, in any form."""
    step = seen.last
    if step.exchange.status is None:
        return NotJudged(f"there was no answer to look into: {describe(step.exchange)}")
    sent = json.dumps([step.typed, step.extra, step.exchange.url])
    answer = "\n".join([step.exchange.answer, *(value for _, value in step.exchange.answer_headers)])
    values = {name: text((step.before or {}).get(name)) for name in (*SERVER_SET, *UPDATABLE) if name not in _WORDS}
    leaked = [
        name
        for name, value in values.items()
        if len(value) >= _SHORTEST_TELLING and value not in sent and any(form in answer for form in forms(value))
    ]
    if leaked:
        return Violated(
            expected="an answer without any value of the other organization's connection",
            observed=f"the answer ({describe(step.exchange)}) holds its {', '.join(leaked)}",
        )
    return Passed()


_WORDS = frozenset({"identity_provider"})
"""Fields whose values are words of the documentation: they tell nothing of the owner."""


@judge("ORG-4")
def body_moves_nothing(seen: Evidence) -> Judgement:
    """An organization_id in the body is refused or ignored: the connection stays where it is, and no other is updated."""
    for step in seen.judged:
        organization = text((step.after or {}).get("organization_id"))
        if step.after is None or organization != text((step.before or {}).get("organization_id")):
            return verdict_of(
                (
                    Difference(
                        where="read",
                        field="organization_id",
                        allowed=(text((step.before or {}).get("organization_id")),),
                        observed=organization or None,
                        why="the owner's organization",
                    ),
                )
            )
        foreign = step.actor != "owner"
        if foreign and (differences := changed(seen, step.before, step.after)):
            return verdict_of(differences)
        if not (step.exchange.refused or (step.exchange.accepted and not foreign)):
            wanted = "4xx" if foreign else "200 that ignores the member, or 4xx"
            return Violated(expected=wanted, observed=describe(step.exchange))
    return Passed()


@judge("ORG-5")
def foreign_looks_like_unknown(seen: Evidence) -> Judgement:
    """The answers for a foreign and for an unknown connection differ in nothing but request ids and echoed ids."""
    foreign, unknown = seen.judged
    if not (foreign.exchange.refused and unknown.exchange.refused):
        return NotJudged(f"not refused: {describe(foreign.exchange)} and {describe(unknown.exchange)}")
    left, right = (_shape(step.exchange) for step in (foreign, unknown))
    if left == right:
        return Passed()
    return Violated(
        expected=f"for both what an unknown connection gets: {right}", observed=f"for a foreign one: {left}"
    )


def _shape(exchange: Exchange) -> str:
    """An answer without what must differ: the request id, and the ids that the request itself named."""
    body: Any = exchange.json
    rendered = json.dumps(body, sort_keys=True) if exchange.is_json else exchange.answer
    request_id = body.get("request_id") if isinstance(body, dict) else None
    if isinstance(request_id, str) and request_id:
        rendered = rendered.replace(json.dumps(request_id)[1:-1], "…")
    for part in reversed(exchange.url.split("/")):
        if len(part) >= _SHORTEST_TELLING and "." not in part:
            rendered = rendered.replace(part, "…")
    return f"{exchange.status} {rendered}"

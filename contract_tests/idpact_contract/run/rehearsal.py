"""A profile tried step by step, so that its author sees which line of it is wrong before any rule is judged."""

from collections.abc import Iterator
from dataclasses import dataclass

from idpact_contract.abilities import Ability
from idpact_contract.connection import STRING_FIELDS
from idpact_contract.evidence import Actor
from idpact_contract.rules.judging import describe
from idpact_contract.targets.base import Answer, Body, Target

__all__ = ["Rehearsed", "rehearse"]

_SHOWN = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsed:
    """One step of a rehearsal.

    Attributes:
        step: What was tried.
        problem: What came out otherwise than the profile says, and where to look; None where it was as it says.
        told: What was seen, where it was right.
    """

    step: str
    problem: str | None = None
    told: str = ""


def rehearse(target: Target) -> Iterator[Rehearsed]:
    """Create, read, update, read again, the refusals, and delete; ends at the first step without which the next makes no sense.

    Raises:
        UnreachableError: The implementation can't be reached, or gives no token.
    """
    made = target.create(Body(typed={"display_name": "idpact rehearsal"}))
    connection_id = made.made or str((made.connection or {}).get("connection_id") or "")
    problem = _refused(made, "create") or ("" if connection_id else _no_id(made))
    yield Rehearsed(step="create", problem=problem or None, told=f"the new connection is {connection_id}")
    if problem:
        return
    yield from _with_connection(target, connection_id)


def _with_connection(target: Target, connection_id: str) -> Iterator[Rehearsed]:
    try:
        read = target.read(connection_id)
        yield Rehearsed(
            step="read", problem=_refused(read, "read") or _not_found(read), told=_fields_told(target, read)
        )
        name = "idpact rehearsal, renamed"
        updated = target.update(connection_id, Body(typed={"display_name": name}))
        yield Rehearsed(step="update", problem=_refused(updated, "update"), told=describe(updated.exchange))
        seen = (target.read(connection_id).connection or {}).get("display_name")
        wrong = (
            None if seen == name else f"a read shows display_name {seen!r}, not {name!r}: see fields.display_name, wrap"
        )
        yield Rehearsed(step="read what was updated", problem=wrong, told=f"display_name is {name!r}")
        yield from _refusals(target, connection_id)
    finally:
        yield _deleted(target, connection_id)


def _refusals(target: Target, connection_id: str) -> Iterator[Rehearsed]:
    actors = [(Actor.NOBODY, "no credentials"), (Actor.IMPOSTOR, "made-up credentials")]
    if Ability.SECOND_ORGANIZATION not in target.lacking:
        actors.append((Actor.OTHER, "the other organization's credentials"))
    for actor, words in actors:
        answer = target.update(connection_id, Body(typed={"display_name": "idpact rehearsal, taken"}), actor=actor)
        wrong = (
            None
            if answer.exchange.refused
            else f"answered {describe(answer.exchange)}, not 4xx: see [auth], other_ variables"
        )
        yield Rehearsed(step=f"update with {words}", problem=wrong, told=f"refused: {describe(answer.exchange)}")


def _deleted(target: Target, connection_id: str) -> Rehearsed:
    try:
        answer = target.delete(connection_id)
    except NotImplementedError:
        return Rehearsed(step="delete", told="the profile has no such operation: what a check creates stays")
    return Rehearsed(step="delete", problem=_refused(answer, "delete"), told=describe(answer.exchange))


def _refused(answer: Answer, operation: str) -> str | None:
    if answer.exchange.accepted:
        return None
    return f"answered {describe(answer.exchange)}: see operations.{operation}, [auth] and the variables{_body(answer)}"


def _no_id(answer: Answer) -> str:
    return f"accepted, but no connection_id where operations.create and fields.connection_id say it is{_body(answer)}"


def _not_found(answer: Answer) -> str | None:
    if answer.connection is not None:
        return None
    return f"accepted, but the connection isn't where operations.read says it is{_body(answer)}"


def _fields_told(target: Target, answer: Answer) -> str:
    connection = answer.connection or {}
    optional = {"client_secret"} | ({"status"} if Ability.STATUS in target.lacking else set())
    optional |= {"organization_id"} if Ability.ORGANIZATION_ID in target.lacking else set()
    missing = [name for name in STRING_FIELDS if name not in connection and name not in optional]
    told = f"found, status {connection.get('status')!r}"
    return f"{told}; not shown: {', '.join(missing)} (see [fields])" if missing else told


def _body(answer: Answer) -> str:
    text = answer.exchange.answer.strip()
    return f"; the answer was {text[:_SHOWN]}" if text else "; the answer had no body"

"""KEEP: what an update leaves alone."""

from idpact_contract.connection import SERVER_SET, UPDATABLE, URL_FIELDS
from idpact_contract.evidence import Evidence, Step
from idpact_contract.judgement import Difference, Judgement, Passed, Violated
from idpact_contract.oracle import Change, issuer_change, same_value, text
from idpact_contract.rules.judging import (
    changed,
    comparable,
    describe,
    judge,
    judge_fields,
    not_accepted,
    nothing_shown,
    verdict_of,
)

__all__: list[str] = []


def _left_alone(step: Step) -> tuple[str, ...]:
    """The fields that the body omits and that nothing else may touch: the URLs under a change of issuer are others' matter."""
    under_change = issuer_change(step.before, step.typed or {}) is not Change.NONE
    skip = set(URL_FIELDS) if under_change else set()
    return tuple(name for name in (*SERVER_SET, *UPDATABLE) if name not in (step.typed or {}) and name not in skip)


@judge("KEEP-1")
def omitted_fields_stay(seen: Evidence) -> Judgement:
    """Every field that the body omits is as it was."""
    step = seen.last
    return not_accepted(step) or judge_fields(seen, step, _left_alone(step))


@judge("KEEP-2")
def twice_is_once(seen: Evidence) -> Judgement:
    """The second of two equal updates leaves the connection as the first did."""
    first, second = seen.judged
    for step in (first, second):
        if failed := not_accepted(step):
            return failed
    return verdict_of(changed(seen, first.after, second.after))


@judge("KEEP-3")
def response_equals_read(seen: Evidence) -> Judgement:
    """Every field is the same in the response and in the read that follows."""
    step = seen.last
    if failed := not_accepted(step):
        return failed
    if failed := nothing_shown(seen, step):
        return failed
    response, after = step.response or {}, step.after or {}
    return verdict_of(
        tuple(
            Difference(
                where="read",
                field=name,
                allowed=(text(response.get(name)),),
                observed=after.get(name),
                why="as in the response",
            )
            for name in comparable(seen, (*SERVER_SET, *UPDATABLE))
            if not same_value(response.get(name), after.get(name))
        )
    )


@judge("KEEP-4")
def server_set_fields_stay(seen: Evidence) -> Judgement:
    """A body that names a field of the server's is refused, or that member ignored: nothing moves."""
    step = seen.last
    if not (step.exchange.accepted or step.exchange.refused):
        return Violated(expected="200 that ignores the member, or 4xx", observed=describe(step.exchange))
    if step.after is None:
        return Violated(expected="the connection under its own id", observed="its owner can't read it any more")
    return judge_fields(seen, step, SERVER_SET)


@judge("KEEP-5")
def both_concurrent_updates_survive(seen: Evidence) -> Judgement:
    """Each of the concurrent updates that was accepted is seen in the end; one refused with 409 need not be."""
    accepted = [step for step in seen.judged if step.exchange.accepted]
    for step in seen.judged:
        if not step.exchange.accepted and step.exchange.status != 409:  # noqa: PLR2004 - a conflict is the one right refusal
            return not_accepted(step, wanted="200 or 409") or Passed()
    if not accepted:
        return Violated(expected="200 to at least one of the two", observed="409 to both")
    return verdict_of(
        tuple(
            Difference(
                where="read",
                field=name,
                allowed=(value,),
                observed=(step.after or {}).get(name),
                why="typed in one of the two",
            )
            for step in accepted
            for name, value in (step.typed or {}).items()
            if name in comparable(seen, UPDATABLE) and not same_value(value, (step.after or {}).get(name))
        )
    )


@judge("KEEP-6")
def refused_changes_nothing(seen: Evidence) -> Judgement:
    """Where an update was refused its owner reads the connection unchanged."""
    for step in seen.judged:
        if step.exchange.refused and (differences := changed(seen, step.before, step.after)):
            return verdict_of(differences)
        if not (step.exchange.refused or step.exchange.accepted):
            return Violated(expected="4xx, and nothing changed", observed=describe(step.exchange))
    refused = [step for step in seen.judged if step.exchange.refused]
    return Passed() if refused else Passed(f"not refused: {describe(seen.last.exchange)}")


@judge("KEEP-7")
def each_parameter_alone_is_enough(seen: Evidence) -> Judgement:
    """The update is accepted and stores what was typed."""
    step = seen.last
    return not_accepted(step) or judge_fields(seen, step, tuple(step.typed or {}))

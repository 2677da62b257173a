"""From a sequence that breaks a rule to the shortest that does: steps are left out, then what they name, as long as it still does.

Each rule has a sequence of its own, and every part of a sequence is a sequence too, so that this needs a handful of replays where
a general shrinker needs hundreds. What only two requests at the same moment show may not show each time, and is tried again.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import singledispatch
from typing import Final, TypeVar

from idpact_contract.generated.search import Found
from idpact_contract.generated.vocabulary import Act, AtOnce, Begin, Foreign, Kind, Ref, Stranger, Turn, Update

__all__ = ["trimmed"]

_Typing = TypeVar("_Typing", Update, Foreign)

_TRIES_AT_ONCE: Final = 4


def trimmed(found: Found, replay: Callable[[Sequence[Act]], Found | None], *, ended: Callable[[], bool]) -> Found:
    """The shortest sequence that could be made of one, in the time that there was.

    Args:
        found: The sequence.
        replay: Plays a sequence; what it found, if it breaks the rule too.
        ended: Whether the time is over.
    """
    best, smaller = found, True
    while smaller and not ended():
        smaller = False
        for acts in _smaller(best.acts):
            if ended():
                break
            again = _replayed(acts, replay)
            if again is not None and _size(again.acts) < _size(best.acts):
                best, smaller = again, True
                break
    return best


def _replayed(acts: Sequence[Act], replay: Callable[[Sequence[Act]], Found | None]) -> Found | None:
    tries = _TRIES_AT_ONCE if any(isinstance(act, AtOnce) for act in acts) else 1
    return next(filter(None, (replay(acts) for _ in range(tries))), None)


def _size(acts: Sequence[Act]) -> tuple[int, int]:
    return len(acts), sum(_weight(act) for act in acts)


def _weight(act: Act) -> int:
    """How much a step names."""
    weight = 0
    for name in act.__dataclass_fields__:
        value = getattr(act, name)
        weight += len(value) if isinstance(value, tuple) else _weight_of_ref(value) if isinstance(value, Ref) else 0
        weight += value is True
    return weight


def _weight_of_ref(ref: Ref) -> int:
    return 1 + (ref.kind is not Kind.FULL) + (ref.number > 0)


def _smaller(acts: Sequence[Act]) -> Iterator[tuple[Act, ...]]:
    """Sequences one move smaller, the boldest moves first."""
    body = range(1, len(acts))
    half = (len(acts) - 1) // 2
    if half > 1:
        yield (acts[0], *acts[1 + half :])
    for index in body:
        yield (*acts[:index], *acts[index + 1 :])
    for index, act in enumerate(acts):
        for lesser in _lesser(act):
            yield (*acts[:index], lesser, *acts[index + 1 :])
    for ref in dict.fromkeys(_refs(acts)):
        for simpler in (Ref(), Ref(ref.kind, 0), Ref(Kind.FULL, ref.number), Ref(Kind.FAILING, 0)):
            if _weight_of_ref(simpler) < _weight_of_ref(ref):
                yield tuple(_with_ref(act, ref, simpler) for act in acts)


@singledispatch
def _lesser(act: Act) -> Iterator[Act]:
    """The same step, naming less."""
    del act
    return iter(())


@_lesser.register
def _(act: Begin) -> Iterator[Act]:
    if act.named:
        yield Begin()


@_lesser.register
def _(act: Update) -> Iterator[Act]:
    yield from _less_typed(act)


@_lesser.register
def _(act: Foreign) -> Iterator[Act]:
    yield from _less_typed(act)
    if act.names_owner:
        yield replace(act, names_owner=False)
    if act.then_unknown:
        yield replace(act, then_unknown=False)


@_lesser.register
def _(act: Stranger) -> Iterator[Act]:
    for fields in _fewer(act.fields, least=1):
        yield replace(act, fields=fields)


@_lesser.register
def _(act: AtOnce) -> Iterator[Act]:
    for fields in _fewer(act.left, least=1):
        yield replace(act, left=fields)
    for fields in _fewer(act.right, least=1):
        yield replace(act, right=fields)


def _less_typed(act: _Typing) -> Iterator[_Typing]:
    """The same step with a field less, or without the issuer, as long as something is typed."""
    for fields in _fewer(act.fields, least=0 if act.issuer else 1):
        yield replace(act, fields=fields)
    if act.issuer and act.fields:
        yield replace(act, issuer=None)


def _fewer(fields: tuple[str, ...], *, least: int) -> Iterator[tuple[str, ...]]:
    """The same fields without one of them, as long as so many are left."""
    if len(fields) > least:
        yield from (tuple(field for field in fields if field != left_out) for left_out in fields)


def _refs(acts: Sequence[Act]) -> Iterator[Ref]:
    for act in acts:
        if isinstance(act, Update | Foreign | Turn) and act.issuer is not None:
            yield act.issuer


def _with_ref(act: Act, ref: Ref, other: Ref) -> Act:
    if isinstance(act, Update | Foreign | Turn) and act.issuer == ref:
        return replace(act, issuer=other)
    return act

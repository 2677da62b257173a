"""The model's run: a tour that comes by every rule, sequences drawn from the seed, and the shortest ones that break a rule."""

import time
from collections.abc import Iterator
from typing import Final

from idpact_contract.cases import Case
from idpact_contract.connection import CREDENTIALS, URL_FIELDS
from idpact_contract.evidence import Actor
from idpact_contract.generated.handing import Order
from idpact_contract.generated.machine import draw_sequences
from idpact_contract.generated.search import Found, Search
from idpact_contract.generated.story import story
from idpact_contract.generated.trimming import trimmed
from idpact_contract.generated.vocabulary import (
    Act,
    Again,
    AtOnce,
    Begin,
    Faulty,
    Foreign,
    Kind,
    Named,
    Ref,
    Stranger,
    Turn,
    Update,
)
from idpact_contract.judgement import NotJudged, Passed
from idpact_contract.trial import Trial

__all__ = ["TOUR", "play_tour", "run"]

TRIMMING: Final = 4.0
"""Seconds in which all sequences found are made short."""

TOUR: Final[tuple[tuple[Act, ...], ...]] = (
    (
        Begin(),
        Update(None, CREDENTIALS),
        Update(Ref(), URL_FIELDS[1:2]),
        Again(),
        Update(None, ("display_name",)),
        Update(None, ("token_url",)),
        Update(Ref(Kind.FULL, 0), ("client_id",)),
        Named("connection_id", own=True),
        Named("organization_id", own=False),
        Foreign(("display_name", "token_url"), names_owner=True),
        Foreign(("display_name",), then_unknown=True),
        Stranger(Actor.NOBODY, ("display_name",)),
        Faulty(),
        AtOnce(("display_name",), ("client_id",)),
        AtOnce(("display_name",), ("jwks_url",), foreign=True),
        Update(Ref(Kind.FULL, 1)),
        Update(Ref(Kind.MISNAMED)),
    ),
    (
        Begin(named=True),
        Update(Ref(Kind.FAILING), (*CREDENTIALS, *URL_FIELDS)),
        Update(Ref(Kind.SLASH)),
        Update(Ref(Kind.GRASPING)),
    ),
    (
        Begin(),
        Update(Ref(Kind.FAILING)),
        Update(Ref(Kind.PATH)),
        Update(Ref(Kind.ILL_TYPED)),
        Update(Ref(Kind.LACKING)),
        Update(None, URL_FIELDS),
        Update(None, CREDENTIALS),
        Turn(Ref(Kind.FULL)),
    ),
)
"""Sequences that are played first: between them they come to a step for every rule, so that none depends on chance."""


def run(order: Order) -> Iterator[Trial]:
    """Play and judge; a trial for each case."""
    began = time.perf_counter()
    search = Search(order)
    play_tour(search)
    draw_sequences(search, examples=order.bench.examples, seeded=order.bench.seed)
    yield from _trials(search, began)


def play_tour(search: Search) -> None:
    """Play the sequences that come by every rule."""
    for acts in TOUR:
        if search.ended:
            return
        with search.performance() as performance:
            search.sequences += 1
            for act in acts:
                search.play(performance, act)


def _trials(search: Search, began: float) -> Iterator[Trial]:
    seen = f"{search.sequences} sequences, {search.requests} requests"
    searched = time.perf_counter() - began
    until = time.monotonic() + TRIMMING
    for case in search.order.cases:
        found = search.broken.get(case.rule.id)
        if found is None:
            yield _unbroken(case, search, seen, searched)
        else:
            shortest = trimmed(
                found,
                lambda acts, rule_id=case.rule.id: search.replay(acts, rule_id),  # type: ignore[misc] # bound now
                ended=lambda: search.order.stopped() or time.monotonic() > until,
            )
            yield _broken(case, shortest, searched)


def _unbroken(case: Case, search: Search, seen: str, seconds: float) -> Trial:
    steps = search.spoken[case.rule.id]
    if not steps:
        blocked = search.order.bench.blocked
        reason = f"set-up: {blocked}" if blocked else f"no step came up that the rule speaks of ({seen})"
        return Trial(case=case.id, judgement=NotJudged(reason), seconds=seconds)
    note = f"kept in all {steps} steps that it speaks of ({seen})"
    return Trial(case=case.id, judgement=Passed(note), seconds=seconds)


def _broken(case: Case, found: Found, seconds: float) -> Trial:
    return Trial(
        case=case.id,
        judgement=found.judgement,
        evidence=found.evidence,
        seconds=seconds,
        story=story(found.acts, found.judgement),
        staging=found.staging,
    )

"""One run of the schema suite: send what the engine makes, through the lab, and hand each step to the judges.

Knows which example counts for which case; has no model of its own: what is right is the oracle's and the judges' matter.
"""

import random
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, TypeAlias

import msgspec

from idpact_contract.cases import Case
from idpact_contract.evidence import Actor, Evidence
from idpact_contract.generated.handing import Order
from idpact_contract.generated.schema.engine import FUZZED, Engine, Made
from idpact_contract.generated.schema.narrowed import SYMBOLS, filled_in, narrowed, typed_in
from idpact_contract.judgement import Judgement, NotJudged, Passed, Violated
from idpact_contract.lab import Lab, SetUpBrokeError
from idpact_contract.oracle import Change, issuer_change
from idpact_contract.targets.http import HttpTarget
from idpact_contract.trial import Trial

__all__ = ["run"]

_VALID: Final = frozenset({"KEEP-1", "KEEP-3", "KEEP-7", "WIRE-1", "WIRE-2", "WIRE-3", "INPUT-2"})
_INVALID: Final = frozenset({"KEEP-6/negative", "WIRE-5/negative", "INPUT-1/negative", "INPUT-2/negative"})
_BOUNDARIES_PER_EXAMPLE: Final = 2

Sent: TypeAlias = tuple[Evidence, frozenset[str]]
"""What was seen up to a step, and the ids of the cases that it counts for."""


@dataclass(slots=True)
class _Found:
    """What a case has come to: how many steps counted, the first that broke it, and the smallest."""

    counted: int = 0
    first: int = 0
    worst: tuple[Evidence, Judgement, int] | None = None
    undecided: list[str] = field(default_factory=list)

    def add(self, case: Case, evidence: Evidence, nth: int) -> None:
        judgement = case.judgement(evidence)
        if isinstance(judgement, NotJudged):
            self.undecided.append(judgement.reason)
            return
        self.counted += 1
        if isinstance(judgement, Violated):
            self.first = self.first or nth
        if isinstance(judgement, Violated) and (self.worst is None or _size(evidence) < _size(self.worst[0])):
            self.worst = evidence, judgement, nth

    def trial(self, case: Case, seconds: float) -> Trial:
        if self.worst:
            evidence, judgement, nth = self.worst
            seen = msgspec.structs.replace(evidence, case=case.id)
            told = (
                f"generated request {nth} of this run is the smallest that breaks the rule; the first was {self.first}"
            )
            story = (told,)
            return Trial(case=case.id, judgement=judgement, evidence=seen, seconds=seconds, story=story)
        if self.counted:
            return Trial(case=case.id, judgement=Passed(f"{self.counted} generated requests"), seconds=seconds)
        reason = self.undecided[0] if self.undecided else "no generated request came to this rule"
        return Trial(case=case.id, judgement=NotJudged(reason), seconds=seconds)


def _size(evidence: Evidence) -> tuple[int, int]:
    return len(evidence.steps), len(evidence.last.exchange.body or "")


def run(order: Order) -> Iterable[Trial]:
    """Send what is generated of the target's OpenAPI document; a trial for each case of the order."""
    target = order.bench.target
    if not isinstance(target, HttpTarget):
        reason = "the implementation is driven by no profile, so that there is no OpenAPI document of it"
        return [Trial(case=case.id, not_applicable=reason) for case in order.cases]
    began, found = time.perf_counter(), {case.id: _Found() for case in order.cases}
    try:
        for nth, (evidence, case_ids) in enumerate(_sent(order, target), start=1):
            for case in order.cases:
                if case.id in case_ids:
                    found[case.id].add(case, evidence, nth)
    except SetUpBrokeError as error:
        return [Trial(case=case.id, judgement=NotJudged(f"set-up: {error}")) for case in order.cases]
    seconds = time.perf_counter() - began
    return [found[case.id].trial(case, seconds / len(found)) for case in order.cases]


def _sent(order: Order, target: HttpTarget) -> Iterator[Sent]:
    """Everything that is sent, a step each, until it is all sent or the run is to end."""
    update, examples = target.profile.operations.update, order.bench.examples
    engine = Engine(
        narrowed(target.profile),
        path=update.path.partition("?")[0],
        method=update.method.upper(),
        seed=order.bench.seed,
    )
    boundaries = list(engine.boundaries())
    methods = [made for made in boundaries if made.method != update.method.upper()]
    edges = _some(
        [made for made in boundaries if made.method == update.method.upper()],
        _BOUNDARIES_PER_EXAMPLE * examples,
        order.bench.seed,
    )
    valid = [made for made in engine.fuzzed(examples, valid=True) if made.body]
    invalid = engine.fuzzed(examples, valid=False)
    yield from _valid(order, [*(made for made in edges if made.valid and made.body), *valid])
    yield from _invalid(order, [*(made for made in edges if not made.valid), *invalid])
    yield from _unauthorized(order, valid)
    yield from _methods(order, methods)


def _some(made: list[Made], count: int, seed: int) -> list[Made]:
    """So many of them at most, the first always among them, in their order."""
    if len(made) <= count:
        return made
    chosen = sorted(random.Random(seed).sample(range(1, len(made)), count - 1))  # noqa: S311 - to be had again, no secret
    return [made[0], *(made[number] for number in chosen)]


def _lab(order: Order, what: str, number: int, *, blocked: str | None = None) -> Lab:
    bench = order.bench
    return Lab(
        bench.target,
        bench.idp,
        case_id=f"schema/{what}-{number}",
        seed=bench.seed,
        own_ports=bench.own_ports,
        keep=bench.keep,
        blocked=blocked,
    )


def _issuers(lab: Lab, body: object) -> dict[str, str]:
    """Live issuers for the symbols that a body holds."""
    text, issuers = filled_in(body, {}), {}
    if SYMBOLS[0] in text:
        issuers[SYMBOLS[0]] = lab.issuer().url
    if SYMBOLS[1] in text:
        issuers[SYMBOLS[1]] = lab.issuer(without=("userinfo_endpoint",)).url
    return issuers


def _valid(order: Order, all_made: list[Made]) -> Iterator[Sent]:
    """Two valid bodies for each connection: one as it is made, one on what the first left there."""
    profile = _profiled(order).profile
    for number, pair in enumerate(_pairs(all_made)):
        if order.stopped():
            return
        with _lab(order, "valid", number) as lab:
            subject = lab.create()
            for position, made in enumerate(pair):
                typed = typed_in(made.body, profile, _issuers(lab, made.body))
                step = lab.update(subject, typed)
                fresh = position == 0 and issuer_change(step.before, typed) is Change.CHANGED
                # A wire that nests its fields has bodies with nothing in them; refusing these is right, too.
                rules = (*_VALID, *(("PREC-3",) if fresh else ())) if typed else ("INPUT-2",)
                names = frozenset(f"{rule}/generated" for rule in rules)
                edge = {"INPUT-2/coverage"} if made.about != FUZZED else set()
                yield _last_alone(lab.evidence()), names | edge


def _profiled(order: Order) -> HttpTarget:
    target = order.bench.target
    assert isinstance(target, HttpTarget)  # noqa: S101 - `run` let no other through
    return target


def _pairs(all_made: list[Made]) -> Iterator[tuple[Made, ...]]:
    rest = iter(all_made)
    while pair := tuple(islice(rest, 2)):
        yield pair


def _last_alone(evidence: Evidence) -> Evidence:
    """The evidence with its last step alone under judgement: those before it were judged in their turn."""
    *before, last = evidence.steps
    steps = (*(msgspec.structs.replace(step, judged=False) for step in before), last)
    return msgspec.structs.replace(evidence, steps=steps)


def _invalid(order: Order, all_made: list[Made]) -> Iterator[Sent]:
    """Each invalid body on a connection of its own."""
    for number, made in enumerate(all_made):
        if order.stopped():
            return
        with _lab(order, "invalid", number) as lab:
            raw = filled_in(made.body, _issuers(lab, made.body))
            lab.update(lab.create(), raw=raw)
            edge = {"INPUT-2/coverage"} if made.about != FUZZED else set()
            yield lab.evidence(), _INVALID | edge


def _unauthorized(order: Order, all_made: list[Made]) -> Iterator[Sent]:
    """Valid bodies from nobody and from an impostor, by turns."""
    profile = _profiled(order).profile
    for number, made in enumerate(all_made):
        if order.stopped():
            return
        with _lab(order, "unauthorized", number) as lab:
            typed = typed_in(made.body, profile, _issuers(lab, made.body))
            lab.update(lab.create(), typed, actor=Actor.IMPOSTOR if number % 2 else Actor.NOBODY)
            yield lab.evidence(), frozenset({"ORG-6/generated"})


def _methods(order: Order, all_made: list[Made]) -> Iterator[Sent]:
    """Methods that the address doesn't have."""
    for number, made in enumerate(all_made):
        if order.stopped():
            return
        with _lab(order, "method", number) as lab:
            lab.knock(lab.create(), made.method)
            yield lab.evidence(), frozenset({"INPUT-2/methods"})

"""One run of the model, as a record: sequences are played one by one, and the rules are asked of every step.

A rule that was broken is asked no more while others are looked for, so that one run finds whatever its sequences show.
"""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import msgspec

from idpact_contract.evidence import Evidence, Setting
from idpact_contract.generated.handing import Order
from idpact_contract.generated.stage import Stage
from idpact_contract.generated.vocabulary import Act
from idpact_contract.judgement import Violated
from idpact_contract.lab import Lab
from idpact_contract.rules.moment import Moment
from idpact_contract.rules.sequence import judge_moment

__all__ = ["LONGEST", "Found", "Performance", "Search"]

LONGEST: Final = 60.0
"""Seconds after which no further step is begun, however slow the implementation is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A sequence that breaks a rule with its last step.

    Attributes:
        acts: Its symbolic steps.
        judgement: What the judge says.
        evidence: What was seen.
        staging: What was done to the mock IdP.
    """

    acts: tuple[Act, ...]
    judgement: Violated
    evidence: Evidence
    staging: tuple[Setting, ...]


class Performance:
    """One sequence on its way."""

    def __init__(self, lab: Lab) -> None:
        self._stage = Stage(lab)
        self._acts: list[Act] = []
        self._spoken_of = 0

    def play(self, act: Act) -> Iterator[Moment]:
        """Play one step; the moments that it came to, one after the other."""
        self._acts.append(act)
        self._stage.play(act)
        seen = self._stage.lab.evidence()
        first, self._spoken_of = self._spoken_of, len(seen.steps)
        for number in range(first + 1, len(seen.steps) + 1):
            yield Moment(msgspec.structs.replace(seen, steps=seen.steps[:number]))

    def found(self, moment: Moment, judgement: Violated) -> Found:
        """The sequence so far as one that breaks a rule."""
        staging = tuple(self._stage.staging)
        return Found(acts=tuple(self._acts), judgement=judgement, evidence=moment.alone, staging=staging)


class Search:
    """What a run has seen.

    Args:
        order: What it is to bring.
        limit: Seconds after which it ends.
    """

    def __init__(self, order: Order, *, limit: float = LONGEST) -> None:
        self.order = order
        self.broken: dict[str, Found] = {}
        self.spoken: Counter[str] = Counter()
        self.sequences = 0
        self.requests = 0
        self._rules = tuple(case.rule.id for case in order.cases)
        self._until = time.monotonic() + limit

    @property
    def ended(self) -> bool:
        """No further step is to be begun."""
        return self.order.stopped() or time.monotonic() > self._until

    @contextmanager
    def performance(self) -> Iterator[Performance]:
        """A sequence of its own; what it creates is deleted at its end."""
        bench = self.order.bench
        lab = Lab(
            bench.target,
            bench.idp,
            case_id=self.order.cases[0].suite,
            seed=bench.seed,
            own_ports=bench.own_ports,
            keep=bench.keep,
            blocked=bench.blocked,
            settled=True,
            lasting=False,
        )
        with lab:
            yield Performance(lab)
        self.requests += 1

    def play(self, performance: Performance, act: Act) -> None:
        """Play a step, and ask every rule that was not broken yet."""
        if self.ended:
            return
        for moment in performance.play(act):
            self._count(moment)
            for rule_id in self._rules:
                if rule_id not in self.broken and (found := self._asked(performance, moment, rule_id)):
                    self.broken[rule_id] = found

    def replay(self, acts: Sequence[Act], rule_id: str) -> Found | None:
        """Play a whole sequence for one rule; up to the step that breaks it."""
        with self.performance() as performance:
            for act in acts:
                for moment in performance.play(act):
                    self._count(moment)
                    if found := self._asked(performance, moment, rule_id):
                        return found
        return None

    def _count(self, moment: Moment) -> None:
        self.requests += 1 + (moment.step.read is not None)

    def _asked(self, performance: Performance, moment: Moment, rule_id: str) -> Found | None:
        said = judge_moment(rule_id, moment)
        self.spoken[rule_id] += said is not None
        return performance.found(moment, said) if isinstance(said, Violated) else None

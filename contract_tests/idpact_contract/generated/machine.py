"""The state machine: draws sequences from the vocabulary, and plays each as it is drawn.

Deterministic: what is drawn follows from the run's seed alone. Judges and shortens nothing itself.
"""

from contextlib import ExitStack
from typing import ClassVar

from hypothesis import HealthCheck, Phase, Verbosity, seed, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from idpact_contract.generated import vocabulary
from idpact_contract.generated.search import Performance, Search
from idpact_contract.generated.vocabulary import Act

__all__ = ["draw_sequences"]

STEPS = 10
"""Steps of a sequence: enough for an issuer that fails, recovers and is left again."""


def draw_sequences(search: Search, *, examples: int, seeded: int) -> None:
    """Draw and play so many sequences.

    Args:
        search: What plays and judges them; once it has ended, what is drawn is no longer played.
        examples: How many.
        seeded: The seed.
    """
    machine = seed(seeded)(type("Sequences", (_Sequences,), {"search": search}))
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=STEPS,
            phases=(Phase.generate,),
            deadline=None,
            database=None,
            derandomize=False,
            print_blob=False,
            verbosity=Verbosity.quiet,
            suppress_health_check=list(HealthCheck),
        ),
    )


class _Sequences(RuleBasedStateMachine):
    """One sequence."""

    search: ClassVar[Search]

    def __init__(self) -> None:
        super().__init__()
        self._open = ExitStack()
        self._performance: Performance | None = None

    def _play(self, act: Act) -> None:
        if self.search.ended:
            return
        if self._performance is None:
            self._performance = self._open.enter_context(self.search.performance())
            self.search.sequences += 1
        self.search.play(self._performance, act)

    @initialize(act=vocabulary.beginnings())
    def begin(self, act: Act) -> None:
        """The connection."""
        self._play(act)

    @rule(act=vocabulary.updates())
    def update(self, act: Act) -> None:
        """The owner types an issuer."""
        self._play(act)

    @rule(act=vocabulary.edits())
    def edit(self, act: Act) -> None:
        """The owner types something else."""
        self._play(act)

    @rule(act=vocabulary.updates() | vocabulary.edits())
    def either(self, act: Act) -> None:
        """One of the two, so that they come as often as all others together."""
        self._play(act)

    @rule(act=vocabulary.again() | vocabulary.turns())
    def meanwhile(self, act: Act) -> None:
        """The same once more, or the identity provider changes."""
        self._play(act)

    @rule(act=vocabulary.others())
    def other(self, act: Act) -> None:
        """Somebody else tries, the body is odd, or two updates come at once."""
        self._play(act)

    def teardown(self) -> None:
        """Delete what the sequence created."""
        self._open.close()

"""The model: what it finds unaided, how short it makes it, and whom it leaves alone."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

import pytest

from idpact_contract.cases import CASES, Case
from idpact_contract.generated import Order, hand_out
from idpact_contract.generated.machine import draw_sequences
from idpact_contract.generated.model import play_tour
from idpact_contract.generated.search import Search
from idpact_contract.generated.vocabulary import Act
from idpact_contract.judgement import Passed, Violated
from idpact_contract.trial import Trial
from idpact_mock import MockIdP
from tests.mutants.trying import MUTANTS, REFERENCE, VARIANTS, Specimen, bench_of

pytestmark = pytest.mark.timeout(240)  # many sequences, on machines that may be busy

EVERY = [case for case in CASES.values() if case.suite == "model"]


def tried(
    specimen: Specimen, idp: MockIdP, cases: list[Case], *, examples: int, seed: int = 0, profile: str | None = None
) -> Mapping[str, Trial]:
    """What the model says of a specimen."""
    with bench_of(specimen, idp, profile=profile) as bench:
        return hand_out(cases, replace(bench, examples=examples, seed=seed))


@pytest.mark.parametrize(
    ("name", "rule", "steps"),
    [
        ("InferredWins", "PREC-1", 2),
        ("ClearsWhatTheDocumentLacks", "PREC-1", 2),
        ("DropsThePath", "DISC-3", 2),
        ("FillsOnlyTheEmpty", "INFER-6", 3),
        ("InfersClientSecret", "CRED-2", 2),
        ("TypedForEver", "INFER-11", 3),
        ("PendingWhenUnreadable", "FALL-3", 2),
        ("NeverActivatesLater", "ACT-3", 3),
        ("ReplacesTheWhole", "KEEP-1", 3),
        ("ForgetsTheOwner", "ORG-2", 2),
        ("ShowsTheTrace", "WIRE-5", 2),
    ],
)
def test_a_mutant_is_found_unaided_and_made_as_short_as_it_can_be(
    name: str, rule: str, steps: int, shared_idp: MockIdP
) -> None:
    """The shortest sequence is known: no step and no field can be left out of what breaks the rule."""
    case = CASES[f"{rule}/sequence"]
    trial = tried(MUTANTS[name], shared_idp, [case], examples=60)[case.id]

    assert isinstance(trial.judgement, Violated)
    assert [line for line in trial.story if line[0].isdigit()] == list(trial.story[:steps])
    assert trial.evidence is not None
    assert case.judgement(trial.evidence) == trial.judgement


def test_the_story_of_inferred_values_that_win(shared_idp: MockIdP) -> None:
    """It says what was done in plain words, and what came of it."""
    case = CASES["PREC-1/sequence"]
    trial = tried(MUTANTS["InferredWins"], shared_idp, [case], examples=30)[case.id]

    created, typed, end = trial.story
    assert created == "1. The owner creates a connection."
    assert typed.startswith("2. The owner types issuer A (whose document has everything) and ")
    assert end.startswith("Then ")
    assert "; right is " in end


def test_lost_concurrent_updates_are_found(shared_idp: MockIdP) -> None:
    """Two updates at the same moment are both seen afterwards, or KEEP-5 says which was lost."""
    case = CASES["KEEP-5/sequence"]
    trial = tried(MUTANTS["LosesConcurrentUpdates"], shared_idp, [case], examples=10)[case.id]

    assert isinstance(trial.judgement, Violated)
    assert any("At the same moment" in line for line in trial.story)


def test_one_run_finds_every_rule_that_is_broken(shared_idp: MockIdP) -> None:
    """Each broken rule has a sequence of its own, and the others pass beside it."""
    cases = [CASES[f"{rule}/sequence"] for rule in ("PREC-1", "PREC-3", "ACT-1", "KEEP-3")]
    trials = tried(MUTANTS["InferredWins"], shared_idp, cases, examples=30)

    assert {case_id for case_id, trial in trials.items() if isinstance(trial.judgement, Violated)} == {
        "PREC-1/sequence",
        "PREC-3/sequence",
    }
    assert isinstance(trials["ACT-1/sequence"].judgement, Passed)
    assert [len(trials[f"{rule}/sequence"].story) - 1 for rule in ("PREC-1", "PREC-3")] == [2, 3]


@pytest.mark.parametrize("profile", ["stytch-frontend", "stytch-backend"])
def test_the_reference_is_not_bitten_on_either_wire(profile: str, shared_idp: MockIdP) -> None:
    """Every rule passes, and says in how many steps of how many sequences."""
    trials = tried(REFERENCE, shared_idp, EVERY, examples=30, seed=3, profile=profile)
    notes = [trial.judgement.note for trial in trials.values() if isinstance(trial.judgement, Passed)]

    assert [case_id for case_id, trial in trials.items() if trial.not_applicable] == (
        ["WIRE-7/sequence"] if profile == "stytch-frontend" else []
    )
    assert len(notes) == len(EVERY) - (profile == "stytch-frontend")
    assert all(note.startswith("kept in all ") and note.endswith(" requests)") for note in notes)


@pytest.mark.parametrize("specimen", VARIANTS.values(), ids=VARIANTS)
def test_a_right_variant_is_not_bitten(specimen: Specimen, shared_idp: MockIdP) -> None:
    """What the source leaves open may be answered either way in any sequence: nothing fails, nothing is left undecided."""
    trials = tried(specimen, shared_idp, EVERY, examples=6, seed=len(specimen.id))

    assert {
        case_id: trial.judgement
        for case_id, trial in trials.items()
        if not isinstance(trial.judgement, Passed) and not trial.not_applicable
    } == {}


class _Recording(Search):
    """Plays nothing, and remembers what was drawn."""

    def __init__(self) -> None:
        self.drawn: list[list[Act]] = []
        self.sequences = 0

    @property
    def ended(self) -> bool:
        return False

    @contextmanager
    def performance(self) -> Iterator[list[Act]]:  # type: ignore[override] # stands for one
        self.drawn.append([])
        yield self.drawn[-1]

    def play(self, performance: list[Act], act: Act) -> None:  # type: ignore[override] # as above
        performance.append(act)


def drawn(seed: int) -> list[list[Act]]:
    """The sequences of a seed."""
    recording = _Recording()
    draw_sequences(recording, examples=15, seeded=seed)
    return recording.drawn


def test_sequences_follow_from_the_seed_alone() -> None:
    """The same seed draws the same sequences, another one others, and nothing is kept between two runs."""
    assert drawn(7) == drawn(7)
    assert drawn(7) != drawn(8)


def test_nothing_is_sent_once_a_run_was_stopped(shared_idp: MockIdP) -> None:
    """Ctrl-C ends the run between two steps; what it did not come to is not judged."""
    case = CASES["PREC-1/sequence"]
    with bench_of(REFERENCE, shared_idp) as bench:
        trials = hand_out([case], replace(bench, examples=50), stopped=lambda: True)

    assert not isinstance(trials[case.id].judgement, Passed | Violated)


def test_the_tour_comes_by_every_rule(shared_idp: MockIdP) -> None:
    """Whatever the seed: each rule has a step to speak of in the sequences that are played first."""
    with bench_of(REFERENCE, shared_idp, profile="stytch-backend") as bench:
        search = Search(Order(cases=tuple(EVERY), bench=bench))
        play_tour(search)

    assert [case.rule.id for case in EVERY if not search.spoken[case.rule.id]] == []
    assert search.broken == {}

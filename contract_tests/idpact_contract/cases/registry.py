"""The register of cases: which rule each belongs to, at which level, what it needs, how it is arranged and who judges it.

Case ids are `RULE/name`, never derived from an order. A case that names a rule the catalogue does not hold breaks the
import; a MUST rule without a case breaks our own build (tests/contract).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from idpact_contract.abilities import LACKING, Ability
from idpact_contract.catalogue import CATALOGUE, Level, Rule, rule
from idpact_contract.evidence import Evidence
from idpact_contract.judgement import Judgement
from idpact_contract.lab import Lab
from idpact_contract.rules import JUDGES, Judge

__all__ = ["CASES", "Arrange", "Case", "case", "in_order", "register", "register_generated"]

Arrange: TypeAlias = Callable[[Lab], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case of a rule.

    Attributes:
        rule: Its rule.
        name: Its own part of the id.
        level: How binding it is.
        title: What is done, in one sentence.
        arrange: Does it, on a lab; None where a generated suite hands out its trial.
        judge: Judges the evidence.
        needs: Abilities without which the case is not applicable.
        waits: It mostly waits for the implementation to give up, so that others may well run meanwhile.
        suite: The generated suite that hands out its trial, together with those of other rules; empty where it is arranged.
    """

    rule: Rule
    name: str
    level: Level
    title: str
    arrange: Arrange | None
    judge: Judge
    needs: frozenset[Ability]
    waits: bool = False
    suite: str = ""

    @property
    def awaits_activation(self) -> bool:
        """Its reads are about the status, which may take its time."""
        return self.rule.family == "ACT" or self.rule.id in ("FALL-3", "CRED-2")

    @property
    def id(self) -> str:
        """`RULE/name`."""
        return f"{self.rule.id}/{self.name}"

    def not_applicable(self, lacking: frozenset[Ability]) -> str | None:
        """Why the case does not apply to an implementation that lacks these; None where it applies."""
        missing = sorted(self.needs & lacking)
        return "; ".join(LACKING[ability] for ability in missing) or None

    def judgement(self, evidence: Evidence) -> Judgement:
        """The judgement over that evidence, gathered now or read from a report."""
        return self.judge(evidence)


CASES: dict[str, Case] = {}
"""Every case by its id; `in_order` puts it in the order of the contract once all are there."""

_NEEDS: Final = {
    "WIRE": {Ability.OFFICIAL_WIRE},
    "ACT": {Ability.STATUS, Ability.FRESH},
    **{rule_id: {Ability.ACTIVATION} for rule_id in ("ACT-3", "ACT-4", "ACT-5", "ACT-6")},
    "FALL-3": {Ability.ACTIVATION, Ability.FRESH},
    "KEEP-3": {Ability.UPDATE_ANSWER},
    "CRED-1": {Ability.CLIENT_ID_SHOWS},
    "INFER-10": {Ability.NAMES_SHOW},
    "CRED-2": {Ability.SECRET_SHOWS},
}
"""What every case of a family, or of a rule, needs."""


def register(
    rule_id: str,
    name: str,
    arrange: Arrange,
    *,
    title: str,
    level: Level | None = None,
    judge: Judge | None = None,
    needs: tuple[Ability, ...] = (),
    waits: bool = False,
) -> None:
    """Add a case.

    Args:
        rule_id: Its rule.
        name: Its own part of the id; lower-case letters, digits, dashes and dots. Underscores become dashes.
        arrange: What is done.
        title: What is done, in one sentence.
        level: The rule's own by default.
        judge: The rule's own by default.
        needs: Abilities beyond those that its family and its rule need.
        waits: It mostly waits.

    Raises:
        UnknownRuleError: The catalogue does not hold the rule.
        ValueError: There is such a case already.
    """
    known = rule(rule_id)
    _add(
        Case(
            rule=known,
            name=name.replace("_", "-"),
            level=level or known.level,
            title=title,
            arrange=arrange,
            judge=judge or JUDGES[rule_id],
            needs=_needs(known, needs),
            waits=waits,
        )
    )


def register_generated(
    rule_id: str,
    name: str,
    *,
    suite: str,
    title: str,
    judge: Judge,
    level: Level | None = None,
    needs: tuple[Ability, ...] = (),
) -> None:
    """Add a case whose trial a generated suite hands out.

    Args:
        rule_id: Its rule.
        name: Its own part of the id.
        suite: The suite's name, by which `idpact_contract.generated.SUITES` knows it.
        title: What is done, in one sentence.
        judge: Judges whatever the suite came to see.
        level: The rule's own by default.
        needs: Abilities beyond those that its family and its rule need.

    Raises:
        UnknownRuleError: The catalogue does not hold the rule.
        ValueError: There is such a case already.
    """
    known = rule(rule_id)
    _add(
        Case(
            rule=known,
            name=name,
            level=level or known.level,
            title=title,
            arrange=None,
            judge=judge,
            needs=_needs(known, needs),
            suite=suite,
        )
    )


def _needs(known: Rule, beyond: tuple[Ability, ...]) -> frozenset[Ability]:
    return frozenset({*beyond, *_NEEDS.get(known.family, ()), *_NEEDS.get(known.id, ())})


def _add(made: Case) -> None:
    if made.id in CASES:
        raise ValueError(f"case {made.id} is registered twice")
    CASES[made.id] = made


def in_order() -> None:
    """Put the register in the order of the catalogue, and the cases of a rule in the order in which they were added."""
    position = {rule_id: number for number, rule_id in enumerate(CATALOGUE)}
    ordered = sorted(CASES.items(), key=lambda entry: (position[entry[1].rule.id], bool(entry[1].suite)))
    CASES.clear()
    CASES.update(ordered)


def case(
    rule_id: str,
    name: str,
    *,
    level: Level | None = None,
    judge: Judge | None = None,
    needs: tuple[Ability, ...] = (),
) -> Callable[[Arrange], Arrange]:
    """`register` as a decorator; the function's docstring is the title."""

    def add(arrange: Arrange) -> Arrange:
        title = (arrange.__doc__ or name).strip().splitlines()[0]
        register(rule_id, name, arrange, title=title, level=level, judge=judge, needs=needs)
        return arrange

    return add

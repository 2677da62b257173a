"""Cases of sequences: for each rule that can be asked of any step, one case that the model's run hands out."""

from typing import Final

from idpact_contract.abilities import Ability
from idpact_contract.cases.registry import register_generated
from idpact_contract.rules.sequence import SPEAKERS, over_sequence

__all__ = ["MODEL"]

MODEL: Final = "model"
"""The generated suite's name."""

_NEEDS: Final[dict[str, tuple[Ability, ...]]] = {
    "ORG-1": (Ability.ORGANIZATION_ID,),
    **dict.fromkeys(("ORG-2", "ORG-3", "ORG-5"), (Ability.SECOND_ORGANIZATION,)),
    "ORG-4": (Ability.SECOND_ORGANIZATION, Ability.ORGANIZATION_ID),
    "FALL-3": (Ability.STATUS,),
    "FALL-5": (Ability.WARNING,),
    "WIRE-7": (Ability.BACKEND_WIRE,),
}

for _rule in SPEAKERS:
    register_generated(
        _rule,
        "sequence",
        suite=MODEL,
        title="Sequences of updates and of changes at the identity provider, made up from the seed.",
        judge=over_sequence(_rule),
        needs=_NEEDS.get(_rule, ()),
    )

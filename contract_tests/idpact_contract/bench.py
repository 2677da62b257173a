"""What every case of a run stands on. Opened by whoever runs cases: a check, a user's own suite, our own tests."""

from dataclasses import dataclass

from idpact_contract.ahead import Ahead
from idpact_contract.generated import EXAMPLES
from idpact_contract.provider import IdentityProvider
from idpact_contract.targets.base import Target

__all__ = ["OpenBench"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenBench:
    """What every case of a run shares: a `trial.Bench`, and the cases that are tried ahead, if any are."""

    target: Target
    idp: IdentityProvider
    seed: int = 0
    own_ports: bool = True
    keep: bool = False
    blocked: str | None = None
    examples: int = EXAMPLES
    ahead: Ahead | None = None

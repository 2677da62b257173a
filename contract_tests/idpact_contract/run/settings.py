"""What a run is told, as one record that can be handed to parallel workers. Starts nothing."""

from collections.abc import Sequence
from importlib.util import find_spec

import msgspec

from idpact_contract.cases import CASES, Case
from idpact_contract.catalogue import FAMILIES, rule
from idpact_contract.generated import EXAMPLES, missing
from idpact_contract.targets.variables import SettingsError

__all__ = ["IdpSettings", "RunSettings", "SettingsError", "plan"]


class IdpSettings(msgspec.Struct, frozen=True, kw_only=True):
    """The mock IdP of a run.

    Attributes:
        host: The address it is bound to.
        port: Its port; 0 takes a free one.
        advertise: The base URL at which the implementation reaches it, where that is another than the bound address.
        tls: It serves https with a CA of its own.
        cert: PEM file of its certificate chain, in place of an own CA.
        key: PEM file of the private key.
        remote: Base URL of a mock IdP that already runs, for workers that share one.
        token: That one's admin token.
    """

    host: str = "127.0.0.1"
    port: int = 0
    advertise: str | None = None
    tls: bool = False
    cert: str | None = None
    key: str | None = None
    remote: str | None = None
    token: str | None = None


class RunSettings(msgspec.Struct, frozen=True, kw_only=True):
    """One run.

    Attributes:
        base_url: Where the implementation is.
        profile: A built-in profile's name, or a file.
        variables: Values of the profile's variables.
        cases: The ids of the planned cases.
        seed: Seed of all made-up values.
        examples: How many examples each generated suite tries.
        keep: Leave what was created.
        workers: Parallel workers; 0 runs in this process.
        idp: The mock IdP.
        ca_file: PEM file to trust for an https base URL.
        blocked: Why cases that need the mock IdP can't be judged; None where the implementation reaches it.
        until: When the time budget ends, in seconds since the epoch: no case begins after it; None for no budget.
    """

    base_url: str
    profile: str
    variables: dict[str, str]
    cases: tuple[str, ...]
    seed: int = 0
    examples: int = EXAMPLES
    keep: bool = False
    workers: int = 0
    idp: IdpSettings = IdpSettings()
    ca_file: str | None = None
    blocked: str | None = None
    until: float | None = None

    def __post_init__(self) -> None:
        """Refuse what can't be run before anything is sent.

        Raises:
            SettingsError: Parallel workers are asked for, and pytest-xdist isn't installed.
        """
        if self.workers and find_spec("xdist") is None:
            raise SettingsError("-n: parallel workers need pytest-xdist: pip install 'idpact[contract]'")


def plan(only: Sequence[str] = (), case_ids: Sequence[str] = ()) -> tuple[Case, ...]:
    """The cases of a run, in the order of the contract; without those whose suite needs what isn't installed.

    Args:
        only: Rule ids or families; empty for all.
        case_ids: Case ids; empty for all.

    Raises:
        UnknownRuleError: A rule that the catalogue does not hold.
        SettingsError: A case that there is not.
    """
    able = [case for case in CASES.values() if case.id in case_ids or missing(case) is None]
    if not only and not case_ids:
        return tuple(able)
    wanted = {name for name in only if name in FAMILIES}
    rules = {rule(name).id for name in only if name not in FAMILIES}
    for case_id in case_ids:
        if case_id not in CASES:
            rule(case_id.partition("/")[0])
            known = [known for known in CASES if known.startswith(case_id.partition("/")[0] + "/")]
            told = f"; {case_id.partition('/')[0]} has {', '.join(known)}" if known else ""
            raise SettingsError(f"--case {case_id!r}: there is no such case{told}")
    return tuple(case for case in able if case.id in case_ids or case.rule.id in rules or case.rule.family in wanted)

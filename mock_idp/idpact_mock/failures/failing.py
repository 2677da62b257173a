"""A wish that an issuer fail, as a validated value: which failure, where, when, and with which parameters. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Self

from idpact_mock.failures.entries import FAILURES
from idpact_mock.failures.mode import ENDPOINTS, FailureMode, Neighbour, Outcome
from idpact_mock.failures.schedule import Schedule

__all__ = ["Failing", "FailureWish", "SecondAddress", "checked_endpoint", "failure_mode"]

FailureWish = str | Mapping[str, object]
"""The id of a failure; or a mapping of `id` and, as one likes, `endpoint`, `schedule` and `parameters`."""

SecondAddress = Neighbour | str
"""An address that a failure needs besides the issuer's: a neighbour, or one that fails itself, by the id of its failure."""

_WORDS = frozenset({"id", "endpoint", "schedule", "parameters"})


def failure_mode(failure_id: object) -> FailureMode:
    """The failure of that id.

    Raises:
        ValueError: There is none; the message lists ids that are near, or all of them.
    """
    mode = FAILURES.get(failure_id) if isinstance(failure_id, str) else None
    if mode is None:
        import difflib  # noqa: PLC0415 - for who has mistyped

        near = difflib.get_close_matches(str(failure_id), FAILURES, n=3, cutoff=0.4)
        hint = f"did you mean {', '.join(near)}?" if near else f"known are {', '.join(sorted(FAILURES))}"
        raise ValueError(f"failure: {failure_id!r} is no failure of the catalogue; {hint}")
    return mode


@dataclass(frozen=True, slots=True, kw_only=True)
class Failing:
    """A failure that is to be switched on.

    Attributes:
        mode: The failure.
        endpoint: The endpoint that fails.
        schedule: Which of its requests fail.
        parameters: A value for each of the failure's parameters.
    """

    mode: FailureMode
    endpoint: str
    schedule: Schedule
    parameters: Mapping[str, Any]

    @classmethod
    def of(
        cls,
        failure_id: object,
        *,
        endpoint: object = None,
        schedule: object = None,
        parameters: Mapping[str, object] | None = None,
    ) -> Self:
        """Check a wish.

        Raises:
            ValueError: A part of it is unknown or wrong; the message names it, its value and what would be right.
        """
        mode = failure_mode(failure_id)
        return cls(
            mode=mode,
            endpoint=checked_endpoint(mode.endpoints[0] if endpoint is None else endpoint, mode),
            schedule=_schedule(mode, schedule),
            parameters=_parameters(mode, parameters or {}),
        )

    @classmethod
    def read(cls, wish: FailureWish) -> Self:
        """Check a wish that is an id or a mapping.

        Raises:
            ValueError: A part of it is unknown or wrong; the message names it, its value and what would be right.
        """
        if not isinstance(wish, Mapping):
            return cls.of(wish)
        unknown = sorted(set(wish) - _WORDS)
        if unknown:
            raise ValueError(f"failure: {unknown[0]!r} is unknown; known are {', '.join(sorted(_WORDS))}")
        if "id" not in wish:
            raise ValueError("failure: 'id' is missing; it must be the id of a failure")
        parameters = wish.get("parameters")
        if not isinstance(parameters, Mapping | None):
            # A ValueError as for every other part of a wish: TRY004 would have a TypeError.
            raise ValueError(f"failure.parameters: {parameters!r} must be an object")  # noqa: TRY004
        return cls.of(wish["id"], endpoint=wish.get("endpoint"), schedule=wish.get("schedule"), parameters=parameters)

    @property
    def outcome(self) -> Outcome:
        """How an answer counts that fails so."""
        return self.mode.counts(self.parameters)

    @property
    def is_of_issuer(self) -> bool:
        """It lies in the issuer's own address, which is chosen as the issuer is made and never changes."""
        return self.mode.layer == "address" and self.endpoint == "discovery"

    @property
    def is_handed_out(self) -> bool:
        """It lies in the address that the document hands out for an endpoint, which may change with each request."""
        return self.mode.layer == "address" and self.endpoint != "discovery"

    @property
    def second_address(self) -> SecondAddress | None:
        """The second address that it needs, if any."""
        return self.mode.id if self.is_handed_out else self.mode.neighbour

    def to_json(self) -> dict[str, Any]:
        """The mapping that `read` makes the same of."""
        return {
            "id": self.mode.id,
            "endpoint": self.endpoint,
            "schedule": str(self.schedule),
            "parameters": dict(self.parameters),
        }


def checked_endpoint(endpoint: object, mode: FailureMode | None = None) -> str:
    """The name of an endpoint that can fail, in this way if one is given.

    Raises:
        ValueError: There is no such endpoint, or it can't fail so.
    """
    if endpoint not in ENDPOINTS or not isinstance(endpoint, str):
        raise ValueError(f"endpoint: {endpoint!r} is none of this mock IdP's; it must be {' or '.join(ENDPOINTS)}")
    if mode is not None and endpoint not in mode.endpoints:
        why = ", which is about the document" if mode.endpoints == ("discovery",) else ""
        raise ValueError(
            f"endpoint: {endpoint!r} can't fail with {mode.id!r}{why}; it must be {' or '.join(mode.endpoints)}"
        )
    return endpoint


def _schedule(mode: FailureMode, told: object) -> Schedule:
    schedule = Schedule.of(mode.schedule if told is None else told)
    if mode.layer == "address" and schedule != Schedule():
        raise ValueError(f"schedule: {told!r} can't be kept by {mode.id!r}, which lies in the address; leave it out")
    return schedule


def _parameters(mode: FailureMode, given: Mapping[str, object]) -> Mapping[str, Any]:
    known = {parameter.name: parameter for parameter in mode.parameters}
    unknown = sorted(str(name) for name in given if name not in known)
    if unknown:
        has = f"it has {', '.join(known)}" if known else "it has none"
        raise ValueError(f"{mode.id}: {unknown[0]!r} is no parameter of this failure; {has}")
    return MappingProxyType(
        {
            name: parameter.checked(given.get(name, parameter.default), within=mode.id)
            for name, parameter in known.items()
        }
    )

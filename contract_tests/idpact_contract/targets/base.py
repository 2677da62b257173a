"""What the suite asks of any implementation: four operations, and what came back in our terms."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from idpact_contract.abilities import Ability
from idpact_contract.evidence import Actor, Exchange, Observed, WireFacts

__all__ = ["Answer", "Body", "Target", "UnreachableError"]


class UnreachableError(Exception):
    """The implementation can't be reached at all; the message says where and why.

    Args:
        message: The message.
        exchange: The request that could not be sent, with what went wrong in place of an answer.
    """

    def __init__(self, message: str, *, exchange: Exchange | None = None) -> None:
        super().__init__(message)
        self.exchange = exchange


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A request body before the wire's names.

    Attributes:
        typed: Values in our field names.
        extra: Members that are put in as they stand, such as server-set ones.
        raw: The whole body as text instead; `typed` and `extra` then don't count.
    """

    typed: Mapping[str, Any] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)
    raw: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An exchange, and what it says in our terms.

    Attributes:
        exchange: The request and its answer.
        envelope: The object with the answer's own members.
        connection: The connection; None where there is none.
        warning: The warning; None where there is none.
        made: The id of a connection that was made, where the answer tells it outside the connection.
    """

    exchange: Exchange
    envelope: dict[str, Any] | None = None
    connection: Observed | None = None
    warning: Any = None
    made: str | None = None


class Target(Protocol):
    """An implementation under test. `HttpTarget` serves any that a profile can describe; any object with these will do."""

    @property
    def facts(self) -> WireFacts:
        """What a judge must know of the wire."""

    @property
    def lacking(self) -> frozenset[Ability]:
        """The abilities that the implementation has not."""

    @property
    def credentials(self) -> tuple[str, ...]:
        """The caller's own secrets, which no identity provider may see."""

    def organization(self, actor: Actor) -> str:
        """The id of the organization on whose behalf that actor acts; the owner's for nobody and an impostor."""

    def create(self, body: Body, *, actor: Actor = Actor.OWNER) -> Answer:
        """Create a connection."""

    def update(self, connection_id: str, body: Body, *, actor: Actor = Actor.OWNER) -> Answer:
        """Update a connection."""

    def read(self, connection_id: str, *, actor: Actor = Actor.OWNER) -> Answer:
        """Read a connection; its answer's connection is None where it isn't found."""

    def delete(self, connection_id: str, *, actor: Actor = Actor.OWNER) -> Answer:
        """Delete a connection."""

    def close(self) -> None:
        """Let go of sockets."""

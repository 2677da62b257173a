"""An implementation on which no connection can be made: cases borrow from a fixed pool, and find each one empty.

Knows how a connection is lent, emptied and given back; the wire is the target's within.
"""

import threading
from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from idpact_contract.abilities import Ability
from idpact_contract.evidence import Actor, WireFacts
from idpact_contract.targets.base import Answer, Body, Target, UnreachableError

__all__ = ["EMPTIED", "PoolError", "PooledTarget", "Resetting"]

EMPTIED: Final = (
    "display_name",
    "issuer",
    "client_id",
    "client_secret",
    "authorization_url",
    "token_url",
    "userinfo_url",
    "jwks_url",
)
"""The fields that are emptied before a case, in the order of the contract; identity_provider says nothing of a case."""


class PoolError(UnreachableError):
    """No connection could be lent; the message says why, and which line of the profile is about it."""


class Resetting(Target, Protocol):
    """A target that may have an operation of its own for emptying a connection."""

    def reset(self, connection_id: str, *, actor: Actor = Actor.OWNER) -> Answer | None:
        """Empty a connection; None where the wire has no operation for it."""


class PooledTarget:
    """Lends connections in place of making them, to one case at a time, so that no two wait for each other.

    Args:
        within: The implementation.
        ids: The ids of the connections that each actor's organization has.
    """

    def __init__(self, within: Resetting, ids: Mapping[Actor, Sequence[str]]) -> None:
        self._within = within
        self._free = {actor: list(known) for actor, known in ids.items()}
        self._lent: dict[str, Actor] = {}
        self._borrower: int | None = None
        self._turn = threading.Condition()

    @property
    def facts(self) -> WireFacts:
        """What a judge must know of the wire."""
        return self._within.facts

    @property
    def lacking(self) -> frozenset[Ability]:
        """The abilities that the implementation has not."""
        return self._within.lacking

    @property
    def credentials(self) -> tuple[str, ...]:
        """The caller's own secrets."""
        return self._within.credentials

    def organization(self, actor: Actor) -> str:
        """The id of that actor's organization."""
        return self._within.organization(actor)

    def create(self, body: Body, *, actor: Actor = Actor.OWNER) -> Answer:
        """Borrow a connection, empty, and update it with what is typed.

        Raises:
            PoolError: There is none left for the case, or it can't be emptied.
        """
        connection_id = self._borrow(actor)
        try:
            answer = self._emptied(connection_id, actor)
            if body.typed or body.extra:
                self._within.update(connection_id, body, actor=actor)
                answer = self._within.read(connection_id, actor=actor)
        except BaseException:
            self._give_back(connection_id)
            raise
        return Answer(exchange=answer.exchange, connection=answer.connection, made=connection_id)

    def update(self, connection_id: str, body: Body, *, actor: Actor = Actor.OWNER) -> Answer:
        """Update a connection."""
        return self._within.update(connection_id, body, actor=actor)

    def read(self, connection_id: str, *, actor: Actor = Actor.OWNER) -> Answer:
        """Read a connection."""
        return self._within.read(connection_id, actor=actor)

    def delete(self, connection_id: str, *, actor: Actor = Actor.OWNER) -> Answer:
        """Empty a connection and give it back."""
        try:
            return self._emptied(connection_id, actor)
        finally:
            self._give_back(connection_id)

    def close(self) -> None:
        """Let go of sockets."""
        self._within.close()

    def _borrow(self, actor: Actor) -> str:
        me = threading.get_ident()
        with self._turn:
            self._turn.wait_for(lambda: self._borrower in (None, me))
            free = self._free.get(actor, [])
            if not free:
                raise PoolError(
                    f"the profile's pool has no further connection for the {actor}'s organization; add to pool"
                )
            self._borrower = me
            connection_id = free.pop(0)
            self._lent[connection_id] = actor
            return connection_id

    def _give_back(self, connection_id: str) -> None:
        with self._turn:
            actor = self._lent.pop(connection_id, None)
            if actor is not None:
                self._free[actor].append(connection_id)
            if not self._lent:
                self._borrower = None
                self._turn.notify_all()

    def _emptied(self, connection_id: str, actor: Actor) -> Answer:
        if not self._left(answer := self._within.read(connection_id, actor=actor)):
            return self._found(connection_id, answer)
        empty = Body(typed=dict.fromkeys(EMPTIED, ""))
        told = self._within.reset(connection_id, actor=actor) or self._within.update(connection_id, empty, actor=actor)
        answer = self._found(connection_id, self._within.read(connection_id, actor=actor))
        if left := self._left(answer):
            raise PoolError(
                f"connection {connection_id!r} of the pool can't be emptied: {', '.join(left)} stayed after"
                f" {told.exchange.method} was answered {told.exchange.status}; see operations.reset"
            )
        return answer

    def _left(self, answer: Answer) -> tuple[str, ...]:
        """The fields, but for the display name, which an implementation may give by itself, that are not empty."""
        connection = answer.connection or {}
        return tuple(name for name in EMPTIED[1:] if connection.get(name))

    def _found(self, connection_id: str, answer: Answer) -> Answer:
        if answer.connection is None:
            raise PoolError(f"connection {connection_id!r} of the pool isn't there; see pool and its variables")
        return answer

"""A connection for tests of one's own: created at the implementation, updated and read in our field names, deleted at the end."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest

from idpact_contract.evidence import Observed
from idpact_contract.rules.judging import describe
from idpact_contract.targets.base import Answer, Body, Target, UnreachableError

__all__ = ["Connection", "connected"]


class Connection:
    """A connection at the implementation under test.

    Attributes:
        id: Its id.
        fields: What the last read showed, by our field names.
    """

    def __init__(self, target: Target, connection_id: str) -> None:
        self.id = connection_id
        self.fields: Observed = {}
        self._target = target

    def __repr__(self) -> str:
        return f"<Connection {self.id!r}, {self.fields.get('status', 'status unknown')}>"

    def __getitem__(self, field: str) -> Any:  # noqa: ANN401 - what the implementation shows
        """A field as the last read showed it."""
        return self.fields[field]

    def update(self, **typed: Any) -> Answer:  # noqa: ANN401 - wrong types are part of what can be tried
        """Update it with these fields, and read it again.

        Returns:
            The update's own answer: `answer.exchange.status`, `answer.connection`, `answer.warning`.
        """
        answer = self._target.update(self.id, Body(typed=typed))
        self.read()
        return answer

    def read(self) -> Observed:
        """Read it; {} where it isn't found."""
        self.fields = self._target.read(self.id).connection or {}
        return self.fields


@contextmanager
def connected(target: Target) -> Iterator[Connection]:
    """A new connection, deleted at the end. Where none can be created the test fails, and says what was answered."""
    try:
        answer = target.create(Body())
    except UnreachableError as error:
        pytest.fail(f"connection: {error}", pytrace=False)
    connection_id = answer.made or (answer.connection or {}).get("connection_id")
    if not isinstance(connection_id, str) or not connection_id:
        pytest.fail(f"connection: create answered {describe(answer.exchange)}, and no connection_id", pytrace=False)
    connection = Connection(target, connection_id)
    try:
        connection.read()
        yield connection
    finally:
        with suppress(UnreachableError):  # the test says what it found, not that tidying up failed, too
            target.delete(connection_id)

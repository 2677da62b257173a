"""A dry run: every planned case arranged on a bench that only counts, so that nobody's server is asked anything."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from idpact_contract.abilities import Ability
from idpact_contract.cases import Case
from idpact_contract.evidence import Actor, Exchange, WireFacts
from idpact_contract.lab import Lab
from idpact_contract.targets.base import Answer, Body
from idpact_mock import Entry

__all__ = ["count_requests"]


def count_requests(cases: Sequence[Case], lacking: frozenset[Ability]) -> dict[str, int]:
    """How many requests each case sends to an implementation that accepts everything; 0 where it does not apply.

    A generated case counts as 0: what its suite sends follows from the number of examples.
    """
    return {case.id: _count(case, lacking) for case in cases}


def _count(case: Case, lacking: frozenset[Ability]) -> int:
    if case.arrange is None or case.not_applicable(lacking):
        return 0
    target = _CountingTarget(lacking)
    with Lab(target, _NoIdp(), case_id=case.id) as lab:
        case.arrange(lab)
    return sum(target.counts.values())


class _CountingTarget:
    """Accepts everything and keeps nothing."""

    facts = WireFacts()
    credentials = ()

    def __init__(self, lacking: frozenset[Ability]) -> None:
        self.lacking = lacking
        self.counts: Counter[str] = Counter()

    def organization(self, actor: Actor) -> str:
        return f"organization-{actor}"

    def create(self, body: Body, *, actor: Actor = Actor.OWNER) -> Answer:
        return self._answer("create", body, actor)

    def update(self, connection_id: str, body: Body, *, actor: Actor = Actor.OWNER) -> Answer:
        del connection_id
        return self._answer("update", body, actor)

    def read(self, connection_id: str, *, actor: Actor = Actor.OWNER) -> Answer:
        del connection_id
        return self._answer("read", Body(), actor)

    def delete(self, connection_id: str, *, actor: Actor = Actor.OWNER) -> Answer:
        del connection_id
        return self._answer("delete", Body(), actor)

    def close(self) -> None:
        """Nothing is open."""

    def _answer(self, kind: str, body: Body, actor: Actor) -> Answer:
        del body, actor
        self.counts[kind] += 1
        exchange = Exchange(method=kind, url="https://nowhere.example", status=200)
        return Answer(exchange=exchange, connection={"connection_id": "counted"})


class _NoJournal:
    def mark(self) -> int:
        return 0

    def since(self, mark: int) -> tuple[Entry, ...]:
        del mark
        return ()


class _NoIssuer:
    """Serves nothing."""

    name = "counted"
    failure = None
    journal = _NoJournal()

    def __init__(self, path: str) -> None:
        self.url = f"https://nowhere.example{path}"
        self.discovery_url = f"{self.url}/.well-known/openid-configuration"
        self.document: dict[str, Any] = {}

    def set_members(self, members: Mapping[str, object]) -> None:
        """No document to set them in."""

    def remove_members(self, *names: str) -> None:
        """No document to remove them from."""

    def set_headers(self, headers: Mapping[str, str]) -> None:
        """No answer to set them on."""

    def fail(self, failure_id: str) -> None:
        """Nobody asks."""

    def recover(self) -> None:
        """Nobody asks."""


class _NoIdp:
    strays = _NoJournal()

    def make_issuer(self, name: str | None = None, *, path: str | None = None, **options: object) -> Any:  # noqa: ANN401 - as the protocol has it
        del name, options
        return _NoIssuer(path or "")

    def drop_issuer(self, issuer: Any) -> None:  # noqa: ANN401 - as the protocol has it
        """Nothing to drop."""

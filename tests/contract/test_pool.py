"""Connections that are borrowed where none can be made."""

import threading
from pathlib import Path
from typing import Any

import pytest

from idpact_contract.abilities import Ability
from idpact_contract.evidence import Actor, Exchange, WireFacts
from idpact_contract.targets.base import Answer, Body
from idpact_contract.targets.pool import PooledTarget, PoolError
from idpact_contract.targets.profile import ProfileError, load_profile


class Slots:
    """Two connections of the owner's and one of the other organization's; `sticky` fields can't be emptied."""

    facts = WireFacts()
    lacking: frozenset[Ability] = frozenset()
    credentials: tuple[str, ...] = ()

    def __init__(self, *, sticky: tuple[str, ...] = ()) -> None:
        self.slots: dict[str, dict[str, Any]] = {name: {} for name in ("a", "b", "c")}
        self._sticky = sticky

    def organization(self, actor: Actor) -> str:
        """One for each."""
        return str(actor)

    def create(self, body: Body, *, actor: Actor = Actor.OWNER) -> Answer:
        """There is no such thing."""
        raise NotImplementedError

    def update(self, connection_id: str, body: Body, *, actor: Actor = Actor.OWNER) -> Answer:
        """Store all but what can't be emptied."""
        del actor
        kept = {name: value for name, value in self.slots[connection_id].items() if name in self._sticky}
        self.slots[connection_id] |= {**body.typed, **kept}
        return self.read(connection_id)

    def read(self, connection_id: str, *, actor: Actor = Actor.OWNER) -> Answer:
        """A copy of it."""
        del actor
        exchange = Exchange(method="PUT", url="https://saas.test/", status=200)
        known = self.slots.get(connection_id)
        return Answer(exchange=exchange, connection=None if known is None else dict(known))

    def delete(self, connection_id: str, *, actor: Actor = Actor.OWNER) -> Answer:
        """There is no such thing."""
        raise NotImplementedError

    def reset(self, connection_id: str, *, actor: Actor = Actor.OWNER) -> Answer | None:
        """There is no such thing."""
        del connection_id, actor
        return None

    def close(self) -> None:
        """Nothing is open."""


def pooled(within: Slots) -> PooledTarget:
    """A pool over all that there are."""
    return PooledTarget(within, {Actor.OWNER: ("a", "b"), Actor.OTHER: ("c",)})


def test_a_borrowed_connection_is_empty_but_for_what_is_typed() -> None:
    """Whatever somebody left in it."""
    within = Slots()
    within.slots["a"] = {"issuer": "https://old.example", "client_id": "old"}
    answer = pooled(within).create(Body(typed={"display_name": "New"}))

    assert answer.made == "a"
    assert {name: value for name, value in (answer.connection or {}).items() if value} == {"display_name": "New"}


def test_what_was_borrowed_is_given_back_empty() -> None:
    """And lent again when its turn comes."""
    within = Slots()
    pool = pooled(within)
    for expected in ("a", "b", "a"):
        made = pool.create(Body(typed={"client_id": "used"})).made
        assert made == expected
        pool.delete(made)

    assert not any(slot.get("client_id") for slot in within.slots.values())


def test_each_organization_has_its_own() -> None:
    """Nobody is lent somebody else's."""
    assert pooled(Slots()).create(Body(), actor=Actor.OTHER).made == "c"


def test_a_case_that_needs_more_than_there_are_is_told() -> None:
    """It names the line of the profile."""
    pool = pooled(Slots())
    pool.create(Body(), actor=Actor.OTHER)

    with pytest.raises(PoolError, match="no further connection for the other's organization; add to pool"):
        pool.create(Body(), actor=Actor.OTHER)


def test_one_that_stays_full_is_told_and_not_lost() -> None:
    """By the names of its fields, never their values, which may be secret."""
    within = Slots(sticky=("client_secret",))
    within.slots["a"] = {"client_secret": "hidden"}
    pool = pooled(within)

    with pytest.raises(PoolError, match="connection 'a' of the pool can't be emptied: client_secret stayed") as caught:
        pool.create(Body())
    assert "hidden" not in str(caught.value)
    assert [pool.create(Body()).made for _ in range(1)] == ["b"]


def test_one_that_is_not_there_is_told() -> None:
    """A slip in a variable."""
    with pytest.raises(PoolError, match="connection 'd' of the pool isn't there"):
        PooledTarget(Slots(), {Actor.OWNER: ("d",)}).create(Body())


def test_one_case_borrows_at_a_time() -> None:
    """So that two cases that need two connections each never wait for each other."""
    pool = pooled(Slots())
    first = pool.create(Body()).made
    assert first is not None
    order: list[str] = []

    def other_case() -> None:
        made = pool.create(Body()).made
        order.append("borrowed")
        assert made is not None
        pool.delete(made)

    other = threading.Thread(target=other_case)
    other.start()
    second = pool.create(Body()).made
    assert second is not None
    pool.delete(second)
    order.append("given back")
    pool.delete(first)
    other.join(timeout=20)

    assert order == ["given back", "borrowed"]


@pytest.mark.parametrize("both", [True, False])
def test_a_profile_makes_connections_or_lends_them(*, both: bool, tmp_path: Path) -> None:
    """One of the two, or nobody knows where they come from."""
    operation = '{ method = "PUT", path = "/x/{connection_id}", connection = "" }'
    told = ['schema = 1\nname = "x"\ntitle = "X"', *(['pool = ["{a}"]'] if both else []), "[variables]\na = {}"]
    told += ['[auth]\nscheme = "bearer"\ntoken = "x"', f"[operations]\nupdate = {operation}\nread = {operation}"]
    told += [f"create = {operation}"] if both else []
    (tmp_path / "p.toml").write_text("\n".join(told))

    with pytest.raises(ProfileError, match="one of the two, not both"):
        load_profile(str(tmp_path / "p.toml"))

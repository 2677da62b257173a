"""Faults in activation (ACT)."""

import dataclasses
from collections.abc import Mapping

from idpact_contract.reference import Connection, Connections, Metadata, Unreadable, Updated
from idpact_contract.reference.model import ACTIVE, PENDING, REQUIRED
from tests.mutants.registry import mutant


@mutant("ACT-1")
class BornActive(Connections):
    """A new connection is active."""

    def new(self, organization_id: str, typed: Mapping[str, object], callback_base: str) -> Connection:
        return dataclasses.replace(super().new(organization_id, typed, callback_base), status=ACTIVE)


def _without(field: str) -> type[Connections]:
    class NotRequired(Connections):
        def required(self) -> tuple[str, ...]:
            return tuple(name for name in super().required() if name != field)

    NotRequired.__name__ = f"ActiveWithout{field.title().replace('_', '')}"
    NotRequired.__doc__ = f"A connection without {field} is active."
    return NotRequired


for _field in REQUIRED:
    mutant("ACT-2", *(("ACT-5",) if _field == "userinfo_url" else ()))(_without(_field))


@mutant("ACT-3")
class ActiveOnlyAllAtOnce(Connections):
    """Only an update that names all that is missing at once makes a connection active."""

    async def update(self, organization_id: str, connection_id: str, body: Mapping[str, object]) -> Updated:
        self.__dict__["named"] = {name for name in body if name in REQUIRED}
        return await super().update(organization_id, connection_id, body)

    def status(self, before: Connection, after: Connection, found: Metadata | Unreadable | None) -> str:
        few = isinstance(found, Metadata) or len(self.__dict__["named"]) >= len(REQUIRED)
        return super().status(before, after, found) if few else before.status


@mutant("ACT-3")
class NeverActivatesLater(Connections):
    """The status is settled when the issuer is typed, and never looked at again."""

    def status(self, before: Connection, after: Connection, found: Metadata | Unreadable | None) -> str:
        return before.status if found is None else super().status(before, after, found)


@mutant("ACT-4")
class InferredDoesNotCount(Connections):
    """Only what was typed counts for activation."""

    def merged(self, before: Connection, typed: Mapping[str, object], inferred: Mapping[str, str]) -> Connection:
        counted: dict[str, set[str]] = self.__dict__.setdefault("counted", {})
        counted.setdefault(before.connection_id, set()).update(typed)
        return super().merged(before, typed, inferred)

    def status(self, before: Connection, after: Connection, found: Metadata | Unreadable | None) -> str:
        del found
        return ACTIVE if set(REQUIRED) <= self.__dict__["counted"][after.connection_id] else before.status


@mutant("ACT-6")
class AnyUpdateDeactivates(Connections):
    """An update that doesn't name the issuer takes the connection back to pending."""

    def status(self, before: Connection, after: Connection, found: Metadata | Unreadable | None) -> str:
        renamed = before.display_name != after.display_name
        return PENDING if renamed and before.status == ACTIVE else super().status(before, after, found)

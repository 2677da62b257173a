"""Faults at the boundary between organizations (ORG)."""

import dataclasses
from collections.abc import Mapping

from starlette.requests import Request

from idpact_contract.reference import Connection, Connections, RequestRefusedError, Updated, Wire
from idpact_contract.reference.errors import bad_value, no_such_connection
from tests.mutants.registry import mutant


@mutant("ORG-1")
class WantsOrganizationInBody(Connections):
    """An update has to name the organization in its body."""

    async def update(self, organization_id: str, connection_id: str, body: Mapping[str, object]) -> Updated:
        if "organization_id" not in body:
            raise bad_value("organization_id", None, "wanted a string")
        return await super().update(organization_id, connection_id, body)


@mutant("ORG-1")
class CreatesWithoutOrganization(Connections):
    """A new connection belongs to an organization of the implementation's own, though its creator reads it."""

    def new(self, organization_id: str, typed: Mapping[str, object], callback_base: str) -> Connection:
        return dataclasses.replace(super().new(organization_id, typed, callback_base), organization_id="default")

    def owns(self, organization_id: str, connection: Connection) -> bool:
        return bool(organization_id and connection)

    def list(self, organization_id: str) -> list[Connection]:
        del organization_id
        return super().list("default")


@mutant("ORG-2")
class ForgetsTheOwner(Connections):
    """Whoever knows a connection's id may update it."""

    def owns(self, organization_id: str, connection: Connection) -> bool:
        del organization_id, connection
        return True


@mutant("ORG-2")
class RefusesAfterWriting(Connections):
    """Another organization's update is refused once it has been carried out."""

    async def update(self, organization_id: str, connection_id: str, body: Mapping[str, object]) -> Updated:
        found = self.store.connection(connection_id)
        if found is not None and found.organization_id != organization_id:
            await super().update(found.organization_id, connection_id, body)
        return await super().update(organization_id, connection_id, body)


@mutant("ORG-3")
class ShowsWhoseItIs(Connections):
    """The refusal names the other organization's connection and its issuer."""

    def find(self, organization_id: str, connection_id: str) -> Connection:
        found = self.store.connection(connection_id)
        if found is not None and found.organization_id != organization_id:
            message = f"{found.display_name} ({found.issuer}) is another organization's."
            raise RequestRefusedError(status=403, error_type="forbidden", message=message)
        return super().find(organization_id, connection_id)


@mutant("ORG-4")
class MovesByBody(Connections):
    """An organization_id in the body moves the connection there."""

    def parameters(self) -> tuple[str, ...]:
        return (*super().parameters(), "organization_id")


@mutant("ORG-4")
class TargetsByBody(Connections):
    """An organization_id in the body says on whose behalf the update acts."""

    async def update(self, organization_id: str, connection_id: str, body: Mapping[str, object]) -> Updated:
        return await super().update(str(body.get("organization_id", organization_id)), connection_id, body)


@mutant("ORG-5")
class ForbidsRatherThanHides(Connections):
    """Another organization's connection is 403, an unknown one 404."""

    def find(self, organization_id: str, connection_id: str) -> Connection:
        found = self.store.connection(connection_id)
        if found is None:
            raise no_such_connection()
        if found.organization_id != organization_id:
            raise RequestRefusedError(status=403, error_type="forbidden", message="This connection is not yours.")
        return found


@mutant("ORG-6")
class LetsAnybodyIn(Wire):
    """Without a valid session the first organization's member is assumed."""

    def frontend_organization(self, request: Request) -> str:
        try:
            return super().frontend_organization(request)
        except RequestRefusedError:
            return self.settings.orgs[0].organization_id


@mutant("ORG-6", profile="stytch-backend")
class TakesAnySecret(Wire):
    """The project's secret is not looked at."""

    def check_secret(self, project_id: str, secret: str) -> None:
        """Anything goes."""


@mutant("ORG-6")
class BreaksWithoutSession(Wire):
    """Without a valid session the answer is 500."""

    def unknown_session(self) -> RequestRefusedError:
        raise RuntimeError("no session")

"""What the made-up wires share: the reference implementation, asked in process over its backend wire."""

import base64
import json
from typing import Any, Final
from urllib.parse import quote

import httpx
from starlette.requests import Request

from idpact_contract.reference import Connections, build

__all__ = ["NO_OBJECT", "Behind", "json_of"]

NO_OBJECT: Final[list[Any]] = []
"""In place of a body that is no object, or not of the wire's shape: the reference refuses it."""


async def json_of(request: Request) -> Any:  # noqa: ANN401 - JSON
    """A request's body; `NO_OBJECT` where it is no JSON, or nested more deeply than can be read."""
    try:
        return await request.json()
    except (ValueError, RecursionError):
        return NO_OBJECT


class Behind:
    """The reference implementation behind a translation.

    Attributes:
        organizations: The ids of its two organizations.
    """

    def __init__(self, connections_class: type[Connections] = Connections) -> None:
        self._reference = build(connections_class=connections_class, discovery_timeout=2.0)
        settings = self._reference.settings
        pair = base64.b64encode(f"{settings.project_id}:{settings.secret}".encode()).decode()
        self._client = httpx.AsyncClient(
            transport=httpx.ASGITransport(self._reference.app),
            base_url="http://reference",
            headers={"Authorization": f"Basic {pair}"},
        )
        self.organizations = [org.organization_id for org in settings.orgs]

    async def ask(self, method: str, organization: str, body: Any = None, *, connection: str = "") -> tuple[int, Any]:  # noqa: ANN401 - JSON
        """The status and the connection, or the list of them, that the reference answers."""
        path = f"/v1/b2b/sso/{organization}"
        if method == "POST":
            path = f"/v1/b2b/sso/oidc/{organization}"
        elif method == "PUT":
            path = f"/v1/b2b/sso/oidc/{organization}/connections/{quote(connection, safe='')}"
        elif method == "DELETE":
            path = f"/v1/b2b/sso/{organization}/connections/{quote(connection, safe='')}"
        # ASCII alone, so that half a surrogate pair gets as far as to who can refuse it.
        content = None if body is None else json.dumps(body)
        answer = await self._client.request(method, path, content=content)
        told = answer.json()
        return answer.status_code, told.get("connection", told.get("oidc_connections", told))

    async def one(self, organization: str, connection: str) -> dict[str, Any] | None:
        """A connection of that organization; None where it has none of that id."""
        _, listed = await self.ask("GET", organization)
        return next((entry for entry in listed if entry["connection_id"] == connection), None)

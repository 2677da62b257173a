"""Harbor: a session cookie, PUT with a wrapper, 201, activation after the answer, secrets never shown, one organization."""

import secrets
import time
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from idpact_contract.reference import Connections
from tests.wires.translating import NO_OBJECT, Behind, json_of

__all__ = ["PROFILE", "app"]

PROFILE = """
schema = 1
name = "harbor"
title = "Harbor, console API"
lacks = ["second-organization"]
secret_in_reads = "absent"
activation = "polled"
poll = { every = 0.05, limit = 0.4 }
limits = { per_second = 500.0, retry_429 = true }
warning = "notice"

[variables]
session = { about = "a session's cookie", secret = true }
organization_id = { about = "the organization's id" }

[auth]
scheme = "cookie"
name = "harbor_session"
value = "{session}"

[operations.create]
method = "POST"
path = "/console/providers"
connection = "/provider"
wrap = "/provider"

[operations.update]
method = "PUT"
path = "/console/providers/{connection_id}"
connection = "/provider"
wrap = "/provider"

[operations.read]
method = "GET"
path = "/console/providers/{connection_id}"
connection = "/provider"

[operations.delete]
method = "DELETE"
path = "/console/providers/{connection_id}"

[fields]
connection_id = "uid"

[status]
pending = "waiting"
active = "ready"
"""

_SETTLES_AFTER = 0.1


def app(connections_class: type[Connections] = Connections) -> tuple[Starlette, dict[str, str]]:
    """The application, and the variables of its profile."""
    behind = Behind(connections_class)
    session, organization = secrets.token_hex(16), behind.organizations[0]
    touched: dict[str, float] = {}
    refused_once: set[str] = set()

    def outward(connection: dict[str, Any]) -> dict[str, Any]:
        shown = {name: value for name, value in connection.items() if name not in ("connection_id", "client_secret")}
        settled = time.monotonic() - touched.get(connection["connection_id"], 0.0) > _SETTLES_AFTER
        active = connection["status"] == "active" and settled
        return {**shown, "uid": connection["connection_id"], "status": "ready" if active else "waiting"}

    async def provider(request: Request) -> Response:
        if request.cookies.get("harbor_session") != session:
            return JSONResponse({"reason": "log in first"}, 401)
        uid = request.path_params.get("uid", "")
        if request.method == "PUT" and uid not in refused_once:
            refused_once.add(uid)  # the first update of each is told to come again
            return JSONResponse({"reason": "not so fast"}, 429, headers={"Retry-After": "0"})
        if request.method == "GET":
            found = await behind.one(organization, uid)
            return JSONResponse({"provider": outward(found)}) if found else JSONResponse({"reason": "unknown"}, 404)
        if request.method == "DELETE":
            status, _ = await behind.ask("DELETE", organization, connection=uid)
            return Response(status_code=204 if status == 200 else status)
        return await _write(request, uid)

    async def _write(request: Request, uid: str) -> Response:
        told = await json_of(request)
        typed = told.get("provider", {}) if isinstance(told, dict) else NO_OBJECT
        status, answer = await behind.ask(request.method, organization, typed, connection=uid)
        if status != 200:
            return JSONResponse({"reason": "refused"}, status)
        touched[answer["connection_id"]] = time.monotonic()
        return JSONResponse({"provider": outward(answer), **_notice(typed, answer)}, 201)

    routes = [
        Route("/console/providers", provider, methods=["POST"]),
        Route("/console/providers/{uid}", provider, methods=["GET", "PUT", "DELETE"]),
    ]
    return Starlette(routes=routes), {"session": session, "organization_id": organization}


def _notice(typed: Any, answer: dict[str, Any]) -> dict[str, str]:  # noqa: ANN401 - JSON
    """Harbor tells that a document could not be read whenever a URL that nobody typed is still empty."""
    urls = ("authorization_url", "token_url", "userinfo_url", "jwks_url")
    unread = "issuer" in (typed or {}) and not all(answer[name] for name in urls)
    return {"notice": "The document could not be read."} if unread else {}

"""Quartz: calls rather than resources, the id in the body, an API key, empty 204 answers, a list, null for unset."""

import secrets
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from idpact_contract.reference import Connections
from tests.wires.translating import Behind, json_of

__all__ = ["PROFILE", "app"]

PROFILE = """
schema = 1
name = "quartz"
title = "Quartz, remote calls"
lacks = ["warning", "organization-id"]
secret_in_reads = "masked"

[variables]
api_key = { about = "key of the first account", secret = true }
other_api_key = { about = "key of the second account", secret = true }

[auth]
scheme = "header"
name = "X-Api-Key"
value = "{api_key}"

[operations.create]
method = "POST"
path = "/rpc/create"
location = true
wrap = "/set"

[operations.update]
method = "POST"
path = "/rpc/update"
wrap = "/set"
body = { connection = "{connection_id}" }

[operations.read]
method = "POST"
path = "/rpc/list"
list = "/items"

[operations.delete]
method = "POST"
path = "/rpc/delete/{connection_id}"

[fields]
connection_id = "key"
redirect_url = "callbackUrl"
display_name = "displayName"
identity_provider = "vendor"
client_id = "clientId"
client_secret = "clientSecret"
authorization_url = "authorizationUrl"
token_url = "tokenUrl"
userinfo_url = "userinfoUrl"
jwks_url = "jwksUrl"

[status]
pending = "DRAFT"
active = "LIVE"
"""

_NAMES = {
    "displayName": "display_name",
    "vendor": "identity_provider",
    "issuer": "issuer",
    "clientId": "client_id",
    "clientSecret": "client_secret",
    "authorizationUrl": "authorization_url",
    "tokenUrl": "token_url",
    "userinfoUrl": "userinfo_url",
    "jwksUrl": "jwks_url",
}


def app(connections_class: type[Connections] = Connections) -> tuple[Starlette, dict[str, str]]:
    """The application, and the variables of its profile."""
    behind = Behind(connections_class)
    keys = [secrets.token_hex(12), secrets.token_hex(12)]
    accounts = dict(zip(keys, behind.organizations, strict=True))

    async def call(request: Request) -> Response:
        account = accounts.get(request.headers.get("x-api-key", ""))
        if account is None:
            return JSONResponse({"fault": "unknown key"}, 401)
        what = request.path_params["what"]
        if what == "list":
            _, listed = await behind.ask("GET", account)
            return JSONResponse({"items": [_outward(entry) for entry in listed]})
        told = await json_of(request)
        if not isinstance(told, dict) or not isinstance(told.get("set", {}), dict):
            return JSONResponse({"fault": "no object"}, 400)
        typed = {ours: told["set"][theirs] for theirs, ours in _NAMES.items() if theirs in told.get("set", {})}
        if what == "create":
            status, made = await behind.ask("POST", account, typed)
            headers = {"Location": f"/connections/{made['connection_id']}"} if status == 200 else {}
            return Response(status_code=204 if status == 200 else status, headers=headers)
        status, _ = await behind.ask("PUT", account, typed, connection=str(told.get("connection")))
        return Response(status_code=204) if status == 200 else JSONResponse({"fault": "refused"}, status)

    async def delete(request: Request) -> Response:
        account = accounts.get(request.headers.get("x-api-key", ""), "")
        status, _ = await behind.ask("DELETE", account, connection=request.path_params["key"])
        return Response(status_code=204 if status == 200 else status)

    routes = [
        Route("/rpc/delete/{key}", delete, methods=["POST"]),
        Route("/rpc/{what}", call, methods=["POST"]),
    ]
    return Starlette(routes=routes), {"api_key": keys[0], "other_api_key": keys[1]}


def _outward(connection: dict[str, Any]) -> dict[str, Any]:
    shown = {theirs: connection[ours] or None for theirs, ours in _NAMES.items()}
    shown["clientSecret"] = "********" if connection["client_secret"] else None
    status = "LIVE" if connection["status"] == "active" else "DRAFT"
    return {**shown, "key": connection["connection_id"], "callbackUrl": connection["redirect_url"], "status": status}

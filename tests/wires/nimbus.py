"""Nimbus: nested fields, PATCH, 202, a login that yields a bearer token, a boolean status, document URLs for issuers."""

import secrets
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from idpact_contract.reference import Connections
from tests.wires.translating import NO_OBJECT, Behind, json_of

__all__ = ["PROFILE", "app"]

SUFFIX = "/.well-known/openid-configuration"

PROFILE = """
schema = 1
name = "nimbus"
title = "Nimbus, tenant API"
lacks = ["warning"]
issuer_as = "document-url"

[variables]
user = { about = "name of an administrator of the first tenant" }
password = { about = "that one's password", secret = true }
organization_id = { about = "the first tenant's id" }
other_user = { about = "name of an administrator of the second tenant" }
other_password = { about = "that one's password", secret = true }
other_organization_id = { about = "the second tenant's id" }

[auth]
scheme = "login"
path = "/login"
body = { name = "{user}", password = "{password}" }
token_at = "/session/token"

[operations.create]
method = "POST"
path = "/tenants/{organization_id}/idps"
connection = "/idp"

[operations.update]
method = "PATCH"
path = "/tenants/{organization_id}/idps/{connection_id}"
connection = "/idp"

[operations.read]
method = "GET"
path = "/tenants/{organization_id}/idps/{connection_id}"
connection = "/idp"

[operations.delete]
method = "DELETE"
path = "/tenants/{organization_id}/idps/{connection_id}"

[fields]
connection_id = "id"
organization_id = "/tenant/id"
redirect_url = "/tenant/callback"
status = "enabled"
display_name = "label"
identity_provider = "kind"
issuer = "/oidc/discovery"
client_id = "/oidc/client/id"
client_secret = "/oidc/client/secret"
authorization_url = "/oidc/endpoints/authorize"
token_url = "/oidc/endpoints/token"
userinfo_url = "/oidc/endpoints/userinfo"
jwks_url = "/oidc/endpoints/keys"

[status]
pending = false
active = true
"""

_URLS = {"authorize": "authorization_url", "token": "token_url", "userinfo": "userinfo_url", "keys": "jwks_url"}


def app(connections_class: type[Connections] = Connections) -> tuple[Starlette, dict[str, str]]:
    """The application, and the variables of its profile."""
    behind = Behind(connections_class)
    people = {f"admin-{number}": secrets.token_hex(8) for number in (1, 2)}
    tenants = dict(zip(people, behind.organizations, strict=True))
    sessions: dict[str, str] = {}

    async def login(request: Request) -> Response:
        told = await json_of(request)
        if people.get(told["name"]) != told["password"]:
            return JSONResponse({"error": "wrong name or password"}, 401)
        token = secrets.token_hex(16)
        sessions[token] = tenants[told["name"]]
        return JSONResponse({"session": {"token": token}})

    def tenant(request: Request) -> str | None:
        session = sessions.get(request.headers.get("authorization", "").removeprefix("Bearer "))
        return session if session == request.path_params["tenant"] else None

    async def idps(request: Request) -> Response:
        organization = tenant(request)
        if organization is None:
            return JSONResponse({"error": "not yours"}, 403)
        status, made = await behind.ask("POST", organization, _inward(await json_of(request)))
        return _answer(status, made, 201)

    async def idp(request: Request) -> Response:
        organization, connection = tenant(request), request.path_params["id"]
        if organization is None:
            return JSONResponse({"error": "not yours"}, 403)
        if request.method == "GET":
            found = await behind.one(organization, connection)
            return _answer(200, found, 200) if found else JSONResponse({"error": "no such idp"}, 404)
        if request.method == "DELETE":
            status, _ = await behind.ask("DELETE", organization, connection=connection)
            return Response(status_code=204 if status == 200 else status)
        status, changed = await behind.ask("PUT", organization, _inward(await json_of(request)), connection=connection)
        return _answer(status, changed, 202)

    routes = [
        Route("/login", login, methods=["POST"]),
        Route("/tenants/{tenant}/idps", idps, methods=["POST"]),
        Route("/tenants/{tenant}/idps/{id}", idp, methods=["GET", "PATCH", "DELETE"]),
    ]
    names = list(people)
    variables = {
        "user": names[0],
        "password": people[names[0]],
        "organization_id": tenants[names[0]],
        "other_user": names[1],
        "other_password": people[names[1]],
        "other_organization_id": tenants[names[1]],
    }
    return Starlette(routes=routes), variables


def _inward(told: Any) -> Any:  # noqa: ANN401 - JSON
    if not isinstance(told, dict):
        return told
    oidc = told.get("oidc", {})
    if not isinstance(oidc, dict) or not all(isinstance(oidc.get(part, {}), dict) for part in ("client", "endpoints")):
        return NO_OBJECT
    body = {"display_name": told.get("label"), "identity_provider": told.get("kind")}
    body |= {"client_id": oidc.get("client", {}).get("id"), "client_secret": oidc.get("client", {}).get("secret")}
    body |= {ours: oidc.get("endpoints", {}).get(theirs) for theirs, ours in _URLS.items()}
    issuer = oidc.get("discovery")
    body["issuer"] = issuer.removesuffix(SUFFIX) if isinstance(issuer, str) else issuer
    return {name: value for name, value in body.items() if value is not None}


def _answer(status: int, connection: Any, success: int) -> Response:  # noqa: ANN401 - JSON
    if status != 200:
        return JSONResponse({"error": connection["error_type"]}, status)
    issuer = connection["issuer"]
    endpoints = {theirs: connection[ours] for theirs, ours in _URLS.items()}
    shown = {
        "id": connection["connection_id"],
        "tenant": {"id": connection["organization_id"], "callback": connection["redirect_url"]},
        "enabled": connection["status"] == "active",
        "label": connection["display_name"],
        "kind": connection["identity_provider"],
        "oidc": {
            "discovery": issuer and issuer.removesuffix("/") + SUFFIX,
            "client": {"id": connection["client_id"], "secret": connection["client_secret"]},
            "endpoints": endpoints,
        },
    }
    return JSONResponse({"idp": shown}, success)

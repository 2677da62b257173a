"""Lagoon: connections are made by the vendor's staff, so that there are a few of each organization's and no more."""

import json
import secrets
from typing import Any, NoReturn

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from idpact_contract.reference import Connections
from tests.wires.translating import Behind

__all__ = ["PROFILE", "app"]

PROFILE = """
schema = 1
name = "lagoon"
title = "Lagoon, slots"
lacks = ["warning"]
pool = ["{slot_a}", "{slot_b}"]

[variables]
key = { about = "key of the first organization", secret = true }
other_key = { about = "key of the second organization", secret = true }
slot_a = { about = "a connection of the first organization" }
slot_b = { about = "another one" }
other_slot_a = { about = "a connection of the second organization" }
other_slot_b = { about = "another one" }

[auth]
scheme = "bearer"
token = "{key}"

[operations.update]
method = "PATCH"
path = "/slots/{connection_id}"
connection = ""

[operations.read]
method = "GET"
path = "/slots/{connection_id}"
connection = ""
"""


def app(connections_class: type[Connections] = Connections) -> tuple[Starlette, dict[str, str]]:
    """The application, and the variables of its profile."""
    behind = Behind(connections_class)
    keys = [secrets.token_hex(12), secrets.token_hex(12)]
    owners = dict(zip(keys, behind.organizations, strict=True))
    made: dict[str, dict[str, Any]] = {}

    async def slot(request: Request) -> Response:
        owner = owners.get(request.headers.get("authorization", "").removeprefix("Bearer "))
        if owner is None:
            return JSONResponse({"fault": "unknown key"}, 401)
        name = request.path_params["name"]
        if name not in slots:
            return JSONResponse({"fault": "no such slot"}, 404)
        if name not in made:
            _, made[name] = await behind.ask("POST", slots[name], {})
        if slots[name] != owner:
            return JSONResponse({"fault": "no such slot"}, 404)
        connection = made[name]["connection_id"]
        if request.method == "GET":
            return _shown(name, await behind.one(owner, connection))
        try:
            told = json.loads(await request.body(), parse_constant=_no_json)
            if isinstance(told, dict) and told.get("connection_id") == name:
                told["connection_id"] = connection
            status, answer = await behind.ask("PUT", owner, told, connection=connection)
            return _shown(name, answer) if status == 200 else JSONResponse({"fault": "refused"}, status)
        except (ValueError, RecursionError):
            return JSONResponse({"fault": "no JSON that can be stored"}, 400)

    variables = {"key": keys[0], "other_key": keys[1]}
    for prefix in ("", "other_"):
        variables |= {f"{prefix}slot_{letter}": f"slot-{secrets.token_hex(4)}" for letter in "ab"}
    slots = {
        value: behind.organizations[name.startswith("other_")] for name, value in variables.items() if "slot" in name
    }
    return Starlette(routes=[Route("/slots/{name}", slot, methods=["GET", "PATCH"])]), variables


def _shown(name: str, connection: dict[str, Any] | None) -> Response:
    return JSONResponse({**(connection or {}), "connection_id": name})


def _no_json(constant: str) -> NoReturn:
    """NaN and Infinity, which Python's reader takes."""
    raise ValueError(constant)

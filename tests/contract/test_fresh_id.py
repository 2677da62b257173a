"""`{fresh_id}`: the wire of an implementation whose callers choose the id of a new connection."""

from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from idpact_contract.targets.asgi import asgi_target
from idpact_contract.targets.base import Body

PROFILE = """
schema = 1
name = "chosen"
title = "The caller chooses ids"
auth = { scheme = "bearer", token = "made-up" }

[operations]
create = { method = "POST", path = "/", connection = "", body = { connection_id = "{fresh_id}" } }
update = { method = "PUT", path = "/{connection_id}" }
read = { method = "GET", path = "/{connection_id}", connection = "" }
"""


async def _echo(request: Request) -> JSONResponse:
    return JSONResponse(await request.json())


def test_every_new_connection_gets_an_id_of_its_own(tmp_path: Path) -> None:
    """Or the second one would be refused as a duplicate."""
    profile = tmp_path / "chosen.toml"
    profile.write_text(PROFILE)
    app = Starlette(routes=[Route("/", _echo, methods=["POST"])])

    with asgi_target(app, profile=str(profile), variables={}) as target:
        made = [(target.create(Body()).connection or {}).get("connection_id") for _ in range(2)]

    assert all(made)
    assert made[0] != made[1]

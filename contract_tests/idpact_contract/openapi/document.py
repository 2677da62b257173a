"""The document itself: paths, operations, answers, authentication, and the links from one operation to the next.

Pure: a profile in, plain data out; the same profile always gives the same bytes.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

from idpact_contract.openapi.schemas import Schema, connection, error, nested, typed
from idpact_contract.pointer import tokens
from idpact_contract.targets.auth import Auth, Basic, Cookie, Header, Login
from idpact_contract.targets.profile import Official, Operation, Profile

__all__ = ["OPERATION_IDS", "openapi_document", "rendered"]

OPERATION_IDS: Final[Mapping[str, str]] = {
    "create": "createConnection",
    "update": "updateConnection",
    "read": "readConnection",
    "delete": "deleteConnection",
}
"""The operationId of each operation, on every wire."""

_SUMMARIES: Final[Mapping[str, str]] = {
    "create": "Add a connection",
    "update": "Update a connection; a new issuer's discovery document fills in the URLs that the body leaves out",
    "read": "Read connections",
    "delete": "Remove a connection",
}
_PLACEHOLDER: Final = re.compile(r"\{([a-z_]+)\}")
_CONNECTION: Final = {"$ref": "#/components/schemas/Connection"}
_FOLLOWED_BY: Final[Mapping[str, tuple[str, ...]]] = {
    "create": ("update", "read", "delete"),
    "update": ("read", "delete"),
}


def openapi_document(profile: Profile) -> dict[str, Any]:
    """The OpenAPI 3.1 document of the endpoint behind that profile.

    Raises:
        ValueError: Two operations share a path and a method, which OpenAPI can't tell apart.
    """
    paths: dict[str, dict[str, Any]] = {}
    for name, operation in _operations(profile).items():
        path, method = operation.path.partition("?")[0], operation.method.lower()
        item = paths.setdefault(path, {})
        if method in item:
            raise ValueError(f"profile {profile.name!r}: two operations are {operation.method} {path}; OpenAPI has one")
        item[method] = _operation(profile, name, operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": profile.title,
            "version": "1",
            "description": "OIDC connections of an organization. What an update does beyond its shape is told by the "
            "rules of idpact, which no schema can say.",
        },
        "paths": paths,
        "components": {
            "schemas": {"Connection": connection(profile), "Error": error(profile.official)},
            "securitySchemes": {"caller": _scheme(profile.auth)},
        },
        "security": [{"caller": []}],
    }


def rendered(profile: Profile) -> str:
    """The document as it is published: JSON, indented."""
    return json.dumps(openapi_document(profile), indent=1) + "\n"


def _operations(profile: Profile) -> dict[str, Operation]:
    told = {name: getattr(profile.operations, name) for name in OPERATION_IDS}
    return {name: operation for name, operation in told.items() if operation is not None}


def _operation(profile: Profile, name: str, operation: Operation) -> dict[str, Any]:
    told: dict[str, Any] = {"operationId": OPERATION_IDS[name], "summary": _SUMMARIES[name]}
    if parameters := _parameters(profile, operation):
        told["parameters"] = parameters
    if name in ("create", "update"):
        content = {"application/json": {"schema": typed(profile, operation.wrap, operation.body)}}
        told["requestBody"] = {"required": True, "content": content}
    elif operation.body:
        constants = nested([((key,), {"const": value}) for key, value in operation.body.items()])
        told["requestBody"] = {"content": {"application/json": {"schema": constants}}}
    told["responses"] = {
        "200" if profile.official else "2XX": _success(profile, name, operation),
        "4XX": _failure(profile.official),
    }
    return told


def _parameters(profile: Profile, operation: Operation) -> list[dict[str, Any]]:
    path, _, query = operation.path.partition("?")
    parameters = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "string"},
            "description": _about(profile, name),
        }
        for name in _PLACEHOLDER.findall(path)
    ]
    parameters += [
        {
            "name": name,
            "in": "query",
            "required": True,
            "schema": {"type": "string"} if "{" in value else {"const": value},
        }
        for name, value in parse_qsl(query, keep_blank_values=True)
    ]
    return parameters


def _about(profile: Profile, name: str) -> str:
    return profile.variables[name].about if name in profile.variables else "the connection's id"


def _success(profile: Profile, name: str, operation: Operation) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": _SUMMARIES[name]}
    if schema := _answer(profile, name, operation):
        answer["content"] = {"application/json": {"schema": schema}}
    if links := _links(profile, name, operation):
        answer["links"] = links
    return answer


def _answer(profile: Profile, name: str, operation: Operation) -> Schema | None:
    leaves: list[tuple[tuple[str, ...], Schema]] = []
    if operation.connection is not None:
        leaves.append((tokens(operation.connection), _CONNECTION))
    if operation.list is not None:
        leaves.append((tokens(operation.list), {"type": "array", "items": _CONNECTION}))
    required = [place for place, _ in leaves]
    if profile.official:
        envelope = tokens(operation.envelope)
        own: dict[str, Schema] = {"status_code": {"const": 200}, "request_id": {"type": "string", "minLength": 1}}
        if name == "delete":
            own["connection_id"] = {"type": "string"}
        leaves += [((*envelope, member), schema) for member, schema in own.items()]
        required += [(*envelope, member) for member in own]
        if profile.official is Official.BACKEND and operation.list is not None:
            arrays = [(*envelope, member) for member in ("saml_connections", "external_connections")]
            leaves += [(place, {"type": "array"}) for place in arrays]
            required += arrays
    if name == "update" and operation.connection:
        leaves.append(((*tokens(operation.envelope), *tokens(profile.warning)), {"type": "string"}))
    return nested(leaves, required=[place for place in required if place]) if leaves else None


def _failure(official: Official | None) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    return {"description": "Refused; nothing has changed", **({"content": content} if official else {})}


def _links(profile: Profile, name: str, operation: Operation) -> dict[str, Any]:
    """Where to go from here: the id that a create or an update answers leads to the operations on that connection."""
    if operation.connection is None:
        return {}
    place = "/".join((operation.connection, *(_escaped(token) for token in tokens(profile.place("connection_id")))))
    links = {}
    for follower in _FOLLOWED_BY.get(name, ()):
        known = _operations(profile).get(follower)
        if known is None:
            continue
        names = _PLACEHOLDER.findall(known.path.partition("?")[0])
        here = set(_PLACEHOLDER.findall(operation.path.partition("?")[0]))
        parameters = {f"path.{other}": f"$request.path.{other}" for other in names if other in here}
        if "connection_id" in names:
            parameters["path.connection_id"] = f"$response.body#{place}"
        links[follower] = {"operationId": OPERATION_IDS[follower], "parameters": parameters}
    return links


def _escaped(token: str) -> str:
    return token.replace("~", "~0").replace("/", "~1")


def _scheme(auth: Auth) -> dict[str, Any]:
    """How requests are authenticated, as an OpenAPI security scheme."""
    if isinstance(auth, Basic):
        return {"type": "http", "scheme": "basic"}
    if isinstance(auth, Header | Cookie):
        return {"type": "apiKey", "in": "header" if isinstance(auth, Header) else "cookie", "name": auth.name}
    if isinstance(auth, Login) and auth.send != "bearer":
        kind, _, name = auth.send.partition(":")
        return {"type": "apiKey", "in": kind, "name": name}
    return {"type": "http", "scheme": "bearer"}

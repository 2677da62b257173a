"""The OpenAPI 3.1 document of the control interface, made of `operations` and `schemas`. Pure."""

import re
from collections.abc import Mapping
from typing import Any, Final

from idpact_mock.operation import ERRORS, Operation
from idpact_mock.operations import OPERATIONS
from idpact_mock.schema import ref
from idpact_mock.schemas import COMPONENTS
from idpact_mock.site import CONTROL

__all__ = ["openapi_document"]

_EVENTS: Final = {
    "type": "object",
    "description": "Each of the server-sent events. `entry` comes with an Entry, once as it came and once as it ended. The id "
    "is the number up to which all is over: who comes again with it as Last-Event-ID misses nothing. `gone` says that the "
    "issuer was dropped.",
    "properties": {
        "event": {"enum": ["entry", "gone"]},
        "id": {"type": "string", "pattern": "^[0-9]+$"},
        "data": {
            "type": "string",
            "contentMediaType": "application/json",
            "contentSchema": ref("Entry"),
            "description": "`content` is cut to 64 KiB, and `content_size` says how long it is.",
        },
    },
    "required": ["event", "data"],
}
_NOT_READY: Final = {"503": {"description": "Not yet.", "content": {"application/json": {"schema": ref("Ready")}}}}


def openapi_document(*, url: str, version: str, token: bool) -> dict[str, Any]:
    """The document.

    Args:
        url: Base URL of the server.
        version: Version of this software.
        token: The server has an admin token, without which guarded operations answer 401.
    """
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        item = paths.setdefault(operation.path, _path_item(operation.path))
        item[operation.method.lower()] = _operation(operation, token=token)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "idpact mock IdP: control interface",
            "version": version,
            "description": "Makes, changes and drops issuers, steers their providers, and reads what reached them.",
        },
        "servers": [{"url": f"{url}{CONTROL}"}],
        "paths": paths,
        "components": {
            "schemas": {**COMPONENTS, "Events": _EVENTS},
            "securitySchemes": {"admin": {"type": "http", "scheme": "bearer", "description": "The admin token."}},
        },
    }


def _path_item(path: str) -> dict[str, Any]:
    names = re.findall(r"\{(\w+)\}", path)
    schema = {"type": "string", "minLength": 1}
    parameters = [{"name": name, "in": "path", "required": True, "schema": schema} for name in names]
    return {"parameters": parameters} if parameters else {}


def _operation(operation: Operation, *, token: bool) -> dict[str, Any]:
    parameters = [{"name": name, "in": "query", **parameter} for name, parameter in operation.query.items()]
    if operation.answer == "Events":
        parameters.append({"name": "Last-Event-ID", "in": "header", "schema": operation.query["since"]["schema"]})
    described: dict[str, Any] = {
        "operationId": operation.id,
        "summary": operation.summary,
        "tags": [operation.tag],
        "responses": _responses(operation, token=token),
    }
    if parameters:
        described["parameters"] = parameters
    if operation.body is not None:
        described["requestBody"] = {"required": True, "content": _content("application/json", operation.body)}
    if operation.guarded and token:
        described["security"] = [{"admin": []}]
    return described


def _responses(operation: Operation, *, token: bool) -> dict[str, Any]:
    success: dict[str, Any] = {"description": operation.summary}
    if operation.answer is not None:
        success["content"] = _content(operation.media_type, operation.answer)
    statuses = {403, 405, *operation.errors}
    if operation.guarded and token:
        statuses.add(401)
    if "{name}" in operation.path:
        statuses.add(404)
    errors = {str(status): _error(status) for status in sorted(statuses)}
    return {str(operation.status): success, **errors, **(_NOT_READY if operation.id == "ready" else {})}


def _error(status: int) -> dict[str, Any]:
    return {"description": ERRORS[status][1], "content": _content("application/json", "Error")}


def _content(media_type: str, component: str) -> Mapping[str, Any]:
    return {media_type: {"schema": ref(component)}}

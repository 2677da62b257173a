"""The operations of the control interface, as data: what routes are made of, and the OpenAPI document. Handles nothing.

Each is handled by the method of `control` that has its id.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from idpact_mock.wishes import LATEST, LONGEST_WAIT

__all__ = ["ERRORS", "OPERATIONS", "Operation"]

Method = Literal["GET", "POST", "PATCH", "DELETE"]

ERRORS: Final[Mapping[int, tuple[str, str]]] = {
    400: ("bad_request", "The request can't be read."),
    401: ("unauthorized", "The admin token is missing or wrong."),
    403: ("forbidden", "Pages of that origin may not use the control interface."),
    404: ("not_found", "There is no such issuer, or no such path."),
    405: ("method_not_allowed", "The path has other methods; Allow lists them."),
    409: ("taken", "The name or the path is in use."),
    422: ("invalid", "A member or a parameter is unknown or wrong; nothing has changed."),
    503: ("busy", "Too many streams are open."),
}
"""By status: the word in `error`, and what it says."""

_JSON: Final = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One thing that the control interface does.

    Attributes:
        id: Its id, and the name of its handler.
        method: The method.
        path: The path below the reserved one, with `{name}` for an issuer's name.
        summary: What it does.
        tag: What it belongs to.
        status: The status of success.
        answer: The component that a success is; None for an answer without a body.
        media_type: The media type of that answer.
        body: The component that the body is; None where there is none.
        query: The parameters.
        errors: Further statuses it answers with.
        guarded: It needs the admin token.
    """

    id: str
    method: Method
    path: str
    summary: str
    tag: str
    status: int = 200
    answer: str | None = None
    media_type: str = _JSON
    body: str | None = None
    query: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    errors: tuple[int, ...] = ()
    guarded: bool = True


_SINCE: Final = {
    "description": f"Only entries numbered above this; '{LATEST}' stands for the newest.",
    "schema": {"type": "string", "pattern": f"^([0-9]{{1,18}}|{LATEST})$", "default": "0"},
}
_LOOK: Final = {
    "since": _SINCE,
    "wait": {
        "description": "Answer once that many entries came...",
        "schema": {"type": "integer", "minimum": 0, "maximum": 10**18 - 1, "default": 0},
    },
    "timeout": {
        "description": "...or after so many seconds.",
        "schema": {"type": "number", "minimum": 0, "maximum": LONGEST_WAIT, "default": 5},
    },
    "ended": {
        "description": "Wait for exchanges that have ended.",
        "schema": {"type": "boolean", "default": False},
    },
}
_FOLLOW: Final = {
    "since": {**_SINCE, "description": f"{_SINCE['description']} Last-Event-ID wins over it."},
    "timeout": {
        "description": "End the stream after so many seconds; an EventSource comes again by itself and goes on where it was.",
        "schema": {"type": "number", "minimum": 0, "maximum": 3600, "default": 300},
    },
}
_LISTING: Final = {
    "search": {"description": "Only issuers with this in their name or URL.", "schema": {"type": "string"}},
    "limit": {
        "description": "The first so many, in the order they were made.",
        "schema": {"type": "integer", "minimum": 0, "maximum": 10**18 - 1},
    },
}

_STREAM: Final = "text/event-stream"

OPERATIONS: Final = (
    Operation(
        id="health",
        method="GET",
        path="/health",
        summary="The server is there.",
        tag="server",
        answer="Health",
        guarded=False,
    ),
    Operation(
        id="ready",
        method="GET",
        path="/ready",
        summary="All issuers of the configuration are there; 503 until then.",
        tag="server",
        answer="Ready",
        guarded=False,
    ),
    Operation(
        id="openapi",
        method="GET",
        path="/openapi.json",
        summary="This document.",
        tag="server",
        answer="OpenAPI",
        guarded=False,
    ),
    Operation(
        id="list_failures",
        method="GET",
        path="/failures",
        summary="The catalogue of failures.",
        tag="server",
        answer="Failures",
        guarded=False,
    ),
    Operation(
        id="list_issuers",
        method="GET",
        path="/issuers",
        summary="List the issuers.",
        tag="issuers",
        answer="Issuers",
        query=_LISTING,
        errors=(422,),
    ),
    Operation(
        id="make_issuer",
        method="POST",
        path="/issuers",
        summary="Make an issuer.",
        tag="issuers",
        status=201,
        answer="Issuer",
        body="Making",
        errors=(400, 409, 422),
    ),
    Operation(
        id="show_issuer",
        method="GET",
        path="/issuers/{name}",
        summary="Show an issuer.",
        tag="issuers",
        answer="Issuer",
    ),
    Operation(
        id="change_issuer",
        method="PATCH",
        path="/issuers/{name}",
        summary="Change an issuer.",
        tag="issuers",
        answer="Issuer",
        body="Change",
        errors=(400, 422),
    ),
    Operation(
        id="drop_issuer", method="DELETE", path="/issuers/{name}", summary="Drop an issuer.", tag="issuers", status=204
    ),
    Operation(
        id="read_journal",
        method="GET",
        path="/issuers/{name}/journal",
        summary="Read an issuer's journal.",
        tag="journals",
        answer="Journal",
        query=_LOOK,
        errors=(422,),
    ),
    Operation(
        id="clear_journal",
        method="DELETE",
        path="/issuers/{name}/journal",
        summary="Forget its entries; numbering goes on.",
        tag="journals",
        status=204,
    ),
    Operation(
        id="follow_journal",
        method="GET",
        path="/issuers/{name}/events",
        summary="Follow an issuer's journal as server-sent events: `entry` when one came and when it ended.",
        tag="journals",
        answer="Events",
        media_type=_STREAM,
        query=_FOLLOW,
        errors=(422, 503),
    ),
    Operation(
        id="read_strays",
        method="GET",
        path="/strays",
        summary="Read the journal of requests that belong to no issuer.",
        tag="journals",
        answer="Journal",
        query=_LOOK,
        errors=(422,),
    ),
    Operation(
        id="clear_strays",
        method="DELETE",
        path="/strays",
        summary="Forget them; numbering goes on.",
        tag="journals",
        status=204,
    ),
    Operation(
        id="follow_strays",
        method="GET",
        path="/strays/events",
        summary="Follow them as server-sent events.",
        tag="journals",
        answer="Events",
        media_type=_STREAM,
        query=_FOLLOW,
        errors=(422, 503),
    ),
)

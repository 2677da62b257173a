"""The operations of the control interface, as data: what routes are made of, and the OpenAPI document. Handles nothing.

Each is handled by the function that has its id: a method of `control`, or of `provider.control`.
"""

from typing import Final

from idpact_mock.operation import Operation
from idpact_mock.provider.operations import PROVIDER_OPERATIONS
from idpact_mock.wishes import LATEST, LONGEST_WAIT

__all__ = ["OPERATIONS"]

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

_SERVER: Final = (
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

OPERATIONS: Final = (*_SERVER, *PROVIDER_OPERATIONS)

"""What one operation of the control interface is, and how it can refuse. Plain data; which there are is `operations`' business."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

__all__ = ["ERRORS", "Operation"]

Method = Literal["GET", "POST", "PATCH", "DELETE"]

ERRORS: Final[Mapping[int, tuple[str, str]]] = {
    400: ("bad_request", "The request can't be read."),
    401: ("unauthorized", "The admin token is missing or wrong."),
    403: ("forbidden", "Pages of that origin, or requests under that host, may not use the control interface."),
    404: ("not_found", "There is no such issuer, client or user, or no such path."),
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
        path: The path below the reserved one, with `{name}` for an issuer's name, and `{client_id}` or `{sub}` at its end.
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

"""Why a request is refused. Knows HTTP statuses and the error types of the wire; never holds a secret."""

from collections.abc import Mapping
from typing import Final

__all__ = [
    "RequestRefusedError",
    "bad_value",
    "malformed_body",
    "no_such_connection",
    "no_such_organization",
    "unauthorized",
]

_NO_HEADERS: Final[Mapping[str, str]] = {}
_SHOWN: Final = 80


class RequestRefusedError(Exception):
    """A request that gets an answer of 4xx; nothing was changed.

    Attributes:
        status: The HTTP status.
        error_type: The machine-readable kind, such as `connection_not_found`.
        message: One sentence for a person; no secret, no value of another organization.
        headers: Response headers that the status asks for.
    """

    def __init__(self, *, status: int, error_type: str, message: str, headers: Mapping[str, str] = _NO_HEADERS) -> None:
        super().__init__(message)
        self.status = status
        self.error_type = error_type
        self.message = message
        self.headers = headers


def bad_value(name: str, value: object, wanted: str) -> RequestRefusedError:
    """400 for a body member; shows its value unless that may hold a secret or a password."""
    return RequestRefusedError(
        status=400, error_type="invalid_argument", message=f"{name}{_shown(name, value)}: {wanted}"
    )


def malformed_body(problem: str) -> RequestRefusedError:
    """400 for a body that is no JSON object."""
    return RequestRefusedError(status=400, error_type="malformed_request_body", message=f"The request body {problem}.")


def no_such_connection() -> RequestRefusedError:
    """404, word for word the same for an unknown connection and another organization's (ORG-3, ORG-5)."""
    return RequestRefusedError(
        status=404,
        error_type="connection_not_found",
        message="The organization has no connection with this connection_id.",
    )


def no_such_organization() -> RequestRefusedError:
    """404 for an organization_id in the path that names none."""
    return RequestRefusedError(
        status=404, error_type="organization_not_found", message="There is no organization with this organization_id."
    )


def unauthorized(error_type: str, message: str) -> RequestRefusedError:
    """401 with the challenge that RFC 9110, section 11.6.1, asks for."""
    return RequestRefusedError(
        status=401,
        error_type=error_type,
        message=message,
        headers={"WWW-Authenticate": 'Basic realm="idpact reference"'},
    )


def _shown(name: str, value: object) -> str:
    if not isinstance(value, str):
        return f" (a JSON {_json_type(value)})"
    if name == "client_secret" or "@" in value:  # which may end a user name and password
        return ""
    return f" {value if len(value) <= _SHOWN else value[:_SHOWN] + '…'!r}"


def _json_type(value: object) -> str:
    kinds: tuple[tuple[type | tuple[type, ...], str], ...] = (
        (bool, "boolean"),
        ((int, float), "number"),
        (list, "array"),
        (dict, "object"),
    )
    return next((kind for types, kind in kinds if isinstance(value, types)), "null")

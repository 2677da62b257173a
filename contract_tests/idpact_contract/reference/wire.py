"""The two official wires: who calls, what the body is, what an answer looks like. Decides nothing about connections.

Frontend and backend differ in how a caller shows its organization, and in the `data` around a frontend answer. Each
decision is a method of its own, to be read beside its rule.
"""

import base64
import binascii
import hmac
import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Final, NoReturn

from starlette.requests import Request
from starlette.responses import Response

from idpact_contract.reference.errors import (
    RequestRefusedError,
    malformed_body,
    no_such_organization,
    unauthorized,
)
from idpact_contract.reference.model import COLUMNS, Connection
from idpact_contract.reference.service import Updated
from idpact_contract.reference.settings import Settings
from idpact_contract.reference.store import Store

__all__ = ["Wire"]

_BODY_LIMIT: Final = 1024 * 1024
_OK: Final = 200


class Wire:
    """From a request to a caller and a body; from a result to an answer.

    Args:
        settings: The only valid credentials of the project.
        store: Knows sessions and organizations.
    """

    def __init__(self, settings: Settings, store: Store) -> None:
        self.settings = settings
        self.store = store

    # Who calls.

    def frontend_organization(self, request: Request) -> str:
        """ORG-1, ORG-4, ORG-6: the organization is the session's; nothing else in the request is asked.

        Raises:
            RequestRefusedError: 401.
        """
        return self.frontend_session(request)[1]

    def frontend_session(self, request: Request) -> tuple[str, str]:
        """ORG-1, ORG-6: the caller's session and its organization.

        Raises:
            RequestRefusedError: 401.
        """
        public_token, session_token = _basic(request)
        self.check_public_token(public_token)
        return session_token, self.session_organization(session_token)

    def check_public_token(self, public_token: str) -> None:
        """ORG-6: it is no secret, but it names the project.

        Raises:
            RequestRefusedError: 401.
        """
        if not _same(public_token, self.settings.public_token):
            raise unauthorized("unauthorized_credentials", "The public token is missing or not this project's.")

    def backend_organization(self, request: Request) -> str:
        """ORG-1, ORG-4, ORG-6: the organization is the path's, for whoever holds the project's secret.

        Raises:
            RequestRefusedError: 401 without the secret, 404 where the path names no organization.
        """
        self.check_project(request)
        organization_id: str = request.path_params["organization_id"]
        if not self.store.has_organization(organization_id):
            raise no_such_organization()
        self.check_member(request, organization_id)
        return organization_id

    def check_project(self, request: Request) -> None:
        """ORG-6: the caller holds the project's secret.

        Raises:
            RequestRefusedError: 401.
        """
        self.check_secret(*_basic(request))

    def check_secret(self, project_id: str, secret: str) -> None:
        """ORG-6: both are right, or nothing is done.

        Raises:
            RequestRefusedError: 401.
        """
        if not (_same(project_id, self.settings.project_id) and _same(secret, self.settings.secret)):
            raise unauthorized(
                "unauthorized_credentials", "The project id and secret are missing or not this project's."
            )

    def check_member(self, request: Request, organization_id: str) -> None:
        """ORG-6: a member's session is optional on the backend, but one that is sent has to be the organization's.

        Raises:
            RequestRefusedError: 401.
        """
        if "x-stytch-member-sessionjwt" in request.headers:
            raise unauthorized("invalid_session_jwt", "The reference implementation issues no session JWTs.")
        token = request.headers.get("x-stytch-member-session")
        if token is not None and self.session_organization(token) != organization_id:
            raise self.unknown_session()

    def session_organization(self, session_token: str) -> str:
        """ORG-1, ORG-6: whose member holds the session. The public token, which a browser without one sends, is none.

        Raises:
            RequestRefusedError: 401.
        """
        organization_id = self.store.organization_of(session_token)
        if organization_id is None:
            raise self.unknown_session()
        return organization_id

    def unknown_session(self) -> RequestRefusedError:
        """Use the same words for a session that never was, one that is over and another organization's."""
        return unauthorized("session_not_found", "The session is missing, unknown, over or another organization's.")

    # What the body is.

    async def body(self, request: Request) -> Mapping[str, object]:
        """WIRE-6: the body as an object; members that are no parameters, repeated ids among them, do no harm.

        Left open by the source: an empty body asks for nothing.

        Raises:
            RequestRefusedError: 400 for what is no JSON object, 413 for what is too long.
        """
        raw = bytearray()
        async for chunk in request.stream():
            raw += chunk
            if len(raw) > _BODY_LIMIT:
                raise RequestRefusedError(
                    status=413,
                    error_type="request_too_large",
                    message=f"The request body is larger than {_BODY_LIMIT} bytes.",
                )
        return self.parsed(bytes(raw)) if raw.strip() else {}

    def parsed(self, raw: bytes) -> Mapping[str, object]:
        """INPUT-1: a JSON object, whatever the content type says.

        Raises:
            RequestRefusedError: 400.
        """
        try:
            body = json.loads(raw, parse_constant=_no_constant)
        except (ValueError, RecursionError):  # broken UTF-8 and numbers beyond all bounds are ValueErrors too
            raise malformed_body("is no JSON") from None
        if not isinstance(body, dict):
            raise malformed_body("is JSON, but no object")
        return body

    # What an answer looks like.

    def updated(self, outcome: Updated) -> dict[str, object]:
        """WIRE-1, FALL-5: the connection, and a warning only where there is something to warn of."""
        answer: dict[str, object] = {"connection": self.connection(outcome.connection)}
        return answer if outcome.warning is None else {**answer, "warning": outcome.warning}

    def created(self, connection: Connection) -> dict[str, object]:
        """WIRE-1: the new connection."""
        return {"connection": self.connection(connection)}

    def deleted(self, connection_id: str) -> dict[str, object]:
        """WIRE-3: what the SDKs parse after a delete."""
        return {"connection_id": connection_id}

    def listing(self, connections: Sequence[Connection]) -> dict[str, object]:
        """WIRE-7: three arrays, of which this implementation can fill one."""
        return {
            "oidc_connections": [self.connection(connection) for connection in connections],
            "saml_connections": [],
            "external_connections": [],
        }

    def connection(self, connection: Connection) -> dict[str, object]:
        """WIRE-1, WIRE-4, WIRE-7, INFER-8: all strings but attribute_mapping; unset ones are empty, none is null."""
        return {name: getattr(connection, name) for name in COLUMNS}

    def success(self, answer: Mapping[str, object]) -> dict[str, object]:
        """WIRE-2, WIRE-3: what every answer of 2xx holds besides its own matter."""
        return {**answer, "request_id": self.request_id(), "status_code": self.status_code(_OK)}

    def wrapped(self, answer: Mapping[str, object]) -> dict[str, object]:
        """WIRE-1: the browser SDK reads `data` of a 2xx answer, and of no other."""
        return {"data": answer}

    def failure(self, refused: RequestRefusedError) -> dict[str, object]:
        """WIRE-5: the flat shape of an error on both wires; its texts are ours, never an unexpected exception's."""
        return {
            "status_code": self.status_code(refused.status),
            "request_id": self.request_id(),
            "error_type": refused.error_type,
            "error_message": refused.message,
            "error_url": f"https://stytch.com/docs/api/errors/{refused.status}",
        }

    def status_code(self, status: int) -> int:
        """WIRE-2: the body repeats the HTTP status."""
        return status

    def request_id(self) -> str:
        """WIRE-3: new each time."""
        return f"request-id-test-{uuid.uuid4()}"

    def response(
        self, answer: Mapping[str, object], *, status: int = _OK, headers: Mapping[str, str] | None = None
    ) -> Response:
        """WIRE-1, WIRE-2: JSON that says so, for the caller's eyes only, since connections hold secrets."""
        return Response(
            json.dumps(answer).encode(),
            status_code=status,
            headers={"Cache-Control": "no-store", **(headers or {})},
            media_type="application/json",
        )


def _basic(request: Request) -> tuple[str, str]:
    """User name and password of RFC 7617; two empty strings where there are none."""
    scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        user, _, password = base64.b64decode(credentials.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return "", ""
    return user, password


def _same(given: str, right: str) -> bool:
    """In a time that doesn't tell how much of it was right."""
    return hmac.compare_digest(given.encode(), right.encode())


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")

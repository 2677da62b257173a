"""Sessions of members: opened, confirmed to the browser SDK, ended. No roles: whoever holds one may do everything.

Knows the paths and answers of sessions, and of what the browser SDK sends unasked. Who calls is `Wire`'s matter; where
sessions are kept, `Store`'s. `/_reference/sessions` is ours: the vendor opens sessions by a login, which isn't at issue here.
"""

import hashlib
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from idpact_contract.reference.errors import bad_value, no_such_organization
from idpact_contract.reference.store import Store
from idpact_contract.reference.wire import Wire

__all__ = ["Sessions"]

_SECONDS: Final = 3600.0
_LONGEST: Final = 366 * 24 * 3600.0
_ENDLESS: Final = 4102444800.0  # the year 2100: the SDK wants a date
_EMPTY: Final[Mapping[str, object]] = {}


class Sessions:
    """The operations on sessions."""

    def __init__(self, wire: Wire, store: Store) -> None:
        self._wire = wire
        self._store = store

    def routes(self) -> list[Route]:
        """Lay them out; what isn't named, such as the SDK's bootstrap, is 404, at which the SDK uses its defaults."""
        return [
            Route("/_reference/sessions", self.open, methods=["POST"]),
            Route("/v1/b2b/sessions/revoke", self.revoke, methods=["POST"]),
            Route("/sdk/v1/b2b/sessions/revoke", self.revoke_own, methods=["POST"]),
            Route("/sdk/v1/b2b/sessions/authenticate", self.authenticate, methods=["POST"]),
            Route("/sdk/v1/events", self.events, methods=["POST"]),
        ]

    async def open(self, request: Request) -> Response:
        """Open a session of `organization_id` for `seconds`, an hour by default; wants the project's secret.

        Raises:
            RequestRefusedError: 401 without the secret, 404 for an unknown organization, 400 for a wrong value.
        """
        self._wire.check_project(request)
        body = await self._wire.body(request)
        organization_id, seconds = body.get("organization_id"), body.get("seconds", _SECONDS)
        if not isinstance(organization_id, str):
            raise bad_value("organization_id", organization_id, "wanted the organization that the session is for")
        if not self._store.has_organization(organization_id):
            raise no_such_organization()
        if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or not 0 < seconds <= _LONGEST:
            raise bad_value("seconds", seconds, f"wanted a number above 0 and up to {_LONGEST:.0f}")
        ends_at = time.time() + seconds
        token = self._store.open_session(organization_id, ends_at=ends_at)
        return self._wire.response(self._wire.success({"session_token": token, "expires_at": _date(ends_at)}))

    async def revoke(self, request: Request) -> Response:
        """End the session whose `session_token` the body names; wants the project's secret.

        Raises:
            RequestRefusedError: 401 without the secret, 400 without a session_token.
        """
        self._wire.check_project(request)
        token = (await self._wire.body(request)).get("session_token")
        if not isinstance(token, str):
            raise bad_value("session_token", None, "wanted the token of the session to end")
        self._store.end_session(token)
        return self._wire.response(self._wire.success(_EMPTY))

    async def revoke_own(self, request: Request) -> Response:
        """End the caller's own session, as the browser SDK does at log-out.

        Raises:
            RequestRefusedError: 401.
        """
        self._store.end_session(self._wire.frontend_session(request)[0])
        return self._wire.response(self._wire.wrapped(self._wire.success(_EMPTY)))

    async def authenticate(self, request: Request) -> Response:
        """Confirm the caller's session; the browser SDK drops its cookie at a 401, or where no session is named.

        Raises:
            RequestRefusedError: 401.
        """
        token, organization_id = self._wire.frontend_session(request)
        answer = self._confirmed(token, organization_id)
        return self._wire.response(self._wire.wrapped(self._wire.success(answer)))

    async def events(self, _: Request) -> Response:
        """Take what the browser SDK tells of its use, and keep none of it."""
        return self._wire.response(self._wire.wrapped(self._wire.success(_EMPTY)))

    def _confirmed(self, token: str, organization_id: str) -> dict[str, object]:
        ends_at = self._store.session_end(token)
        member_id = f"member-test-{organization_id.removeprefix('organization-test-')}"
        now = _date(time.time())
        session = {
            "member_session_id": f"member-session-test-{hashlib.sha256(token.encode()).hexdigest()[:32]}",
            "member_id": member_id,
            "organization_id": organization_id,
            "organization_slug": organization_id,
            "started_at": now,
            "last_accessed_at": now,
            "expires_at": _date(_ENDLESS if ends_at is None else ends_at),
            "authentication_factors": [],
            "custom_claims": {},
            "roles": [],
        }
        return {
            "member_session": session,
            "member": {"member_id": member_id, "organization_id": organization_id, "status": "active"},
            "organization": {"organization_id": organization_id, "organization_slug": organization_id},
            "session_token": token,
            "session_jwt": "none",  # no JWT is issued, but the SDK forgets a session where this is empty
        }


def _date(seconds: float) -> str:
    """Seconds since the epoch in RFC 3339, as the wire has it."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")

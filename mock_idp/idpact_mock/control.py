"""The control interface: what the Python API does, over REST, for other processes. Starlette routes; holds no state.

Whatever blocks (making and dropping issuers) runs in a worker thread, so that no request waits behind it.
"""

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from idpact_mock.errors import TakenError, UnknownIssuerError, UnreadableError
from idpact_mock.issuer import Issuer
from idpact_mock.journal import Journal, arrived
from idpact_mock.site import CONTROL
from idpact_mock.wishes import Change, Look, Making

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from idpact_mock.mock import MockIdP

__all__ = ["control_app", "issuer_json"]

Handler = Callable[[Request], Awaitable[Response]]

_ERRORS: Final = {
    400: "bad_request",
    401: "unauthorized",
    404: "not_found",
    405: "method_not_allowed",
    409: "taken",
    422: "invalid",
}


def control_app(idp: "MockIdP") -> "ASGIApp":
    """The control interface of a mock IdP, below the reserved path."""
    control = _Control(idp)
    routes = [
        Route("/health", control.health, methods=["GET"]),
        Route("/issuers", control.guarded(control.list_issuers), methods=["GET"]),
        Route("/issuers", control.guarded(control.make_issuer), methods=["POST"]),
        Route("/issuers/{name}", control.guarded(control.show_issuer), methods=["GET"]),
        Route("/issuers/{name}", control.guarded(control.change_issuer), methods=["PATCH"]),
        Route("/issuers/{name}", control.guarded(control.drop_issuer), methods=["DELETE"]),
        Route("/issuers/{name}/journal", control.guarded(control.read_journal), methods=["GET"]),
        Route("/issuers/{name}/journal", control.guarded(control.clear_journal), methods=["DELETE"]),
        Route("/strays", control.guarded(control.read_strays), methods=["GET"]),
        Route("/strays", control.guarded(control.clear_strays), methods=["DELETE"]),
    ]
    return Starlette(routes=[Mount(CONTROL, routes=routes)], exception_handlers={404: _status, 405: _status})


def issuer_json(issuer: Issuer) -> dict[str, Any]:
    """An issuer as the control interface shows it; `document` is null where raw bytes are served that are none."""
    try:
        document = issuer.document
    except ValueError:
        document = None
    return {
        "name": issuer.name,
        "path": issuer.path,
        "url": issuer.url,
        "discovery_url": issuer.discovery_url,
        "failure": issuer.failure,
        "failures": [failing.to_json() for failing in issuer.failures],
        "headers": issuer.headers,
        "raw": issuer.is_raw,
        "document": document,
    }


class _Control:
    """The handlers."""

    def __init__(self, idp: "MockIdP") -> None:
        self._idp = idp

    def guarded(self, handler: Handler) -> Handler:
        """Ask for the token, and turn the Python API's errors into answers."""

        async def guard(request: Request) -> Response:
            if not self._admitted(request):
                return _error(
                    401, "Authorization: this needs 'Bearer' and the admin token", {"WWW-Authenticate": "Bearer"}
                )
            try:
                return await handler(request)
            except UnreadableError as error:
                return _error(400, str(error))
            except UnknownIssuerError as error:
                return _error(404, str(error))
            except TakenError as error:
                return _error(409, str(error))
            except (TypeError, ValueError) as error:
                return _error(422, str(error))

        return guard

    def _admitted(self, request: Request) -> bool:
        token = self._idp.admin_token
        if token is None:
            return True
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        # In constant time, so that nobody learns the token from how long a refusal takes.
        right = secrets.compare_digest(given.strip().encode("latin-1"), token.encode("ascii"))
        return right and scheme.lower() == "bearer"

    async def health(self, _request: Request) -> Response:
        return JSONResponse({"status": "ok", "url": self._idp.url})

    async def list_issuers(self, _request: Request) -> Response:
        return _json(
            {"url": self._idp.url, "issuers": [issuer_json(issuer) for issuer in list(self._idp.issuers.values())]}
        )

    async def make_issuer(self, request: Request) -> Response:
        making = Making.read(await _members(request))
        issuer = await asyncio.to_thread(making.make, self._idp)
        return _json(issuer_json(issuer), status=201)

    async def show_issuer(self, request: Request) -> Response:
        return _json(issuer_json(self._issuer(request)))

    async def change_issuer(self, request: Request) -> Response:
        issuer = self._issuer(request)
        change = Change.read(await _members(request))
        change.apply(issuer)
        return _json(issuer_json(issuer))

    async def drop_issuer(self, request: Request) -> Response:
        await asyncio.to_thread(self._idp.drop_issuer, request.path_params["name"])
        return Response(status_code=204)

    async def read_journal(self, request: Request) -> Response:
        return await _read(self._issuer(request).journal, request)

    async def clear_journal(self, request: Request) -> Response:
        self._issuer(request).journal.clear()
        return Response(status_code=204)

    async def read_strays(self, request: Request) -> Response:
        return await _read(self._idp.strays, request)

    async def clear_strays(self, _request: Request) -> Response:
        self._idp.strays.clear()
        return Response(status_code=204)

    def _issuer(self, request: Request) -> Issuer:
        name = request.path_params["name"]
        issuer = self._idp.issuers.get(name)
        if issuer is None:
            raise UnknownIssuerError(f"name: there is no issuer {name!r}")
        return issuer


async def _read(journal: Journal, request: Request) -> Response:
    """The entries asked for; where they don't come in time, those that did."""
    look = Look.read(dict(request.query_params))
    mark = journal.mark() if look.since is None else look.since
    loop = asyncio.get_running_loop()
    woken = asyncio.Event()

    def wake() -> None:
        loop.call_soon_threadsafe(woken.set)

    with journal.listening(wake):
        try:
            async with asyncio.timeout(look.timeout):
                while arrived(journal.since(mark), ended=look.ended) < look.wait:
                    await woken.wait()
                    woken.clear()
        except TimeoutError:
            pass
    # The mark first: whoever goes on from it must not miss what comes between these two lines.
    newest = journal.mark()
    entries = [entry.to_json() for entry in journal.since(mark) if entry.number <= newest]
    return _json({"mark": newest, "entries": entries})


async def _members(request: Request) -> dict[str, Any]:
    """The JSON object in a request's body.

    Raises:
        UnreadableError: There is none.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        # Also keeps web pages out: a browser asks before it sends this type to another origin.
        raise UnreadableError(f"Content-Type: {media_type!r} must be application/json")
    try:
        members = json.loads(await request.body())
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"body: it must be JSON ({error})") from error
    if not isinstance(members, dict):
        raise UnreadableError("body: it must be a JSON object")
    return members


def _json(value: object, *, status: int = 200) -> Response:
    # Not starlette's JSONResponse: documents may hold NaN and lone surrogates, on purpose.
    return Response(json.dumps(value).encode("ascii"), status_code=status, media_type="application/json")


def _error(status: int, message: str, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"error": _ERRORS[status], "message": message}, status_code=status, headers=headers)


async def _status(request: Request, error: Exception) -> Response:
    status = getattr(error, "status_code", 404)
    return _error(status, f"{request.method} {request.url.path}: no such thing in the control interface")

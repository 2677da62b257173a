"""The control interface: what the Python API does, over REST, for other processes. Starlette routes; holds no state.

Whatever blocks (making and dropping issuers) runs in a worker thread, so that no request waits behind it.
"""

import asyncio
import json
import re
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Mount, Route, Router

from idpact_mock.console import asset
from idpact_mock.errors import BusyError, StoreError, TakenError, UnknownIssuerError, UnreadableError
from idpact_mock.events import events
from idpact_mock.failures import FAILURES
from idpact_mock.hosts import own_hosts_only
from idpact_mock.issuer import Issuer
from idpact_mock.journal import Journal, arrived
from idpact_mock.openapi import openapi_document
from idpact_mock.operation import ERRORS
from idpact_mock.operations import OPERATIONS
from idpact_mock.origins import same_origin_only
from idpact_mock.provider.control import provider_handlers
from idpact_mock.queries import Follow, Listing
from idpact_mock.site import CONTROL
from idpact_mock.wishes import Change, Look, Making

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from idpact_mock.mock import MockIdP

__all__ = ["control_app", "issuer_json"]

Handler = Callable[[Request], Awaitable[Response]]

# In this order: the last two are what the others also are.
_REFUSALS: Final[dict[type[Exception], int]] = {
    UnreadableError: 400,
    UnknownIssuerError: 404,
    TakenError: 409,
    BusyError: 503,
    TypeError: 422,
    ValueError: 422,
}

DEEPEST: Final = 100
"""Levels of nesting that a body may have: whatever is in it can be copied, written and shown."""

STREAMS: Final = 100
"""Streams of events that may be open at once."""


def control_app(idp: "MockIdP") -> "ASGIApp":
    """The control interface of a mock IdP, below the reserved path, and the console."""
    control = _Control(idp)
    provider = provider_handlers(control.issuer, _members, _json)
    handlers: dict[str, dict[str, Handler]] = {}
    for operation in OPERATIONS:
        handler: Handler = provider.get(operation.id) or getattr(control, operation.id)
        guarded = control.guarded(handler) if operation.guarded else handler
        handlers.setdefault(operation.path, {})[operation.method] = guarded
    routes = [Route(_routed(path), _by_method(methods), methods=list(methods)) for path, methods in handlers.items()]
    pages = [Route("/", _index, methods=["GET"]), Route("/console/{file}", _file, methods=["GET"])]
    below = Router([*routes, *pages], redirect_slashes=False)
    app = Starlette(
        routes=[Route(CONTROL, _to_index, methods=["GET"]), Mount(CONTROL, app=below)],
        exception_handlers={404: _status, 405: _status},
    )
    own_pages = same_origin_only(app, origins=idp.allow_origins, own=lambda: idp.url, refuse=_forbidden)
    # With a token nobody needs the Host to keep pages out, and there are hosts that nobody here knows of.
    return own_pages if idp.admin_token else own_hosts_only(own_pages, own=lambda: idp.url, refuse=_foreign)


def _routed(path: str) -> str:
    """The path as starlette has it: an id at its end may have any character, slashes too."""
    return re.sub(r"\{(client_id|sub)\}$", r"{\1:path}", path)


def _by_method(handlers: dict[str, Handler]) -> Handler:
    async def dispatch(request: Request) -> Response:
        return await handlers["GET" if request.method == "HEAD" else request.method](request)

    return dispatch


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
        "preset": issuer.preset,
        "switches": sorted(issuer.switches),
        "sequence": issuer.sequence,
        "document": document,
        "requests": issuer.journal.total(),
    }


class _Control:
    """The handlers."""

    def __init__(self, idp: "MockIdP") -> None:
        self._idp = idp
        self._streams = 0

    def guarded(self, handler: Handler) -> Handler:
        """Ask for the token, and turn the Python API's errors into answers."""
        sharing = self._idp.sharing

        async def guard(request: Request) -> Response:
            if not self._admitted(request):
                return _error(
                    401, "Authorization: this needs 'Bearer' and the admin token", {"WWW-Authenticate": "Bearer"}
                )
            try:
                if sharing is not None and sharing.passes_on(request):
                    return await sharing.pass_on(request)
                return await handler(request)
            except StoreError as error:
                return JSONResponse({"error": "store_unavailable", "message": str(error)}, status_code=503)
            except tuple(_REFUSALS) as error:
                return _error(next(status for kind, status in _REFUSALS.items() if isinstance(error, kind)), str(error))

        return guard

    def _admitted(self, request: Request) -> bool:
        token, sharing = self._idp.admin_token, self._idp.sharing
        if token is None or (sharing is not None and sharing.is_passed_on(request)):
            return True
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        # In constant time, so that nobody learns the token from how long a refusal takes.
        right = secrets.compare_digest(given.strip().encode("latin-1"), token.encode("ascii"))
        return right and scheme.lower() == "bearer"

    async def health(self, _request: Request) -> Response:
        return JSONResponse({"status": "ok", "url": self._idp.url})

    async def ready(self, _request: Request) -> Response:
        ready = self._idp.ready
        body = {"status": "ready" if ready else "not_ready", "issuers": len(self._idp.issuers)}
        return JSONResponse(body, status_code=200 if ready else 503)

    async def openapi(self, _request: Request) -> Response:
        token = self._idp.admin_token is not None
        return _json(openapi_document(url=self._idp.url, version=version("idpact"), token=token))

    async def list_failures(self, _request: Request) -> Response:
        return _json({"failures": [mode.to_json() for mode in FAILURES.values()]})

    async def list_issuers(self, request: Request) -> Response:
        listed, total = Listing.read(dict(request.query_params)).of(list(self._idp.issuers.values()))
        shown = [issuer_json(issuer) for issuer in listed]
        strays = self._idp.strays.total()
        return _json({"url": self._idp.url, "issuers": shown, "total": total, "strays": strays})

    async def make_issuer(self, request: Request) -> Response:
        making = Making.read(await _members(request))
        issuer = await asyncio.to_thread(making.make, self._idp)
        return _json(issuer_json(issuer), status=201)

    async def show_issuer(self, request: Request) -> Response:
        return _json(issuer_json(self.issuer(request)))

    async def change_issuer(self, request: Request) -> Response:
        issuer = self.issuer(request)
        change = Change.read(await _members(request))
        change.apply(issuer)
        return _json(issuer_json(issuer))

    async def drop_issuer(self, request: Request) -> Response:
        await asyncio.to_thread(self._idp.drop_issuer, request.path_params["name"])
        return Response(status_code=204)

    async def read_journal(self, request: Request) -> Response:
        return await _read(self.issuer(request).journal, request)

    async def clear_journal(self, request: Request) -> Response:
        self.issuer(request).journal.clear()
        return Response(status_code=204)

    async def follow_journal(self, request: Request) -> Response:
        issuer = self.issuer(request)
        return self._follow(issuer.journal, request, gone=lambda: self._idp.issuers.get(issuer.name) is not issuer)

    async def read_strays(self, request: Request) -> Response:
        return await _read(self._idp.strays, request)

    async def clear_strays(self, _request: Request) -> Response:
        self._idp.strays.clear()
        return Response(status_code=204)

    async def follow_strays(self, request: Request) -> Response:
        return self._follow(self._idp.strays, request, gone=lambda: False)

    def _follow(self, journal: Journal, request: Request, *, gone: Callable[[], bool]) -> Response:
        follow = Follow.read(dict(request.query_params), last_event_id=request.headers.get("last-event-id"))
        if self._streams >= STREAMS:
            raise BusyError(f"{STREAMS} streams of events are open; close one, or read the journal")

        async def counted() -> AsyncIterator[bytes]:
            self._streams += 1
            try:
                async for event in events(journal, follow, gone=gone):
                    yield event
            finally:
                self._streams -= 1

        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        if request.method == "HEAD":
            return Response(headers=headers, media_type="text/event-stream")
        return StreamingResponse(counted(), headers=headers, media_type="text/event-stream")

    def issuer(self, request: Request) -> Issuer:
        """The issuer that a request names.

        Raises:
            UnknownIssuerError: There is none.
        """
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
    if _is_deep(members):
        raise UnreadableError(f"body: it must not be nested deeper than {DEEPEST} levels; document.raw sends any bytes")
    return members


def _is_deep(value: object) -> bool:
    level = [value]
    for _ in range(DEEPEST):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
    return bool(level)


async def _index(request: Request) -> Response:
    return asset("index.html", request)


async def _file(request: Request) -> Response:
    try:
        return asset(request.path_params["file"], request)
    except KeyError:
        return await _status(request, UnknownIssuerError())


async def _to_index(_request: Request) -> Response:
    # Relative, so that it holds behind whatever is in front of this server.
    return RedirectResponse(f"{CONTROL.removeprefix('/')}/", status_code=308)


def _json(value: object, *, status: int = 200) -> Response:
    # Not starlette's JSONResponse: documents may hold NaN and lone surrogates, on purpose.
    return Response(json.dumps(value).encode("ascii"), status_code=status, media_type="application/json")


def _error(status: int, message: str, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"error": ERRORS[status][0], "message": message}, status_code=status, headers=headers)


async def _status(request: Request, error: Exception) -> Response:
    status = getattr(error, "status_code", 404)
    message = f"{request.method} {request.url.path}: no such thing in the control interface"
    return _error(status, message, getattr(error, "headers", None))


def _foreign(host: str) -> Response:
    return _error(
        403,
        f"Host: {host!r} is neither a loopback name or address nor the host that this server is advertised under; reach the "
        "control interface by one of these, or start the server with an admin token",
    )


def _forbidden(origin: str) -> Response:
    return _error(
        403, f"Origin: pages of {origin!r} may not use the control interface; allow_origins names those that may"
    )

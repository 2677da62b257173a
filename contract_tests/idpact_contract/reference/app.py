"""The HTTP door: routes of both wires, errors in one shape, and the CORS headers that the browser SDK needs.

Knows which path leads to which operation; what operations do is `Connections`' matter, how they look `Wire`'s.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Lifespan, Message, Receive, Scope, Send

from idpact_contract.reference.errors import RequestRefusedError
from idpact_contract.reference.service import Connections
from idpact_contract.reference.sessions import Sessions
from idpact_contract.reference.wire import Wire

__all__ = ["CrossOrigin", "Endpoints", "application"]

_log: Final = logging.getLogger(__name__)

_ALLOWED: Final = {
    "Access-Control-Allow-Methods": "GET, POST, PUT, DELETE, OPTIONS",
    "Access-Control-Allow-Headers": "authorization, content-type, x-sdk-client, x-sdk-parent-host",
}

Answer = Mapping[str, object]


class Endpoints:
    """The four operations, each once for both wires."""

    def __init__(self, wire: Wire, connections: Connections) -> None:
        self._wire = wire
        self._connections = connections

    async def create(self, request: Request, organization_id: str) -> Answer:
        """Add a connection."""
        body = await self._wire.body(request)
        connection = self._connections.create(organization_id, body, callback_base=_origin(request))
        return self._wire.created(connection)

    async def update(self, request: Request, organization_id: str) -> Answer:
        """Update a connection: the endpoint that the contract is about."""
        body = await self._wire.body(request)
        return self._wire.updated(
            await self._connections.update(organization_id, request.path_params["connection_id"], body)
        )

    async def read(self, request: Request, organization_id: str) -> Answer:  # noqa: ARG002 - called as its siblings are
        """List the organization's connections."""
        return self._wire.listing(self._connections.list(organization_id))

    async def delete(self, request: Request, organization_id: str) -> Answer:
        """Remove a connection."""
        connection_id: str = request.path_params["connection_id"]
        await self._connections.delete(organization_id, connection_id)
        return self._wire.deleted(connection_id)

    def routes(self) -> list[Route]:
        """Lay both wires out."""
        front, back = "/sdk/v1/b2b/sso", "/v1/b2b/sso"
        one = "/{organization_id}/connections/{connection_id}"
        return [
            Route(f"{front}/oidc", self._frontend(self.create), methods=["POST"]),
            Route(f"{front}/oidc/{{connection_id}}", self._frontend(self.update), methods=["PUT"]),
            Route(front, self._frontend(self.read), methods=["GET"]),
            Route(f"{front}/{{connection_id}}", self._frontend(self.delete), methods=["DELETE"]),
            Route(f"{back}/oidc/{{organization_id}}", self._backend(self.create), methods=["POST"]),
            Route(f"{back}/oidc{one}", self._backend(self.update), methods=["PUT"]),
            Route(f"{back}/{{organization_id}}", self._backend(self.read), methods=["GET"]),
            Route(f"{back}{one}", self._backend(self.delete), methods=["DELETE"]),
        ]

    def _frontend(
        self, operation: Callable[[Request, str], Awaitable[Answer]]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            answer = await operation(request, self._wire.frontend_organization(request))
            return self._wire.response(self._wire.wrapped(self._wire.success(answer)))

        return endpoint

    def _backend(
        self, operation: Callable[[Request, str], Awaitable[Answer]]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            answer = await operation(request, self._wire.backend_organization(request))
            return self._wire.response(self._wire.success(answer))

        return endpoint


class CrossOrigin:
    """Around the whole app, since the browser SDK can read an error only where its headers are as on a success."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        origin = Headers(scope=scope).get("origin")
        if scope["method"] == "OPTIONS":
            await Response(status_code=204, headers=self.preflight(origin))(scope, receive, send)
            return

        async def send_with_origin(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self.headers(origin))
            await send(message)

        try:
            await self.app(scope, receive, send_with_origin)
        except Exception as error:  # noqa: BLE001 - answered already; what is left is to name it without its text
            _log.error("%s %s: %s", scope["method"], scope["path"], _summary(error))

    def headers(self, origin: str | None) -> dict[str, str]:
        """Name the very origin, since the SDK's requests carry credentials and `*` forbids those."""
        if origin is None:
            return {"Vary": "Origin"}
        return {"Vary": "Origin", "Access-Control-Allow-Origin": origin, "Access-Control-Allow-Credentials": "true"}

    def preflight(self, origin: str | None) -> dict[str, str]:
        """Answer on every path, and without asking for credentials, which a preflight never has."""
        return {**self.headers(origin), **(_ALLOWED if origin is not None else {})}


def application(wire: Wire, connections: Connections, *, lifespan: Lifespan[Starlette]) -> ASGIApp:
    """Join routes, error shape and CORS to one ASGI app."""
    routes = [*Endpoints(wire, connections).routes(), *Sessions(wire, wire.store).routes()]

    def refused(_: Request, error: Exception) -> Response:
        if not isinstance(error, RequestRefusedError):  # the type that Starlette wants a handler to take
            raise error
        return wire.response(wire.failure(error), status=error.status, headers=error.headers)

    def unrouted(request: Request, error: Exception) -> Response:
        return refused(request, _unrouted(request, error, routes))

    def broken(request: Request, _: Exception) -> Response:
        return refused(request, _INTERNAL)

    app = Starlette(
        routes=routes,
        lifespan=lifespan,
        exception_handlers={
            RequestRefusedError: refused,
            HTTPException: unrouted,
            ClientDisconnect: _gone,
            Exception: broken,
        },
    )
    app.router.redirect_slashes = False  # a path with a slash too many is an unknown path, not a detour
    return CrossOrigin(app)


_INTERNAL: Final = RequestRefusedError(
    status=500, error_type="internal_server_error", message="Something went wrong in the reference implementation."
)


def _unrouted(request: Request, error: Exception, routes: list[Route]) -> RequestRefusedError:
    if isinstance(error, HTTPException) and error.status_code == 405:  # noqa: PLR2004 - Starlette's own answer
        allowed = {
            method
            for route in routes
            if route.matches(request.scope)[0] is not Match.NONE
            for method in route.methods or ()
        }
        return RequestRefusedError(
            status=405,
            error_type="method_not_allowed",
            message=f"There is no {request.method} here.",
            headers={"Allow": ", ".join(sorted({*allowed, "OPTIONS"}))},
        )
    return RequestRefusedError(status=404, error_type="route_not_found", message="There is nothing at this path.")


def _gone(_: Request, __: Exception) -> Response:
    return Response(status_code=400)  # nobody is left to read it


def _origin(request: Request) -> str:
    """Scheme and authority under which the caller reached this server; Starlette's own would parse a hostile Host."""
    return f"{request.scope['scheme']}://{request.headers.get('host', 'localhost')}"


def _summary(error: Exception) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f" at {trace.tb_frame.f_code.co_qualname}:{trace.tb_lineno}" if trace is not None else ""
    return f"{type(error).__name__}{place}"

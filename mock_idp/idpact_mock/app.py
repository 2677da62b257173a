"""The ASGI application: finds out whose request it is, journals it, answers. A dictionary look-up in front of a router."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from idpact_mock.answer import Answer, json_answer
from idpact_mock.cors import ANYONE, PREFLIGHT
from idpact_mock.document import WELL_KNOWN
from idpact_mock.entry import Entry, Kind
from idpact_mock.exchange import EXTENSION, Exchange, Wire, decoded
from idpact_mock.failures import Outcome
from idpact_mock.identity import DecidedBy, Identity, identified
from idpact_mock.issuer import Issuer
from idpact_mock.journal import Journal
from idpact_mock.prompt import Finder, Work
from idpact_mock.registry import Endpoint, Registry
from idpact_mock.site import CONTROL, SHARED, address_text
from idpact_mock.striking import struck, struck_by
from idpact_mock.switch import Strike

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["App"]

_CONTROL: Final = CONTROL.encode("ascii")
_PINNED: Final[DecidedBy] = "pinned"
_READS: Final = frozenset({"GET", "HEAD"})

_NOT_FOUND: Final = json_answer(404, {"error": "not_found", "message": "nothing is here"})
_NOT_ALLOWED: Final = json_answer(
    405,
    {"error": "method_not_allowed", "message": "GET and HEAD only"},
    headers={**ANYONE, "Allow": "GET, HEAD, OPTIONS"},
)


_NOT_IMPLEMENTED: Final = json_answer(
    501, {"error": "not_implemented", "message": "this endpoint is only named in the document so far"}
)


class Call:
    """A request as the server hands it over, before it is known whose it is."""

    __slots__ = ("method", "port", "receive", "scope", "send", "target", "wire")

    def __init__(self, scope: "Scope", receive: "Receive", send: "Send", *, ports: Mapping[int, Issuer]) -> None:
        extensions = scope.get("extensions") or {}
        self.scope = scope
        self.receive = receive
        self.send = send
        self.method: str = scope["method"]
        self.wire: Wire | None = extensions.get(EXTENSION)
        self.target = _target(scope) if self.wire is None else self.wire.target
        server = scope.get("server")
        # Any port that isn't one issuer's own is the shared one: behind a proxy and in-process its number tells nothing.
        self.port: int = server[1] if server is not None and server[1] in ports else SHARED

    @property
    def path(self) -> bytes:
        """The path asked for, percent-encoding untouched: also of a target in absolute form (RFC 9112, section 3.2.2)."""
        return _path(self.scope)

    def begin(
        self,
        journal: Journal,
        *,
        issuer: Issuer | None,
        kind: Kind,
        outcome: Outcome,
        failure: str | None = None,
        identity: DecidedBy = "pinned",
    ) -> Exchange:
        """Journal the request."""
        wire = self.wire
        entry = Entry(
            at=time.time(),
            method=self.method,
            target=self.target.decode("latin-1"),
            headers=decoded(self.scope["headers"]) if wire is None else wire.headers,
            client=_client(self.scope) if wire is None else wire.client,
            issuer=None if issuer is None else issuer.name,
            kind=kind,
            outcome=outcome,
            failure=failure,
            identity=identity,
        )
        exchange = Exchange(entry, journal, self.receive, self.send, wire)
        if wire is not None:
            wire.attach(exchange)
        journal.append(entry)
        return exchange


Provide = Callable[[Call, Endpoint, Identity], Awaitable[None]]
"""Answers a request at one of a provider's endpoints."""


class App:
    """The mock IdP as an ASGI application.

    Args:
        registry: The issuers.
        strays: The journal of requests that match no issuer.
        control: Makes the control interface, when it is first asked for.
        identity: Where issuers get their address from.

    Attributes:
        find: Finds what a server can answer without it.
    """

    def __init__(
        self,
        registry: Registry,
        strays: Journal,
        *,
        control: "Callable[[], ASGIApp]",
        identity: Identity = "pinned",
    ) -> None:
        self._registry = registry
        self._strays = strays
        self._make_control = control
        self._control: ASGIApp | None = None
        self._provide: Provide | None = None
        self._endpoints = registry.endpoints
        self._ports = registry.ports
        self._identity: Final = identity
        self.find: Final = Finder(registry, identity)

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer a request."""
        if scope["type"] != "http":
            raise NotImplementedError(f"the mock IdP speaks http, not {scope['type']}")
        call = Call(scope, receive, send, ports=self._ports)
        endpoint = self._endpoints.get((call.port, call.target))
        if endpoint is None:  # the request has a query, or there is no endpoint at its path
            endpoint = self._endpoints.get((call.port, call.path))
        if endpoint is None:
            await self._elsewhere(call)
        elif endpoint.kind == "discovery":
            await _discovery(call, endpoint.issuer, identity=self._identity)
        elif endpoint.kind == "jwks":
            await _jwks(call, endpoint.issuer)
        elif endpoint.kind == "unimplemented":
            await _answer(call, endpoint.issuer.journal, _NOT_IMPLEMENTED, issuer=endpoint.issuer)
        else:
            await self._provided(call, endpoint)

    async def _elsewhere(self, call: Call) -> None:
        path = call.path
        endpoint = self._registry.provider_endpoint(call.port, path.decode("latin-1"))
        if endpoint is not None:
            await self._provided(call, endpoint)
            return
        owner = self._registry.owner(call.port, path.decode("latin-1"))
        if owner is not None:
            await _beside(call, owner, path, identity=self._identity)
        elif path == _CONTROL or path.startswith(_CONTROL + b"/"):
            await self._controlled(call)
        elif path == b"/" and call.method in _READS:
            await _answer(call, self._strays, self._front_page())
        else:
            await _answer(call, self._strays, _NOT_FOUND)

    async def _provided(self, call: Call, endpoint: Endpoint) -> None:
        provide = self._provide
        if provide is None:
            # JOSE takes its time to load: not in the event loop.
            loaded = await asyncio.to_thread(_load_provider)
            self._provide, self.find.work = loaded
            provide = loaded[0]
        await provide(call, endpoint, self._identity)

    def _front_page(self) -> Answer:
        return json_answer(200, {"issuers": [issuer.url for issuer in self._registry.all()]})

    async def _controlled(self, call: Call) -> None:
        if self._control is None:
            self._control = self._make_control()
        await self._control(call.scope, call.receive, call.send)


def _load_provider() -> tuple[Provide, Work]:
    from idpact_mock.provider.serving import provide, worked  # noqa: PLC0415 - for issuers that are more than read

    return provide, worked


async def _discovery(call: Call, issuer: Issuer, *, identity: Identity) -> None:
    plan = issuer.plan()
    good, decided = plan.answer, _PINNED
    strike = struck_by(issuer, "discovery", port=call.port)
    if plan.varies or identity != "pinned":
        decided, base = identified(call.scope["headers"], scheme=call.scope["scheme"], identity=identity)
        if plan.varies or base is not None:
            good = issuer.answer_for(base, step=strike is None and call.method == "GET")
    if strike is not None:
        await _struck(call, issuer, strike, good, kind="discovery", identity=decided)
        return
    answer = good if call.method in _READS else _unread(call)
    # An answer to HEAD holds no document.
    outcome = answer.outcome if call.method == "GET" else Outcome.NOT
    exchange = call.begin(issuer.journal, issuer=issuer, kind="discovery", outcome=outcome, identity=decided)
    if await exchange.read():
        await exchange.answer(answer)


async def _jwks(call: Call, issuer: Issuer) -> None:
    strike = struck_by(issuer, "jwks", port=call.port)
    if strike is not None:
        await _struck(call, issuer, strike, None, kind="jwks")
        return
    good = call.method in _READS
    outcome = Outcome.YES if call.method == "GET" else Outcome.NOT
    exchange = call.begin(issuer.journal, issuer=issuer, kind="jwks", outcome=outcome)
    if not await exchange.read():
        return
    await exchange.answer(await _keys(issuer) if good else _unread(call))


def _unread(call: Call) -> Answer:
    """The answer to a method that doesn't read."""
    return PREFLIGHT if call.method == "OPTIONS" else _NOT_ALLOWED


async def _keys(issuer: Issuer) -> Answer:
    answer = issuer.jwks_answer
    return await asyncio.to_thread(issuer.make_jwks_answer) if answer is None else answer


async def _struck(
    call: Call, issuer: Issuer, strike: Strike, good: Answer | None, *, kind: Kind, identity: DecidedBy = _PINNED
) -> None:
    """Fail; a good answer to borrow from is made where there is none yet."""
    failing = strike.failing
    exchange = call.begin(
        issuer.journal,
        issuer=issuer,
        kind=kind,
        outcome=failing.outcome,
        failure=failing.mode.id,
        identity=identity,
    )
    if await exchange.read():
        answer = await _keys(issuer) if good is None else good
        await struck(exchange, issuer, strike, lambda: answer)


async def _beside(call: Call, issuer: Issuer, path: bytes, *, identity: Identity) -> None:
    """An address of the issuer's at which it has no endpoint, but may have a decoy."""
    switch = issuer.failing.get("discovery")
    if switch is not None:
        from idpact_mock.behaviours import decoy  # noqa: PLC0415 - as above

        failure, asked = switch.failing.mode.id, path.decode("latin-1")
        if failure == "well-known-slash" and asked == f"{issuer.path}{WELL_KNOWN}/":
            await _discovery(call, issuer, identity=identity)
            return
        found = decoy(failure, root=issuer.site.root, path=issuer.path, asked=asked)
        if found is not None:
            await _answer(call, issuer.journal, found, issuer=issuer, failure=failure)
            return
    await _answer(call, issuer.journal, _NOT_FOUND, issuer=issuer)


async def _answer(
    call: Call, journal: Journal, answer: Answer, *, issuer: Issuer | None = None, failure: str | None = None
) -> None:
    exchange = call.begin(journal, issuer=issuer, kind="other", outcome=answer.outcome, failure=failure)
    if await exchange.read():
        await exchange.answer(answer)


def _target(scope: "Scope") -> bytes:
    """The target as well as a server without our extension lets one know it."""
    query: bytes = scope.get("query_string", b"")
    return _path(scope) + b"?" + query if query else _path(scope)


def _path(scope: "Scope") -> bytes:
    raw: bytes | None = scope.get("raw_path")
    return raw or quote(scope["path"]).encode("ascii")


def _client(scope: "Scope") -> str:
    client = scope.get("client")
    return "" if client is None else address_text(client[0], client[1])

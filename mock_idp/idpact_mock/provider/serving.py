"""Between the server and the endpoints: journals the request, reads it, and sends what the provider decided."""

import asyncio
from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from idpact_mock.entry import Kind
from idpact_mock.failures import Outcome
from idpact_mock.identity import DecidedBy, Identity, identified
from idpact_mock.provider.endpoints import respond
from idpact_mock.provider.requests import ProviderRequest
from idpact_mock.striking import struck, struck_by

if TYPE_CHECKING:
    from idpact_mock.answer import Answer
    from idpact_mock.app import Call
    from idpact_mock.entry import Entry
    from idpact_mock.provider.core import Provider
    from idpact_mock.registry import Endpoint, EndpointKind

__all__ = ["provide", "worked"]

_KINDS: Final[Mapping["EndpointKind", Kind]] = MappingProxyType(
    {
        "authorize": "authorize",
        "login": "authorize",
        "token": "token",
        "userinfo": "userinfo",
        "introspection": "introspection",
        "revocation": "revocation",
        "device_authorization": "device",
        "device": "device",
        "logout": "logout",
    }
)


async def provide(call: "Call", endpoint: "Endpoint", identity: Identity) -> None:
    """Answer a request at one of a provider's endpoints, or fail."""
    issuer, kind = endpoint.issuer, _KINDS[endpoint.kind]
    # A preflight is the browser's, not the relying party's: it neither fails nor counts.
    strike = None if call.method == "OPTIONS" else struck_by(issuer, endpoint.kind, port=call.port)
    failure = None if strike is None else strike.failing.mode.id
    decided: DecidedBy
    decided, base = "pinned", None
    if identity != "pinned":
        decided, base = identified(call.scope["headers"], scheme=call.scope["scheme"], identity=identity)
    exchange = call.begin(
        issuer.journal, issuer=issuer, kind=kind, outcome=Outcome.NOT, failure=failure, identity=decided
    )
    if not await exchange.read():
        return
    provider = issuer.provider if base is None else issuer.provider.at(base)
    if not provider.keys.made:
        await asyncio.to_thread(provider.keys.ensure)
    work = partial(worked, endpoint, exchange.entry, provider=provider)
    if strike is not None:
        await struck(exchange, issuer, strike, work)
    elif issuer.backing.blocks:
        await exchange.answer(await asyncio.to_thread(work))
    else:
        await exchange.answer(work())


def worked(endpoint: "Endpoint", entry: "Entry", *, provider: "Provider | None" = None) -> "Answer":
    """The answer to a request that has come whole; keys in use must have been made, or this blocks.

    `provider` is the issuer's own, unless it is to speak for another address.
    """
    query = entry.target.partition("?")[2]
    request = ProviderRequest(method=entry.method, query=query, headers=entry.headers, body=entry.body)
    return respond(endpoint.issuer.provider if provider is None else provider, endpoint.kind, request)

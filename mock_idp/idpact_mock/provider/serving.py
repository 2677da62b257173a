"""Between the server and the endpoints: journals the request, reads it, and sends what the provider decided."""

import asyncio
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from idpact_mock.entry import Kind
from idpact_mock.failures import Outcome
from idpact_mock.provider.endpoints import respond
from idpact_mock.provider.requests import ProviderRequest

if TYPE_CHECKING:
    from idpact_mock.app import Call
    from idpact_mock.registry import Endpoint, EndpointKind

__all__ = ["provide"]

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


async def provide(call: "Call", endpoint: "Endpoint") -> None:
    """Answer a request at one of a provider's endpoints."""
    issuer = endpoint.issuer
    exchange = call.begin(issuer.journal, issuer=issuer, kind=_KINDS[endpoint.kind], outcome=Outcome.NOT)
    if not await exchange.read():
        return
    provider = issuer.provider
    if not provider.keys.made:
        await asyncio.to_thread(provider.keys.ensure)
    entry = exchange.entry
    query = entry.target.partition("?")[2]
    request = ProviderRequest(method=call.method, query=query, headers=entry.headers, body=entry.body)
    if issuer.backing.blocks:
        answer = await asyncio.to_thread(respond, provider, endpoint.kind, request)
    else:
        answer = respond(provider, endpoint.kind, request)
    await exchange.answer(answer)

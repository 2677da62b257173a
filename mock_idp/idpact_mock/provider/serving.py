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
    from idpact_mock.answer import Answer
    from idpact_mock.app import Call
    from idpact_mock.entry import Entry
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


async def provide(call: "Call", endpoint: "Endpoint") -> None:
    """Answer a request at one of a provider's endpoints."""
    issuer = endpoint.issuer
    exchange = call.begin(issuer.journal, issuer=issuer, kind=_KINDS[endpoint.kind], outcome=Outcome.NOT)
    if not await exchange.read():
        return
    provider = issuer.provider
    if not provider.keys.made:
        await asyncio.to_thread(provider.keys.ensure)
    await exchange.answer(worked(endpoint, exchange.entry))


def worked(endpoint: "Endpoint", entry: "Entry") -> "Answer":
    """The answer to a request that has come whole; keys in use must have been made, or this blocks."""
    query = entry.target.partition("?")[2]
    request = ProviderRequest(method=entry.method, query=query, headers=entry.headers, body=entry.body)
    return respond(endpoint.issuer.provider, endpoint.kind, request)

"""All endpoints of a provider but its document and its keys, as a table, and the one way into them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from idpact_mock.answer import Answer
from idpact_mock.provider.authorize import authorize, login
from idpact_mock.provider.core import Provider
from idpact_mock.provider.cors import CROSS_ORIGIN, preflight
from idpact_mock.provider.device import device_authorization, person
from idpact_mock.provider.errors import OAuthError
from idpact_mock.provider.introspection import introspection
from idpact_mock.provider.logout import logout
from idpact_mock.provider.replies import refusal
from idpact_mock.provider.requests import ProviderRequest
from idpact_mock.provider.revocation import revocation
from idpact_mock.provider.token import token
from idpact_mock.provider.userinfo import userinfo
from idpact_mock.provider.words import REFUSING

__all__ = ["HANDLERS", "respond"]


@dataclass(frozen=True, slots=True)
class _Endpoint:
    handle: Callable[[Provider, ProviderRequest], Answer]
    methods: tuple[str, ...]


_READ_OR_POST: Final = ("GET", "HEAD", "POST")

HANDLERS: Final[Mapping[str, _Endpoint]] = MappingProxyType(
    {
        "authorize": _Endpoint(authorize, _READ_OR_POST),
        "login": _Endpoint(login, ("POST",)),
        "token": _Endpoint(token, ("POST",)),
        "userinfo": _Endpoint(userinfo, _READ_OR_POST),
        "introspection": _Endpoint(introspection, ("POST",)),
        "revocation": _Endpoint(revocation, ("POST",)),
        "device_authorization": _Endpoint(device_authorization, ("POST",)),
        "device": _Endpoint(person, _READ_OR_POST),
        "logout": _Endpoint(logout, _READ_OR_POST),
    }
)
"""By the names that `registry.PROVIDER` gives them."""


def respond(provider: Provider, endpoint: str, request: ProviderRequest) -> Answer:
    """The answer of an endpoint to a request; keys in use must have been made, or this blocks."""
    found = HANDLERS[endpoint]
    if request.method == "OPTIONS" and endpoint in CROSS_ORIGIN:
        return preflight(found.methods)
    if request.method not in found.methods:
        allowed = ", ".join(found.methods)
        error = OAuthError(
            "invalid_request", f"the method must be one of {allowed}", status=405, headers={"allow": allowed}
        )
        return refusal(error)
    try:
        with provider.lock:
            if endpoint in REFUSING and endpoint != "authorize":  # which refuses by a redirect
                provider.check_refusal(endpoint)
            return found.handle(provider, request)
    except OAuthError as error:
        return refusal(error)

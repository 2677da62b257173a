"""The introspection endpoint (RFC 7662): for clients that can prove who they are."""

from typing import Any

from idpact_mock.answer import Answer
from idpact_mock.provider.authentication import authenticated
from idpact_mock.provider.core import Provider
from idpact_mock.provider.errors import OAuthError
from idpact_mock.provider.replies import json_reply
from idpact_mock.provider.requests import ProviderRequest
from idpact_mock.provider.validity import live_access, live_refresh

__all__ = ["introspection"]


def introspection(provider: Provider, request: ProviderRequest) -> Answer:
    """Answer what a token is (section 2.2); of one that isn't good nothing is told but that.

    Raises:
        OAuthError: The client doesn't prove who it is, or there is no token.
    """
    form = request.form()
    client = authenticated(provider, request, form)
    if client.is_public:
        challenge = {"www-authenticate": f'Basic realm="{provider.realm}"'}
        raise OAuthError("invalid_client", "a public client may not introspect", status=401, headers=challenge)
    if "token" not in form:
        raise OAuthError("invalid_request", "token is missing")
    return json_reply(_described(provider, form["token"]))


def _described(provider: Provider, token: str) -> dict[str, Any]:
    access = live_access(provider, token)
    if access is not None:
        said = {"active": True, **access.claims, "token_type": "Bearer"}
        return {**said, "username": access.grant.sub} if access.grant.auth_time is not None else said
    refresh = live_refresh(provider, token)
    if refresh is None:
        return {"active": False}
    return {
        "active": True,
        "iss": provider.issuer,
        "sub": refresh.grant.sub,
        "username": refresh.grant.sub,
        "client_id": refresh.grant.client_id,
        "scope": " ".join(refresh.grant.scope),
        "iat": int(refresh.issued),
        "exp": int(refresh.expires),
        "token_type": "refresh_token",
    }

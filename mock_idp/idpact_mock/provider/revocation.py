"""The revocation endpoint (RFC 7009): what is revoked here is refused everywhere."""

from dataclasses import replace

from idpact_mock.answer import Answer
from idpact_mock.provider.authentication import authenticated
from idpact_mock.provider.core import Provider
from idpact_mock.provider.cors import ALLOW
from idpact_mock.provider.errors import OAuthError
from idpact_mock.provider.replies import no_content
from idpact_mock.provider.requests import ProviderRequest
from idpact_mock.provider.state import Grant, digest

__all__ = ["revocation"]


def revocation(provider: Provider, request: ProviderRequest) -> Answer:
    """Revoke an access token, or a refresh token with all that its grant gave (section 2.1). An unknown one is no error.

    Raises:
        OAuthError: The client doesn't prove who it is, there is no token, or it is another client's.
    """
    form = request.form()
    client = authenticated(provider, request, form)
    if "token" not in form:
        raise OAuthError("invalid_request", "token is missing")
    key, now, state = digest(form["token"]), provider.clock.now(), provider.state
    access = state.access.get(key, now=now)
    refresh = state.refresh.get(key, now=now)
    if access is not None:
        _check_owner(access.grant, client.client_id)
        state.access.swap(key, access, replace(access, revoked=True), now=now)
    if refresh is not None:
        _check_owner(refresh.grant, client.client_id)
        state.revoke(refresh.grant, now=now)
    return no_content(200, ALLOW)


def _check_owner(grant: Grant, client_id: str) -> None:
    if grant.client_id != client_id:
        raise OAuthError("unauthorized_client", "the token is another client's")

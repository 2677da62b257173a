"""The grants of the token endpoint: what a client must show for tokens. One function each, in a table; callers hold the lock."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final

from idpact_mock.provider.clients import CLIENT_CREDENTIALS, CODE, DEVICE, EXCHANGE, REFRESH, Client
from idpact_mock.provider.core import Provider
from idpact_mock.provider.device import polled
from idpact_mock.provider.errors import OAuthError
from idpact_mock.provider.exchange import exchanged
from idpact_mock.provider.pkce import check_verifier
from idpact_mock.provider.scopes import requested_scope
from idpact_mock.provider.state import Code, Grant, digest
from idpact_mock.provider.targets import audience_of
from idpact_mock.provider.tokens import issue

__all__ = ["HANDLERS", "Handler"]

Handler = Callable[[Provider, Client, Mapping[str, str]], dict[str, Any]]


def _code(provider: Provider, client: Client, form: Mapping[str, str]) -> dict[str, Any]:
    """RFC 6749, section 4.1.3."""
    code = _redeemed(provider, client, form)
    check_verifier(form.get("code_verifier"), code.challenge)
    return issue(provider, client, code.grant, code.grant.scope, audience=audience_of(form), nonce=code.grant.nonce)


def _redeemed(provider: Provider, client: Client, form: Mapping[str, str]) -> Code:
    if "code" not in form:
        raise OAuthError("invalid_request", "code is missing")
    now, key, state = provider.clock.now(), digest(form["code"]), provider.state
    code = state.codes.get(key, now=now)
    if code is None or code.grant.client_id != client.client_id:
        # Left as it is: otherwise any client could spoil the codes of others.
        raise OAuthError("invalid_grant", "the code is unknown, or another client's")
    if code.used or not state.codes.swap(key, code, replace(code, used=True), now=now):
        state.revoke(code.grant, now=now)  # RFC 6749, section 4.1.2: what it gave can't be trusted
        raise OAuthError("invalid_grant", "the code was used before; what it gave is revoked")
    if code.expires <= now:
        raise OAuthError("invalid_grant", "the code has expired")
    sent = form.get("redirect_uri")
    if sent != code.redirect_uri and (code.uri_was_sent or sent is not None):
        raise OAuthError("invalid_grant", "redirect_uri must be that of the authorization request")
    return code


def _refresh(provider: Provider, client: Client, form: Mapping[str, str]) -> dict[str, Any]:
    """RFC 6749, section 6, with rotation (RFC 9700, section 4.14.2)."""
    if "refresh_token" not in form:
        raise OAuthError("invalid_request", "refresh_token is missing")
    now, key, state = provider.clock.now(), digest(form["refresh_token"]), provider.state
    found = state.refresh.get(key, now=now)
    if found is None or found.grant.client_id != client.client_id:
        raise OAuthError("invalid_grant", "the refresh token is unknown, expired, or another client's")
    if state.is_revoked(found.grant, now=now):
        raise OAuthError("invalid_grant", "the refresh token is revoked")
    scope = () if found.used else requested_scope(form.get("scope"), client, within=found.grant.scope)
    if found.used or not state.refresh.swap(key, found, replace(found, used=True), now=now):
        state.revoke(found.grant, now=now)
        raise OAuthError("invalid_grant", "the refresh token was used before; all that came of it is revoked")
    return issue(provider, client, found.grant, scope, audience=audience_of(form))


def _client_credentials(provider: Provider, client: Client, form: Mapping[str, str]) -> dict[str, Any]:
    """RFC 6749, section 4.4: no refresh token, and nobody whom an ID token could speak of."""
    if client.is_public:
        raise OAuthError("unauthorized_client", "a public client has no credentials to grant anything by")
    scope = requested_scope(form.get("scope"), client)
    grant = Grant(client_id=client.client_id, sub=client.client_id, scope=scope)
    return issue(provider, client, grant, scope, audience=audience_of(form))


HANDLERS: Final[Mapping[str, Handler]] = MappingProxyType(
    {
        CODE: _code,
        REFRESH: _refresh,
        CLIENT_CREDENTIALS: _client_credentials,
        DEVICE: polled,
        EXCHANGE: exchanged,
    }
)

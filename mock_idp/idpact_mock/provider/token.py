"""The token endpoint (RFC 6749, section 3.2): finds the client and the grant, and says what came of it."""

from idpact_mock.answer import Answer
from idpact_mock.provider.authentication import authenticated
from idpact_mock.provider.core import Provider
from idpact_mock.provider.errors import OAuthError
from idpact_mock.provider.grants import HANDLERS
from idpact_mock.provider.replies import json_reply
from idpact_mock.provider.requests import ProviderRequest

__all__ = ["token"]


def token(provider: Provider, request: ProviderRequest) -> Answer:
    """Answer with tokens.

    Raises:
        OAuthError: There are none for this request (section 5.2).
    """
    form = request.form()
    client = authenticated(provider, request, form)
    grant_type = form.get("grant_type")
    if grant_type is None:
        raise OAuthError("invalid_request", "grant_type is missing")
    handler = HANDLERS.get(grant_type)
    if handler is None:
        raise OAuthError("unsupported_grant_type", f"grant_type must be one of {', '.join(HANDLERS)}")
    if grant_type not in client.grant_types:
        raise OAuthError("unauthorized_client", f"this client may not use {grant_type}")
    return json_reply(handler(provider, client, form))

"""Token exchange (RFC 8693): one token of this issuer for another. Callers hold the provider's lock."""

from collections.abc import Mapping
from typing import Any, Final

from idpact_mock.provider.clients import Client
from idpact_mock.provider.core import Provider
from idpact_mock.provider.errors import OAuthError
from idpact_mock.provider.scopes import requested_scope
from idpact_mock.provider.state import Grant
from idpact_mock.provider.targets import audience_of
from idpact_mock.provider.tokens import issue
from idpact_mock.provider.validity import live_access, live_id_token

__all__ = ["ACCESS_TYPE", "ID_TYPE", "JWT_TYPE", "exchanged"]

ACCESS_TYPE: Final = "urn:ietf:params:oauth:token-type:access_token"
ID_TYPE: Final = "urn:ietf:params:oauth:token-type:id_token"
JWT_TYPE: Final = "urn:ietf:params:oauth:token-type:jwt"

_GIVEN: Final = (ACCESS_TYPE, JWT_TYPE)


def exchanged(provider: Provider, client: Client, form: Mapping[str, str]) -> dict[str, Any]:
    """The members of the answer (section 2.2.1).

    Raises:
        OAuthError: A parameter is missing, or a token isn't one of ours that is valid (section 2.2.2).
    """
    wanted = form.get("requested_token_type", ACCESS_TYPE)
    if wanted not in _GIVEN:
        raise OAuthError("invalid_request", f"requested_token_type must be one of {', '.join(_GIVEN)}")
    subject = _shown(provider, form, "subject_token")
    claims: dict[str, Any] = {}
    if "actor_token" in form:
        claims["act"] = {"sub": _shown(provider, form, "actor_token").sub}  # section 4.1
    elif "actor_token_type" in form:
        raise OAuthError("invalid_request", "actor_token_type goes with an actor_token")
    scope = requested_scope(form.get("scope"), client, within=subject.scope or None)
    # A grant of its own: it ends when it expires, not with what the subject's client does.
    grant = Grant(client_id=client.client_id, sub=subject.sub, scope=scope)
    answer = issue(provider, client, grant, scope, audience=audience_of(form), with_refresh=False, claims=claims)
    return {**answer, "issued_token_type": wanted}


def _shown(provider: Provider, form: Mapping[str, str], name: str) -> Grant:
    token, kind = form.get(name), form.get(f"{name}_type")
    if token is None or kind is None:
        raise OAuthError("invalid_request", f"{name} and {name}_type must both be there")
    if kind not in {ACCESS_TYPE, ID_TYPE, JWT_TYPE}:
        raise OAuthError("invalid_request", f"{name}_type must be an access token, an ID token or a JWT of this issuer")
    access = live_access(provider, token) if kind in {ACCESS_TYPE, JWT_TYPE} else None
    if access is not None:
        return Grant(client_id=access.grant.client_id, sub=access.grant.sub, scope=access.scope)
    claims = live_id_token(provider, token) if kind in {ID_TYPE, JWT_TYPE} else None
    if claims is None:
        raise OAuthError("invalid_request", f"{name} is no valid token of this issuer")
    return Grant(client_id=str(claims.get("aud")), sub=claims["sub"], scope=())

"""The userinfo endpoint. Sources: OpenID Connect Core 1.0, section 5.3; RFC 6750, sections 2 and 3."""

from idpact_mock.answer import Answer
from idpact_mock.provider.core import Provider
from idpact_mock.provider.errors import OAuthError
from idpact_mock.provider.replies import json_reply
from idpact_mock.provider.requests import FORM, ProviderRequest
from idpact_mock.provider.validity import live_access

__all__ = ["userinfo"]


def userinfo(provider: Provider, request: ProviderRequest) -> Answer:
    """Answer with the claims that the access token's scopes let out.

    Raises:
        OAuthError: There is no token, or it isn't good for this.
    """
    token = _token(provider, request)
    access = live_access(provider, token)
    if access is None:
        raise _refused(provider, "invalid_token", "the access token is unknown, expired or revoked", status=401)
    if "openid" not in access.scope:
        raise _refused(provider, "insufficient_scope", "the access token must have the scope openid", status=403)
    user = provider.users.get(access.grant.sub)
    return json_reply({**user.claims_for(access.scope), "sub": access.grant.sub})


def _token(provider: Provider, request: ProviderRequest) -> str:
    authorization = request.header("authorization")
    is_form = (request.header("content-type") or "").partition(";")[0].strip().lower() == FORM
    in_form = request.form().get("access_token") if request.method == "POST" and is_form else None
    if authorization is None and in_form is None:
        # Who sent nothing is told nothing but how (RFC 6750, section 3.1).
        challenge = {"www-authenticate": f'Bearer realm="{provider.realm}"'}
        raise OAuthError("invalid_token", "an access token is needed", status=401, headers=challenge)
    if authorization is None or in_form is not None:
        if authorization is not None or in_form is None:
            raise _refused(provider, "invalid_request", "the access token must come in one way only", status=400)
        return in_form
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise _refused(provider, "invalid_request", "the Authorization header must be Bearer and a token", status=400)
    return token.strip()


def _refused(provider: Provider, code: str, why: str, *, status: int) -> OAuthError:
    scope = ', scope="openid"' if code == "insufficient_scope" else ""
    challenge = f'Bearer realm="{provider.realm}", error="{code}", error_description="{why}"{scope}'
    return OAuthError(code, why, status=status, headers={"www-authenticate": challenge})

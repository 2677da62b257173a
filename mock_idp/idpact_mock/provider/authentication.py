"""Who a client is, and whether it can prove that. Sources: RFC 6749, section 2.3; OpenID Connect Core 1.0, section 9; RFC 7523."""

import base64
import hmac
import json
from collections.abc import Mapping
from typing import Final
from urllib.parse import unquote_plus

from idpact_mock.provider.clients import Client
from idpact_mock.provider.clock import is_number
from idpact_mock.provider.core import Provider
from idpact_mock.provider.errors import OAuthError
from idpact_mock.provider.requests import ProviderRequest

__all__ = ["ASSERTION_TYPE", "authenticated"]

ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

_LONGEST: Final = 3600
"""Seconds into the future at which an assertion may expire, so that remembering it is bounded."""


def authenticated(provider: Provider, request: ProviderRequest, form: Mapping[str, str]) -> Client:
    """The client that makes a request.

    Raises:
        OAuthError: It proves itself in several ways, in one that it isn't registered for, or wrongly.
    """
    authorization = request.header("authorization")
    ways = (authorization is not None) + ("client_secret" in form) + ("client_assertion" in form)
    if ways > 1:
        raise OAuthError("invalid_request", "a client must prove itself in one way only (RFC 6749, section 2.3)")
    if authorization is not None:
        client_id, secret = _basic(provider, authorization)
        if form.get("client_id", client_id) != client_id:
            raise OAuthError("invalid_request", "client_id differs from the one in the Authorization header")
        return _by_secret(provider, client_id, secret, method="client_secret_basic")
    if "client_secret" in form:
        client_id = form.get("client_id", "")
        return _by_secret(provider, client_id, form["client_secret"], method="client_secret_post")
    if "client_assertion" in form or "client_assertion_type" in form:
        return _by_assertion(provider, form)
    client = provider.clients.get(form.get("client_id"))
    if client is None or not client.is_public:
        raise _unknown(provider, "the client must authenticate, and be one that is registered")
    return client


def _unknown(provider: Provider, why: str) -> OAuthError:
    challenge = {"www-authenticate": f'Basic realm="{provider.realm}"'}
    return OAuthError("invalid_client", why, status=401, headers=challenge)


def _basic(provider: Provider, authorization: str) -> tuple[str, str]:
    scheme, _, credentials = authorization.partition(" ")
    if scheme.lower() != "basic":
        raise _unknown(provider, "the Authorization header must be Basic")
    try:
        decoded = base64.b64decode(credentials.strip(), validate=True).decode("utf-8")
    except ValueError as error:
        raise _unknown(provider, "the Authorization header must be base64 of UTF-8") from error
    client_id, colon, secret = decoded.partition(":")
    if not colon:
        raise _unknown(provider, "the Authorization header must hold client_id:client_secret")
    # Both are form-encoded before they are joined (RFC 6749, section 2.3.1).
    return unquote_plus(client_id), unquote_plus(secret)


def _by_secret(provider: Provider, client_id: str, secret: str, *, method: str) -> Client:
    client = provider.clients.get(client_id)
    expected = None if client is None else client.client_secret
    if client is None or expected is None:
        raise _unknown(provider, "no client with a secret has this client_id")
    if method not in client.auth_methods:
        raise _unknown(provider, f"this client is registered for {client.auth_methods[0]}, not {method}")
    if not hmac.compare_digest(expected.encode("utf-8"), secret.encode("utf-8", "surrogatepass")):
        raise _unknown(provider, "the client_secret is wrong")
    return client


def _by_assertion(provider: Provider, form: Mapping[str, str]) -> Client:
    if form.get("client_assertion_type") != ASSERTION_TYPE or "client_assertion" not in form:
        raise OAuthError("invalid_request", f"client_assertion goes with client_assertion_type={ASSERTION_TYPE}")
    from idpact_mock.provider.verifying import verified_claims  # noqa: PLC0415 - for the few clients that need it

    token = form["client_assertion"]
    client = provider.clients.get(form.get("client_id") or _claimed_subject(token))
    if client is None or client.jwks is None:
        raise _unknown(provider, "no client with public keys has this client_id")
    try:
        claims = verified_claims(token, client.jwks)
    except ValueError as error:
        raise _unknown(provider, f"client_assertion: {error}") from error
    _check_assertion(provider, client, claims)
    return client


def _claimed_subject(token: str) -> str | None:
    """Whom an assertion speaks of, as long as nothing is verified."""
    try:
        payload = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        sub = claims["sub"]
    except (ValueError, IndexError, KeyError, TypeError, RecursionError):
        return None
    return sub if isinstance(sub, str) else None


def _check_assertion(provider: Provider, client: Client, claims: Mapping[str, object]) -> None:
    """RFC 7523, section 3."""
    now = provider.clock.now()
    if claims.get("iss") != client.client_id or claims.get("sub") != client.client_id:
        raise _unknown(provider, "client_assertion: iss and sub must both be the client_id")
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    if not any(one in provider.own_audiences for one in audiences if isinstance(one, str)):
        raise _unknown(provider, "client_assertion: aud must be the issuer or the token endpoint")
    expires, begins = claims.get("exp"), claims.get("nbf", 0)
    if not is_number(expires) or not now < expires <= now + _LONGEST:
        raise _unknown(provider, f"client_assertion: exp must be in the future, by {_LONGEST} seconds at most")
    if not is_number(begins) or begins > now:
        raise _unknown(provider, "client_assertion: nbf must have passed")
    jti = claims.get("jti")
    if not isinstance(jti, str) or not jti:
        raise _unknown(provider, "client_assertion: jti is missing")
    key = f"{client.client_id} {jti}"
    if not provider.state.assertions.add(key, True, expires=expires, now=now):  # noqa: FBT003 - the value says nothing
        raise _unknown(provider, "client_assertion: it was used before (jti)")

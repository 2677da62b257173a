"""Makes ID tokens, access tokens and refresh tokens. Whether somebody may have one is decided elsewhere.

Callers hold the provider's lock.
"""

import secrets
from collections.abc import Mapping
from hashlib import sha256, sha512
from typing import Any, Final

from idpact_mock.provider.clients import REFRESH, Client
from idpact_mock.provider.core import Order, Provider
from idpact_mock.provider.flaws import flawed_claims, flawed_jwt
from idpact_mock.provider.signing import b64
from idpact_mock.provider.state import Access, Grant, Refresh, digest, fresh
from idpact_mock.provider.words import TokenKind

__all__ = ["ACCESS_TYP", "access_token", "id_token", "issue", "minted"]

ACCESS_TYP: Final = "at+jwt"
"""RFC 9068, section 2.1."""

_HALF: Final = 2
_PLAIN: Final = Order()


def issue(
    provider: Provider,
    client: Client,
    grant: Grant,
    scope: tuple[str, ...],
    *,
    audience: str | None = None,
    nonce: str | None = None,
    with_refresh: bool = True,
    claims: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The members of a successful token answer (RFC 6749, section 5.1; OpenID Connect Core 1.0, section 3.1.3.3).

    Args:
        provider: The provider.
        client: Whom they are for.
        grant: What they rest on.
        scope: What they cover, which may be less than the grant.
        audience: The audience of the access token; the client's own by default.
        nonce: The nonce of the ID token.
        with_refresh: Issue a refresh token, where the client may use one.
        claims: Further claims of the access token.
    """
    wants_id = "openid" in scope and grant.auth_time is not None
    kinds: tuple[TokenKind, ...] = ("access_token", "id_token") if wants_id else ("access_token",)
    order = provider.next_order(*kinds)
    chosen = None if order is None else order.kind or kinds[-1]
    access = access_token(
        provider,
        client,
        grant,
        scope,
        audience=audience,
        order=order if order is not None and chosen == "access_token" else _PLAIN,
        claims=claims,
    )
    answer: dict[str, Any] = {
        "access_token": access,
        "token_type": "Bearer",
        "expires_in": int(provider.settings.access_token_seconds),
    }
    if scope:
        answer["scope"] = " ".join(scope)
    if with_refresh and grant.auth_time is not None and REFRESH in client.grant_types:
        answer["refresh_token"] = _refresh_token(provider, grant)
    if wants_id:
        answer["id_token"] = id_token(
            provider,
            client,
            grant,
            scope,
            nonce=nonce,
            access=access,
            order=order if order is not None and chosen == "id_token" else _PLAIN,
        )
    return answer


def access_token(
    provider: Provider,
    client: Client,
    grant: Grant,
    scope: tuple[str, ...],
    *,
    audience: str | None = None,
    order: Order = _PLAIN,
    claims: Mapping[str, Any] | None = None,
) -> str:
    """An access token, a JWT (RFC 9068, section 2). One with a flaw is no token of ours: no endpoint accepts it."""
    now = provider.clock.now()
    seconds = provider.settings.access_token_seconds
    members: dict[str, Any] = {
        "iss": provider.site.identifier,
        "sub": grant.sub,
        "aud": audience or client.audience or client.client_id,
        "exp": int(now + seconds),
        "iat": int(now),
        "jti": secrets.token_urlsafe(12),
        "client_id": client.client_id,
    }
    if scope:
        members["scope"] = " ".join(scope)
    if grant.auth_time is not None:
        members["auth_time"] = int(grant.auth_time)
    # What a client is said to be can't change who issued the token to whom.
    whole = {**client.claims, **(claims or {}), **members} if client.claims or claims else members
    token, whole = _signed(provider, client, whole, order, typ=ACCESS_TYP)
    if order.flaw is None:
        access = Access(grant=grant, claims=whole, scope=scope)
        provider.state.access.put(digest(token), access, expires=now + seconds, now=now)
    return token


def id_token(
    provider: Provider,
    client: Client,
    grant: Grant,
    scope: tuple[str, ...],
    *,
    nonce: str | None = None,
    access: str | None = None,
    order: Order = _PLAIN,
) -> str:
    """An ID token (OpenID Connect Core 1.0, section 2), with the claims that the scopes let out."""
    now = provider.clock.now()
    members: dict[str, Any] = {
        "iss": provider.site.identifier,
        "sub": grant.sub,
        "aud": client.client_id,
        "exp": int(now + provider.settings.id_token_seconds),
        "iat": int(now),
        "auth_time": int(now if grant.auth_time is None else grant.auth_time),
    }
    if nonce is not None:
        members["nonce"] = nonce
    if grant.sid is not None:
        members["sid"] = grant.sid
    if access is not None:
        members["at_hash"] = _half_hash(access, client.alg or provider.settings.alg)
    # What a user is said to be can't change who issued the token to whom.
    said = {**provider.users.get(grant.sub).claims_for(scope), **client.claims}
    return _signed(provider, client, {**said, **members}, order, typ="JWT")[0]


def minted(
    provider: Provider,
    kind: TokenKind,
    *,
    client: Client,
    sub: str,
    scope: tuple[str, ...],
    nonce: str | None,
    audience: str | None,
    order: Order,
) -> str:
    """A token made without any request."""
    grant = Grant(client_id=client.client_id, sub=sub, scope=scope, auth_time=provider.clock.now())
    if kind == "id_token":
        return id_token(provider, client, grant, scope, nonce=nonce, order=order)
    return access_token(provider, client, grant, scope, audience=audience, order=order)


def _signed(
    provider: Provider, client: Client, members: dict[str, Any], order: Order, *, typ: str
) -> tuple[str, dict[str, Any]]:
    key = provider.keys.signing_key(client.alg or provider.settings.alg)
    if order is _PLAIN:
        return key.jwt(members, typ=typ), members
    whole = flawed_claims(members, order.flaw)
    whole.update(order.claims)
    whole = {name: value for name, value in whole.items() if value is not None}
    return flawed_jwt(key, whole, order.flaw, typ=typ), whole


def _refresh_token(provider: Provider, grant: Grant) -> str:
    now = provider.clock.now()
    token = fresh()
    expires = now + provider.settings.refresh_token_seconds
    refresh = Refresh(grant=grant, issued=now, expires=expires)
    provider.state.refresh.put(digest(token), refresh, expires=expires, now=now)
    return token


def _half_hash(token: str, alg: str) -> str:
    """`at_hash`: half of the token's hash by the algorithm's own function (OpenID Connect Core 1.0, section 3.1.3.6)."""
    # Ed25519 hashes with SHA-512 (RFC 8032, section 5.1).
    hashed = (sha512 if alg == "EdDSA" else sha256)(token.encode("ascii")).digest()
    return b64(hashed[: len(hashed) // _HALF]).decode("ascii")

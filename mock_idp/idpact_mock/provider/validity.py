"""Whether a token that somebody shows is one of ours and still good. Callers hold the provider's lock."""

import json
from typing import Any

from idpact_mock.provider.clock import is_number
from idpact_mock.provider.core import Provider
from idpact_mock.provider.state import Access, Refresh, digest

__all__ = ["live_access", "live_id_token", "live_refresh"]


def live_access(provider: Provider, token: str) -> Access | None:
    """The access token, if it was issued here, hasn't expired and isn't revoked."""
    now = provider.clock.now()
    access = provider.state.access.get(digest(token), now=now)
    if access is None or access.revoked or provider.state.is_revoked(access.grant, now=now):
        return None
    expires = access.claims.get("exp")
    return access if is_number(expires) and expires > now else None


def live_refresh(provider: Provider, token: str) -> Refresh | None:
    """The refresh token, if it can still be used."""
    now, state = provider.clock.now(), provider.state
    refresh = state.refresh.get(digest(token), now=now)
    return None if refresh is None or refresh.used or state.is_revoked(refresh.grant, now=now) else refresh


def live_id_token(provider: Provider, token: str) -> dict[str, Any] | None:
    """The claims of an ID token of this issuer that is valid now."""
    from idpact_mock.provider.verifying import verified_claims  # noqa: PLC0415 - for the few requests that need it

    try:
        claims = verified_claims(token, json.loads(provider.keys.jwks()))
    except ValueError:
        return None
    expires = claims.get("exp")
    good = (
        claims.get("iss") == provider.issuer
        and isinstance(claims.get("sub"), str)
        and "jti" not in claims  # or else an access token, which may be revoked
        and is_number(expires)
        and expires > provider.clock.now()
    )
    return claims if good else None

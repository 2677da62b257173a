"""Logins: a session in a browser by a cookie of the issuer's own. Callers hold the provider's lock."""

import json
import secrets
from typing import Final

from idpact_mock.provider.core import Provider
from idpact_mock.provider.requests import ProviderRequest
from idpact_mock.provider.state import Session, digest, fresh

__all__ = ["COOKIE", "begin_session", "current_session", "end_session", "ended_cookie", "hinted_subject"]

COOKIE: Final = "idpact_session"


def current_session(provider: Provider, request: ProviderRequest) -> Session | None:
    """The session of the browser that asks."""
    cookie = request.cookie(COOKIE)
    return None if cookie is None else provider.state.sessions.get(digest(cookie), now=provider.clock.now())


def begin_session(provider: Provider, sub: str) -> tuple[Session, str]:
    """Log somebody in now; returns the session and the Set-Cookie that begins it."""
    now = provider.clock.now()
    session = Session(sid=secrets.token_urlsafe(12), sub=sub, auth_time=now)
    cookie = fresh()
    provider.state.sessions.put(digest(cookie), session, expires=now + provider.settings.session_seconds, now=now)
    return session, _cookie(provider, cookie)


def end_session(provider: Provider, request: ProviderRequest) -> None:
    """Log out whoever is logged in in that browser."""
    cookie = request.cookie(COOKIE)
    if cookie is not None:
        provider.state.sessions.take(digest(cookie), now=provider.clock.now())


def ended_cookie(provider: Provider) -> str:
    """The Set-Cookie that ends a session."""
    return f"{_cookie(provider, '')}; Max-Age=0"


def hinted_subject(provider: Provider, hint: str) -> tuple[str, str] | None:
    """Subject and audience of an ID token of ours, expired or not (OpenID Connect Core 1.0, section 3.1.2.1)."""
    from idpact_mock.provider.verifying import verified_claims  # noqa: PLC0415 - hints are rare

    try:
        claims = verified_claims(hint, json.loads(provider.keys.jwks()))
    except ValueError:
        return None
    sub, audience = claims.get("sub"), claims.get("aud")
    if claims.get("iss") != provider.issuer or not isinstance(sub, str) or not isinstance(audience, str):
        return None
    return sub, audience


def _cookie(provider: Provider, value: str) -> str:
    path = provider.site.path
    # A path may hold what parts the attributes of a cookie.
    where = path if path and not set(path) & set(";,") else "/"
    secure = "; Secure" if provider.site.identifier.startswith("https:") else ""
    return f"{COOKIE}={value}; Path={where}; HttpOnly; SameSite=Lax{secure}"

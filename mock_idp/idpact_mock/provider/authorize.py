"""The authorization endpoint and its login page. Sources: RFC 6749, section 4.1; OpenID Connect Core 1.0, section 3.1.2; RFC 9207.

A request that can't be answered at a redirect URI is answered by a page; any other error goes back to the client.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

from idpact_mock.answer import Answer
from idpact_mock.provider.clients import CODE, Client
from idpact_mock.provider.core import Provider
from idpact_mock.provider.errors import OAuthError
from idpact_mock.provider.pages import FORM_POST_POLICY, POLICY, form_post_page, login_page, message_page
from idpact_mock.provider.pkce import challenge_of
from idpact_mock.provider.replies import page_reply, redirect_reply, with_parameters
from idpact_mock.provider.requests import ProviderRequest, parameters
from idpact_mock.provider.scopes import requested_scope
from idpact_mock.provider.sessions import begin_session, current_session, hinted_subject
from idpact_mock.provider.state import Code, Grant, Session, digest, fresh
from idpact_mock.provider.users import checked_sub

__all__ = ["RESPONSE_MODES", "RESPONSE_TYPES", "authorize", "login"]

RESPONSE_TYPES: Final = ("code",)
RESPONSE_MODES: Final = ("query", "form_post")

_PROMPTS: Final = frozenset({"none", "login", "consent", "select_account"})
_ASKING: Final = frozenset({"login", "consent", "select_account"})
_UNSUPPORTED: Final = ("request", "request_uri", "registration")
_REUSE_SEEN: Final = 600
"""Seconds for which a code that was redeemed is still known, so that its reuse can revoke what it gave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """The way back to a client: where, how, and with which state."""

    client: Client
    redirect_uri: str
    uri_was_sent: bool
    mode: str
    state: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A valid authorization request.

    Attributes:
        back: The way back.
        scope: The scopes.
        nonce: The nonce, for the ID token.
        challenge: The PKCE challenge.
        prompt: What the client wants people to be asked.
        max_age: Seconds after which a login is too old.
        login_hint: Who the client thinks it is.
        subject: Who it must be, by an ID token hint.
        raw: All parameters.
    """

    back: Return
    scope: tuple[str, ...]
    nonce: str | None
    challenge: str | None
    prompt: frozenset[str]
    max_age: int | None
    login_hint: str | None
    subject: str | None
    raw: Mapping[str, str] = field(repr=False)


Step = Callable[[Provider, ProviderRequest, Asked], Answer]


def authorize(provider: Provider, request: ProviderRequest) -> Answer:
    """Answer at the authorization endpoint: with a code, a login page or an error."""
    return _answered(provider, request, _begun)


def login(provider: Provider, request: ProviderRequest) -> Answer:
    """Answer the login page's forms; the query is the authorization request once more."""
    return _answered(provider, request, _logged_in)


def _answered(provider: Provider, request: ProviderRequest, answer: Step) -> Answer:
    try:
        given = _parameters(request, at_login=answer is _logged_in)
        back = _way_back(provider, given)
    except OAuthError as error:
        return page_reply(message_page("This can't be answered", error.description), policy=POLICY, status=error.status)
    try:
        asked = _asked(provider, back, given)
        provider.check_refusal("authorize")
        return answer(provider, request, asked)
    except OAuthError as error:
        failed = {"error": error.code, "error_description": error.description}
        return _sent_back(provider, back, failed, method=request.method)


def _parameters(request: ProviderRequest, *, at_login: bool) -> dict[str, str]:
    """OpenID Connect Core 1.0, section 3.1.2.1: GET with a query, or POST with a form."""
    return request.form() if request.method == "POST" and not at_login else parameters(request.query)


def _way_back(provider: Provider, given: Mapping[str, str]) -> Return:
    """RFC 6749, section 4.1.2.1: without a known client and one of its redirect URIs nobody may be sent anywhere."""
    client = provider.clients.get(given.get("client_id"))
    if client is None:
        raise OAuthError("invalid_request", f"client_id: no client is registered as {given.get('client_id', '')!r}")
    uri = given.get("redirect_uri")
    if uri is None:
        only = client.redirect_uris or ()
        if len(only) != 1 or "openid" in given.get("scope", "").split(" "):
            raise OAuthError("invalid_request", "redirect_uri: it is missing")
        uri = only[0]
    elif not client.may_redirect_to(uri):
        allowed = "any loopback or https URL" if client.redirect_uris is None else "exactly one that is registered"
        raise OAuthError("invalid_request", f"redirect_uri: {uri!r} must be {allowed} for {client.client_id!r}")
    mode = given.get("response_mode", "query")
    return Return(
        client=client,
        redirect_uri=uri,
        uri_was_sent="redirect_uri" in given,
        mode=mode if mode in RESPONSE_MODES else "query",
        state=given.get("state"),
    )


def _asked(provider: Provider, back: Return, given: Mapping[str, str]) -> Asked:
    client = back.client
    _check_response(given, client)
    prompt = frozenset(given.get("prompt", "").split())
    if not prompt <= _PROMPTS or ("none" in prompt and len(prompt) > 1):
        raise OAuthError("invalid_request", f"prompt must be none, or some of {', '.join(sorted(_ASKING))}")
    max_age = given.get("max_age")
    if max_age is not None and not (max_age.isascii() and max_age.isdigit() and len(max_age) <= 9):  # noqa: PLR2004 - 30 years
        raise OAuthError("invalid_request", "max_age must be a whole number of seconds")
    hint = given.get("id_token_hint")
    hinted = None if hint is None else hinted_subject(provider, hint)
    if hint is not None and hinted is None:
        raise OAuthError("invalid_request", "id_token_hint must be an ID token of this issuer")
    return Asked(
        back=back,
        scope=requested_scope(given.get("scope"), client),
        nonce=given.get("nonce"),
        challenge=challenge_of(given, required=client.require_pkce or provider.settings.require_pkce),
        prompt=prompt,
        max_age=None if max_age is None else int(max_age),
        login_hint=given.get("login_hint"),
        subject=None if hinted is None else hinted[0],
        raw=given,
    )


def _check_response(given: Mapping[str, str], client: Client) -> None:
    wanted = given.get("response_type")
    if wanted is None:
        raise OAuthError("invalid_request", "response_type is missing")
    if wanted not in RESPONSE_TYPES:
        raise OAuthError("unsupported_response_type", "response_type must be code")
    if given.get("response_mode", "query") not in RESPONSE_MODES:
        raise OAuthError("invalid_request", f"response_mode must be one of {', '.join(RESPONSE_MODES)}")
    for name in _UNSUPPORTED:
        if name in given:  # OpenID Connect Core 1.0, section 3.1.2.6
            raise OAuthError(f"{name}_not_supported", f"{name} isn't supported")
    if CODE not in client.grant_types:
        raise OAuthError("unauthorized_client", f"this client may not use {CODE}")


def _begun(provider: Provider, request: ProviderRequest, asked: Asked) -> Answer:
    session = _usable_session(provider, request, asked)
    if session is not None:
        return _agreed(provider, request, asked, session)
    user = _automatic_user(provider, asked)
    if user is not None:
        return _agreed(provider, request, asked, *begin_session(provider, user))
    if "none" in asked.prompt:
        raise OAuthError("login_required", "nobody is logged in whom the request asks for")
    return _login_page(provider, asked)


def _usable_session(provider: Provider, request: ProviderRequest, asked: Asked) -> Session | None:
    session = current_session(provider, request)
    if session is None or asked.prompt & _ASKING:
        return None
    if asked.max_age is not None and provider.clock.now() - session.auth_time > asked.max_age:
        return None
    if asked.subject is not None and asked.subject != session.sub:
        return None
    return session


def _automatic_user(provider: Provider, asked: Asked) -> str | None:
    """Who is logged in without being asked: whom the request names, or else the first user."""
    if not provider.settings.auto_approve:
        return None
    if asked.subject is not None:
        return asked.subject
    hinted = None if asked.login_hint is None else provider.users.hinted(asked.login_hint)
    user = hinted or provider.users.first()
    return None if user is None else user.sub


def _logged_in(provider: Provider, request: ProviderRequest, asked: Asked) -> Answer:
    form = request.form()
    if "deny" in form:
        raise OAuthError("access_denied", "the user denied access")
    try:
        sub = checked_sub(form.get("sub", ""))
    except ValueError:
        return _login_page(provider, asked, wrong="Subject identifier: give 1 to 255 printable ASCII characters.")
    if asked.subject is not None and asked.subject != sub:
        raise OAuthError("login_required", "somebody else logged in than the ID token hint names")
    return _agreed(provider, request, asked, *begin_session(provider, sub))


def _login_page(provider: Provider, asked: Asked, *, wrong: str = "") -> Answer:
    page = login_page(
        provider.users,
        action=f"login?{urlencode(asked.raw, errors='replace')}",
        client_id=asked.back.client.client_id,
        scope=asked.scope,
        hint=asked.login_hint or asked.subject or "",
        wrong=wrong,
    )
    return page_reply(page, policy=POLICY, status=400 if wrong else 200)


def _agreed(
    provider: Provider, request: ProviderRequest, asked: Asked, session: Session, cookie: str | None = None
) -> Answer:
    """A code is given to the client."""
    now = provider.clock.now()
    back = asked.back
    grant = Grant(
        id=fresh(),
        client_id=back.client.client_id,
        sub=session.sub,
        scope=asked.scope,
        auth_time=session.auth_time,
        sid=session.sid,
        nonce=asked.nonce,
    )
    code = fresh()
    expires = now + provider.settings.code_seconds
    kept = Code(
        grant=grant,
        redirect_uri=back.redirect_uri,
        uri_was_sent=back.uri_was_sent,
        challenge=asked.challenge,
        expires=expires,
    )
    provider.state.codes.put(digest(code), kept, expires=expires + _REUSE_SEEN, now=now)
    return _sent_back(provider, back, {"code": code}, method=request.method, cookie=cookie)


def _sent_back(
    provider: Provider, back: Return, members: Mapping[str, str], *, method: str, cookie: str | None = None
) -> Answer:
    response = dict(members)
    if back.state is not None:
        response["state"] = back.state
    response["iss"] = provider.issuer  # RFC 9207, section 2: with errors, too
    headers = {} if cookie is None else {"set-cookie": cookie}
    if back.mode == "form_post":
        return page_reply(form_post_page(back.redirect_uri, response), policy=FORM_POST_POLICY, headers=headers)
    return redirect_reply(with_parameters(back.redirect_uri, response), method=method, headers=headers)

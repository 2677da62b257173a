"""The logout endpoint (OpenID Connect RP-Initiated Logout 1.0): ends the browser's session and sends people back."""

from collections.abc import Mapping

from idpact_mock.answer import Answer
from idpact_mock.provider.core import Provider
from idpact_mock.provider.errors import OAuthError
from idpact_mock.provider.pages import POLICY, message_page
from idpact_mock.provider.replies import page_reply, redirect_reply, with_parameters
from idpact_mock.provider.requests import ProviderRequest, parameters
from idpact_mock.provider.sessions import end_session, ended_cookie, hinted_subject

__all__ = ["logout"]


def logout(provider: Provider, request: ProviderRequest) -> Answer:
    """Log out, and redirect where that was asked for and may be (sections 2 and 3)."""
    try:
        given = request.form() if request.method == "POST" else parameters(request.query)
        target = _target(provider, given)
    except OAuthError as error:
        return page_reply(message_page("This can't be answered", error.description), policy=POLICY, status=error.status)
    end_session(provider, request)
    cookie = {"set-cookie": ended_cookie(provider)}
    if target is None:
        page = message_page("Signed out", "You are signed out. You can close this page.")
        return page_reply(page, policy=POLICY, headers=cookie)
    return redirect_reply(target, method=request.method, headers=cookie)


def _target(provider: Provider, given: Mapping[str, str]) -> str | None:
    hint, client_id = given.get("id_token_hint"), given.get("client_id")
    if hint is not None:
        hinted = hinted_subject(provider, hint)
        if hinted is None:
            raise OAuthError("invalid_request", "id_token_hint must be an ID token of this issuer")
        if client_id not in {None, hinted[1]}:
            raise OAuthError("invalid_request", "client_id must be the one that the id_token_hint was issued to")
        client_id = hinted[1]
    uri = given.get("post_logout_redirect_uri")
    if uri is None:
        return None
    client = provider.clients.get(client_id)
    if client is None:
        raise OAuthError("invalid_request", "post_logout_redirect_uri needs an id_token_hint or a known client_id")
    if not client.may_log_out_to(uri):
        raise OAuthError("invalid_request", f"post_logout_redirect_uri: {uri!r} isn't registered")
    return with_parameters(uri, {"state": given["state"]} if "state" in given else {})

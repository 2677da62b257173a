"""The device flow (RFC 8628): the device's endpoint, the person's page, and what a poll finds. Callers hold the lock."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from urllib.parse import quote

from idpact_mock.answer import Answer
from idpact_mock.provider.authentication import authenticated
from idpact_mock.provider.clients import DEVICE, Client
from idpact_mock.provider.core import Provider
from idpact_mock.provider.errors import OAuthError
from idpact_mock.provider.pages import POLICY, device_page, message_page
from idpact_mock.provider.replies import json_reply, page_reply
from idpact_mock.provider.requests import ProviderRequest, parameters
from idpact_mock.provider.scopes import requested_scope
from idpact_mock.provider.sessions import begin_session
from idpact_mock.provider.state import Device, Grant, digest, fresh
from idpact_mock.provider.tokens import issue
from idpact_mock.provider.users import checked_sub

__all__ = ["device_authorization", "person", "polled"]

_ALPHABET: Final = "BCDFGHJKLMNPQRSTVWXZ"
"""Consonants, which spell no word (RFC 8628, section 6.1)."""

_SLOWER: Final = 5.0
"""Seconds by which `slow_down` lengthens the interval (section 3.5)."""


_AT_ONCE: Final = 0.01
"""What is announced where everybody may poll at will: strict clients want a positive number."""


def device_authorization(provider: Provider, request: ProviderRequest) -> Answer:
    """Section 3.2."""
    form = request.form()
    client = authenticated(provider, request, form)
    if DEVICE not in client.grant_types:
        raise OAuthError("unauthorized_client", f"this client may not use {DEVICE}")
    settings, state, now = provider.settings, provider.state, provider.clock.now()
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(8))
    user_code = f"{letters[:4]}-{letters[4:]}"
    device = Device(
        client_id=client.client_id,
        scope=requested_scope(form.get("scope"), client),
        user_code=user_code,
        pending=settings.device_pending,
        slow_down=settings.device_slow_down,
        interval=settings.device_interval,
        expires=now + settings.device_seconds,
    )
    secret = fresh()
    # Kept on beyond its time, so that a late poll learns that it expired.
    state.devices.put(digest(secret), device, expires=device.expires + settings.device_seconds, now=now)
    state.user_codes.put(letters, digest(secret), expires=device.expires, now=now)
    where = provider.url("/device")
    return json_reply(
        {
            "device_code": secret,
            "user_code": user_code,
            "verification_uri": where,
            "verification_uri_complete": f"{where}?user_code={quote(user_code)}",
            "expires_in": int(settings.device_seconds),
            "interval": _whole(settings.device_interval or _AT_ONCE),
        }
    )


def person(provider: Provider, request: ProviderRequest) -> Answer:
    """Section 3.3: the page on which a person lets the device in, or doesn't."""
    try:
        if request.method != "POST":
            return _page(provider, parameters(request.query).get("user_code", ""))
        return _decided(provider, request.form())
    except OAuthError as error:
        return page_reply(message_page("This can't be answered", error.description), policy=POLICY, status=error.status)


def polled(provider: Provider, client: Client, form: Mapping[str, str]) -> dict[str, Any]:
    """Sections 3.4 and 3.5: tokens, or why there are none yet."""
    if "device_code" not in form:
        raise OAuthError("invalid_request", "device_code is missing")
    now, key, devices = provider.clock.now(), digest(form["device_code"]), provider.state.devices
    device = _paced(provider, client, key, now)
    if device.status == "pending" and provider.settings.auto_approve:
        user = provider.users.first()
        device = device if user is None else _approved(provider, key, device, user.sub)[0]
    if device.status == "pending":
        raise OAuthError("authorization_pending", "nobody has approved the device yet")
    if devices.take(key, now=now) is None:  # another poll was faster
        raise _unknown()
    if device.status == "denied":
        raise OAuthError("access_denied", "the user denied access")
    grant = Grant(
        id=fresh(),
        client_id=client.client_id,
        sub=device.sub,
        scope=device.scope,
        auth_time=device.auth_time,
        sid=device.sid,
    )
    return issue(provider, client, grant, device.scope)


def _paced(provider: Provider, client: Client, key: str, now: float) -> Device:
    """The device after this poll, which is counted.

    Raises:
        OAuthError: There is no such device, its time is over, or this poll is not to find what it is about.
    """
    while True:
        device = provider.state.devices.get(key, now=now)
        if device is None or device.client_id != client.client_id:
            raise _unknown()
        if device.expires <= now:
            raise OAuthError("expired_token", "the device_code has expired")
        after, error = _poll(device, now)
        if provider.state.devices.swap(key, device, after, now=now):
            if error is not None:
                raise error
            return after


def _unknown() -> OAuthError:
    return OAuthError("invalid_grant", "the device_code is unknown, was used, or is another client's")


def _poll(device: Device, now: float) -> tuple[Device, OAuthError | None]:
    """What a poll makes of a device, and why it finds nothing."""
    last, polled = device.polled, replace(device, polled=now)
    if device.pending:
        waiting = OAuthError("authorization_pending", "nobody has approved the device yet")
        return replace(polled, pending=device.pending - 1), waiting
    if device.slow_down:
        interval = device.interval + (_SLOWER if device.interval else 0)
        slower = replace(polled, slow_down=device.slow_down - 1, interval=interval)
        return slower, OAuthError("slow_down", "slow down, as was asked for")
    if device.interval and last is not None and now - last < device.interval:
        slower = replace(polled, interval=device.interval + _SLOWER)
        told = f"polls must be {device.interval:g} seconds apart, and more from now on"
        return slower, OAuthError("slow_down", told)
    return polled, None


def _whole(seconds: float) -> int | float:
    return int(seconds) if seconds == int(seconds) else seconds


def _page(provider: Provider, user_code: str, *, wrong: str = "") -> Answer:
    page = device_page(provider.users, action="device", user_code=user_code, wrong=wrong)
    return page_reply(page, policy=POLICY, status=400 if wrong else 200)


def _decided(provider: Provider, form: Mapping[str, str]) -> Answer:
    typed = form.get("user_code", "")
    letters = "".join(letter for letter in typed.upper() if letter in _ALPHABET)
    state, now = provider.state, provider.clock.now()
    key = state.user_codes.get(letters, now=now)
    device = None if key is None else state.devices.get(key, now=now)
    if key is None or device is None or device.status != "pending":
        return _page(provider, typed, wrong="No device waits with this code. Codes expire, and work once.")
    if "deny" in form:
        _settled(provider, key, device, status="denied")
        return page_reply(message_page("Denied", "The device was not connected."), policy=POLICY)
    try:
        sub = checked_sub(form.get("sub", ""))
    except ValueError:
        return _page(provider, typed, wrong="Choose who connects the device.")
    device, cookie = _approved(provider, key, device, sub)
    page = message_page("Connected", "The device is connected. You can close this page.")
    return page_reply(page, policy=POLICY, headers={"set-cookie": cookie})


def _approved(provider: Provider, key: str, device: Device, sub: str) -> tuple[Device, str]:
    session, cookie = begin_session(provider, sub)
    settled = _settled(provider, key, device, status="approved", sub=sub, sid=session.sid, auth_time=session.auth_time)
    return settled, cookie


def _settled(provider: Provider, key: str, device: Device, **changes: Any) -> Device:  # noqa: ANN401 - fields of `Device`
    """The device once somebody has decided, who may have been another and faster."""
    devices, now = provider.state.devices, provider.clock.now()
    found: Device | None = device
    while found is not None and found.status == "pending":
        settled = replace(found, **changes)
        if devices.swap(key, found, settled, now=now):
            return settled
        found = devices.get(key, now=now)
    return device if found is None else found

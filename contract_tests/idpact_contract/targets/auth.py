"""How requests prove who sends them: each scheme as data. Pure; where a token has to be asked for, `http` asks.

A scheme's texts are templates with the profile's `{variables}`.
"""

import base64
import json
import re
from collections.abc import Mapping
from typing import Any, Final, TypeAlias
from urllib.parse import quote, urlencode

import msgspec

from idpact_contract.evidence import Exchange
from idpact_contract.pointer import resolve

__all__ = [
    "Asking",
    "Auth",
    "Basic",
    "Bearer",
    "ClientCredentials",
    "Cookie",
    "Header",
    "Login",
    "TokenRequest",
    "fill",
    "filled",
]

_PLACEHOLDER: Final = re.compile(r"\{([a-z_]+)\}")


def fill(template: str, variables: Mapping[str, str], *, encode: bool = False) -> str:
    """A template with its `{variables}` filled in, percent-encoded where that is asked for.

    Raises:
        KeyError: A variable is not given.
    """

    def value(match: re.Match[str]) -> str:
        text = variables[match.group(1)]
        return quote(text, safe="") if encode else text

    return _PLACEHOLDER.sub(value, template)


def filled(value: Any, variables: Mapping[str, str]) -> Any:  # noqa: ANN401 - JSON is any value
    """JSON with the `{variables}` in all of its texts filled in."""
    if isinstance(value, str):
        return fill(value, variables)
    if isinstance(value, Mapping):
        return {name: filled(member, variables) for name, member in value.items()}
    if isinstance(value, list):
        return [filled(member, variables) for member in value]
    return value


class TokenRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A request that is to yield a token; `target` is a path below the base URL, or an absolute URL."""

    method: str
    target: str
    headers: dict[str, str]
    content: str


class Basic(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="scheme", tag="basic"):
    """HTTP Basic (RFC 7617)."""

    username: str
    password: str

    def texts(self) -> list[str]:
        """Its templates."""
        return [self.username, self.password]

    def headers(self, variables: Mapping[str, str]) -> dict[str, str]:
        """The request headers that carry the credentials."""
        pair = f"{fill(self.username, variables)}:{fill(self.password, variables)}"
        return {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}


class Bearer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="scheme", tag="bearer"):
    """A bearer token (RFC 6750, section 2.1)."""

    token: str

    def texts(self) -> list[str]:
        """Its templates."""
        return [self.token]

    def headers(self, variables: Mapping[str, str]) -> dict[str, str]:
        """The request headers that carry the credentials."""
        return {"Authorization": f"Bearer {fill(self.token, variables)}"}


class Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="scheme", tag="header"):
    """A header of the implementation's own, such as an API key's."""

    name: str
    value: str

    def texts(self) -> list[str]:
        """Its templates."""
        return [self.value]

    def headers(self, variables: Mapping[str, str]) -> dict[str, str]:
        """The request headers that carry the credentials."""
        return {self.name: fill(self.value, variables)}


class Cookie(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="scheme", tag="cookie"):
    """A cookie, such as a session's."""

    name: str
    value: str

    def texts(self) -> list[str]:
        """Its templates."""
        return [self.value]

    def headers(self, variables: Mapping[str, str]) -> dict[str, str]:
        """The request headers that carry the credentials."""
        return {"Cookie": f"{self.name}={fill(self.value, variables)}"}


class ClientCredentials(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="scheme", tag="client-credentials"
):
    """An OAuth 2.0 client credentials grant (RFC 6749, section 4.4) whose access token is the bearer token."""

    token_url: str
    client_id: str
    client_secret: str
    scope: str = ""

    def texts(self) -> list[str]:
        """Its templates."""
        return [self.token_url, self.client_id, self.client_secret, self.scope]

    def request(self, variables: Mapping[str, str]) -> TokenRequest:
        """The token request, with the client's credentials in Basic (section 2.3.1)."""
        client = f"{quote(fill(self.client_id, variables))}:{quote(fill(self.client_secret, variables))}"
        form = {"grant_type": "client_credentials", **({"scope": fill(self.scope, variables)} if self.scope else {})}
        return TokenRequest(
            method="POST",
            target=fill(self.token_url, variables),
            headers={
                "Authorization": "Basic " + base64.b64encode(client.encode()).decode(),
                "Content-Type": "application/x-www-form-urlencoded",
            },
            content=urlencode(form),
        )

    def token(self, exchange: Exchange) -> str | None:
        """The token in the answer; None where there is none."""
        return _text(resolve(exchange.json, "/access_token"))

    def headers_with(self, token: str) -> dict[str, str]:
        """The request headers that carry the token."""
        return {"Authorization": f"Bearer {token}"}


class Login(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="scheme", tag="login"):
    """A login request that yields a token.

    Attributes:
        path: The path below the base URL, or an absolute URL.
        body: The JSON body.
        token_at: Where the token is in the answer: a JSON Pointer, or `cookie:NAME` for a cookie that it sets.
        send: How it is sent: `bearer`, `header:NAME` or `cookie:NAME`.
        method: The request method.
    """

    path: str
    body: dict[str, Any]
    token_at: str
    send: str = "bearer"
    method: str = "POST"

    def __post_init__(self) -> None:
        if self.send != "bearer" and not self.send.startswith(("header:", "cookie:")):
            raise ValueError(f"send: {self.send!r} has to be bearer, header:NAME or cookie:NAME")

    def texts(self) -> list[str]:
        """Its templates."""
        return [self.path, json.dumps(list(_texts(self.body)))]

    def request(self, variables: Mapping[str, str]) -> TokenRequest:
        """The login request."""
        return TokenRequest(
            method=self.method,
            target=fill(self.path, variables),
            headers={"Content-Type": "application/json"},
            content=json.dumps(filled(self.body, variables)),
        )

    def token(self, exchange: Exchange) -> str | None:
        """The token in the answer; None where there is none."""
        if not self.token_at.startswith("cookie:"):
            return _text(resolve(exchange.json, self.token_at))
        name = self.token_at.removeprefix("cookie:")
        cookies = [value for header, value in exchange.answer_headers if header.lower() == "set-cookie"]
        pairs = (cookie.partition(";")[0].partition("=") for cookie in cookies)
        return next((value for key, _, value in pairs if key.strip() == name), None)

    def headers_with(self, token: str) -> dict[str, str]:
        """The request headers that carry the token."""
        if self.send == "bearer":
            return {"Authorization": f"Bearer {token}"}
        kind, _, name = self.send.partition(":")
        return {name: token} if kind == "header" else {"Cookie": f"{name}={token}"}


Asking: TypeAlias = ClientCredentials | Login
"""Schemes whose token has to be asked for."""

Auth: TypeAlias = Basic | Bearer | Header | Cookie | ClientCredentials | Login


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    members = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return [text for member in members for text in _texts(member)]

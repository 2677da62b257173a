"""A relying party that does each step by hand, so that a test says exactly what is sent."""
# ruff: noqa: ANN401 - form members and options share one bag, which the methods hand on to one another

import base64
import json
import warnings
from collections.abc import Mapping
from hashlib import sha256
from types import EllipsisType
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from joserfc import jws
from joserfc.jwk import KeySet

from idpact_mock import Issuer
from idpact_mock.provider.clients import Client

__all__ = ["CALLBACK", "VERIFIER", "Party", "challenge", "header_of", "parameters_of", "payload_of"]

Auth = tuple[str, str] | None | EllipsisType
"""Basic credentials, none, or (...) the client's own."""

CALLBACK = "http://127.0.0.1:9/callback"
VERIFIER = "v" * 43


def challenge(verifier: str = VERIFIER) -> str:
    """The S256 challenge of a verifier."""
    return base64.urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def parameters_of(answer: httpx.Response) -> dict[str, str]:
    """What a redirect carries."""
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}


def _part(token: str, index: int) -> dict[str, Any]:
    text = token.split(".")[index]
    parsed: dict[str, Any] = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return parsed


def header_of(token: str) -> dict[str, Any]:
    """A JWT's header, unverified."""
    return _part(token, 0)


def payload_of(token: str) -> dict[str, Any]:
    """A JWT's claims, unverified."""
    return _part(token, 1)


class Party:
    """A client of one issuer, the default one unless told otherwise."""

    def __init__(self, issuer: Issuer, http: httpx.Client, client: Client | None = None) -> None:
        self.issuer = issuer
        self.http = http
        self.client = issuer.default_client if client is None else client
        self.document: dict[str, Any] = issuer.document

    def as_client(self, client: Client) -> "Party":
        """The same as another client."""
        return Party(self.issuer, self.http, client)

    @property
    def auth(self) -> tuple[str, str] | None:
        """What httpx sends as Basic credentials."""
        secret = self.client.client_secret
        return None if secret is None else (self.client.client_id, secret)

    def authorize(self, *, method: str = "GET", drop: tuple[str, ...] = (), **changes: Any) -> httpx.Response:
        """An authorization request."""
        given = {
            "client_id": self.client.client_id,
            "redirect_uri": CALLBACK,
            "response_type": "code",
            "scope": "openid profile",
            "state": "st ate",
            "nonce": "n0",
            **changes,
        }
        sent = {name: value for name, value in given.items() if name not in drop}
        where = self.document["authorization_endpoint"]
        if method == "POST":
            return self.http.post(where, data=sent)
        return self.http.get(where, params=sent)

    def code(self, **changes: Any) -> str:
        """A code."""
        answer = self.authorize(**changes)
        assert answer.is_redirect, answer.text
        return parameters_of(answer)["code"]

    def token(self, *, auth: Auth = ..., headers: Mapping[str, str] | None = None, **form: Any) -> httpx.Response:
        """A token request."""
        used = self.auth if isinstance(auth, EllipsisType) else auth
        sent = dict(form)
        if auth is ... and used is None:
            sent.setdefault("client_id", self.client.client_id)
        return self.http.post(
            self.document["token_endpoint"], data=sent, auth=used or httpx.USE_CLIENT_DEFAULT, headers=headers
        )

    def redeem(self, code: str, **changes: Any) -> httpx.Response:
        """The token request of a code."""
        return self.token(**{"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, **changes})

    def login(self, **changes: Any) -> dict[str, Any]:
        """The tokens of a whole login."""
        answer = self.redeem(self.code(**changes))
        assert answer.status_code == 200, answer.text
        tokens: dict[str, Any] = answer.json()
        return tokens

    def refresh(self, token: str, **changes: Any) -> httpx.Response:
        """The token request of a refresh token."""
        return self.token(grant_type="refresh_token", refresh_token=token, **changes)

    def credentials(
        self, *, auth: Auth = ..., headers: Mapping[str, str] | None = None, **changes: Any
    ) -> httpx.Response:
        """A client credentials request."""
        return self.token(auth=auth, headers=headers, grant_type="client_credentials", **changes)

    def userinfo(self, token: str) -> httpx.Response:
        """A userinfo request."""
        return self.http.get(self.document["userinfo_endpoint"], headers={"Authorization": f"Bearer {token}"})

    def introspect(self, token: str, *, auth: Auth = ...) -> httpx.Response:
        """An introspection request."""
        where = self.document["introspection_endpoint"]
        used = self.auth if isinstance(auth, EllipsisType) else auth
        return self.http.post(where, data={"token": token}, auth=used or httpx.USE_CLIENT_DEFAULT)

    def revoke(self, token: str) -> httpx.Response:
        """A revocation request."""
        form = {"token": token} if self.auth else {"token": token, "client_id": self.client.client_id}
        return self.http.post(
            self.document["revocation_endpoint"], data=form, auth=self.auth or httpx.USE_CLIENT_DEFAULT
        )

    def is_active(self, token: str) -> bool:
        """Introspection says that the token is good."""
        active: bool = self.introspect(token).json()["active"]
        return active

    def verified(self, token: str) -> dict[str, Any]:
        """The claims of a JWT that the published keys verify."""
        keys = KeySet.import_key_set(self.http.get(self.document["jwks_uri"]).json())
        algs = ["RS256", "PS256", "ES256", "EdDSA"]
        with warnings.catch_warnings():
            # What providers and clients call EdDSA, joserfc warns of since RFC 9864 gave it another name.
            warnings.filterwarnings("ignore", message="EdDSA is deprecated via RFC 9864")
            claims: dict[str, Any] = json.loads(jws.deserialize_compact(token, keys, algorithms=algs).payload)
        return claims

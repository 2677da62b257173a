"""The npm package openid-client, which is as strict as relying parties get, completes every flow."""

import json
from typing import Any

import pytest
from joserfc.jwk import ECKey

from idpact_mock import Issuer
from tests.mock_idp.clients.conftest import Node

EVERYTHING = {
    "sub": "alice",
    "email": "alice@example.com",
    "rotated": True,
    "active": [True, False],
    "loggedOut": "http://127.0.0.1:9/callback?state=bye",
}


@pytest.mark.parametrize(
    ("alg", "scenario"),
    [("RS256", "code"), ("PS256", "code-post"), ("ES256", "code"), ("EdDSA", "code")],
)
def test_login_to_logout(issuer: Issuer, node: Node, alg: str, scenario: str) -> None:
    """Code with PKCE, signature verified by the JWKS, userinfo, refresh, introspection, revocation, logout."""
    issuer.configure(alg=alg)

    assert node(issuer, scenario) == EVERYTHING
    methods = {one.method for one in issuer.journal.client_authentications()}
    assert methods == {"client_secret_post" if scenario.endswith("-post") else "client_secret_basic"}


def test_private_key_jwt(issuer: Issuer, node: Node) -> None:
    """It proves itself by assertions, a new one for each request."""
    key = ECKey.generate_key("P-256", {"alg": "ES256", "kid": "k1"})
    jwks: Any = {"keys": [key.as_dict(private=False)]}
    client = issuer.add_client(auth_method="private_key_jwt", jwks=jwks)

    assert node(issuer, "code-jwt", client, json.dumps(key.as_dict(private=True))) == EVERYTHING
    assert {one.method for one in issuer.journal.client_authentications()} == {"private_key_jwt"}


def test_public_client(issuer: Issuer, node: Node) -> None:
    """PKCE is its only proof."""
    client = issuer.add_client("spa", auth_method="none")

    assert node(issuer, "login-none", client) == {"sub": "alice"}
    assert {one.method for one in issuer.journal.client_authentications()} == {"none"}


def test_client_credentials(issuer: Issuer, node: Node) -> None:
    """A token for the client itself."""
    assert node(issuer, "credentials") == {"scope": "api", "type": "bearer"}


def test_device(issuer: Issuer, node: Node) -> None:
    """It polls until it is let in: here two polls find it pending."""
    issuer.configure(device_pending=2, device_interval=0)

    assert node(issuer, "device") == {"sub": "alice"}
    assert [entry.status for entry in issuer.journal.entries if entry.kind == "token"] == [400, 400, 200]


@pytest.mark.parametrize(
    ("flaw", "complaint"),
    [
        ("expired", '"exp"'),
        ("not-yet-valid", '"nbf"'),
        ("wrong-issuer", '"iss"'),
        ("wrong-audience", '"aud"'),
        ("wrong-nonce", '"nonce"'),
        ("tampered-signature", "signature verification failed"),
        ("unknown-kid", "no applicable keys"),
        ("alg-none", '"alg"'),
    ],
)
def test_notices_every_flaw(issuer: Issuer, node: Node, flaw: str, complaint: str) -> None:
    """What is wrong on purpose is wrong enough for a real client to refuse the login."""
    issuer.next_token(flaw=flaw)

    assert complaint in (node(issuer, "flawed")["refused"] or "nothing was noticed")

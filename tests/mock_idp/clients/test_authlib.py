"""Authlib, in its requests and its httpx flavour, completes the flows and verifies what it gets."""

import asyncio
import warnings
from typing import Any

import httpx
import pytest
import requests
from authlib.integrations.requests_client import OAuth2Session  # type: ignore[import-untyped]  # has no types
from joserfc import jwt
from joserfc.jwk import KeySet

from idpact_mock import Issuer

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # Authlib would rather have httpx2
    from authlib.integrations.httpx_client import AsyncOAuth2Client  # type: ignore[import-untyped]  # has no types

CALLBACK = "http://127.0.0.1:9/callback"
VERIFIER = "0123456789" * 5


def verified(issuer: Issuer, id_token: str, nonce: str) -> dict[str, Any]:
    """The claims of an ID token, verified as Authlib's documentation does it: by joserfc, with the issuer's keys."""
    keys = KeySet.import_key_set(requests.get(str(issuer.document["jwks_uri"]), timeout=10).json())
    token = jwt.decode(id_token, keys, algorithms=["RS256"])
    registry = jwt.JWTClaimsRegistry(
        iss={"essential": True, "value": issuer.url},
        aud={"essential": True, "value": issuer.default_client.client_id},
        nonce={"essential": True, "value": nonce},
        exp={"essential": True},
    )
    registry.validate(token.claims)
    claims: dict[str, Any] = token.claims
    return claims


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_requests_flavour(issuer: Issuer, method: str) -> None:
    """Code with PKCE, ID token, userinfo, refresh, introspection, revocation."""
    document: dict[str, Any] = requests.get(issuer.discovery_url, timeout=10).json()
    client = issuer.default_client
    with OAuth2Session(
        client.client_id,
        client.client_secret,
        scope="openid email",
        redirect_uri=CALLBACK,
        code_challenge_method="S256",
        token_endpoint_auth_method=method,
        revocation_endpoint_auth_method=method,
    ) as session:
        url, state = session.create_authorization_url(
            document["authorization_endpoint"], code_verifier=VERIFIER, nonce="n1"
        )
        back = requests.get(url, allow_redirects=False, timeout=10).headers["location"]
        token = session.fetch_token(
            document["token_endpoint"], authorization_response=back, state=state, code_verifier=VERIFIER
        )
        assert verified(issuer, token["id_token"], "n1")["sub"] == "alice"
        assert session.get(document["userinfo_endpoint"]).json()["email"] == "alice@example.com"

        refreshed = session.refresh_token(document["token_endpoint"])
        assert refreshed["refresh_token"] != token["refresh_token"]
        asked = {"token": refreshed["access_token"]}
        assert session.introspect_token(document["introspection_endpoint"], **asked).json()["active"] is True
        assert session.revoke_token(document["revocation_endpoint"], **asked).status_code == 200
        assert session.introspect_token(document["introspection_endpoint"], **asked).json() == {"active": False}


def test_httpx_flavour(issuer: Issuer) -> None:
    """The same, in an event loop."""

    async def log_in() -> None:
        client = issuer.default_client
        async with AsyncOAuth2Client(
            client.client_id,
            client.client_secret,
            scope="openid email",
            redirect_uri=CALLBACK,
            code_challenge_method="S256",
        ) as session:
            document: dict[str, Any] = (await session.request("GET", issuer.discovery_url, withhold_token=True)).json()
            url, state = session.create_authorization_url(
                document["authorization_endpoint"], code_verifier=VERIFIER, nonce="n2"
            )
            back = (await session.request("GET", url, withhold_token=True, follow_redirects=False)).headers["location"]
            token = await session.fetch_token(
                document["token_endpoint"], authorization_response=back, state=state, code_verifier=VERIFIER
            )
            assert verified(issuer, token["id_token"], "n2")["email"] == "alice@example.com"
            assert (await session.get(document["userinfo_endpoint"])).json()["sub"] == "alice"

            refreshed = await session.refresh_token(document["token_endpoint"])
            asked = {"token": refreshed["refresh_token"]}
            said = await session.introspect_token(document["introspection_endpoint"], **asked)
            assert said.json()["active"] is True
            await session.revoke_token(document["revocation_endpoint"], **asked)
            said = await session.introspect_token(document["introspection_endpoint"], **asked)
            assert said.json() == {"active": False}

    asyncio.run(log_in())


def test_client_credentials(issuer: Issuer) -> None:
    """A token for the client itself, which opens what the issuer knows of."""
    client = issuer.default_client
    with OAuth2Session(client.client_id, client.client_secret, scope="api") as session:
        token = session.fetch_token(str(issuer.document["token_endpoint"]), grant_type="client_credentials")

    said = httpx.post(
        str(issuer.document["introspection_endpoint"]),
        data={"token": token["access_token"]},
        auth=(client.client_id, str(client.client_secret)),
    ).json()
    assert (said["active"], said["scope"]) == (True, "api")

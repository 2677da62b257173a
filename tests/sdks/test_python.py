"""The vendor's Python SDK, sync and async, against the reference implementation over TLS."""

import asyncio
import ssl
import uuid
from collections.abc import Iterator
from typing import Any

import aiohttp
import pytest
import requests
from stytch.b2b.client import Client
from stytch.b2b.models.sso import GetConnectionsRequestOptions
from stytch.b2b.models.sso_oidc import UpdateConnectionRequestOptions
from stytch.core.response_base import StytchError
from stytch.shared.method_options import Authorization

from idpact_mock import MockIdP

pytestmark = pytest.mark.filterwarnings(
    "ignore:.*(BasicAuth|encode_basic_auth):DeprecationWarning"  # the SDK's own use of aiohttp
)

FIELDS: dict[str, Any] = {
    "display_name": "Acme",
    "client_id": "acme-client",
    "client_secret": "made-up",
    "authorization_url": "https://typed.example/authorize",
    "token_url": "https://typed.example/token",
    "userinfo_url": "https://typed.example/userinfo",
    "jwks_url": "https://typed.example/jwks",
    "identity_provider": "okta",
    "custom_scopes": "openid email",
    "attribute_mapping": {"email": "mail"},
}


@pytest.fixture
def client(over_tls: dict[str, Any]) -> Iterator[Client]:
    """A client that trusts the reference's own authority."""
    with requests.Session() as session:
        session.trust_env = False
        session.verify = over_tls["ca_file"]
        yield Client(
            over_tls["project_id"],
            over_tls["secret"],
            custom_base_url=over_tls["base_url"] + "/",
            sync_session=session,
            suppress_warnings=True,
        )


@pytest.fixture
def org(over_tls: dict[str, Any]) -> str:
    """The first organization."""
    organization_id: str = over_tls["orgs"][0]["organization_id"]
    return organization_id


def test_a_connection_is_created_updated_listed_and_deleted(client: Client, org: str, shared_idp: MockIdP) -> None:
    """Every field that the SDK knows comes back as it was given, and the connection turns active."""
    issuer = shared_idp.make_issuer()
    created = client.sso.oidc.create_connection(org, display_name="First").connection
    assert created is not None
    updated = client.sso.oidc.update_connection(org, created.connection_id, issuer=issuer.url, **FIELDS)

    assert updated.connection is not None
    assert updated.connection.model_dump(include={*FIELDS, "issuer", "status"}) == {
        **FIELDS,
        "issuer": issuer.url,
        "status": "active",
    }
    assert updated.connection in client.sso.get_connections(org).oidc_connections
    assert client.sso.delete_connection(org, created.connection_id).connection_id == created.connection_id
    assert updated.connection not in client.sso.get_connections(org).oidc_connections
    shared_idp.drop_issuer(issuer)


def test_a_warning_reaches_the_caller(client: Client, org: str, shared_idp: MockIdP) -> None:
    """An issuer without a document is stored, and the SDK's `warning` says that nothing was read."""
    created = client.sso.oidc.create_connection(org).connection
    assert created is not None
    nowhere = f"{shared_idp.url}/nobody-{uuid.uuid4()}"
    updated = client.sso.oidc.update_connection(org, created.connection_id, issuer=nowhere)

    assert updated.connection is not None
    assert (updated.connection.issuer, bool(updated.warning)) == (nowhere, True)


def test_an_unknown_connection_is_a_proper_error(client: Client, org: str) -> None:
    """StytchError with its details, and not the SDK's "unknown error"."""
    with pytest.raises(StytchError) as caught:
        client.sso.oidc.update_connection(org, "nobody", display_name="x")

    details = caught.value.details
    assert (details.status_code, details.error_type) == (404, "connection_not_found")
    assert details.error_message == "The organization has no connection with this connection_id."
    assert details.request_id.startswith("request-id-test-")


def test_a_members_session_may_come_along(client: Client, org: str, over_tls: dict[str, Any]) -> None:
    """The organization's own session is accepted."""
    own = Authorization(session_token=over_tls["orgs"][0]["session_token"])

    listed = client.sso.get_connections(org, method_options=GetConnectionsRequestOptions(authorization=own))

    assert listed.status_code == 200


def test_another_organizations_session_is_refused(client: Client, org: str, over_tls: dict[str, Any]) -> None:
    """401, and the connection keeps its name."""
    created = client.sso.oidc.create_connection(org, display_name="Kept").connection
    assert created is not None
    theirs = Authorization(session_token=over_tls["orgs"][1]["session_token"])
    options = UpdateConnectionRequestOptions(authorization=theirs)

    with pytest.raises(StytchError) as caught:
        client.sso.oidc.update_connection(org, created.connection_id, display_name="x", method_options=options)

    assert caught.value.details.error_type == "session_not_found"
    assert created in client.sso.get_connections(org).oidc_connections


def test_the_sdk_ends_a_session(client: Client, org: str, over_tls: dict[str, Any]) -> None:
    """After `sessions.revoke` that session accompanies no call any more."""
    opened = requests.post(
        f"{over_tls['base_url']}/_reference/sessions",
        auth=(over_tls["project_id"], over_tls["secret"]),
        json={"organization_id": org},
        verify=over_tls["ca_file"],
        timeout=50,
    ).json()
    options = GetConnectionsRequestOptions(authorization=Authorization(session_token=opened["session_token"]))
    assert client.sso.get_connections(org, method_options=options).status_code == 200

    client.sessions.revoke(session_token=opened["session_token"])

    with pytest.raises(StytchError, match="session_not_found"):
        client.sso.get_connections(org, method_options=options)


def test_the_async_client_does_the_same(over_tls: dict[str, Any], org: str, shared_idp: MockIdP) -> None:
    """Create, update, list, delete and an error through aiohttp."""
    issuer = shared_idp.make_issuer()

    async def work() -> tuple[Any, ...]:
        context = ssl.create_default_context(cafile=over_tls["ca_file"])
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=context)) as session:
            client = Client(
                over_tls["project_id"],
                over_tls["secret"],
                custom_base_url=over_tls["base_url"] + "/",
                async_session=session,
                suppress_warnings=True,
            )
            created = (await client.sso.oidc.create_connection_async(org)).connection
            assert created is not None
            connection_id = created.connection_id
            updated = await client.sso.oidc.update_connection_async(org, connection_id, issuer=issuer.url, **FIELDS)
            listed = await client.sso.get_connections_async(org)
            await client.sso.delete_connection_async(org, connection_id)
            with pytest.raises(StytchError) as caught:
                await client.sso.delete_connection_async(org, connection_id)
            return updated.connection, listed.oidc_connections, caught.value.details.error_type

    connection, listed, error_type = asyncio.run(work())
    shared_idp.drop_issuer(issuer)

    assert connection.status == "active"
    assert connection in listed
    assert error_type == "connection_not_found"

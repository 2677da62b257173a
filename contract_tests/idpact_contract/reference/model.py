"""A connection and the names of its fields. Knows no storage, no wire and no rule."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

__all__ = [
    "ACTIVE",
    "COLUMNS",
    "IDENTITY_PROVIDERS",
    "INFERRED_FROM",
    "PARAMETERS",
    "PENDING",
    "REQUIRED",
    "URL_FIELDS",
    "Connection",
]

PENDING: Final = "pending"
ACTIVE: Final = "active"

INFERRED_FROM: Final[Mapping[str, str]] = {
    "authorization_url": "authorization_endpoint",
    "token_url": "token_endpoint",
    "userinfo_url": "userinfo_endpoint",
    "jwks_url": "jwks_uri",
}
"""The four inferable fields, each with its member of the discovery document (Discovery 1.0, section 3)."""

URL_FIELDS: Final = tuple(INFERRED_FROM)

REQUIRED: Final = ("issuer", "client_id", "client_secret", *URL_FIELDS)
"""The seven fields without which a connection stays pending."""

PARAMETERS: Final = ("display_name", "identity_provider", *REQUIRED, "custom_scopes", "attribute_mapping")
"""All that an update's body can set; whatever else it names is none of its business."""

COLUMNS: Final = ("connection_id", "organization_id", "redirect_url", "status", *PARAMETERS)

IDENTITY_PROVIDERS: Final = (
    "generic",
    "okta",
    "microsoft-entra",
    "google-workspace",
    "classlink",
    "cyberark",
    "duo",
    "jumpcloud",
    "keycloak",
    "miniorange",
    "onelogin",
    "pingfederate",
    "rippling",
    "salesforce",
    "shibboleth",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """An OIDC connection as it is stored and shown. Unset strings are empty, as they are on the wire."""

    connection_id: str
    organization_id: str
    redirect_url: str
    status: str = PENDING
    display_name: str = ""
    identity_provider: str = "generic"
    issuer: str = ""
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    authorization_url: str = ""
    token_url: str = ""
    userinfo_url: str = ""
    jwks_url: str = ""
    custom_scopes: str = ""
    attribute_mapping: Mapping[str, object] = field(default_factory=dict)

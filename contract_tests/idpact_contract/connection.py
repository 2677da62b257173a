"""The fields of an OIDC connection in the contract's own terms. Knows names and nothing else: no wire, no rule."""

from typing import Final

__all__ = [
    "CREDENTIALS",
    "MEMBER_OF",
    "REQUIRED",
    "SERVER_SET",
    "STRING_FIELDS",
    "TYPED_ONLY",
    "UPDATABLE",
    "URL_FIELDS",
]

MEMBER_OF: Final[dict[str, str]] = {
    "authorization_url": "authorization_endpoint",
    "token_url": "token_endpoint",
    "userinfo_url": "userinfo_endpoint",
    "jwks_url": "jwks_uri",
}
"""Each URL field and the member of the discovery document it is inferred from (OpenID Connect Discovery 1.0, section 3)."""

URL_FIELDS: Final = tuple(MEMBER_OF)
"""The four fields that a discovery document can fill in."""

CREDENTIALS: Final = ("client_id", "client_secret")
"""What the identity provider hands out to the administrator: never inferred."""

REQUIRED: Final = ("issuer", *CREDENTIALS, *URL_FIELDS)
"""The seven fields without which a connection is not active."""

TYPED_ONLY: Final = ("display_name", "identity_provider", "issuer", *CREDENTIALS)
"""What only a request body can set."""

UPDATABLE: Final = (*TYPED_ONLY, *URL_FIELDS)
"""The documented parameters of an update."""

SERVER_SET: Final = ("connection_id", "organization_id", "redirect_url")
"""What the server alone sets; `status` is left out, since the activation rules alone speak of it."""

STRING_FIELDS: Final = (*SERVER_SET, "status", *UPDATABLE)
"""The thirteen string fields of a connection in an answer."""

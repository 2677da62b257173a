"""Cross-origin requests (WHATWG Fetch, section 3.2): applications that run in a browser are clients, too. Pure.

Whoever has no token or secret learns nothing by it, and cookies are never let across: any origin may ask.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from idpact_mock.answer import Answer
from idpact_mock.provider.replies import no_content

__all__ = ["ALLOW", "CROSS_ORIGIN", "preflight"]

ALLOW: Final[Mapping[str, str]] = MappingProxyType({"access-control-allow-origin": "*"})
"""The header that lets scripts of any origin read an answer."""

CROSS_ORIGIN: Final = frozenset({"token", "userinfo", "introspection", "revocation", "device_authorization"})
"""The endpoints that scripts call; people are sent to the others."""


def preflight(methods: tuple[str, ...]) -> Answer:
    """The answer to a browser that asks before it sends."""
    return no_content(
        200,  # not 204, which must not have a Content-Length (RFC 9110, section 8.6)
        {
            **ALLOW,
            "access-control-allow-methods": ", ".join(methods),
            "access-control-allow-headers": "Authorization, Content-Type",
            "access-control-max-age": "600",
        },
    )

"""Which scopes a request asks for, and which it gets. Pure."""

import re
from collections.abc import Collection
from typing import Final

from idpact_mock.provider.clients import Client
from idpact_mock.provider.errors import OAuthError

__all__ = ["SCOPES", "requested_scope"]

SCOPES: Final = ("openid", "profile", "email", "address", "phone", "offline_access")
"""What the metadata names; others are granted, too, since only a client knows its resource servers."""

_SCOPE: Final = re.compile(r"[!#-\[\]-~]+")


def requested_scope(text: str | None, client: Client, *, within: Collection[str] | None = None) -> tuple[str, ...]:
    """The scopes asked for, each once; all of `within` where nothing is asked.

    Args:
        text: The `scope` parameter.
        client: Who asks.
        within: What can be asked for at most, such as the scope of a refresh token's grant.

    Raises:
        OAuthError: One is malformed, or beyond what may be asked for (RFC 6749, sections 3.3 and 5.2).
    """
    if text is None:
        return tuple(within or ())
    scopes = tuple(dict.fromkeys(text.split(" ")))
    for scope in scopes:
        if not _SCOPE.fullmatch(scope):
            raise OAuthError("invalid_scope", "scope must be words parted by one space (RFC 6749, section 3.3)")
        if client.scopes is not None and scope not in client.scopes:
            raise OAuthError("invalid_scope", f"this client may not ask for {scope}")
        if within is not None and scope not in within:
            raise OAuthError("invalid_scope", f"{scope} wasn't granted before")
    return scopes

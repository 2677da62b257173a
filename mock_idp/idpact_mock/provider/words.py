"""The words of what can be asked of a provider once it runs. Plain data; loads no JOSE, so that schemas can be made of it."""

from collections.abc import Mapping
from typing import Final, Literal, TypedDict, get_args

__all__ = ["KEY_CHANGES", "KINDS", "REFUSING", "TOKEN_WORDS", "TokenKind", "TokenWish"]

TokenKind = Literal["access_token", "id_token"]

KINDS: Final[tuple[TokenKind, ...]] = get_args(TokenKind)
"""The tokens that are signed."""

REFUSING: Final = ("authorize", "token", "userinfo", "introspection", "revocation", "device_authorization")
"""The endpoints that can be told to refuse a request."""

KEY_CHANGES: Final = ("publish-next", "sign-with-next", "retire-old", "rotate", "add", "clash", "withdraw")
"""What can be done with keys: the methods of `Keys`, with hyphens."""


class TokenWish(TypedDict, total=False):
    """What a token can be like that is made without a request; see `Provider.token`."""

    sub: str | None
    kind: str
    client_id: str | None
    scope: str
    nonce: str | None
    audience: str | None
    claims: Mapping[str, object] | None
    flaw: str | None


TOKEN_WORDS: Final = tuple(TokenWish.__annotations__)
"""What can be said of a token to mint: the arguments of `Issuer.token`."""

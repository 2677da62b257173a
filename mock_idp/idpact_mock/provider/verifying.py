"""Verifies what comes from outside: our own tokens shown to us again, and the assertions of clients. By joserfc."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from joserfc import jws
from joserfc.errors import JoseError, UnsupportedAlgorithmError
from joserfc.jwk import import_key

from idpact_mock.provider.settings import ALGORITHMS

if TYPE_CHECKING:
    from joserfc._rfc7515.model import JWSAlgModel  # has no public home

__all__ = ["verified_claims"]

_BROKEN = (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError)
"""What joserfc raises for bytes that are no JWS and members that are no key."""


class _Algorithms(jws.JWSRegistry):
    """The algorithms we accept. EdDSA is one: clients still call it so, and the name's deprecation is no news to a mock's user."""

    def get_alg(self, name: str) -> "JWSAlgModel":
        """The algorithm of that name, without a warning."""
        if name not in ALGORITHMS:
            raise UnsupportedAlgorithmError(f"Algorithm of {name!r} is not allowed")
        return self.algorithms[name]


_REGISTRY: Final = _Algorithms(algorithms=list(ALGORITHMS))


def verified_claims(token: str, jwks: Mapping[str, Any]) -> dict[str, Any]:
    """The claims of a signed JWT, times unchecked (RFC 7519, section 7.2). `none` and shared secrets verify nothing.

    Args:
        token: A JWS in compact form.
        jwks: The public keys it may be signed with. Each that its key id fits is tried, since ids may clash.

    Raises:
        ValueError: It isn't one, or no key verifies it; the message says why and doesn't show it.
    """
    try:
        kid = jws.extract_compact(token.encode("ascii")).headers().get("kid")
    except _BROKEN as error:
        raise ValueError("it is no JWT in compact form") from error
    reason = f"there is no key {kid!r}"
    for key in jwks.get("keys", ()):
        if kid is not None and isinstance(key, dict) and key.get("kid", kid) != kid:
            continue
        try:
            claims = json.loads(jws.deserialize_compact(token, import_key(key), registry=_REGISTRY).payload)
        except _BROKEN as error:
            reason = f"it doesn't verify ({type(error).__name__})"
            continue
        if not isinstance(claims, dict):
            raise ValueError("its payload is no JSON object")  # noqa: TRY004 - of bytes, whose type is right
        return claims
    raise ValueError(reason)

"""Tokens that are wrong on purpose, one flaw at a time. Pure but for the key's signature."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

if TYPE_CHECKING:
    from idpact_mock.provider.signing import SigningKey

__all__ = ["FLAWS", "Flaw", "checked_flaw", "flawed_claims", "flawed_jwt"]

Flaw = Literal[
    "expired",
    "not-yet-valid",
    "wrong-issuer",
    "wrong-audience",
    "wrong-nonce",
    "tampered-signature",
    "unknown-kid",
    "alg-none",
]

FLAWS: Final[tuple[Flaw, ...]] = get_args(Flaw)

_HOUR: Final = 3600


def checked_flaw(flaw: object) -> Flaw | None:
    """A flaw, or None.

    Raises:
        ValueError: It is none that we know.
    """
    if flaw is None:
        return None
    for known in FLAWS:
        if flaw == known:
            return known
    raise ValueError(f"flaw: {flaw!r} must be one of {', '.join(FLAWS)}, or None")


def flawed_claims(claims: Mapping[str, Any], flaw: Flaw | None) -> dict[str, Any]:
    """The claims with the flaw, where it is one of claims. What is expired is so by an hour: no leeway forgives that."""
    lifetime = claims["exp"] - claims["iat"]
    match flaw:
        case "expired":
            return {**claims, "exp": claims["iat"] - _HOUR, "iat": claims["iat"] - _HOUR - lifetime}
        case "not-yet-valid":
            begin = claims["iat"] + _HOUR
            return {**claims, "nbf": begin, "iat": begin, "exp": begin + lifetime}
        case "wrong-issuer":
            return {**claims, "iss": "https://another-issuer.invalid"}
        case "wrong-audience":
            return {**claims, "aud": "another-client"}
        case "wrong-nonce":
            return {**claims, "nonce": "another-nonce"}
        case _:
            return dict(claims)


def flawed_jwt(key: "SigningKey", claims: Mapping[str, Any], flaw: Flaw | None, *, typ: str) -> str:
    """The token with the flaw, where it is one of header or signature."""
    match flaw:
        case "tampered-signature":
            head, _, signature = key.jwt(claims, typ=typ).rpartition(".")
            # The first character holds six whole bits of the signature; the last one may hold padding only.
            return f"{head}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}"
        case "unknown-kid":
            return key.jwt_with_header(claims, kid=f"unknown-{key.kid}", typ=typ)
        case "alg-none":
            unsigned = key.jwt_with_header(claims, alg="none", typ=typ).rpartition(".")[0]
            return f"{unsigned}."  # RFC 7519, section 6.1
        case _:
            return key.jwt(claims, typ=typ)

"""Private keys that sign tokens, and their public halves as JWKs. The only module that makes keys.

Signing goes to `cryptography` directly and headers are prepared once: that is what most of a token's time goes into. Whatever
comes from outside is verified by joserfc, in `verifying`.
"""

import base64
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS, PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc.jwk import ECKey, OKPKey, RSAKey

from idpact_mock.provider.settings import Algorithm

__all__ = ["SigningKey", "b64", "key_of", "make_key"]

_RSA_BITS: Final = 2048
_P256_BYTES: Final = 32
_DIGEST_BYTES: Final = 32

_COMPACT: Final = json.JSONEncoder(separators=(",", ":")).encode

Sign = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """A private key.

    Attributes:
        kid: Its key id.
        alg: The algorithm it is for.
        jwk: The public key (RFC 7517, section 4).
        sign: Makes the signature of a signing input (RFC 7515, section 5.1).
        private: The private key as `cryptography` has it.
    """

    kid: str
    alg: Algorithm
    jwk: Mapping[str, Any]
    sign: Sign = field(repr=False)
    private: object = field(repr=False)
    _headers: dict[str, bytes] = field(init=False, repr=False, default_factory=dict)

    def jwt(self, claims: Mapping[str, object], *, typ: str) -> str:
        """A signed JWT (RFC 7519, section 7.1)."""
        header = self._headers.get(typ)
        if header is None:
            header = self._headers[typ] = b64(_json({"alg": self.alg, "kid": self.kid, "typ": typ})) + b"."
        return self._signed(header, claims)

    def jwt_with_header(self, claims: Mapping[str, object], **changes: str) -> str:
        """A JWT whose header has these members instead, signed with this key all the same."""
        header = {"alg": self.alg, "kid": self.kid, **changes}
        return self._signed(b64(_json(header)) + b".", claims)

    def to_private_jwk(self) -> dict[str, Any]:
        """The private key, which `key_of` reads."""
        return dict(_KINDS[self.alg].import_key(cast("Any", self.private), self._parameters()).as_dict(private=True))

    def _parameters(self) -> Any:  # noqa: ANN401 - joserfc's own type for them is private
        return {"kid": self.kid, "use": "sig", "alg": self.alg}

    def _signed(self, header: bytes, claims: Mapping[str, object]) -> str:
        signing_input = header + b64(_json(claims))
        return (signing_input + b"." + b64(self.sign(signing_input))).decode("ascii")


def make_key(alg: Algorithm, *, kid: str | None = None) -> SigningKey:
    """Make a key. An RSA key takes tens of milliseconds: not for an event loop.

    Args:
        alg: The algorithm it is for.
        kid: Its key id; random where none is given.
    """
    parameters: Any = {"kid": secrets.token_urlsafe(8) if kid is None else kid, "use": "sig", "alg": alg}
    jose: RSAKey | ECKey | OKPKey
    if alg in {"RS256", "PS256"}:
        jose = RSAKey.generate_key(_RSA_BITS, parameters, private=True)
    elif alg == "ES256":
        jose = ECKey.generate_key("P-256", parameters, private=True)
    else:
        jose = OKPKey.generate_key("Ed25519", parameters, private=True)
    return _signing_key(jose, alg, kid=parameters["kid"])


def key_of(private_jwk: Mapping[str, Any]) -> SigningKey:
    """The key that `SigningKey.to_private_jwk` wrote."""
    alg: Algorithm = private_jwk["alg"]
    jose = _KINDS[alg].import_key(dict(private_jwk))
    return _signing_key(cast("RSAKey | ECKey | OKPKey", jose), alg, kid=private_jwk["kid"])


_KINDS: Final[Mapping[Algorithm, Any]] = {"RS256": RSAKey, "PS256": RSAKey, "ES256": ECKey, "EdDSA": OKPKey}


def _signing_key(jose: RSAKey | ECKey | OKPKey, alg: Algorithm, *, kid: str) -> SigningKey:
    return SigningKey(
        kid=kid,
        alg=alg,
        jwk=cast("Mapping[str, Any]", jose.as_dict(private=False)),
        sign=_sign_with(alg, jose.private_key),
        private=jose.private_key,
    )


def b64(content: bytes) -> bytes:
    """base64url without padding (RFC 7515, section 2)."""
    return base64.urlsafe_b64encode(content).rstrip(b"=")


def _json(value: Mapping[str, object]) -> bytes:
    return _COMPACT(value).encode("ascii")


def _sign_with(alg: Algorithm, private: object) -> Sign:
    sha256 = SHA256()
    if alg == "RS256":
        rsa, pkcs1 = cast("RSAPrivateKey", private), PKCS1v15()
        return lambda message: rsa.sign(message, pkcs1, sha256)
    if alg == "PS256":
        rsa, pss = cast("RSAPrivateKey", private), PSS(MGF1(sha256), _DIGEST_BYTES)  # RFC 7518, section 3.5
        return lambda message: rsa.sign(message, pss, sha256)
    if alg == "ES256":
        curve, ecdsa = cast("EllipticCurvePrivateKey", private), ECDSA(sha256)
        return lambda message: _joined(curve.sign(message, ecdsa))
    return cast("Ed25519PrivateKey", private).sign


def _joined(der: bytes) -> bytes:
    """R and S one after the other (RFC 7518, section 3.4)."""
    r, s = decode_dss_signature(der)
    return r.to_bytes(_P256_BYTES, "big") + s.to_bytes(_P256_BYTES, "big")

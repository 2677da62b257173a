"""What tells that a result document is the one that was written: a digest over its canonical form, and a signature.

Knows JSON's canonical form (RFC 8785) and Ed25519 (RFC 8032); knows neither rules nor verdicts, and opens no file.
"""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from typing import Any, Final

import msgspec
import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey as PrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey as PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

__all__ = [
    "KeyFileError",
    "PrivateKey",
    "PublicKey",
    "Signature",
    "canonical",
    "digest",
    "private_key",
    "public_key",
    "sign",
    "signature_problem",
]

_NOT_SEALED: Final = ("digest", "signature")
"""Members that are about the others."""

_LARGEST: Final = 2**53 - 1
"""The largest integer that every JSON reader keeps (RFC 8785, section 3.2.2.3)."""


class KeyFileError(ValueError):
    """The file holds no key that can be used here; the message says what it should hold."""


class Signature(msgspec.Struct, frozen=True, kw_only=True):
    """A signature over the canonical form of the document without `digest` and `signature`.

    Attributes:
        algorithm: `Ed25519`.
        public_key: The 32 bytes of the public key, in base64.
        value: The 64 bytes of the signature, in base64.
    """

    algorithm: str
    public_key: str
    value: str


def canonical(document: Mapping[str, Any]) -> bytes:
    """The document's canonical form, without the members `digest` and `signature`. Source: RFC 8785.

    An integer beyond 2^53 - 1, which that standard has no form for, stands as a string of its digits (its appendix D).
    """
    return rfc8785.dumps(_kept({name: value for name, value in document.items() if name not in _NOT_SEALED}))


def _kept(value: Any) -> Any:  # noqa: ANN401 - JSON is any value
    if isinstance(value, dict):
        return {name: _kept(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_kept(member) for member in value]
    return str(value) if isinstance(value, int) and abs(value) > _LARGEST else value


def digest(document: Mapping[str, Any]) -> str:
    """`sha256:` and the SHA-256 of the canonical form, in hexadecimal."""
    return "sha256:" + hashlib.sha256(canonical(document)).hexdigest()


def private_key(pem: bytes) -> PrivateKey:
    """The private key in a PEM text (PKCS #8, without a passphrase).

    Raises:
        KeyFileError: It holds no such key.
    """
    wanted = "it should hold an Ed25519 private key in PEM without a passphrase: openssl genpkey -algorithm ed25519"
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError) as error:  # TypeError is for a key with a passphrase
        raise KeyFileError(wanted) from error
    if not isinstance(key, PrivateKey):
        raise KeyFileError(f"it holds another kind of key; {wanted}")
    return key


def public_key(pem: bytes) -> PublicKey:
    """The public key in a PEM text.

    Raises:
        KeyFileError: It holds no such key.
    """
    wanted = "it should hold an Ed25519 public key in PEM: openssl pkey -in key.pem -pubout"
    try:
        key = load_pem_public_key(pem)
    except ValueError as error:
        raise KeyFileError(wanted) from error
    if not isinstance(key, PublicKey):
        raise KeyFileError(f"it holds another kind of key; {wanted}")
    return key


def sign(document: Mapping[str, Any], key: PrivateKey) -> Signature:
    """The document's signature by that key."""
    return Signature(
        algorithm="Ed25519",
        public_key=base64.b64encode(_raw(key.public_key())).decode(),
        value=base64.b64encode(key.sign(canonical(document))).decode(),
    )


def signature_problem(document: Mapping[str, Any], signature: Signature | None, key: PublicKey | None) -> str | None:
    """Why the signature does not hold; None where it does, and where there is none and nobody asked for one.

    Args:
        document: The document as it was read.
        signature: What it carries.
        key: Whose signature is wanted; None takes the key that the signature names, which proves nothing of who signed.
    """
    if signature is None:
        return "a signature by the given key is wanted, and the report has none" if key else None
    if signature.algorithm != "Ed25519":
        return f"{signature.algorithm!r} is no algorithm that is known here; it would be Ed25519"
    try:
        told = base64.b64decode(signature.public_key, validate=True)
        if key is not None and told != _raw(key):
            return "another key signed it than the one given"
        PublicKey.from_public_bytes(told).verify(base64.b64decode(signature.value, validate=True), canonical(document))
    except (InvalidSignature, binascii.Error, ValueError):
        return "it is not the key's signature over this report"
    return None


def _raw(key: PublicKey) -> bytes:
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)

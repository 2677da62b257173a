"""Proof Key for Code Exchange (RFC 7636), with S256 only: `plain` protects from nobody who sees the request. Pure."""

import hmac
import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Final

from idpact_mock.provider.errors import OAuthError
from idpact_mock.provider.signing import b64

__all__ = ["challenge_of", "check_verifier"]

_CHALLENGE: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_VERIFIER: Final = re.compile(r"[A-Za-z0-9\-._~]{43,128}")


def challenge_of(parameters: Mapping[str, str], *, required: bool) -> str | None:
    """The challenge of an authorization request (section 4.3).

    Raises:
        OAuthError: It is missing where it is required, malformed, or of another method (section 4.4.1).
    """
    challenge = parameters.get("code_challenge")
    if challenge is None:
        if required:
            raise OAuthError("invalid_request", "code challenge required")
        if "code_challenge_method" in parameters:
            raise OAuthError("invalid_request", "code_challenge_method goes with a code_challenge")
        return None
    if parameters.get("code_challenge_method", "plain") != "S256":
        raise OAuthError("invalid_request", "transform algorithm not supported: code_challenge_method must be S256")
    if not _CHALLENGE.fullmatch(challenge):
        raise OAuthError("invalid_request", "code_challenge must be the 43 characters of a SHA-256 in base64url")
    return challenge


def check_verifier(verifier: str | None, challenge: str | None) -> None:
    """Check the verifier of a token request (section 4.6).

    Raises:
        OAuthError: It is missing, malformed or wrong, or there was no challenge (RFC 9700, section 2.1.1: a downgrade).
    """
    if challenge is None:
        if verifier is not None:
            raise OAuthError("invalid_grant", "a code_verifier came, but the code was asked for without code_challenge")
        return
    if verifier is None:
        raise OAuthError("invalid_grant", "code_verifier is missing")
    if not _VERIFIER.fullmatch(verifier):
        raise OAuthError("invalid_grant", "code_verifier must be 43 to 128 unreserved characters")
    if not hmac.compare_digest(b64(sha256(verifier.encode("ascii")).digest()).decode("ascii"), challenge):
        raise OAuthError("invalid_grant", "code_verifier doesn't fit the code_challenge")

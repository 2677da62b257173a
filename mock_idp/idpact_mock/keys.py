"""An issuer's signing keys, made when first asked for: an RSA key costs tens of milliseconds."""

import json
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from joserfc.jwk import RSAKey

__all__ = ["Keys"]


class Keys:
    """The keys of one issuer: one RSA key for RS256, made at the first call and kept."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._signing: RSAKey | None = None

    @property
    def made(self) -> bool:
        """A key has been made."""
        return self._signing is not None

    def signing_key(self) -> "RSAKey":
        """The private key. Blocks while it is made: never call this in an event loop."""
        from joserfc.jwk import RSAKey  # noqa: PLC0415 - costs 40 ms, and most issuers are never asked for their keys

        with self._lock:
            if self._signing is None:
                self._signing = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, private=True, auto_kid=True)
            return self._signing

    def jwks(self) -> bytes:
        """The public keys as a JWK Set (RFC 7517, section 5). Blocks like `signing_key`."""
        public = self.signing_key().as_dict(private=False)
        return json.dumps({"keys": [public]}, indent=2).encode("ascii")

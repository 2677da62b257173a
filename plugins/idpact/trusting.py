"""A mock IdP's certificate authority in the forms that clients want: an SSL context, a file, and variables for subprocesses."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

__all__ = ["Trust", "trust"]

_VARIABLES: Final = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")
"""OpenSSL and Go and httpx, requests, curl, Node.js."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """What a client needs in order to trust one mock IdP, and nobody else.

    Attributes:
        context: For clients in this process, such as `httpx.Client(verify=trust.context)`.
        path: PEM file of the authority.
        env: Variables for subprocesses: `subprocess.run(…, env={**os.environ, **trust.env})`.
    """

    context: ssl.SSLContext
    path: Path
    env: Mapping[str, str]


def trust(ca_pem: bytes, folder: Path) -> Trust:
    """Write the authority into a folder, and say how it is trusted.

    Raises:
        OSError: The folder can't be written to.
    """
    path = folder / "mock-idp-ca.pem"
    path.write_bytes(ca_pem)
    context = ssl.create_default_context(cadata=ca_pem.decode("ascii"))
    return Trust(context=context, path=path, env=dict.fromkeys(_VARIABLES, str(path)))

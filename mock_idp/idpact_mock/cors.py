"""Who may read what from a web page of another origin. Source: the Fetch standard, section 3.3 (CORS protocol).

Discovery documents and keys are public, as at real providers: relying parties that live in a browser read them. Whom the
control interface is for is in `origins`.
"""

from collections.abc import Collection
from typing import Final
from urllib.parse import urlsplit

from idpact_mock.answer import make_answer
from idpact_mock.failures import Outcome

__all__ = ["ANYONE", "PREFLIGHT", "checked_origins"]

ANYONE: Final = {"access-control-allow-origin": "*"}
"""Headers of an answer that any page may read."""

PREFLIGHT: Final = make_answer(
    200,  # not 204, which must not have a Content-Length (RFC 9110, section 8.6)
    b"",
    content_type=None,
    outcome=Outcome.NOT,
    headers={
        **ANYONE,
        "Access-Control-Allow-Methods": "GET, HEAD",
        "Access-Control-Allow-Headers": "*",
        "Access-Control-Max-Age": "600",
        "Allow": "GET, HEAD, OPTIONS",
    },
)
"""The answer to OPTIONS where any page may read."""


def checked_origins(origins: Collection[str]) -> frozenset[str]:
    """Origins as browsers send them: scheme, host and port, without a path; or "*".

    Raises:
        ValueError: One isn't.
    """
    for origin in origins:
        parts = urlsplit(origin)
        if origin != "*" and (f"{parts.scheme}://{parts.netloc}" != origin or not parts.netloc):
            raise ValueError(
                f"allow_origins: {origin!r} must be scheme, host and port only, such as 'https://app.example', or '*'"
            )
    return frozenset(origins)

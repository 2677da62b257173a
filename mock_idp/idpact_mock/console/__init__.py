"""The web console's files, and the answers that serve them. All it shows comes over the control interface, by its script."""

import hashlib
from functools import cache
from importlib.resources import files
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

__all__ = ["ASSETS", "POLICY", "asset"]

ASSETS: Final = {
    "index.html": "text/html; charset=utf-8",
    "console.css": "text/css; charset=utf-8",
    "console.js": "text/javascript; charset=utf-8",
    "api.js": "text/javascript; charset=utf-8",
    "document.js": "text/javascript; charset=utf-8",
    "dom.js": "text/javascript; charset=utf-8",
    "failure.js": "text/javascript; charset=utf-8",
    "issuer.js": "text/javascript; charset=utf-8",
    "journal.js": "text/javascript; charset=utf-8",
    "list.js": "text/javascript; charset=utf-8",
    "strays.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}
"""Its files, and their media types."""

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
"""What a page may do: its own files only, nothing inline, and no text ever becomes markup (Content Security Policy 3)."""


def asset(name: str, request: Request) -> Response:
    """The answer with a file of the console; 304 where the browser has it.

    Raises:
        KeyError: There is no such file.
    """
    media_type = ASSETS[name]
    content, tag = _read(name)
    headers = {
        "Cache-Control": "no-cache",
        "Content-Security-Policy": POLICY,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "ETag": tag,
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers, media_type=media_type)


@cache
def _read(name: str) -> tuple[bytes, str]:
    content = (files(__name__) / name).read_bytes()
    return content, f'"{hashlib.sha256(content).hexdigest()[:32]}"'

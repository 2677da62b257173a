"""The floors: the least that can answer such requests on the same uvicorn. Two ASGI applications, run by its command line.

`raw` sends prepared bytes; `signing` signs a token with `cryptography` for each request and knows neither clients nor journal.
Nothing of ours is imported.
"""

import base64
import json
import os
import time
from collections.abc import Awaitable, Callable, Mapping
from functools import cache
from typing import Any

__all__ = ["raw", "signing"]

Send = Callable[[Mapping[str, Any]], Awaitable[None]]


def _headers(body: bytes) -> list[tuple[bytes, bytes]]:
    return [
        (b"content-type", b"application/json"),
        (b"cache-control", b"no-store"),
        (b"access-control-allow-origin", b"*"),
        (b"content-length", b"%d" % len(body)),
    ]


def _prepared(body: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    start = {"type": "http.response.start", "status": 200, "headers": _headers(body)}
    return start, {"type": "http.response.body", "body": body, "more_body": False}


_DOCUMENT = _prepared(os.environ.get("FLOOR_DOCUMENT", "{}").encode("ascii"))
_KEYS = _prepared(os.environ.get("FLOOR_KEYS", "{}").encode("ascii"))


async def raw(scope: Mapping[str, Any], _receive: object, send: Send) -> None:
    """Prepared bytes: the keys at `/jwks`, the document anywhere else."""
    start, end = _KEYS if scope["path"] == "/jwks" else _DOCUMENT
    await send(start)
    await send(end)


def _encoded(content: bytes) -> bytes:
    return base64.urlsafe_b64encode(content).rstrip(b"=")


@cache
def _header(alg: str) -> bytes:
    return _encoded(json.dumps({"alg": alg, "kid": "floor", "typ": "at+jwt"}).encode("ascii")) + b"."


@cache
def _signer(alg: str) -> Callable[[bytes], bytes]:
    """The least that makes a JWS signature."""
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa  # noqa: PLC0415 - `raw` needs none of it
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature  # noqa: PLC0415 - as above
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415 - as above

    if alg == "RS256":
        key, pkcs1, sha256 = rsa.generate_private_key(65537, 2048), padding.PKCS1v15(), SHA256()
        return lambda message: key.sign(message, pkcs1, sha256)
    curve, ecdsa = ec.generate_private_key(ec.SECP256R1()), ec.ECDSA(SHA256())

    def sign(message: bytes) -> bytes:
        r, s = decode_dss_signature(curve.sign(message, ecdsa))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    return sign


async def signing(_scope: object, _receive: object, send: Send) -> None:
    """A token of the algorithm that FLOOR_ALG names, signed anew."""
    alg = os.environ["FLOOR_ALG"]
    now = int(time.time())
    claims = {"iss": "http://127.0.0.1", "sub": "bench", "aud": "bench", "exp": now + 3600, "iat": now, "scope": "api"}
    message = _header(alg) + _encoded(json.dumps(claims, separators=(",", ":")).encode("ascii"))
    token = (message + b"." + _encoded(_signer(alg)(message))).decode("ascii")
    body = json.dumps({"access_token": token, "token_type": "Bearer", "expires_in": 3600}).encode("ascii")
    await send({"type": "http.response.start", "status": 200, "headers": _headers(body)})
    await send({"type": "http.response.body", "body": body, "more_body": False})

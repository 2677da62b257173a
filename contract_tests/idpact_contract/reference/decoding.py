"""A response body without its content coding, however large it claims to grow. Knows RFC 9110, section 8.4; no I/O."""

import zlib
from typing import Final

__all__ = ["UndecodableError", "decoded"]

_GZIP: Final = 31  # zlib's window bits for a gzip header and trailer
_ZLIB: Final = 15  # what RFC 9110, section 8.4.1.2, calls deflate


class UndecodableError(ValueError):
    """The body isn't what its Content-Encoding says, or its decoded form exceeds the limit."""


def decoded(raw: bytes, coding: str, *, limit: int) -> bytes:
    """Undo the content coding of a whole body.

    Args:
        raw: The bytes of the body as they came.
        coding: The Content-Encoding field, "" where there is none.
        limit: How many decoded bytes are acceptable; not one more is ever made, so a bomb stays small.

    Raises:
        UndecodableError: More than `limit` bytes, a coding other than gzip, deflate and identity, or bytes that
            aren't so coded.
    """
    match coding.strip().lower():
        case "" | "identity":
            body = raw
        case "gzip" | "x-gzip":
            body = _inflated(raw, _GZIP, limit)
        case "deflate":
            body = _inflated(raw, _ZLIB, limit)
        case _:
            raise UndecodableError("the body has a content coding other than gzip and deflate")
    if len(body) > limit:
        raise UndecodableError(f"the document is larger than {limit} bytes")
    return body


def _inflated(raw: bytes, window: int, limit: int) -> bytes:
    stream = zlib.decompressobj(window)
    try:
        body = stream.decompress(raw, limit + 1)
    except zlib.error:
        raise UndecodableError("the body isn't coded as its Content-Encoding says") from None
    if len(body) <= limit and not stream.eof:
        raise UndecodableError("the body's content coding breaks off")
    return body

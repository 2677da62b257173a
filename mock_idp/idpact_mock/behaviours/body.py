"""What the failures of section C do: bodies that are no JSON, encodings that lie, lengths that are wrong."""

import asyncio
import gzip
import json
import struct
import zlib
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from idpact_mock.answer import PART, Answer, make_answer
from idpact_mock.behaviours.scene import LOGIN_PAGE, Behaviour, Scene, answered, bare_answer, raw_head
from idpact_mock.exchange import Exchange

__all__ = ["BODY"]

_JSON: Final = "application/json"
_JSON_TYPE: Final = f"content-type: {_JSON}"
_OK: Final = "HTTP/1.1 200 OK"
_SEND_BUFFER: Final = 8 * 1024
_MEBIBYTE: Final = 1024 * 1024


def _body(make: Callable[[bytes], bytes]) -> Behaviour:
    """The good answer with a body that is made of the document's bytes."""
    return answered(lambda scene: scene.with_body(make(scene.good.body)))


def _member(scene: Scene, name: str, value: bytes) -> bytes:
    """The document with one more member, whose value is given as bytes."""
    rest = scene.good.body.lstrip().removeprefix(b"{")
    comma = b"" if rest.lstrip().startswith(b"}") else b","
    return b'{"' + name.encode("ascii") + b'": ' + value + comma + rest


def _lenient(make: Callable[[Scene], Answer], read: Callable[[Scene], bytes]) -> Behaviour:
    """An answer of which the journal has what a lenient client reads, in place of its bytes."""

    async def behave(exchange: Exchange, scene: Scene) -> None:
        await exchange.answer(make(scene), content=read(scene))

    return behave


def _document(scene: Scene) -> bytes:
    return scene.good.body


def _duplicate_keys(scene: Scene) -> Answer:
    document = scene.document()
    wrong = {"issuer": "https://other.idp.test", "token_endpoint": "https://other.idp.test/token"}
    right = {name: document[name] for name in wrong if name in document}
    first, last = (right, wrong) if scene.value("right") == "first" else (wrong, right)
    rest = {name: value for name, value in document.items() if name not in wrong}
    parts = [json.dumps(members)[1:-1] for members in (first, rest, last) if members]
    return scene.with_body(f"{{{', '.join(parts)}}}".encode("ascii"))


def _utf16(scene: Scene) -> Answer:
    body = scene.good.body.decode("utf-8", "replace").encode("utf-16")
    content_type = f"{_JSON}; charset=utf-16" if scene.value("charset") else _JSON
    return scene.with_body(body, content_type=content_type)


# -- codings -----------------------------------------------------------------------------------------------------------


def _gzipped(scene: Scene) -> Answer:
    return scene.with_body(gzip.compress(scene.good.body, mtime=0), content_encoding="gzip", vary="accept-encoding")


async def _gzip(exchange: Exchange, scene: Scene) -> None:
    accepted = "gzip" in exchange.header("accept-encoding").lower()
    await exchange.answer(_gzipped(scene) if accepted else scene.good, content=scene.good.body)


@lru_cache(maxsize=8)
def _spaces(megabytes: int) -> tuple[bytes, int]:
    """So many MiB of spaces as deflate blocks that others can follow, and their checksum.

    A full flush makes each piece independent of those before it, so that one piece repeated is as good as all of them.
    """
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = b" " * _MEBIBYTE
    packed = packer.compress(piece) + packer.flush(zlib.Z_FULL_FLUSH)
    checksum = 0
    for _ in range(megabytes):
        checksum = zlib.crc32(piece, checksum)
    return packed * megabytes, checksum


def _bomb(document: bytes, megabytes: int) -> bytes:
    """Spaces and a document as one gzip member (RFC 1952, section 2.3)."""
    spaces, checksum = _spaces(megabytes)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(document) + packer.flush()
    size = (megabytes * _MEBIBYTE + len(document)) & 0xFFFFFFFF
    trailer = struct.pack("<II", zlib.crc32(document, checksum), size)
    return b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff" + spaces + packed + trailer


async def _gzip_bomb(exchange: Exchange, scene: Scene) -> None:
    # In a thread: the checksum of hundreds of megabytes would keep every other exchange waiting.
    body = await asyncio.to_thread(_bomb, scene.good.body, scene.value("megabytes"))
    coding = "gzip"
    if scene.value("twice"):
        body, coding = gzip.compress(body, mtime=0), "gzip, gzip"
    await exchange.answer(scene.with_body(body, content_encoding=coding), content=scene.good.body)


# -- content types -----------------------------------------------------------------------------------------------------


def _as_type(content_type: str | None) -> Behaviour:
    return answered(
        lambda scene: make_answer(scene.good.status, scene.good.body, content_type=content_type, outcome=scene.outcome)
    )


def _wrong_content_type(scene: Scene) -> Answer:
    return scene.with_body(scene.good.body, content_type=scene.value("content_type"))


def _two_content_types(scene: Scene) -> Answer:
    body = scene.good.body
    headers = [("content-type", "text/html"), ("content-type", _JSON), ("content-length", str(len(body)))]
    return bare_answer(scene.good.status, headers, body=body, content_type="text/html")


# -- framing -----------------------------------------------------------------------------------------------------------


def _raw(make: Callable[[Scene], tuple[bytes, bytes]]) -> Behaviour:
    """Head and body as they are on the wire; the journal has the body."""

    async def behave(exchange: Exchange, scene: Scene) -> None:
        wire = exchange.take()
        head, body = make(scene)
        exchange.note(status=scene.good.status, content=body, content_type=_JSON)
        if await wire.write(head + body):
            wire.finish()

    return behave


def _cut(scene: Scene) -> bytes:
    body = scene.good.body
    return body if scene.value("whole") else body[: len(body) // 2]


def _truncated_length(scene: Scene) -> tuple[bytes, bytes]:
    body = _cut(scene)
    return raw_head(scene.status_line, _JSON_TYPE, f"content-length: {len(body) + 1000}"), body


async def _truncated_chunked(exchange: Exchange, scene: Scene) -> None:
    wire, body = exchange.take(), _cut(scene)
    exchange.note(status=scene.good.status, content=body, content_type=_JSON)
    chunk = b"%x\r\n%s\r\n" % (len(body), body)
    if await wire.write(raw_head(scene.status_line, _JSON_TYPE, "transfer-encoding: chunked") + chunk):
        wire.finish()


def _overlong(scene: Scene) -> tuple[bytes, bytes]:
    return raw_head(scene.status_line, _JSON_TYPE, "content-length: 5"), scene.good.body


def _two_lengths(scene: Scene) -> tuple[bytes, bytes]:
    body = scene.good.body
    return raw_head(scene.status_line, _JSON_TYPE, f"content-length: {len(body)}", "content-length: 5"), body


def _close_delimited(scene: Scene) -> tuple[bytes, bytes]:
    return raw_head(scene.status_line.replace("HTTP/1.1", "HTTP/1.0"), _JSON_TYPE), scene.good.body


def _header_flood(scene: Scene) -> Answer:
    body = scene.good.body
    flood = [("x-flood", "x" * 100_000)] if scene.value("shape") == "one" else [(f"x-{n}", "x") for n in range(10_000)]
    headers = [("content-type", _JSON), ("content-length", str(len(body))), *flood]
    return bare_answer(scene.good.status, headers, body=body, content_type=_JSON)


# -- much --------------------------------------------------------------------------------------------------------------


async def _huge(exchange: Exchange, scene: Scene) -> None:
    wire = exchange.take(send_buffer=_SEND_BUFFER)
    megabytes = scene.value("megabytes")
    rest = _member(scene, "x", b'"')
    begin, end = rest[:7], rest[6:]
    # The journal has the document without the filling: what counts of it.
    exchange.note(status=scene.good.status, content=scene.good.body, content_type=_JSON)
    length = len(begin) + megabytes * _MEBIBYTE + len(end)
    going = await wire.write(raw_head(scene.status_line, _JSON_TYPE, f"content-length: {length}") + begin)
    piece = b"x" * PART
    for _ in range(megabytes * _MEBIBYTE // PART):
        if not going:
            return
        going = await wire.write(piece)
    if going and await wire.write(end):
        wire.finish()


async def _endless(exchange: Exchange, scene: Scene) -> None:
    wire = exchange.take(send_buffer=_SEND_BUFFER)
    exchange.note(status=200, content_type=_JSON)
    chunk = b"%x\r\n%s\r\n" % (PART, b" " * PART)
    going = await wire.write(raw_head(_OK, _JSON_TYPE, "transfer-encoding: chunked"))
    loop = asyncio.get_running_loop()
    over = loop.time() + scene.value("seconds")
    while going and loop.time() < over:
        try:
            async with asyncio.timeout_at(over):
                going = await wire.write(chunk)
        except TimeoutError:  # the client is still there, and doesn't read
            break
        await asyncio.sleep(0)  # a client that reads as fast as we write must not keep the others waiting
    if going:
        exchange.reset()


BODY: Final[Mapping[str, Behaviour]] = MappingProxyType(
    {
        "html-login-page": answered(
            lambda scene: make_answer(200, LOGIN_PAGE, content_type="text/html; charset=utf-8", outcome=scene.outcome)
        ),
        "not-json": _body(lambda _document: b'{"issuer":'),
        "json-truncated": _body(lambda document: document[: len(document) // 2]),
        "json-trailing": _body(lambda document: document + b"x"),
        "json-two-documents": _body(lambda document: document + document),
        "json-comment": _body(lambda document: document.replace(b"{", b"{ // the provider's metadata\n", 1)),
        "json-trailing-comma": _body(lambda document: document.rstrip().removesuffix(b"}").rstrip() + b",\n}"),
        "json-xssi-prefix": _body(lambda document: b")]}'\n" + document),
        "json-array": _body(lambda document: b"[" + document + b"]"),
        "json-null": _body(lambda _document: b"null"),
        "json-string": _body(lambda document: json.dumps(document.decode("utf-8", "replace")).encode("ascii")),
        "json-number": _body(lambda _document: b"42"),
        "json-true": _body(lambda _document: b"true"),
        "json-empty-object": _body(lambda _document: b"{}"),
        "duplicate-keys": answered(_duplicate_keys),
        "utf8-bom": _body(lambda document: b"\xef\xbb\xbf" + document),
        "utf16": answered(_utf16),
        "invalid-utf8": _lenient(
            lambda scene: scene.with_body(_member(scene, "service", b'"Acm\xff"')),
            lambda scene: _member(scene, "service", '"Acm\ufffd"'.encode()),
        ),
        "leading-newline": _body(lambda document: b"\n" + document),
        "json-nan": answered(lambda scene: scene.with_body(_member(scene, "x", b"NaN"))),
        "json-bigint": _lenient(
            lambda scene: scene.with_body(_member(scene, "x", b"7" * scene.value("digits"))), _document
        ),
        "deep-nesting": _lenient(
            lambda scene: scene.with_body(
                _member(scene, "x", b'{"x":' * scene.value("levels") + b"1" + b"}" * scene.value("levels"))
            ),
            _document,
        ),
        "huge-document": _huge,
        "endless-body": _endless,
        "gzip": _gzip,
        "gzip-unasked": _lenient(_gzipped, _document),
        "gzip-lie": answered(lambda scene: scene.with_body(scene.good.body, content_encoding="gzip")),
        "gzip-unlabelled": _body(lambda document: gzip.compress(document, mtime=0)),
        "unknown-encoding": answered(lambda scene: scene.with_body(scene.good.body, content_encoding="xyz")),
        "gzip-bomb": _gzip_bomb,
        "wrong-content-type": answered(_wrong_content_type),
        "missing-content-type": _as_type(None),
        "two-content-types": answered(_two_content_types),
        "charset-latin1": _as_type(f"{_JSON}; charset=iso-8859-1"),
        "truncated-content-length": _raw(_truncated_length),
        "truncated-chunked": _truncated_chunked,
        "overlong-body": _raw(_overlong),
        "two-content-lengths": _raw(_two_lengths),
        "header-flood": answered(_header_flood),
        "close-delimited": _raw(_close_delimited),
    }
)

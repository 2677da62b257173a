"""FALL and SAFE for the reader of discovery documents: whatever happens, it returns, soon, and without a secret."""

import asyncio
import gzip
import json
import socket
import ssl
import zlib
from typing import TYPE_CHECKING

import httpx
import pytest
import respx
import trustme

from idpact_contract.reference import Discovery, Metadata, Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.reference.conftest import Idp

DOCUMENT = {"issuer": "", "token_endpoint": "https://idp.test/token"}
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
HTTPX_ERRORS = [
    error
    for error in vars(httpx).values()
    if isinstance(error, type) and issubclass(error, httpx.RequestError) and error.__module__ == "httpx"
]
OTHER_ERRORS = [
    ValueError("x"),
    RecursionError("x"),
    UnicodeError("x"),
    LookupError("x"),
    OSError("x"),
    RuntimeError("x"),
    ssl.SSLError("x"),
    httpx.InvalidURL("x"),
    ExceptionGroup("x", [OSError("y")]),
]


@pytest.fixture
def discovery(runner: asyncio.Runner) -> "Iterator[Discovery]":
    """Make a reader."""
    discovery = Discovery(timeout=5.0, body_limit=100_000)
    yield discovery
    runner.run(discovery.aclose())


def perfect(idp: "Idp", path: str = "/a") -> bytes:
    """Spell out a document that is right for the issuer at that path."""
    return json.dumps({**DOCUMENT, "issuer": idp.base + path}).encode()


def answer(body: bytes, *, status: str = "200 OK", extra: str = "") -> bytes:
    """Spell an answer out, its length included."""
    return f"HTTP/1.1 {status}\r\n{extra}Content-Length: {len(body)}\r\n\r\n".encode() + body


@pytest.mark.parametrize("error", HTTPX_ERRORS, ids=lambda error: error.__name__)
def test_every_error_of_the_client_ends_as_unreadable(
    runner: asyncio.Runner, discovery: Discovery, error: type[httpx.RequestError]
) -> None:
    """FALL-1: with a reason that doesn't quote the error."""
    with respx.mock:
        respx.get("https://idp.test/.well-known/openid-configuration").mock(side_effect=error("quoted"))
        found = runner.run(discovery.read("https://idp.test"))

    assert isinstance(found, Unreadable)
    assert found.reason
    assert "quoted" not in found.reason


@pytest.mark.parametrize("error", OTHER_ERRORS, ids=lambda error: type(error).__name__)
def test_every_other_error_ends_as_unreadable(
    runner: asyncio.Runner, discovery: Discovery, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """FALL-1: wherever in the attempt it comes up."""

    async def fail(_: str) -> bytes:
        raise error

    monkeypatch.setattr(discovery, "fetch", fail)

    assert isinstance(runner.run(discovery.read("https://idp.test")), Unreadable)


def test_cancellation_passes(runner: asyncio.Runner, discovery: Discovery, idp: "Idp") -> None:
    """A server that shuts down is not kept by a provider that hangs."""
    arrived = asyncio.Event()

    async def hang(_: asyncio.StreamReader, __: asyncio.StreamWriter) -> None:
        arrived.set()
        await asyncio.Event().wait()

    issuer = idp.answer("/a", hang)

    async def cancel() -> None:
        reading = asyncio.create_task(discovery.read(issuer))
        await arrived.wait()
        reading.cancel()
        await reading

    with pytest.raises(asyncio.CancelledError):
        runner.run(cancel())


@pytest.mark.parametrize(
    "status",
    ["201 Created", "204 No Content", "206 Partial", "304 Not Modified", "400 Bad", "401 No", "404 No", "429 Too Many",
     "500 Oops", "503 Down", "999 What"],
)  # fmt: skip
def test_only_a_200_brings_a_document(runner: asyncio.Runner, discovery: Discovery, idp: "Idp", status: str) -> None:
    """FALL-2: a perfect document under another status is none, and the reason names the status."""
    body = b"" if status[:3] in {"204", "304"} else perfect(idp)
    idp.answer("/a", answer(body, status=status))

    assert runner.run(discovery.read(idp.base + "/a")) == Unreadable(f"the answer's status is {status[:3]}")


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b'{"issuer":', b"{*}x", b"{*}{*}", b"{*/**/}", b"{*,}", b")]}'\n{*}", b"[{*}]", b"null", b'"x"', b"7",
     b"true", b'{*,"a":"\xff"}', b'{*,"a":NaN}', b'{*,"a":Infinity}', b'{*,"a":' + b"9" * 5000 + b"}",
     b'{*,"a":' + b"[" * 30_000 + b"]" * 30_000 + b"}"],
    ids=lambda body: repr(body[:12]),
)  # fmt: skip
def test_what_is_no_json_object_is_no_document(
    runner: asyncio.Runner, discovery: Discovery, idp: "Idp", body: bytes
) -> None:
    """FALL-1 and FALL-2: however it fails to be one, all members (`*`) being there."""
    idp.answer("/a", answer(body.replace(b"*", perfect(idp)[1:-1])))

    found = runner.run(discovery.read(idp.base + "/a"))

    assert found in (Unreadable("the document is no JSON"), Unreadable("the document is no JSON object"))


@pytest.mark.parametrize(
    "reply",
    [b"", b"\0\1garbage\r\n\r\n", b"SSH-2.0-x\r\n", b"*", b"HTTP/1.1 42 What\r\n\r\n", b"HTTP/1.1 200 OK\r\nConte",
     b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n*", CHUNKED + b"#\r\n*\r\n", CHUNKED + b"zz\r\n*\r\n0\r\n\r\n"],
    ids=["nothing", "garbage", "ssh", "no head", "status 42", "half a head", "cut", "cut chunks", "bad chunk"],
)  # fmt: skip
def test_what_is_no_http_answer_is_no_document(
    runner: asyncio.Runner, discovery: Discovery, idp: "Idp", reply: bytes
) -> None:
    """FALL-1: cut short (though the document, `*`, is whole), framed wrongly, or nothing at all."""
    document = perfect(idp)
    idp.answer("/a", reply.replace(b"*", document).replace(b"#", f"{len(document):x}".encode()))

    assert runner.run(discovery.read(idp.base + "/a")) == Unreadable("the request failed (RemoteProtocolError)")


@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "GZIP", "deflate", "identity", ""])
def test_a_coded_document_is_decoded(runner: asyncio.Runner, discovery: Discovery, idp: "Idp", coding: str) -> None:
    """RFC 9110, section 8.4: the codings that were asked for, and none."""
    body = perfect(idp)
    coded = {"gzip": gzip.compress(body), "x-gzip": gzip.compress(body), "deflate": zlib.compress(body)}
    idp.answer("/a", answer(coded.get(coding.lower(), body), extra=f"Content-Encoding: {coding}\r\n"))

    assert isinstance(runner.run(discovery.read(idp.base + "/a")), Metadata)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "gzip, gzip", "br", "xyz"])
def test_a_document_that_is_not_coded_as_it_says_is_none(
    runner: asyncio.Runner, discovery: Discovery, idp: "Idp", coding: str
) -> None:
    """FALL-2: a plain document that claims a coding."""
    idp.answer("/a", answer(perfect(idp), extra=f"Content-Encoding: {coding}\r\n"))

    assert isinstance(runner.run(discovery.read(idp.base + "/a")), Unreadable)


def test_a_coded_document_that_breaks_off_is_none(runner: asyncio.Runner, discovery: Discovery, idp: "Idp") -> None:
    """FALL-2: even where all of the JSON is there."""
    idp.answer("/a", answer(gzip.compress(perfect(idp))[:-4], extra="Content-Encoding: gzip\r\n"))

    assert isinstance(runner.run(discovery.read(idp.base + "/a")), Unreadable)


@pytest.mark.parametrize("padding", [99_000, 101_000])
@pytest.mark.parametrize("coded", [False, True], ids=["plain", "gzip"])
def test_a_document_may_be_so_large_and_no_larger(
    runner: asyncio.Runner, discovery: Discovery, idp: "Idp", *, padding: int, coded: bool
) -> None:
    """SAFE-2: counted after decoding, so that a bomb doesn't go off."""
    body = b" " * padding + perfect(idp)
    extra = "Content-Encoding: gzip\r\n" if coded else ""
    idp.answer("/a", answer(gzip.compress(body) if coded else body, extra=extra))

    found = runner.run(discovery.read(idp.base + "/a"))

    assert isinstance(found, Metadata if padding < discovery.body_limit else Unreadable)


def test_an_endless_document_is_given_up(runner: asyncio.Runner, discovery: Discovery, idp: "Idp") -> None:
    """SAFE-2: after little more than the limit, and long before the deadline; the provider sees the client go."""
    gone = asyncio.Event()

    async def endless(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(CHUNKED)
        try:
            while True:
                writer.write(b"1000\r\n" + b" " * 0x1000 + b"\r\n")
                await writer.drain()
        except OSError:
            gone.set()

    issuer = idp.answer("/a", endless)

    async def read() -> Metadata | Unreadable:
        found = await discovery.read(issuer)
        await gone.wait()
        return found

    assert runner.run(read()) == Unreadable("the document is larger than 100000 bytes")


@pytest.mark.parametrize("begun", [b"", b"HTTP/1.1 200 OK\r\nConten", CHUNKED], ids=["nothing", "head", "body"])
def test_a_provider_that_hangs_is_given_up(runner: asyncio.Runner, idp: "Idp", begun: bytes) -> None:
    """FALL-6: at the deadline, wherever it hangs."""
    gone = asyncio.Event()

    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(begun)
        await reader.read()  # returns when the client leaves
        gone.set()

    issuer = idp.answer("/a", hang)

    async def read() -> Metadata | Unreadable:
        found = await Discovery(timeout=0.5).read(issuer)
        await gone.wait()
        return found

    assert runner.run(read()) == Unreadable("no complete answer within 0.5 s")


def test_a_trickle_does_not_outlast_the_deadline(runner: asyncio.Runner, idp: "Idp") -> None:
    """FALL-6: the deadline is for all of it; a byte now and then doesn't push it back."""
    gone = asyncio.Event()

    async def trickle(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(CHUNKED)
        try:
            while True:
                writer.write(b"1\r\n \r\n")
                await writer.drain()
                await asyncio.sleep(0.005)  # the provider's pace, well within the deadline
        except OSError:
            gone.set()

    issuer = idp.answer("/a", trickle)

    async def read() -> Metadata | Unreadable:
        found = await Discovery(timeout=0.5).read(issuer)
        await gone.wait()
        return found

    assert runner.run(read()) == Unreadable("no complete answer within 0.5 s")


def test_a_refused_connection_is_unreadable(runner: asyncio.Runner, discovery: Discovery) -> None:
    """FALL-1: nobody listens there."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        found = runner.run(discovery.read(f"http://127.0.0.1:{taken.getsockname()[1]}"))

    assert found == Unreadable("no connection could be made")


@pytest.mark.parametrize("hops", [3, 4])
def test_a_few_redirects_are_followed(runner: asyncio.Runner, discovery: Discovery, idp: "Idp", hops: int) -> None:
    """SAFE-1, left open by the source: three at most."""
    idp.answers["/end"] = answer(perfect(idp))
    idp.answer("/a", answer(b"", status="302 Found", extra=f"Location: /hop/{hops - 1}\r\n"))
    for hop in range(hops):
        target = f"/hop/{hop - 1}" if hop else "/end"
        idp.answers[f"/hop/{hop}"] = answer(b"", status="307 Elsewhere", extra=f"Location: {target}\r\n")

    found = runner.run(discovery.read(idp.base + "/a"))

    assert isinstance(found, Metadata if hops == 2 else Unreadable)


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd",
        "data:,{}",
        "ftp://x.test/",
        "http://[",
        "javascript:alert(1)",
        "http://u:p@127.0.0.1/",
    ],
)
def test_a_redirect_to_what_is_no_url_is_not_followed(
    runner: asyncio.Runner, discovery: Discovery, idp: "Idp", location: str
) -> None:
    """SAFE-1: and the reason doesn't say where to."""
    idp.answer("/a", answer(perfect(idp), status="302 Found", extra=f"Location: {location}\r\n"))

    found = runner.run(discovery.read(idp.base + "/a"))

    assert isinstance(found, Unreadable)
    assert location not in found.reason
    assert len(idp.asked) == 1


def test_a_redirect_loop_ends(runner: asyncio.Runner, discovery: Discovery, idp: "Idp") -> None:
    """SAFE-1: after one request and three more."""
    idp.answer("/a", answer(b"", status="301 Moved", extra="Location: /a/.well-known/openid-configuration\r\n"))

    assert runner.run(discovery.read(idp.base + "/a")) == Unreadable("more than 3 redirects")
    assert len(idp.asked) == 4


def test_a_redirect_from_https_to_http_is_not_followed(runner: asyncio.Runner, discovery: Discovery) -> None:
    """SAFE-1: what was asked for in private isn't read in the open."""
    with respx.mock(assert_all_called=False) as router:
        router.get("https://idp.test/.well-known/openid-configuration").respond(
            302, headers={"Location": "http://x.test/"}
        )
        elsewhere = router.get("http://x.test/").respond(json={"issuer": "https://idp.test"})
        found = runner.run(discovery.read("https://idp.test"))

    assert found == Unreadable("a redirect from https to http")
    assert not elsewhere.called


def test_cookies_are_not_kept(runner: asyncio.Runner, discovery: Discovery, idp: "Idp") -> None:
    """DISC-7: what one answer sets, the next request doesn't carry."""
    idp.answer("/a", answer(perfect(idp), extra="Set-Cookie: a=1; Path=/\r\n"))

    for _ in range(2):
        runner.run(discovery.read(idp.base + "/a"))

    assert [("cookie" in entry.headers) for entry in idp.asked] == [False, False]


def test_a_reader_works_on_after_it_was_closed(runner: asyncio.Runner, discovery: Discovery, idp: "Idp") -> None:
    """An app may be started and stopped more than once."""
    idp.answer("/a", answer(perfect(idp)))

    async def read() -> bool:
        await discovery.read(idp.base + "/a")
        await discovery.aclose()
        return isinstance(await discovery.read(idp.base + "/a"), Metadata)

    assert runner.run(read())


def test_trust_is_given_by_a_file(runner: asyncio.Runner, idp: "Idp", tmp_path: "Path") -> None:
    """A provider whose authority is in the file is read over TLS; without it, its certificate isn't trusted."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    server = runner.run(asyncio.start_server(idp.serve, "127.0.0.1", 0, ssl=context))
    idp.base = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    idp.answer("/a", answer(perfect(idp)))

    trusting = runner.run(Discovery(trust=tmp_path / "ca.pem").read(idp.base + "/a"))
    doubting = runner.run(Discovery().read(idp.base + "/a"))

    server.close()
    assert isinstance(trusting, Metadata)
    assert doubting == Unreadable("its certificate isn't trusted")


def test_a_file_without_certificates_is_refused_at_once(tmp_path: "Path") -> None:
    """A mistyped file is no silent distrust of everybody."""
    with pytest.raises(OSError, match=r"trust '.*none\.pem': wanted a PEM file"):
        Discovery(trust=tmp_path / "none.pem")


@pytest.mark.parametrize("timeout", [0, -1, float("nan")])
def test_a_deadline_is_a_positive_number(timeout: float) -> None:
    """The message says what was given."""
    with pytest.raises(ValueError, match=f"timeout {timeout}: wanted a positive number"):
        Discovery(timeout=timeout)

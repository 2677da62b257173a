"""Every failure of the catalogue at the wire: what a plain socket reads, byte for byte where bytes are the point."""

import gzip
import json
import socket
import ssl
import struct
import threading
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest

from idpact_mock import FAILURES, Issuer, MockIdP, ServerTLS
from tests.mock_idp.raw import SECONDS, RawClient, path_of

MEMBERS = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")


@dataclass(frozen=True)
class Wire:
    """What was read of one answer."""

    raw: bytes
    reset: bool
    issuer: Issuer
    good_body: bytes
    target: str

    @property
    def good(self) -> dict[str, Any]:
        """What a working endpoint would have answered."""
        parsed = json.loads(self.good_body)
        assert isinstance(parsed, dict)
        return parsed

    @property
    def head(self) -> bytes:
        """Status line and headers."""
        return self.raw.partition(b"\r\n\r\n")[0]

    @property
    def body(self) -> bytes:
        """What comes after the first empty line."""
        return self.raw.partition(b"\r\n\r\n")[2]

    @property
    def status(self) -> int:
        """The status."""
        return int(self.head.split(b" ")[1])

    @property
    def headers(self) -> list[tuple[str, str]]:
        """Names in lower case, and values."""
        lines = self.head.decode("latin-1").split("\r\n")[1:]
        return [(name.lower(), value) for name, _, value in (line.partition(": ") for line in lines)]

    def header(self, name: str) -> str | None:
        """A header's value."""
        return next((value for key, value in self.headers if key == name), None)

    @property
    def document(self) -> dict[str, Any]:
        """The body as a JSON object."""
        parsed = json.loads(self.body)
        assert isinstance(parsed, dict)
        return parsed


def wire_of(
    issuer: Issuer, port: int, *, target: str | None = None, headers: tuple[str, ...] = (), most: int = 1 << 30
) -> Wire:
    """Ask for the document on a connection of its own, and read until the other side ends it."""
    target = target or path_of(issuer.discovery_url)
    with RawClient(port) as client:
        client.send(target, headers=("Connection: close", *headers))
        raw, reset = client.read_all(most=most)
    return Wire(raw, reset, issuer, json.dumps(issuer.document, indent=2).encode("ascii"), target)


def struck(
    idp: MockIdP, failure_id: str, parameters: dict[str, object] | None = None, *, headers: tuple[str, ...] = ()
) -> Wire:
    """The answer of an issuer that fails so."""
    issuer = idp.make_issuer(failure={"id": failure_id, "parameters": parameters or {}})
    target = path_of(str(issuer.document["jwks_uri"])) if FAILURES[failure_id].endpoints[0] == "jwks" else None
    return wire_of(issuer, issuer.site.port or idp.port, headers=headers, target=target)


Check = Callable[[Wire], bool]


def status(expected: int) -> Check:
    """That status and the perfect document."""
    return lambda wire: wire.status == expected and wire.document == wire.good


def location(expected: str) -> Check:
    """302 to there, without a body."""
    return lambda wire: (wire.status, wire.header("location"), wire.body) == (302, expected, b"")


def body(make: Callable[[bytes], bytes]) -> Check:
    """200 as JSON, with the document's bytes changed so."""
    return lambda wire: (
        (wire.status, wire.header("content-type"), wire.body) == (200, "application/json", make(bytes_of(wire)))
    )


def bytes_of(wire: Wire) -> bytes:
    """The document as the issuer writes it."""
    return wire.good_body


def members(**values: object) -> Check:
    """The perfect document but for these members."""
    return lambda wire: wire.status == 200 and wire.document == {**wire.good, **values}


def every(value: Callable[[str, str], object]) -> Check:
    """The perfect document but for the four endpoints, each made of its name and its right URL."""
    return lambda wire: wire.document == {**wire.good, **{name: value(name, wire.good[name]) for name in MEMBERS}}


def issuer(value: Callable[[str], object]) -> Check:
    """The perfect document but for its issuer, made of the right one."""
    return lambda wire: wire.document == {**wire.good, "issuer": value(wire.issuer.url)}


def extra(test: Callable[[Wire], bool]) -> Check:
    """The perfect document and more, which a lenient parser reads."""
    return lambda wire: wire.status == 200 and test(wire)


def pairs_of(wire: Wire) -> list[tuple[str, Any]]:
    """The members as they are written, doubled ones too."""
    pairs: list[tuple[str, Any]] = json.loads(wire.body, object_pairs_hook=list)
    return pairs


def chunks_of(data: bytes) -> list[bytes]:
    """The chunks of a chunked body that is whole."""
    found = []
    while data:
        size, _, rest = data.partition(b"\r\n")
        found.append(rest[: int(size, 16)])
        data = rest[int(size, 16) + 2 :]
    return found


FAILURE_CHECKS: list[tuple[str, dict[str, object], Check]] = [
    # -- A: no connection, no answer
    ("empty-reply", {}, lambda wire: wire.raw == b"" and not wire.reset),
    ("connection-reset", {}, lambda wire: wire.raw == b"" and wire.reset),
    (
        "reset-mid-body",
        {},
        lambda wire: wire.reset and wire.header("content-length") == "500" and wire.body == bytes_of(wire)[:21],
    ),
    ("hang-before-headers", {"seconds": 0.05}, lambda wire: wire.raw == b"" and wire.reset),
    ("hang-mid-headers", {"seconds": 0.05}, lambda wire: wire.raw == b"HTTP/1.1 200 OK\r\nContent-Ty" and wire.reset),
    (
        "hang-mid-body",
        {"seconds": 0.05},
        lambda wire: (
            wire.reset
            and wire.body == bytes_of(wire)[: len(bytes_of(wire)) // 2]
            and wire.header("content-length") == str(len(bytes_of(wire)))
        ),
    ),
    (
        "chunked-trickle",
        {"pause": 0.0001},
        lambda wire: (
            b"".join(chunks_of(wire.body)) == bytes_of(wire)
            and {len(chunk) for chunk in chunks_of(wire.body)} == {1, 0}
        ),
    ),
    (
        "trickle-endless",
        {"pause": 0.01, "seconds": 0.05},
        lambda wire: wire.reset and set(chunks_of(wire.body)) == {b" "},
    ),
    ("garbage-status-line", {}, lambda wire: wire.raw == b"\x00\x01garbage\r\n\r\n"),
    ("garbage-status-line", {"bytes": "ssh"}, lambda wire: wire.raw.startswith(b"SSH-2.0-")),
    ("http09", {}, lambda wire: wire.raw == bytes_of(wire)),
    # -- B: status and redirects
    ("http-404", {}, lambda wire: wire.status == 404 and set(wire.document) == {"error", "error_description"}),
    ("http-404", {"body": "html"}, lambda wire: wire.status == 404 and b"<form" in wire.body),
    ("http-410", {"body": "document"}, status(410)),
    ("http-410", {}, lambda wire: wire.status == 410 and "error" in wire.document),
    ("http-400", {}, lambda wire: wire.status == 400 and "error" in wire.document),
    ("http-401", {}, lambda wire: status(401)(wire) and wire.header("www-authenticate") == "Bearer"),
    ("http-403", {}, status(403)),
    ("http-403", {"only_default_agents": True}, status(403)),
    ("http-429-retry-after", {}, lambda wire: status(429)(wire) and wire.header("retry-after") == "3600"),
    ("http-429-retry-after", {"retry_after": 0}, lambda wire: wire.header("retry-after") == "0"),
    ("http-500-with-document", {}, status(500)),
    ("http-502-html", {}, lambda wire: wire.status == 502 and b"Bad Gateway" in wire.body),
    ("http-503", {}, status(503)),
    ("http-503-then-200", {}, lambda wire: wire.status == 503 and "error" in wire.document),
    ("http-204", {}, lambda wire: (wire.status, wire.body, wire.header("content-length")) == (204, b"", None)),
    ("empty-body", {}, lambda wire: (wire.status, wire.body, wire.header("content-length")) == (200, b"", "0")),
    ("http-2xx-not-200", {}, status(203)),
    ("http-2xx-not-200", {"status": 299}, status(299)),
    ("http-304-unasked", {}, lambda wire: (wire.status, wire.body) == (304, b"")),
    ("http-status-999", {}, lambda wire: wire.raw.startswith(b"HTTP/1.1 999 ") and wire.body == b""),
    ("http-status-42", {}, lambda wire: wire.raw.startswith(b"HTTP/1.1 42 ") and wire.body == b""),
    (
        "early-hints-103",
        {},
        lambda wire: (
            wire.raw.startswith(b"HTTP/1.1 103 ")
            and wire.body.startswith(b"HTTP/1.1 200 OK\r\n")
            and wire.body.endswith(b"\r\n\r\n" + bytes_of(wire))
        ),
    ),
    (
        "redirect-same-host",
        {},
        lambda wire: location(f"{wire.target}?hop=1")(wire),
    ),
    ("redirect-same-host", {"status": 308}, lambda wire: wire.status == 308),
    ("redirect-cross-host", {}, lambda wire: str(wire.header("location")).startswith("http://127.0.0.1:")),
    ("redirect-http-https", {}, lambda wire: str(wire.header("location")).startswith("https://127.0.0.1:")),
    ("redirect-https-http", {}, lambda wire: str(wire.header("location")).startswith("http://127.0.0.1:")),
    ("redirect-loop", {}, lambda wire: location(wire.target)(wire)),
    ("redirect-chain-50", {}, lambda wire: str(wire.header("location")).endswith("?hop=1")),
    ("redirect-non-http", {}, location("file:///etc/passwd")),
    ("redirect-no-location", {}, lambda wire: (wire.status, wire.header("location"), wire.body) == (302, None, b"")),
    ("redirect-bad-location", {}, location("http://[")),
    ("redirect-internal", {}, lambda wire: str(wire.header("location")).endswith("/latest/meta-data/")),
    ("redirect-internal", {"location": "http://169.254.169.254/"}, location("http://169.254.169.254/")),
    (
        "well-known-slash",
        {},
        lambda wire: (wire.status, wire.header("location")) == (301, f"{path_of(wire.issuer.discovery_url)}/"),
    ),
    # -- C: body and encoding
    ("html-login-page", {}, lambda wire: wire.header("content-type") == "text/html; charset=utf-8"),
    ("not-json", {}, body(lambda _: b'{"issuer":')),
    ("json-truncated", {}, body(lambda document: document[: len(document) // 2])),
    ("json-trailing", {}, body(lambda document: document + b"x")),
    ("json-two-documents", {}, body(lambda document: document + document)),
    ("json-comment", {}, lambda wire: b"{ // the" in wire.body),
    ("json-trailing-comma", {}, lambda wire: wire.body.endswith(b",\n}")),
    ("json-xssi-prefix", {}, body(lambda document: b")]}'\n" + document)),
    ("json-array", {}, body(lambda document: b"[" + document + b"]")),
    ("json-null", {}, body(lambda _: b"null")),
    ("json-string", {}, lambda wire: json.loads(json.loads(wire.body)) == wire.good),
    ("json-number", {}, body(lambda _: b"42")),
    ("json-true", {}, body(lambda _: b"true")),
    ("json-empty-object", {}, body(lambda _: b"{}")),
    (
        "duplicate-keys",
        {},
        lambda wire: (
            [name for name, _ in pairs_of(wire)].count("token_endpoint") == 2
            and wire.document["issuer"] == wire.issuer.url
        ),
    ),
    ("duplicate-keys", {"right": "first"}, lambda wire: pairs_of(wire)[0] == ("issuer", wire.issuer.url)),
    ("utf8-bom", {}, body(lambda document: b"\xef\xbb\xbf" + document)),
    (
        "utf16",
        {},
        lambda wire: (
            wire.header("content-type") == "application/json; charset=utf-16"
            and json.loads(wire.body.decode("utf-16")) == wire.good
        ),
    ),
    ("utf16", {"charset": False}, lambda wire: wire.header("content-type") == "application/json"),
    ("invalid-utf8", {}, extra(lambda wire: wire.body.count(b"\xff") == 1)),
    ("leading-newline", {}, body(lambda document: b"\n" + document)),
    ("json-nan", {}, extra(lambda wire: b'{"x": NaN,' in wire.body)),
    ("json-bigint", {}, extra(lambda wire: b"7" * 5000 in wire.body)),
    ("deep-nesting", {}, extra(lambda wire: wire.body.count(b'{"x":') == 100_001 and len(wire.body) > 600_000)),
    (
        "huge-document",
        {"megabytes": 2},
        lambda wire: (
            len(wire.body) == int(wire.header("content-length") or 0) > 2 << 20 and len(wire.document["x"]) == 2 << 20
        ),
    ),
    ("gzip", {}, lambda wire: status(200)(wire) and wire.header("content-encoding") is None),
    (
        "gzip-unasked",
        {},
        lambda wire: wire.header("content-encoding") == "gzip" and gzip.decompress(wire.body) == bytes_of(wire),
    ),
    ("gzip-lie", {}, lambda wire: status(200)(wire) and wire.header("content-encoding") == "gzip"),
    (
        "gzip-unlabelled",
        {},
        lambda wire: wire.header("content-encoding") is None and gzip.decompress(wire.body) == bytes_of(wire),
    ),
    ("unknown-encoding", {}, lambda wire: status(200)(wire) and wire.header("content-encoding") == "xyz"),
    (
        "gzip-bomb",
        {"megabytes": 4},
        lambda wire: len(wire.body) < 10_000 and len(gzip.decompress(wire.body)) == (4 << 20) + len(bytes_of(wire)),
    ),
    (
        "gzip-bomb",
        {"twice": True},
        lambda wire: len(wire.body) < 2_000 and wire.header("content-encoding") == "gzip, gzip",
    ),
    ("wrong-content-type", {}, lambda wire: status(200)(wire) and wire.header("content-type") == "text/html"),
    ("missing-content-type", {}, lambda wire: status(200)(wire) and wire.header("content-type") is None),
    (
        "two-content-types",
        {},
        lambda wire: (
            status(200)(wire)
            and [value for name, value in wire.headers if name == "content-type"] == ["text/html", "application/json"]
        ),
    ),
    (
        "charset-latin1",
        {},
        lambda wire: status(200)(wire) and wire.header("content-type") == "application/json; charset=iso-8859-1",
    ),
    (
        "truncated-content-length",
        {},
        lambda wire: not wire.reset and len(wire.body) + 1000 == int(wire.header("content-length") or 0),
    ),
    ("truncated-content-length", {"whole": True}, status(200)),
    (
        "truncated-chunked",
        {},
        lambda wire: chunks_of(wire.body) == [bytes_of(wire)[: len(bytes_of(wire)) // 2]] and not wire.reset,
    ),
    ("overlong-body", {}, lambda wire: wire.header("content-length") == "5" and wire.body == bytes_of(wire)),
    (
        "two-content-lengths",
        {},
        lambda wire: [value for name, value in wire.headers if name == "content-length"] == [str(len(wire.body)), "5"],
    ),
    ("header-flood", {}, lambda wire: status(200)(wire) and len(wire.head) > 100_000),
    ("header-flood", {"shape": "many"}, lambda wire: status(200)(wire) and len(wire.headers) > 10_000),
    (
        "close-delimited",
        {},
        lambda wire: (
            wire.raw.startswith(b"HTTP/1.0 200 OK\r\n") and status(200)(wire) and not wire.header("content-length")
        ),
    ),
    # -- D: the document
    ("issuer-mismatch", {}, issuer(lambda url: f"http://other.idp.test{urlsplit(url).path}")),
    ("issuer-mismatch", {"differs": "path"}, issuer(lambda url: f"{url}/other")),
    ("issuer-mismatch", {"differs": "port"}, issuer(lambda url: urlsplit(url)._replace(netloc="127.0.0.1:1").geturl())),
    ("issuer-mismatch", {"differs": "scheme"}, issuer(lambda url: url.replace("http:", "https:"))),
    ("issuer-trailing-slash", {}, issuer(lambda url: f"{url}/")),
    ("issuer-case", {}, issuer(lambda url: url.replace("http:", "HTTP:"))),
    ("issuer-placeholder", {}, issuer(lambda url: url + "/{tenantid}/v2.0")),
    ("issuer-missing", {}, lambda wire: set(wire.good) - set(wire.document) == {"issuer"}),
    ("issuer-null", {}, members(issuer=None)),
    ("issuer-not-a-string", {}, issuer(lambda url: [url])),
    ("member-missing", {}, lambda wire: set(wire.good) - set(wire.document) == {"userinfo_endpoint"}),
    ("member-missing", {"members": MEMBERS}, lambda wire: set(wire.good) - set(wire.document) == set(MEMBERS)),
    ("member-null", {"members": ["jwks_uri"]}, members(jwks_uri=None)),
    ("member-null", {}, every(lambda _name, _url: None)),
    ("member-wrong-type", {}, every(lambda _name, _url: 7)),
    ("member-wrong-type", {"value": {"a": [1]}}, every(lambda _name, _url: {"a": [1]})),
    ("member-empty", {}, every(lambda _name, _url: "")),
    ("member-empty", {"blank": True}, every(lambda _name, _url: "   ")),
    ("member-relative-url", {}, every(lambda name, _url: f"/oauth/{name}")),
    ("member-relative-url", {"form": "slashes"}, every(lambda name, _url: f"//idp.test/oauth/{name}")),
    ("member-not-a-url", {}, every(lambda _name, _url: "hello")),
    ("member-http-not-https", {}, every(lambda _name, url: url.replace("https:", "http:"))),
    ("member-javascript-scheme", {}, every(lambda _name, _url: "javascript:alert(1)")),
    (
        "member-private-host",
        {},
        lambda wire: (
            wire.document["jwks_uri"].endswith("/jwks_uri") and wire.document["jwks_uri"] != wire.good["jwks_uri"]
        ),
    ),
    ("member-userinfo-part", {}, every(lambda _name, url: url.replace("://", "://user:password@"))),
    ("member-fragment", {}, every(lambda _name, url: f"{url}#f")),
    ("member-crlf", {}, every(lambda _name, url: f"{url}\r\nX-Injected: 1")),
    ("member-whitespace", {}, every(lambda _name, url: f" {url}")),
    ("member-nul", {}, every(lambda _name, url: f"{url}\0")),
    ("member-lone-surrogate", {}, every(lambda _name, url: f"{url}\ud800")),
    ("member-1mb", {}, lambda wire: len(wire.document["token_endpoint"]) == 1 << 20),
    ("unknown-members", {}, lambda wire: {**wire.document, **wire.good} == wire.document != wire.good),
    ("proto-member", {}, lambda wire: set(wire.document) - set(wire.good) == {"__proto__"}),
    ("empty-array", {}, lambda wire: wire.document["scopes_supported"] == []),
    ("nested-decoy", {}, lambda wire: "token_endpoint" in wire.document["mtls_endpoint_aliases"]),
    ("other-host-endpoints", {}, lambda wire: len({urlsplit(wire.document[name]).hostname for name in MEMBERS}) == 4),
    ("credentials-decoy", {}, lambda wire: set(wire.document) - set(wire.good) == {"client_id", "client_secret"}),
    ("jwks-unreachable", {}, lambda wire: refuses(wire.document["jwks_uri"])),
    ("jwks-empty", {}, lambda wire: wire.document == {"keys": []}),
    ("jwks-html", {}, lambda wire: wire.status == 200 and b"<form" in wire.body),
    # -- E: addresses and caches
    ("decoy-at-root", {}, lambda wire: status(200)(wire) and decoyed(wire, "/.well-known/openid-configuration")),
    (
        "decoy-inserted",
        {},
        lambda wire: status(200)(wire) and decoyed(wire, f"/.well-known/openid-configuration{wire.issuer.path}"),
    ),
    ("double-slash-404", {}, lambda wire: status(200)(wire) and doubled(wire).status == 404),
    ("double-slash-decoy", {}, lambda wire: status(200)(wire) and is_decoy(doubled(wire), wire)),
    ("cache-stale", {}, lambda wire: status(200)(wire) and wire.header("cache-control") == "public, max-age=86400"),
    ("etag-304", {}, lambda wire: status(200)(wire) and bool(wire.header("etag"))),
    ("no-store", {}, lambda wire: wire.header("cache-control") == "no-store" and "1970" in str(wire.header("expires"))),
    ("set-cookie", {}, lambda wire: status(200)(wire) and str(wire.header("set-cookie")).startswith("idpact=1;")),
]


def refuses(url: str) -> bool:
    """Nobody listens there."""
    try:
        socket.create_connection(("127.0.0.1", urlsplit(url).port or 0), timeout=SECONDS).close()
    except ConnectionRefusedError:
        return True
    return False


def beside(wire: Wire, target: str) -> Wire:
    """The answer at another address of the same host."""
    return wire_of(wire.issuer, urlsplit(wire.issuer.url).port or 0, target=target)


def doubled(wire: Wire) -> Wire:
    """The answer where the well-known part follows two slashes."""
    return beside(wire, f"{wire.issuer.path}//.well-known/openid-configuration")


def is_decoy(answer: Wire, wire: Wire) -> bool:
    """Another document, with another issuer and other endpoints, which the journal doesn't take for the issuer's."""
    (entry,) = wire.issuer.journal.entries[-1:]
    differs = all(answer.document[name] != wire.good[name] for name in ("issuer", *MEMBERS))
    return answer.status == 200 and differs and (entry.kind, entry.outcome) == ("other", "not-strict")


def decoyed(wire: Wire, target: str) -> bool:
    """There is a decoy at that address."""
    return is_decoy(beside(wire, target), wire)


@pytest.mark.parametrize(
    ("failure_id", "parameters", "check"),
    FAILURE_CHECKS,
    ids=[f"{failure_id}{parameters or ''}" for failure_id, parameters, _ in FAILURE_CHECKS],
)
def test_failure_on_the_wire(idp: MockIdP, failure_id: str, parameters: dict[str, object], check: Check) -> None:
    """What a plain socket reads is what the catalogue says."""
    wire = struck(idp, failure_id, parameters)

    assert check(wire), (wire.raw[:2000], wire.reset)


def test_every_failure_is_looked_at() -> None:
    """Nothing is in the catalogue that no test here or below has seen on the wire."""
    below = {
        "dns-failure",
        "connection-refused",
        "connect-timeout",
        "tls-untrusted",
        "tls-expired",
        "tls-wrong-host",
        "tls-not-tls",
        "endless-body",
        "doubled-well-known",
    }

    assert {failure_id for failure_id, _, _ in FAILURE_CHECKS} | below == set(FAILURES)


class TestRequestsThatMatter:
    def test_gzip_where_it_is_accepted(self, idp: MockIdP) -> None:
        """A client that accepts gzip gets it, and the journal has what that client decodes."""
        wire = struck(idp, "gzip", headers=("Accept-Encoding: gzip",))

        assert (wire.header("content-encoding"), gzip.decompress(wire.body)) == ("gzip", bytes_of(wire))
        assert json.loads(wire.issuer.journal.entries[0].content) == wire.good

    def test_forbidden_for_default_agents_only(self, idp: MockIdP) -> None:
        """A client with a name of its own gets the document, and the journal says so."""
        issuer = idp.make_issuer()
        issuer.fail("http-403", only_default_agents=True)

        answers = [
            wire_of(issuer, idp.port, headers=(f"User-Agent: {agent}",)).status
            for agent in ("python-requests/2.34", "Go-http-client/1.1", "acme-login/2.1")
        ]

        assert answers == [403, 403, 200]
        assert [entry.outcome for entry in issuer.journal.entries] == ["not", "not", "yes"]

    def test_etag_is_honoured(self, idp: MockIdP, issuer: Issuer) -> None:
        """304 to a request that has the document already."""
        issuer.fail("etag-304")
        etag = wire_of(issuer, idp.port).header("etag")

        again = wire_of(issuer, idp.port, headers=(f"If-None-Match: {etag}",))

        assert (again.status, again.body) == (304, b"")

    def test_second_document_differs(self, idp: MockIdP, issuer: Issuer) -> None:
        """Whoever keeps the first document of `cache-stale` has old endpoints."""
        issuer.fail("cache-stale")
        first, second = wire_of(issuer, idp.port), wire_of(issuer, idp.port)

        assert all(first.document[name] != second.document[name] for name in MEMBERS)
        assert first.document["issuer"] == second.document["issuer"]

    def test_http_503_then_200(self, idp: MockIdP) -> None:
        """The second request is answered as if nothing had been, and counts so."""
        first = struck(idp, "http-503-then-200")
        second = wire_of(first.issuer, idp.port)

        assert (first.status, second.status) == (503, 200)
        assert [entry.outcome for entry in first.issuer.journal.entries] == ["not", "yes"]

    def test_redirects_lead_to_the_document(self, idp: MockIdP, issuer: Issuer) -> None:
        """What is redirected is the perfect document, at each of the addresses."""
        for failure_id in ("redirect-same-host", "redirect-cross-host", "redirect-https-http", "well-known-slash"):
            issuer.fail(failure_id)
            told = urlsplit(str(wire_of(issuer, idp.port).header("location")))
            target = f"{told.path}?{told.query}" if told.query else told.path
            assert status(200)(wire_of(issuer, told.port or idp.port, target=target)), failure_id

    def test_internal_address_journals_who_came(self, idp: MockIdP, issuer: Issuer) -> None:
        """The canary is a listener of the issuer's, so that a visit is in its journal."""
        issuer.fail("redirect-internal")
        told = urlsplit(str(wire_of(issuer, idp.port).header("location")))

        answer = wire_of(issuer, told.port or 0, target=told.path)

        assert answer.status == 404
        assert issuer.journal.entries[-1].target == "/latest/meta-data/"

    def test_doubled_well_known(self, idp: MockIdP) -> None:
        """The issuer is typed as the document's address: what follows from it is 404, and the document names its own issuer."""
        issuer = idp.make_issuer("acme", failure="doubled-well-known")
        path = path_of(issuer.discovery_url)

        assert issuer.url == issuer.discovery_url
        assert wire_of(issuer, idp.port, target=f"{path}/.well-known/openid-configuration").status == 404
        assert wire_of(issuer, idp.port).document["issuer"] == f"{idp.url}/acme"


class TestEndless:
    def test_bytes_sent_is_honest(self, idp: MockIdP, issuer: Issuer) -> None:
        """A client that leaves after 300 kB was not sent megabytes: little is in buffers, and that is said to be at most."""
        issuer.fail("endless-body")

        wire = wire_of(issuer, idp.port, most=300_000)
        (entry,) = issuer.journal.wait(1, ended=True)

        assert len(wire.raw) >= 300_000
        assert set(wire.body) <= set(b" \r\n0123456789abcdef")
        assert (entry.ended, entry.status) == ("client-left", 200)
        assert 300_000 <= entry.bytes_sent < 8_000_000

    def test_ends_by_itself(self, idp: MockIdP, issuer: Issuer) -> None:
        """A client that connects and never reads is let go at the limit."""
        issuer.fail("endless-body", seconds=0.05)

        with RawClient(idp.port) as client:
            client.send(path_of(issuer.discovery_url))
            (entry,) = issuer.journal.wait(1, ended=True)

        assert entry.ended == "reset"

    def test_does_not_keep_others_waiting(self, idp: MockIdP, issuer: Issuer) -> None:
        """While one client reads as fast as it can, another is answered."""
        issuer.fail("endless-body")
        good = idp.make_issuer()
        done = threading.Event()

        with RawClient(idp.port) as client:
            client.send(path_of(issuer.discovery_url))

            def drink() -> None:
                while not done.is_set() and client.sock.recv(65536):
                    pass

            drinker = threading.Thread(target=drink)
            drinker.start()
            answers = [wire_of(good, idp.port).status for _ in range(5)]
            done.set()
            drinker.join(SECONDS)

        assert answers == [200] * 5


class TestAddresses:
    def test_dns_failure(self, idp: MockIdP) -> None:
        """The host is one that resolves nowhere (RFC 6761)."""
        issuer = idp.make_issuer(failure="dns-failure")

        host = urlsplit(issuer.url).hostname or ""
        assert host.endswith(".invalid")
        with pytest.raises(socket.gaierror):
            socket.getaddrinfo(host, 80)

    def test_connect_timeout(self, idp: MockIdP) -> None:
        """A connection is neither made nor refused."""
        issuer = idp.make_issuer(failure="connect-timeout")

        with pytest.raises(TimeoutError):
            socket.create_connection(("127.0.0.1", urlsplit(issuer.url).port or 0), timeout=0.2)

    def test_connect_timeout_ends_with_the_issuer(self, idp: MockIdP) -> None:
        """A dropped issuer keeps neither its port nor what filled its queue."""
        issuer = idp.make_issuer(failure="connect-timeout")
        port = urlsplit(issuer.url).port or 0

        idp.drop_issuer(issuer)

        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), timeout=SECONDS)

    @pytest.mark.parametrize(
        ("failure_id", "reason"),
        [
            ("tls-untrusted", "unable to get local issuer certificate|self-signed certificate"),
            ("tls-expired", "certificate has expired"),
            ("tls-wrong-host", "mismatch|is not valid for"),
        ],
    )
    def test_certificate_fails_for_that_very_reason(self, idp: MockIdP, failure_id: str, reason: str) -> None:
        """A client that trusts the mock's authority is told what is wrong; one that checks nothing reads the document."""
        issuer = idp.make_issuer(failure=failure_id)
        port = urlsplit(issuer.url).port or 0
        strict = ssl.create_default_context(cadata=idp.ca_pem.decode("ascii"))
        lenient = ssl.create_default_context()
        lenient.check_hostname, lenient.verify_mode = False, ssl.CERT_NONE

        with pytest.raises(ssl.SSLCertVerificationError, match=reason):
            RawClient(port, tls=strict)
        with RawClient(port, tls=lenient) as client:
            answer = client.ask(path_of(issuer.discovery_url))

        assert issuer.url.startswith("https://127.0.0.1:")
        assert json.loads(answer.body) == issuer.document
        assert [entry.outcome for entry in issuer.journal.entries] == ["not-strict"]

    def test_tls_not_tls(self, idp: MockIdP) -> None:
        """A handshake is answered with plain HTTP."""
        issuer = idp.make_issuer(failure="tls-not-tls")
        port = urlsplit(issuer.url).port or 0

        assert issuer.url.startswith("https://")
        with pytest.raises(ssl.SSLError, match=r"WRONG_VERSION_NUMBER|wrong version number"):
            RawClient(port, tls=ssl.create_default_context())
        with RawClient(port) as client:
            client.sock.sendall(struct.pack("!BHH", 22, 0x0301, 5) + b"hello\r\n\r\n")
            assert client.sock.recv(12) == b"HTTP/1.1 400"

    def test_redirect_to_https_is_trusted_with_the_mocks_authority(self, idp: MockIdP, issuer: Issuer) -> None:
        """The second address is https with a right certificate."""
        issuer.fail("redirect-http-https")
        told = urlsplit(str(wire_of(issuer, idp.port).header("location")))
        trusting = ssl.create_default_context(cadata=idp.ca_pem.decode("ascii"))

        with RawClient(told.port or 0, tls=trusting) as client:
            answer = client.ask(f"{told.path}?{told.query}")

        assert json.loads(answer.body) == issuer.document


def test_bomb_unpacks_to_the_document_at_last() -> None:
    """A client that unpacks all of it finds the perfect document behind 200 MiB of spaces, on some 200 kB of wire."""
    with MockIdP() as idp:
        wire = struck(idp, "gzip-bomb")
    unpacker = zlib.decompressobj(31)
    size, tail = 0, wire.body
    last = b""
    while tail:
        piece = unpacker.decompress(tail, 1 << 20)
        size, tail, last = size + len(piece), unpacker.unconsumed_tail, (last + piece)[-10_000:]

    assert len(wire.body) < 250_000
    assert size == (200 << 20) + len(bytes_of(wire))
    assert json.loads(last) == wire.good


def test_client_that_leaves_an_endless_body_over_tls(caplog: pytest.LogCaptureFixture) -> None:
    """Over TLS too the exchange ends when the client leaves, and what was never sent isn't counted."""
    tls = ServerTLS.throwaway()
    with MockIdP(tls=tls) as idp:
        issuer = idp.make_issuer(failure="endless-body")
        with RawClient(idp.port, tls=tls.client_context()) as client:
            client.send(path_of(issuer.discovery_url))
            read = 0
            while read < 300_000:
                read += len(client.sock.recv(65536))
        (entry,) = issuer.journal.wait(1, ended=True)

    assert entry.ended == "client-left"
    assert 300_000 <= entry.bytes_sent < 8_000_000
    assert caplog.records == []


@pytest.mark.parametrize(
    "failure_id",
    ["hang-before-headers", "hang-mid-headers", "hang-mid-body", "chunked-trickle", "trickle-endless", "endless-body"],
)
def test_stop_ends_whatever_waits(failure_id: str) -> None:
    """A server that stops waits for no client that is being held up."""
    with MockIdP() as idp:
        issuer = idp.make_issuer(failure=failure_id)
        client = RawClient(idp.port)
        client.send(path_of(issuer.discovery_url))
        issuer.journal.wait(1)

    with client:
        (entry,) = issuer.journal.entries
        assert entry.ended == "shutdown"


def test_dropping_an_issuer_closes_its_second_addresses(idp: MockIdP, issuer: Issuer) -> None:
    """What was opened for a failure lives no longer than its issuer."""
    issuer.fail("redirect-cross-host")
    location = str(wire_of(issuer, idp.port).header("location"))

    idp.drop_issuer(issuer)

    assert refuses(location)

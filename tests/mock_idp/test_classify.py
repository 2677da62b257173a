"""How an answer's bytes count, case by case of the failure catalogue."""

import json

import pytest

from idpact_mock import Outcome
from idpact_mock.classify import ENDPOINTS, outcome_of
from idpact_mock.document import base_document

ISSUER = "https://idp.test/a"
DOCUMENT = base_document(ISSUER, ISSUER)
GOOD = json.dumps(DOCUMENT).encode()


def judged(
    body: bytes, *, content_type: str | None = "application/json", issuer: str = ISSUER, encoded: bool = False
) -> Outcome:
    """The outcome of that body at that issuer."""
    return outcome_of(body, content_type=content_type, issuer=issuer, encoded=encoded)


def with_member(name: str, value: object) -> bytes:
    """The document with one member set."""
    return json.dumps({**DOCUMENT, name: value}).encode()


@pytest.mark.parametrize(
    "body",
    [
        GOOD,
        b"\n" + GOOD,
        with_member("custom", {"token_endpoint": None}),
        with_member("__proto__", {}),
        with_member("claims_supported", []),
        with_member("userinfo_endpoint", "https://elsewhere.example:8443/userinfo?a=b"),
    ],
    ids=["good", "leading-newline", "nested-decoy", "proto-member", "empty-array", "other-host-endpoints"],
)
def test_documents_that_are_retrieved(body: bytes) -> None:
    """Odd but right documents count as retrieved."""
    assert judged(body) is Outcome.YES


def test_charset_makes_no_difference() -> None:
    """A parameter of the content type is no other type."""
    assert judged(GOOD, content_type="Application/JSON; charset=utf-8") is Outcome.YES


@pytest.mark.parametrize("name", ENDPOINTS)
def test_a_missing_member_is_no_failure(name: str) -> None:
    """The rest of the document can be used."""
    body = json.dumps({key: value for key, value in DOCUMENT.items() if key != name}).encode()

    assert judged(body) is Outcome.YES


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b'{"issuer":',
        GOOD + b"x",
        GOOD + GOOD,
        b")]}'\n" + GOOD,
        b"<html>",
        b"[" + GOOD + b"]",
        b"null",
        b'"x"',
        b"7",
        b"true",
        b"\xff{",
    ],
    ids=str,
)
def test_bodies_that_hold_no_document(body: bytes) -> None:
    """What no client can read as an object is not retrieved."""
    assert judged(body) is Outcome.NOT


@pytest.mark.parametrize("value", ["https://other.example/a", f"{ISSUER}/", ISSUER.upper(), None, 7, ""])
def test_another_issuer_is_not_to_be_used(value: object) -> None:
    """The standard says not to use it; lenient clients do."""
    assert judged(with_member("issuer", value)) is Outcome.NOT_STRICT


def test_an_empty_object_has_no_issuer() -> None:
    """`{}` names no issuer."""
    assert judged(b"{}") is Outcome.NOT_STRICT


@pytest.mark.parametrize("value", [None, 7, True, [], {}, "", "   "], ids=str)
@pytest.mark.parametrize("name", ENDPOINTS)
def test_a_member_that_is_no_url_text(name: str, value: object) -> None:
    """The document is retrieved, and that member can't be used."""
    assert judged(with_member(name, value)) is Outcome.YES_UNUSABLE


@pytest.mark.parametrize(
    "value",
    [
        "/oauth/token",
        "//host/x",
        "hello",
        "https://",
        "http://[::1",
        "https://x:99999/",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://u:p@x/",
        "https://x/#f",
        " https://x/",
        "https://x/\r\nX: 1",
        "https://x/\x00",
        "https://x/\ud800",
        "http://idp.test/token",
    ],
    ids=ascii,
)
def test_a_member_on_which_clients_may_differ(value: str) -> None:
    """Relative, odd, insecure or hostile: left open."""
    assert judged(with_member("token_endpoint", value)) is Outcome.OPEN


def test_http_is_right_at_an_http_issuer() -> None:
    """Only a step down from https is in doubt."""
    issuer = "http://127.0.0.1:8080/a"

    assert judged(json.dumps(base_document(issuer, issuer)).encode(), issuer=issuer) is Outcome.YES


@pytest.mark.parametrize(
    "body",
    [
        b"\xef\xbb\xbf" + GOOD,
        GOOD.decode().encode("utf-16"),
        GOOD[:-1] + b', "x": "\xff"}',
        GOOD[:-1] + b', "x": NaN}',
        GOOD[:-1] + b', "x": ' + b"9" * 5000 + b"}",
        GOOD[:-1] + b', "issuer": "https://idp.test/a"}',
        GOOD[:-1] + b', "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    ],
    ids=["utf8-bom", "utf16", "invalid-utf8", "json-nan", "json-bigint", "duplicate-keys", "deep-nesting"],
)
def test_bytes_on_which_parsers_differ(body: bytes) -> None:
    """The standard leaves them open, and so do we."""
    assert judged(body) is Outcome.OPEN


@pytest.mark.parametrize(
    "content_type", [None, "text/html", "text/plain", "application/octet-stream", "application/json, text/html"]
)
def test_another_content_type_is_open(content_type: str | None) -> None:
    """The standard names one; many clients don't look."""
    assert judged(GOOD, content_type=content_type) is Outcome.OPEN


def test_an_encoding_is_open() -> None:
    """What a Content-Encoding hides isn't looked at."""
    assert judged(b"\x1f\x8b", encoded=True) is Outcome.OPEN


def test_doubt_comes_before_a_member_that_is_unusable() -> None:
    """Where two things are odd, the one that leaves more open counts."""
    body = json.dumps({**DOCUMENT, "token_endpoint": None, "jwks_uri": "/keys"}).encode()

    assert judged(body) is Outcome.OPEN

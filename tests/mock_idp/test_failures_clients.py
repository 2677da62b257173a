"""Every failure, driven by two real clients: what they make of it agrees with how the catalogue counts it."""

import json
import ssl
from collections.abc import Callable, Iterable
from typing import Any

import httpx
import pytest
import requests

from idpact_mock import FAILURES, FailureMode, MockIdP, Outcome

TIMEOUT = 0.3
"""Seconds for each wait: shorter than any pause of a failure that trickles."""

LIMIT = 32 * 1024 * 1024
"""Bytes of a document, decoded, that these clients take."""

TRUST = ssl.create_default_context()

Client = Callable[[str], object]


def limited(parts: Iterable[bytes]) -> bytes:
    """The whole body, as long as it isn't too long."""
    body = bytearray()
    for part in parts:
        body += part
        if len(body) > LIMIT:
            raise ValueError("too long")
    return bytes(body)


def by_httpx(url: str) -> object:
    """The JSON value of a 200, by httpx."""
    with (
        httpx.Client(trust_env=False, verify=TRUST, timeout=TIMEOUT, follow_redirects=True) as client,
        client.stream("GET", url) as answer,
    ):
        return json.loads(limited(answer.iter_bytes())) if answer.status_code == 200 else None


def by_requests(url: str) -> object:
    """The JSON value of a 200, by requests."""
    with requests.Session() as session:
        session.trust_env = False
        with session.get(url, timeout=TIMEOUT, stream=True) as answer:
            return json.loads(limited(answer.iter_content(65536))) if answer.status_code == 200 else None


CLIENTS: dict[str, Client] = {"httpx": by_httpx, "requests": by_requests}


def document_of(client: Client, url: str) -> dict[str, Any] | None:
    """The document that a client retrieves; None where it ends in an error of any kind, or in something else."""
    try:
        found = client(url)
    except Exception:  # noqa: BLE001 - clients raise all sorts of errors, and that they are all sorts is the point
        return None
    return found if isinstance(found, dict) else None


NEVER_READ = {
    ("early-hints-103", "requests"): "takes the 103 for the answer, and finds no body in it",
}
"""What a client gets wrong: it should have the document."""

BOTH = {"httpx", "requests"}
NEITHER: set[str] = set()
READ: dict[str, set[str]] = {
    "tls-untrusted": NEITHER,
    "tls-expired": NEITHER,
    "tls-wrong-host": NEITHER,
    "chunked-trickle": NEITHER,  # they are less patient here than by default
    "http-2xx-not-200": NEITHER,
    "redirect-same-host": BOTH,
    "redirect-cross-host": BOTH,
    "redirect-http-https": NEITHER,  # they don't trust the mock's authority here
    "redirect-https-http": BOTH,
    "redirect-internal": NEITHER,
    "well-known-slash": BOTH,
    "json-empty-object": BOTH,
    "duplicate-keys": BOTH,
    "utf8-bom": BOTH,
    "utf16": BOTH,
    "invalid-utf8": NEITHER,
    "json-nan": BOTH,
    "json-bigint": NEITHER,
    "deep-nesting": NEITHER,
    "huge-document": BOTH,
    "gzip-unasked": BOTH,
    "unknown-encoding": BOTH,
    "gzip-bomb": NEITHER,
    "wrong-content-type": BOTH,
    "missing-content-type": BOTH,
    "two-content-types": BOTH,
    "charset-latin1": BOTH,
    "two-content-lengths": NEITHER,
    "header-flood": {"httpx"},
    **{
        mode.id: BOTH
        for mode in FAILURES.values()
        if mode.group == "document" and mode.outcome in (Outcome.OPEN, Outcome.NOT_STRICT)
    },
}
"""Where the standards leave it open, or want it refused: which of the clients do retrieve a document."""


@pytest.mark.parametrize("name", CLIENTS)
@pytest.mark.parametrize("mode", FAILURES.values(), ids=FAILURES)
def test_client_agrees(idp: MockIdP, mode: FailureMode, name: str) -> None:
    """NOT gives no client a document, YES gives it to each, and for what lies between it is written down who reads it."""
    issuer = idp.make_issuer(failure=mode.id)

    document = document_of(CLIENTS[name], f"{issuer.url.rstrip('/')}/.well-known/openid-configuration")

    match mode.outcome:
        case Outcome.NOT:
            assert document is None
        case Outcome.YES | Outcome.YES_UNUSABLE:
            assert (document is None) == ((mode.id, name) in NEVER_READ)
            assert document is None or document["issuer"] == issuer.url
        case _:
            assert (document is not None) == (name in READ[mode.id])


def test_table_is_complete() -> None:
    """All that is open is written down, and nothing else."""
    between = {mode.id for mode in FAILURES.values() if mode.outcome in (Outcome.OPEN, Outcome.NOT_STRICT)}

    assert set(READ) == between

"""Requests that nobody means well: any bytes, any method, any target, any order. No 5xx, and nothing is logged."""

import logging
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from idpact_mock import Issuer, MockIdP
from idpact_mock.provider.flaws import FLAWS
from idpact_mock.registry import PROVIDER
from tests.mock_idp.raw import RawClient

PATHS = ("", "/.well-known/openid-configuration", "/jwks", *sorted(PROVIDER), "/nowhere")
METHODS = ("GET", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "get", "X-" + "Y" * 40)
HOSTILE = "\"'><img src=x onerror=window.pwned=1><script>window.pwned=1</script>"
QUICK = settings(
    derandomize=True, database=None, max_examples=60, deadline=None, suppress_health_check=list(HealthCheck)
)


def status_of(idp: MockIdP, request: bytes) -> int | None:
    """The status that these bytes are answered with; None where the connection ends, or stays open, without one."""
    with RawClient(idp.port) as client:
        client.sock.sendall(request)
        client.sock.shutdown(1)
        raw, _ = client.read_all()
    return int(raw.split(b" ")[1]) if raw.startswith(b"HTTP/1.1 ") else None


def is_sound(issuer: Issuer, caplog: pytest.LogCaptureFixture) -> bool:
    """The server lives, and had nothing to say."""
    alive = httpx.get(issuer.discovery_url).status_code == 200
    return alive and not [record for record in caplog.records if record.levelno >= logging.ERROR]


def test_random_bytes(idp: MockIdP, issuer: Issuer, caplog: pytest.LogCaptureFixture) -> None:
    """On the wire, alone and after the beginning of a request: an answer that says so, or none."""
    beginning = f"POST {issuer.path}/token HTTP/1.1\r\nHost: a\r\n".encode("ascii")

    @QUICK
    @given(
        before=st.sampled_from([b"", beginning, beginning + b"Content-Length: 9\r\n\r\n"]),
        noise=st.binary(max_size=300),
    )
    def check(before: bytes, noise: bytes) -> None:
        assert (status_of(idp, before + noise) or 400) < 500

    check()
    assert is_sound(issuer, caplog)


@pytest.mark.parametrize("path", PATHS)
def test_odd_requests(idp: MockIdP, issuer: Issuer, path: str, caplog: pytest.LogCaptureFixture) -> None:
    """Any method, queries of any bytes, headers that nearly make sense."""
    odd = st.text(
        alphabet=st.characters(min_codepoint=0x21, max_codepoint=0xFF, exclude_characters=" \x7f"), max_size=40
    )
    names = st.sampled_from(
        [
            "Authorization",
            "Cookie",
            "Content-Type",
            "Accept-Encoding",
            "If-None-Match",
            "Origin",
            "X-Forwarded-Host",
            "Expect",
        ]
    )

    @QUICK
    @given(method=st.sampled_from(METHODS), query=odd, name=names, value=odd, body=st.binary(max_size=80))
    def check(method: str, query: str, name: str, value: str, body: bytes) -> None:
        head = f"{method} {issuer.path}{path}?{query} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{name}: {value}\r\n"
        request = f"{head}Content-Length: {len(body)}\r\n\r\n".encode("latin-1") + body
        assert (status_of(idp, request) or 400) < 500, request

    check()
    assert is_sound(issuer, caplog)


VALUES = st.sampled_from([None, "", "x", -1, 0, 1.5, 10**400, True, [], [HOSTILE], {}, {"a": None}, HOSTILE, "\ud800"])
CLAIMS = st.dictionaries(
    st.sampled_from(["exp", "iat", "nbf", "iss", "aud", "sub", "scope", "client_id", "nonce", "jti", "azp", "x"]),
    VALUES,
    max_size=4,
)


def test_claims_of_any_type_with_any_flaw(issuer: Issuer, caplog: pytest.LogCaptureFixture) -> None:
    """What was asked for comes out as a token, which every endpoint can then be shown."""
    client = issuer.default_client
    credentials = {"client_id": client.client_id, "client_secret": str(client.client_secret)}
    at: dict[str, str] = {
        name: str(issuer.document[f"{name}_endpoint"]) for name in ("token", "userinfo", "introspection")
    }

    @settings(QUICK, max_examples=20)
    @given(claims=CLAIMS, flaw=st.sampled_from([None, *FLAWS]), user=CLAIMS)
    def check(claims: dict[str, Any], flaw: str | None, user: dict[str, Any]) -> None:
        issuer.add_user("alice", {name: value for name, value in user.items() if name != "sub"})
        issuer.next_token(claims=claims, flaw=flaw, kind="access_token")
        answer = httpx.post(at["token"], data={"grant_type": "client_credentials", "scope": "openid", **credentials})
        assert answer.status_code == 200, answer.text
        for token in (answer.json()["access_token"], issuer.token(claims=claims, flaw=flaw)):
            shown = httpx.get(at["userinfo"], headers={"Authorization": f"Bearer {token}"})
            told = httpx.post(at["introspection"], data={"token": token, **credentials})
            assert max(shown.status_code, told.status_code) < 500

    check()
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


class TestClients:
    """Metadata of a client is anybody's text."""

    @pytest.mark.parametrize(
        "query",
        [
            {},
            {"redirect_uri": "http://127.0.0.1/?x=%22%3E%3Cscript%3E"},
            {"redirect_uri": HOSTILE},
            {"scope": HOSTILE},
            {"response_mode": "form_post", "state": HOSTILE},
            {"client_id": HOSTILE + "x"},
            {"prompt": HOSTILE},
        ],
        ids="-".join,
    )
    @pytest.mark.parametrize("auto_approve", [True, False])
    def test_can_not_inject_into_pages(self, issuer: Issuer, query: dict[str, str], auto_approve: bool) -> None:  # noqa: FBT001 - pytest names it
        """Nothing that is planted in a client or a request is markup on the login page, on error pages and on those that post."""
        issuer.auto_approve = auto_approve
        issuer.add_client(HOSTILE, client_secret="s", scopes=None, claims={"name": HOSTILE}, audience=HOSTILE)
        issuer.add_user("eve", {"name": HOSTILE, "email": HOSTILE, "picture": f"javascript:{HOSTILE}"})
        given = {
            "client_id": HOSTILE,
            "response_type": "code",
            "scope": "openid",
            "redirect_uri": "http://127.0.0.1/cb",
        }

        page = httpx.get(str(issuer.document["authorization_endpoint"]), params={**given, **query})

        assert "<img" not in page.text
        assert "<script>window" not in page.text
        assert "\n" not in page.headers.get("location", "")

    def test_redirect_uris_that_run_are_refused(self, issuer: Issuer) -> None:
        """No provider may redirect there."""
        for uri in ("javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "vbscript:x"):
            with pytest.raises(ValueError, match=r"redirect_uris: .* would run in the browser"):
                issuer.add_client("x", redirect_uris=[uri])

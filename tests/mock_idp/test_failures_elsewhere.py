"""Failures at the endpoints behind the document: keys, tokens and userinfo, on the wire and as relying parties see them."""

import base64
import socket
import ssl
from collections.abc import Iterator
from urllib.parse import urlencode, urlsplit

import httpx
import pytest
import requests

from idpact_mock import FAILURES, Failing, Issuer, MockIdP
from idpact_mock.answer import Answer
from idpact_mock.failures import ENDPOINTS, MEMBER_OF
from idpact_mock.provider import endpoints
from idpact_mock.provider.core import Provider
from idpact_mock.provider.requests import ProviderRequest
from tests.mock_idp.raw import SECONDS, RawClient, path_of
from tests.mock_idp.test_failures_wire import FAILURE_CHECKS, Check, Wire

BEHIND = ("token", "userinfo")
HANDED_OUT = [mode for mode in FAILURES.values() if mode.layer == "address" and set(BEHIND) <= set(mode.endpoints)]


@pytest.fixture
def worked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Answer]]:
    """The answers that working endpoints made: tokens differ each time, so that what was distorted must be caught."""
    answers: list[Answer] = []

    def respond(provider: Provider, endpoint: str, request: ProviderRequest) -> Answer:
        answers.append(real(provider, endpoint, request))
        return answers[-1]

    real = endpoints.respond
    monkeypatch.setattr("idpact_mock.provider.serving.respond", respond)
    yield answers
    assert len(answers) < 2, "a code would be redeemed twice"


def basic(issuer: Issuer) -> str:
    """The default client's Authorization header."""
    client = issuer.default_client
    return base64.b64encode(f"{client.client_id}:{client.client_secret}".encode()).decode()


def url_of(issuer: Issuer, endpoint: str) -> str:
    """Where the document says that it is."""
    return str(issuer.document[MEMBER_OF[endpoint]])


def asked(port: int, issuer: Issuer, endpoint: str) -> tuple[bytes, bool]:
    """A right request at an endpoint over a plain socket: all that comes, and whether it ends by a reset."""
    with RawClient(port) as client:
        target = path_of(url_of(issuer, endpoint))
        if endpoint == "token":
            form = urlencode({"grant_type": "client_credentials", "padding": "x" * 9000}).encode("ascii")
            headers = ("Content-Type: application/x-www-form-urlencoded", f"Authorization: Basic {basic(issuer)}")
            client.send(target, method="POST", headers=("Connection: close", *headers), body=form)
        else:
            client.send(target, headers=("Connection: close", f"Authorization: Bearer {issuer.token()}"))
        return client.read_all()


ENDLESS: tuple[str, dict[str, object], Check] = (
    "endless-body",
    {"seconds": 0.05},
    lambda wire: wire.reset and wire.status == 200 and set(wire.body) <= set(b" \r\n0123456789abcdef"),
)

CASES = [
    (Failing.of(failure_id, endpoint=endpoint, parameters=parameters), check)
    for endpoint in BEHIND
    for failure_id, parameters, check in (*FAILURE_CHECKS, ENDLESS)
    if endpoint in FAILURES[failure_id].endpoints
]


@pytest.mark.parametrize(
    ("failing", "check"),
    CASES,
    ids=[f"{failing.endpoint}-{failing.mode.id}-{n}" for n, (failing, _) in enumerate(CASES)],
)
def test_on_the_wire(idp: MockIdP, issuer: Issuer, worked: list[Answer], failing: Failing, check: Check) -> None:
    """What a plain socket reads is what the catalogue says, made of what the endpoint would have answered; all is journalled."""
    issuer.switch_on(failing)

    raw, reset = asked(idp.port, issuer, failing.endpoint)

    (entry,) = issuer.journal.wait(1)
    good = worked[0].body if worked else b"{}"
    assert check(Wire(raw, reset, issuer, good, entry.target)), (raw[:2000], reset)
    assert (entry.kind, entry.failure, entry.outcome) == (failing.endpoint, failing.mode.id, "not")
    assert failing.endpoint != "token" or len(entry.body) > 9000, (
        "the whole request is read before anything is answered"
    )


def test_every_failure_but_those_of_the_document_can_be_there() -> None:
    """What can't is about the document, and says so; what can has been seen above or below."""
    looked_at = {(failing.endpoint, failing.mode.id) for failing, _ in CASES}
    seen = {
        endpoint: {mode for at, mode in looked_at if at == endpoint} | {mode.id for mode in HANDED_OUT}
        for endpoint in BEHIND
    }
    refused = {mode.id for mode in FAILURES.values() if mode.group in ("document", "address")}
    allowed = {endpoint: {mode.id for mode in FAILURES.values() if endpoint in mode.endpoints} for endpoint in BEHIND}

    assert allowed == seen
    assert set(FAILURES) - allowed["token"] - refused == {"well-known-slash", "duplicate-keys"}
    for failure_id in set(FAILURES) - allowed["token"]:
        with pytest.raises(ValueError, match=f"endpoint: 'token' can't fail with '{failure_id}'.*; it must be "):
            Failing.of(failure_id, endpoint="token")


class TestSchedule:
    def test_counts_requests_of_that_endpoint(self, issuer: Issuer) -> None:
        """And of no other; a preflight is none."""
        issuer.fail("http-503", endpoint="userinfo", schedule="first 2")
        httpx.get(issuer.discovery_url)
        where, headers = url_of(issuer, "userinfo"), {"Authorization": f"Bearer {issuer.token()}"}
        httpx.options(where, headers={"Origin": "https://app.example", "Access-Control-Request-Method": "GET"})

        assert [httpx.get(where, headers=headers).status_code for _ in range(3)] == [503, 503, 200]


class TestTokens:
    def test_a_code_survives_a_failure_that_borrows_nothing(self, issuer: Issuer) -> None:
        """A retry after a 503 redeems it, as behind a proxy that let nothing through."""
        issuer.fail("http-503-then-200", endpoint="token")

        assert [redeemed(issuer, code).status_code for code in [code_of(issuer)] for _ in "12"] == [503, 200]

    def test_a_code_is_gone_after_an_answer_that_was_cut(self, issuer: Issuer) -> None:
        """It was redeemed, and the tokens got lost: who tries again is refused, as RFC 6749 has it."""
        issuer.fail("truncated-content-length", endpoint="token", schedule="first 1")
        code = code_of(issuer)

        with pytest.raises(httpx.RemoteProtocolError):
            redeemed(issuer, code)
        assert redeemed(issuer, code).json()["error"] == "invalid_grant"

    def test_refusals_keep_their_status(self, issuer: Issuer) -> None:
        """What is distorted is the answer that this request would have got."""
        issuer.fail("json-trailing", endpoint="token")
        answer = httpx.post(url_of(issuer, "token"), data={"grant_type": "client_credentials"})

        assert (answer.status_code, answer.content[-1:]) == (401, b"x")
        assert "www-authenticate" in answer.headers


def code_of(issuer: Issuer) -> str:
    """An authorization code."""
    query = {
        "client_id": issuer.default_client.client_id,
        "redirect_uri": "http://127.0.0.1:9/cb",
        "response_type": "code",
        "scope": "openid",
    }
    answer = httpx.get(str(issuer.document["authorization_endpoint"]), params=query)
    return httpx.URL(answer.headers["location"]).params["code"]


def redeemed(issuer: Issuer, code: str) -> httpx.Response:
    """The token request of a code."""
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": "http://127.0.0.1:9/cb"}
    headers = {"Authorization": f"Basic {basic(issuer)}"}
    return httpx.post(url_of(issuer, "token"), data=form, headers=headers)


REPRESENTATIVES: list[tuple[str, dict[str, object], tuple[type[Exception], type[Exception]] | int]] = [
    ("connection-reset", {}, (httpx.ReadError, requests.ConnectionError)),
    ("empty-reply", {}, (httpx.RemoteProtocolError, requests.ConnectionError)),
    ("hang-before-headers", {}, (httpx.ReadTimeout, requests.ReadTimeout)),
    ("http-502-html", {}, 502),
    ("http-429-retry-after", {}, 429),
    ("http-status-999", {}, 999),
    ("redirect-loop", {}, 302),
    ("not-json", {}, 200),
    ("truncated-chunked", {}, (httpx.RemoteProtocolError, requests.exceptions.ChunkedEncodingError)),
    ("gzip-lie", {}, (httpx.DecodingError, requests.exceptions.ContentDecodingError)),
    ("connection-refused", {}, (httpx.ConnectError, requests.ConnectionError)),
    ("connect-timeout", {}, (httpx.ConnectTimeout, requests.ConnectTimeout)),
    ("dns-failure", {}, (httpx.TransportError, requests.RequestException)),
    ("tls-untrusted", {}, (httpx.ConnectError, requests.exceptions.SSLError)),
    ("tls-expired", {}, (httpx.ConnectError, requests.exceptions.SSLError)),
    ("tls-not-tls", {}, (httpx.ConnectError, requests.exceptions.SSLError)),
]
"""One or more of each family: what httpx and requests make of it at the token endpoint, as an error or a status."""

TRUST = ssl.create_default_context()


@pytest.mark.parametrize("endpoint", BEHIND)
@pytest.mark.parametrize(
    ("failure_id", "parameters", "expected"), REPRESENTATIVES, ids=[each[0] for each in REPRESENTATIVES]
)
def test_real_clients_see_it(
    issuer: Issuer,
    endpoint: str,
    failure_id: str,
    parameters: dict[str, object],
    expected: tuple[type[Exception], type[Exception]] | int,
) -> None:
    """Both clients end where the failure leads them, with a right request; the document they begin with is perfect."""
    issuer.switch_on(Failing.of(failure_id, endpoint=endpoint, parameters=parameters))
    assert httpx.get(issuer.discovery_url).status_code == 200
    headers = {"Authorization": f"Basic {basic(issuer)}" if endpoint == "token" else f"Bearer {issuer.token()}"}
    form = {"grant_type": "client_credentials"} if endpoint == "token" else None
    method, where = ("POST" if form else "GET"), url_of(issuer, endpoint)
    timeout = 0.5 if FAILURES[failure_id].waits else SECONDS

    def by_httpx() -> int:
        with httpx.Client(trust_env=False, verify=TRUST, timeout=timeout) as client:
            return client.request(method, where, data=form, headers=headers).status_code

    def by_requests() -> int:
        with requests.Session() as session:
            session.trust_env = False
            answer = session.request(method, where, data=form, headers=headers, timeout=timeout, allow_redirects=False)
            return answer.status_code

    for index, by in enumerate((by_httpx, by_requests)):
        if isinstance(expected, int):
            assert by() == expected
        else:
            with pytest.raises(expected[index]):
                by()


class TestHandedOut:
    @pytest.mark.parametrize("mode", HANDED_OUT, ids=lambda mode: mode.id)
    @pytest.mark.parametrize("endpoint", [endpoint for endpoint in ENDPOINTS if endpoint != "discovery"])
    def test_the_document_hands_out_the_address_that_fails(self, issuer: Issuer, endpoint: str, mode: object) -> None:
        """For as long as the failure is on; nothing else in the document differs, and the issuer is what it was."""
        assert isinstance(mode, type(FAILURES["dns-failure"]))
        before = issuer.document
        issuer.fail(mode.id, endpoint=endpoint)
        during = httpx.get(issuer.discovery_url).json()
        issuer.recover(endpoint)

        member = MEMBER_OF[endpoint]
        assert {name for name in before if before[name] != during[name]} == {member}
        assert path_of(during[member]) == path_of(str(before[member]))
        assert during[member].startswith("https:" if mode.id.startswith("tls-") else "http:")
        assert issuer.document == before

    def test_nobody_listens_at_it(self, issuer: Issuer) -> None:
        """A plain socket is refused."""
        issuer.fail("connection-refused", endpoint="token")

        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", urlsplit(url_of(issuer, "token")).port or 0))

    def test_who_checks_no_certificate_gets_the_answer(self, issuer: Issuer) -> None:
        """The endpoint works behind the certificate, and the journal has the failure."""
        issuer.fail("tls-expired", endpoint="token")
        where, headers = url_of(issuer, "token"), {"Authorization": f"Basic {basic(issuer)}"}

        answer = httpx.post(where, data={"grant_type": "client_credentials"}, headers=headers, verify=False)
        kept = httpx.post(
            where.replace("https", "http").replace(str(urlsplit(where).port), str(urlsplit(issuer.url).port)),
            data={"grant_type": "client_credentials"},
            headers=headers,
        )

        assert (answer.status_code, kept.status_code) == (200, 200)
        assert [entry.failure for entry in issuer.journal.entries] == ["tls-expired", None]

    def test_not_tls_answers_the_handshake_in_plain(self, issuer: Issuer) -> None:
        """Behind an https address is plain HTTP."""
        issuer.fail("tls-not-tls", endpoint="userinfo")
        with RawClient(urlsplit(url_of(issuer, "userinfo")).port or 0) as client:
            client.send(path_of(url_of(issuer, "userinfo")), headers=("Connection: close",))
            raw, _ = client.read_all()

        assert raw.startswith(b"HTTP/1.1 401 ")

    def test_an_issuer_can_begin_so(self, idp: MockIdP) -> None:
        """Its own address is good, on the shared port."""
        issuer = idp.make_issuer(failure={"id": "connection-refused", "endpoint": "token"})

        assert (urlsplit(issuer.url).port, httpx.get(issuer.discovery_url).status_code) == (idp.port, 200)
        assert urlsplit(url_of(issuer, "token")).port not in (None, idp.port)

    def test_of_a_document_that_was_changed_by_hand(self, idp: MockIdP, issuer: Issuer) -> None:
        """What would not fail is refused, on a live issuer and on a new one; changing it later is one's own affair."""
        issuer.set_members({"token_endpoint": "https://elsewhere.example/token"})
        with pytest.raises(
            ValueError, match=r"'token' can't fail with 'dns-failure': token_endpoint .* changed by hand"
        ):
            issuer.fail("dns-failure", endpoint="token")
        with pytest.raises(ValueError, match=r"'jwks' can't fail with 'dns-failure': jwks_uri .* changed by hand"):
            idp.make_issuer("new", document={}, failure={"id": "dns-failure", "endpoint": "jwks"})
        issuer.fail("dns-failure", endpoint="jwks")
        issuer.serve_raw(b"x")
        with pytest.raises(ValueError, match="userinfo_endpoint in its document was changed by hand"):
            issuer.fail("dns-failure", endpoint="userinfo")

        assert (issuer.failure, "new" in idp.issuers) == ("dns-failure", False)

    def test_of_a_preset(self, idp: MockIdP) -> None:
        """The vendor's path is kept; what the vendor hasn't got can't fail."""
        issuer = idp.make_issuer(preset="keycloak")
        issuer.fail("connection-refused", endpoint="token")
        apple = idp.make_issuer(preset="apple")

        assert path_of(url_of(issuer, "token")).endswith("/protocol/openid-connect/token")
        with pytest.raises(ValueError, match=r"'userinfo' can't fail with 'dns-failure': .* has no userinfo_endpoint"):
            apple.fail("dns-failure", endpoint="userinfo")


def test_redirects_lead_to_tokens(issuer: Issuer) -> None:
    """With 307 the client sends the form again, on another host, and gets its tokens there."""
    issuer.fail("redirect-cross-host", endpoint="token", status=307)
    form = {"grant_type": "client_credentials"}
    client = issuer.default_client
    form |= {"client_id": client.client_id, "client_secret": client.client_secret or ""}

    answer = httpx.post(url_of(issuer, "token"), data=form, follow_redirects=True)

    assert "access_token" in answer.json()
    assert answer.url.port != urlsplit(issuer.url).port

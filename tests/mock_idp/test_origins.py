"""Web pages of other origins, readiness, and the list of issuers."""

from typing import Any

import httpx
import pytest

from idpact_mock import Issuer, MockIdP
from idpact_mock.hosts import is_own_host
from tests.mock_idp.raw import ask

PAGE = "https://app.example"
PREFLIGHT = {"Origin": PAGE, "Access-Control-Request-Method": "PATCH"}


class TestIssuersOwnEndpoints:
    @pytest.mark.parametrize("endpoint", ["/.well-known/openid-configuration", "/jwks"])
    def test_can_be_read_by_any_page(self, issuer: Issuer, endpoint: str) -> None:
        """A relying party that lives in a browser reads both."""
        answer = httpx.get(f"{issuer.url}{endpoint}", headers={"Origin": PAGE})

        assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, "*")

    @pytest.mark.parametrize("endpoint", ["/.well-known/openid-configuration", "/jwks"])
    def test_answer_a_preflight(self, issuer: Issuer, endpoint: str) -> None:
        """A browser asks first where the page sends headers of its own."""
        answer = httpx.options(f"{issuer.url}{endpoint}", headers=PREFLIGHT)

        allowed = [answer.headers[f"access-control-allow-{what}"] for what in ("origin", "methods", "headers")]
        assert (answer.status_code, allowed) == (200, ["*", "GET, HEAD", "*"])
        assert issuer.journal.entries[0].outcome == "not"

    def test_can_be_closed_to_pages(self, issuer: Issuer) -> None:
        """A header that was set wins, whatever its case: providers without CORS exist."""
        issuer.set_headers({"Access-Control-Allow-Origin": "https://elsewhere.example"})
        answer = httpx.get(issuer.discovery_url)

        assert answer.headers.get_list("access-control-allow-origin") == ["https://elsewhere.example"]


class TestControlInterface:
    def test_own_pages_may_use_it(self, idp: MockIdP) -> None:
        """The console's requests name an origin, too."""
        made = httpx.post(f"{idp.url}/_idpact/issuers", json={}, headers={"Origin": idp.url})

        assert made.status_code == 201

    @pytest.mark.parametrize("known", [{"advertise": "http://idp.example"}, {"admin_token": "t"}], ids=["url", "token"])
    def test_pages_behind_a_proxy_may_use_it(self, known: dict[str, Any]) -> None:
        """What ends TLS in front of the server changes the scheme, and the host is what counts."""
        headers = {"Origin": "https://idp.example", "Host": "idp.example"}
        with MockIdP(**known) as idp:
            assert httpx.get(f"http://127.0.0.1:{idp.port}/_idpact/health", headers=headers).status_code == 200

    @pytest.mark.parametrize("origin", [PAGE, "null", "http://127.0.0.1:1"])
    def test_other_pages_may_not(self, idp: MockIdP, origin: str) -> None:
        """403 before anything is done, and no header that opens the answer."""
        answer = httpx.post(f"{idp.url}/_idpact/issuers", json={}, headers={"Origin": origin})

        assert (answer.status_code, answer.json()["error"]) == (403, "forbidden")
        assert "access-control-allow-origin" not in answer.headers
        assert not idp.issuers

    def test_a_preflight_of_other_pages_is_refused(self, idp: MockIdP) -> None:
        """So that the browser doesn't even send the request."""
        assert httpx.options(f"{idp.url}/_idpact/issuers", headers=PREFLIGHT).status_code == 403

    @pytest.mark.parametrize("allowed", [PAGE, "*"])
    def test_named_pages_may(self, allowed: str) -> None:
        """The answer names the one that asked, and caches are told that it depends on that."""
        with MockIdP(allow_origins=[allowed], admin_token="t") as idp:
            answer = httpx.get(f"{idp.url}/_idpact/issuers", headers={"Origin": PAGE})
            preflight = httpx.options(f"{idp.url}/_idpact/issuers", headers=PREFLIGHT)

        assert (answer.status_code, answer.headers["access-control-allow-origin"], answer.headers["vary"]) == (
            401,
            PAGE,
            "Origin",
        )
        assert (preflight.status_code, preflight.headers["access-control-allow-origin"]) == (204, PAGE)
        assert "Authorization" in preflight.headers["access-control-allow-headers"]

    @pytest.mark.parametrize("origin", ["app.example", "https://app.example/", "https://", ""])
    def test_what_is_no_origin_is_refused(self, origin: str) -> None:
        """It could never match."""
        with pytest.raises(ValueError, match=r"allow_origins: .* must be scheme, host and port only"):
            MockIdP(allow_origins=[origin])


class TestHosts:
    """A server on loopback that asks for no token: what keeps rebound names of the web out."""

    @pytest.mark.parametrize(
        "path", ["/_idpact/", "/_idpact", "/_idpact/console/console.js", "/_idpact/issuers", "/_idpact/health"]
    )
    def test_other_hosts_are_refused(self, idp: MockIdP, path: str) -> None:
        """403 at the console and at every operation, and nothing is done."""
        headers = {"Host": "evil.example", "Origin": "http://evil.example", "Content-Type": "application/json"}
        answers = [httpx.request(method, f"{idp.url}{path}", headers=headers) for method in ("GET", "POST", "OPTIONS")]

        assert {answer.status_code for answer in answers} == {403}
        assert answers[0].json()["message"].startswith("Host: 'evil.example' is neither a loopback name or address nor")
        assert not idp.issuers

    @pytest.mark.parametrize(
        "host", ["127.0.0.1", "127.8.8.8:1", "localhost", "LOCALHOST.:9", "idp.localhost:80", "[::1]", "[::1]:443"]
    )
    def test_loopback_is_not(self, idp: MockIdP, host: str) -> None:
        """By whatever name and port this machine is reached from itself."""
        assert httpx.get(f"{idp.url}/_idpact/issuers", headers={"Host": host}).status_code == 200

    @pytest.mark.parametrize(
        "host",
        [
            "",
            ":80",
            "127.0.0.1.evil.example",
            "localhost.evil.example",
            "a@127.0.0.1",
            "[::1",
            "xlocalhost",
            "10.0.0.1",
        ],
    )
    def test_what_only_looks_like_it_is_refused(self, host: str) -> None:
        """Names are compared whole."""
        assert not is_own_host(host, own="http://127.0.0.1:1")

    def test_the_advertised_host_is_not(self) -> None:
        """Whatever its port, which a proxy may leave out."""
        with MockIdP(advertise="https://idp.example:8443") as idp:
            url = f"http://127.0.0.1:{idp.port}/_idpact/issuers"
            known = [httpx.get(url, headers={"Host": host}).status_code for host in ("idp.example", "IDP.example:1")]
            other = httpx.get(url, headers={"Host": "other.example"}).status_code

        assert (known, other) == ([200, 200], 403)

    def test_issuers_stay_open(self, idp: MockIdP, issuer: Issuer) -> None:
        """A relying party may reach an issuer by any host."""
        headers = {"Host": "idp.example"}
        form = {"grant_type": "client_credentials"}
        token = httpx.post(str(issuer.document["token_endpoint"]), data=form, headers=headers)

        assert httpx.get(issuer.discovery_url, headers=headers).status_code == 200
        assert token.json()["error"] == "invalid_client"
        assert httpx.get(idp.url, headers=headers).status_code == 200


class TestReadiness:
    def test_ready(self, idp: MockIdP) -> None:
        """200 and how many issuers there are."""
        idp.make_issuer()
        answer = httpx.get(f"{idp.url}/_idpact/ready")

        assert (answer.status_code, answer.json()) == (200, {"status": "ready", "issuers": 1})

    def test_not_yet(self, idp: MockIdP) -> None:
        """503 while issuers are being set up; the server is healthy all the while."""
        idp.ready = False

        answer = httpx.get(f"{idp.url}/_idpact/ready")

        assert (answer.status_code, answer.json()) == (503, {"status": "not_ready", "issuers": 0})
        assert httpx.get(f"{idp.url}/_idpact/health").status_code == 200


class TestListing:
    @pytest.mark.parametrize(
        ("query", "names", "total"),
        [
            ("", ["acme", "beta", "gamma"], 3),
            ("limit=2", ["acme", "beta"], 3),
            ("limit=0", [], 3),
            ("search=m", ["acme", "gamma"], 2),
            ("search=m&limit=1", ["acme"], 2),
            ("search=127.0.0.1", ["acme", "beta", "gamma"], 3),
        ],
    )
    def test_search_and_limit(self, idp: MockIdP, query: str, names: list[str], total: int) -> None:
        """A server with very many issuers can still be looked through."""
        for name in ("acme", "beta", "gamma"):
            idp.make_issuer(name)

        listed = httpx.get(f"{idp.url}/_idpact/issuers?{query}").json()

        assert ([issuer["name"] for issuer in listed["issuers"]], listed["total"]) == (names, total)

    def test_counts_requests(self, idp: MockIdP, issuer: Issuer) -> None:
        """Of each issuer, and of none."""
        ask(idp.port, issuer.path)
        ask(idp.port, "/lost")
        ask(idp.port, "/lost")

        listed = httpx.get(f"{idp.url}/_idpact/issuers").json()

        assert (listed["issuers"][0]["requests"], listed["strays"]) == (1, 2)

    @pytest.mark.parametrize("query", ["limit=x", "limit=-1", "page=2"])
    def test_bad_wishes(self, idp: MockIdP, query: str) -> None:
        """422 with the parameter's name."""
        answer = httpx.get(f"{idp.url}/_idpact/issuers?{query}")

        assert (answer.status_code, query.partition("=")[0] in answer.json()["message"]) == (422, True)

    def test_the_catalogue(self, idp: MockIdP) -> None:
        """What a failure is can be asked without a token."""
        failures = httpx.get(f"{idp.url}/_idpact/failures").json()["failures"]

        assert {"id", "group", "outcome", "statement", "standard", "layer"} <= set(failures[0])


@pytest.mark.parametrize("name", [".", ".."])
def test_names_that_clients_resolve_away_are_refused(idp: MockIdP, name: str) -> None:
    """Nobody could ever ask for such an issuer (RFC 3986, section 5.2.4)."""
    with pytest.raises(ValueError, match=r"neither '\.' nor '\.\.'"):
        idp.make_issuer(name)

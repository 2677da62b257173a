"""The document tells what is live; nothing grows without bound; nothing that comes makes a 5xx."""

import logging
import sys
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from idpact_mock import Issuer, MockIdP
from idpact_mock.document import base_document
from idpact_mock.provider.authorize import RESPONSE_MODES, RESPONSE_TYPES
from idpact_mock.provider.clients import AUTH_METHODS, GRANTS, Clients
from idpact_mock.provider.endpoints import HANDLERS
from idpact_mock.provider.errors import OAuthError
from idpact_mock.provider.requests import parameters
from idpact_mock.provider.scopes import SCOPES
from idpact_mock.provider.settings import ALGORITHMS
from idpact_mock.provider.shelf import MemoryShelf
from idpact_mock.provider.users import Users
from idpact_mock.registry import PROVIDER
from tests.mock_idp.provider.party import CALLBACK, Party

ENDPOINTS = sorted(PROVIDER)


class TestDocument:
    def test_lists_are_the_providers_own(self) -> None:
        """They are written down for cheapness; what they say must be so."""
        document: dict[str, Any] = base_document("https://a.test", "https://a.test")

        assert tuple(document["grant_types_supported"]) == GRANTS
        assert tuple(document["token_endpoint_auth_methods_supported"]) == AUTH_METHODS
        assert tuple(document["token_endpoint_auth_signing_alg_values_supported"]) == ALGORITHMS
        assert tuple(document["scopes_supported"]) == SCOPES
        assert tuple(document["response_types_supported"]) == RESPONSE_TYPES
        assert tuple(document["response_modes_supported"]) == RESPONSE_MODES

    def test_every_endpoint_answers(self, party: Party, issuer: Issuer) -> None:
        """No address in it leads nowhere."""
        urls = {name: url for name, url in issuer.document.items() if name.endswith(("_endpoint", "_uri"))}

        assert len(urls) == 8
        for url in urls.values():
            assert party.http.get(str(url)).status_code not in {404, 501}
        assert "other" not in {entry.kind for entry in issuer.journal.entries}

    def test_all_endpoints_have_handlers(self) -> None:
        """By the registry's names."""
        assert set(PROVIDER.values()) == set(HANDLERS)

    def test_endpoints_at_moves_the_four(self, shared_idp: MockIdP) -> None:
        """The others stay where they answer."""
        issuer = shared_idp.make_issuer(endpoints_at="https://acme.idp.test")

        assert issuer.document["token_endpoint"] == "https://acme.idp.test/token"
        assert issuer.document["revocation_endpoint"] == f"{issuer.url}/revoke"

    def test_changes_by_hand_survive(self, issuer: Issuer) -> None:
        """A setting changes the base only."""
        issuer.set_members({"x": 1})
        issuer.remove_members("scopes_supported")
        issuer.configure(alg="EdDSA")

        assert issuer.document["x"] == 1
        assert "scopes_supported" not in issuer.document
        assert issuer.document["id_token_signing_alg_values_supported"] == ["EdDSA"]

    def test_an_issuer_below_an_endpoint(self, shared_idp: MockIdP, http: httpx.Client) -> None:
        """One whose path is another's endpoint doesn't take it over."""
        outer = shared_idp.make_issuer("outer")
        shared_idp.make_issuer("inner", path="/outer/token")

        assert http.get(f"{outer.url}/token").status_code == 405
        assert http.post(f"{outer.url}/token/token").status_code == 400

    def test_own_port_and_whole_host(self, shared_idp: MockIdP, http: httpx.Client) -> None:
        """Endpoints are found there, too."""
        party = Party(shared_idp.make_issuer(own_port=True, path=""), http)

        assert party.verified(party.login()["id_token"])


class TestBounds:
    def test_shelf_drops_the_oldest(self) -> None:
        """And never holds more than its limit."""
        shelf: MemoryShelf[int] = MemoryShelf(limit=3)
        for number in range(10):
            shelf.put(str(number), number, expires=100, now=0)

        assert len(shelf) == 3
        assert [shelf.get(str(number), now=0) for number in (6, 7, 9)] == [None, 7, 9]

    def test_shelf_sweeps_as_it_goes(self) -> None:
        """What has expired makes room without being asked for."""
        shelf: MemoryShelf[int] = MemoryShelf()
        for number in range(100):
            shelf.put(str(number), number, expires=number + 10, now=number)

        assert len(shelf) <= 11

    def test_shelf_forgets_what_expired(self) -> None:
        """At its very second."""
        shelf: MemoryShelf[int] = MemoryShelf()
        shelf.put("a", 1, expires=10, now=0)
        shelf.put("b", 1, expires=10, now=0)
        shelf.put("c", 1, expires=20, now=0)

        assert shelf.get("a", now=9.9) == 1
        assert shelf.take("a", now=10) is None
        shelf.sweep(10)
        assert len(shelf) == 1

    def test_users_and_clients(self) -> None:
        """Beyond 10,000 there is an error, since none of them may vanish."""
        users, clients = Users(), Clients("x")
        for number in range(9_999):
            users.add(f"u{number}")
            clients.add(f"c{number}", auth_method="none")

        with pytest.raises(ValueError, match="too many"):
            users.add("one-more")
        with pytest.raises(ValueError, match="too many"):
            clients.add("one-more")
        users.add("u1")
        clients.add("c1")

    @pytest.mark.parametrize(
        "wish",
        [
            {"auth_method": "magic"},
            {"auth_method": "private_key_jwt"},
            {"auth_method": "none", "client_secret": "x"},
            {"auth_method": "private_key_jwt", "jwks": {}},
            {"redirect_uris": "https://a.test"},
            {"redirect_uris": ["/relative"]},
            {"redirect_uris": ["javascript:alert(1)"]},
            {"redirect_uris": ["https://a.test/#x"]},
            {"grant_types": ["password"]},
            {"auth_method": "none", "grant_types": ["client_credentials"]},
            {"alg": "none"},
            {"scopes": "openid"},
            {"client_secret": ""},
            {"client_id": ""},
            {"client_id": "a\nb"},
            {"claims": {"a": {1}}},
        ],
        ids=str,
    )
    def test_bad_clients(self, issuer: Issuer, wish: dict[str, Any]) -> None:
        """The error names the argument, and nothing is registered."""
        before = len(issuer.provider.clients)

        with pytest.raises(ValueError, match="|".join([*wish, "jwks"])):
            issuer.add_client(**wish)
        assert len(issuer.provider.clients) == before


class TestCost:
    def test_a_server_that_is_only_read_loads_no_jose(self) -> None:
        """Neither making issuers nor their documents need it."""
        import subprocess  # noqa: PLC0415 - for this test alone

        code = (
            "import sys, urllib.request\n"
            "from idpact_mock import MockIdP\n"
            "with MockIdP() as idp: urllib.request.urlopen(idp.make_issuer().discovery_url).close()\n"
            "print(*sys.modules)"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

        assert not {"joserfc", "cryptography"} & {name.partition(".")[0] for name in done.stdout.split()}
        assert "idpact_mock.provider.core" not in done.stdout


FORM = "application/x-www-form-urlencoded"
WORDS = st.sampled_from(
    [
        "client_id", "client_secret", "grant_type", "authorization_code", "refresh_token", "code", "scope", "openid",
        "redirect_uri", CALLBACK, "response_type", "prompt", "none", "max_age", "token", "subject_token", "user_code",
        "client_assertion", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", "client_assertion_type", "login_hint",
        "urn:ietf:params:oauth:grant-type:device_code", "urn:ietf:params:oauth:grant-type:token-exchange", "device_code",
        "id_token_hint", "eyJhbGciOiJub25lIn0.e30.", "e30.e30.e30", "state", "sub", "form_post", "response_mode", "",
    ]
)  # fmt: skip
TEXT = st.one_of(WORDS, st.text(max_size=20))
PAIRS = st.lists(st.tuples(TEXT, TEXT), max_size=8)
HEADERS = st.sampled_from(["Bearer ", "Basic ", "Basic Og==", "Basic YTpi", "bearer e30.e30.e30", "\xff", "x" * 300])


class TestHostile:
    @pytest.fixture
    def known(self, issuer: Issuer) -> Issuer:
        """An issuer with a client that words alone can name."""
        issuer.add_client("client_id", client_secret="client_secret")
        return issuer

    def sound(self, http: httpx.Client, known: Issuer, path: str, method: str, **request: Any) -> None:  # noqa: ANN401 - httpx's
        """The answer is no 5xx, and the server lives."""
        answer = http.request(method, known.url + path, **request)

        assert answer.status_code < 500, answer.text

    @pytest.mark.parametrize("path", ENDPOINTS)
    def test_random_bodies(
        self, known: Issuer, http: httpx.Client, path: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        """Whatever bytes are posted, and whatever they say they are."""

        @settings(derandomize=True, max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
        @given(body=st.binary(max_size=200), kind=st.sampled_from([FORM, "application/json", ""]), header=HEADERS)
        def check(body: bytes, kind: str, header: str) -> None:
            headers = [(b"content-type", kind.encode()), (b"authorization", header.strip().encode("latin-1"))]
            self.sound(http, known, path, "POST", content=body, headers=headers)

        check()
        assert not [record for record in caplog.records if record.levelno >= logging.ERROR]

    @pytest.mark.parametrize("path", ENDPOINTS)
    def test_random_parameters(
        self, known: Issuer, http: httpx.Client, path: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        """Parameters that nearly make sense, in query or form, with the right credentials."""

        @settings(derandomize=True, max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
        @given(query=PAIRS, form=PAIRS, post=st.booleans())
        def check(query: list[tuple[str, str]], form: list[tuple[str, str]], post: bool) -> None:  # noqa: FBT001 - Hypothesis names it
            method = "POST" if post else "GET"
            form_data = dict(form) if post else None
            self.sound(
                http, known, path, method, params=dict(query), data=form_data, auth=("client_id", "client_secret")
            )

        check()
        assert not [record for record in caplog.records if record.levelno >= logging.ERROR]

    def test_hostile_claims_are_escaped(self, issuer: Issuer, party: Party) -> None:
        """A user's name can't break out of the page."""
        issuer.auto_approve = False
        issuer.add_user('"><script>x', {"name": "</button><script>y"})
        page = party.authorize().text

        assert "<script" not in page

    def test_paths_are_their_own(self, issuer: Issuer) -> None:
        """What the tests ask is what the document names."""
        named = {urlsplit(str(url)).path for name, url in issuer.document.items() if name.endswith("_endpoint")}

        assert named <= {f"{issuer.path}{path}" for path in ENDPOINTS}


class TestParameters:
    @settings(derandomize=True, max_examples=300, deadline=None)
    @given(text=st.text(alphabet="ab=&;%+2é", max_size=12))
    def test_are_read_as_the_library_reads_them(self, text: str) -> None:
        """The short way, where nothing is encoded, gives what the long way gives."""
        pairs = parse_qsl(text, keep_blank_values=True)
        try:
            read = parameters(text)
        except OAuthError:
            names = [name for name, _ in pairs]
            assert len(set(names)) < len(names) or "�" in str(pairs)
        else:
            assert read == {name: value for name, value in pairs if value}

    @pytest.mark.parametrize("value", ["x", "%41"])
    def test_are_not_too_many(self, value: str) -> None:
        """200 are read and 201 refused, either way."""
        fields = [f"p{number}={value}" for number in range(201)]

        assert len(parameters("&".join(fields[:-1]))) == 200
        with pytest.raises(OAuthError):
            parameters("&".join(fields))

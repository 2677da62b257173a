"""Issuers that get their address from each request: Host, and what proxies say."""

from collections.abc import Iterator

import httpx
import pytest

from idpact_mock import MockIdP, RemoteMockIdP
from idpact_mock.identity import Identity, identified
from idpact_mock.issuer import RENDERED_KEPT
from tests.mock_idp.provider.party import Party, parameters_of
from tests.mock_idp.raw import RawClient

HOSTILE = [
    "",
    " ",
    "a b",
    "evil.test/path",
    "evil.test?x",
    "evil.test#x",
    "user@evil.test",
    "http://evil.test",
    'evil"test',
    "<script>alert(1)</script>",
    "évil.test",
    "evil.test:",
    "evil.test:0",
    "evil.test:65536",
    "evil.test:1234567",
    "evil.test:8o",
    "[::1",
    "::1",
    "-evil",
    "evil-",
    "a," * 3,
    "x" * 5000,
    "\x7f",
    "evil\ttest",
]


def decided(
    *headers: tuple[str, str], identity: Identity = "forwarded", scheme: str = "http"
) -> tuple[str, str | None]:
    """What those headers come to."""
    raw = [(name.lower().encode("ascii"), value.encode("latin-1")) for name, value in headers]
    return identified(raw, scheme=scheme, identity=identity)


@pytest.fixture
def by_host() -> Iterator[MockIdP]:
    """A server whose issuers are where they are asked."""
    with MockIdP(identity="host") as idp:
        yield idp


@pytest.fixture
def forwarded() -> Iterator[MockIdP]:
    """A server that believes proxies."""
    with MockIdP(identity="forwarded") as idp:
        yield idp


def issuer_seen(idp: MockIdP, path: str, *headers: str) -> str:
    """The issuer in the document that a request with these header lines gets, `Host` among them."""
    with RawClient(idp.port) as client:
        head = "".join(f"{line}\r\n" for line in headers)
        client.sock.sendall(f"GET {path}/.well-known/openid-configuration HTTP/1.1\r\n{head}\r\n".encode("latin-1"))
        body = client.read().body.decode("ascii")
    return body.split('"issuer": "')[1].split('"')[0]


class TestHost:
    def test_issuer_and_endpoints_are_where_it_was_asked(self, by_host: MockIdP) -> None:
        """Host and port as the client sent them."""
        by_host.make_issuer("acme", trailing_slash=True)

        assert issuer_seen(by_host, "/acme", "Host: idp.test:8443") == "http://idp.test:8443/acme/"

    def test_journal_says_what_decided(self, by_host: MockIdP) -> None:
        """And that the document is right for whoever asked there."""
        issuer = by_host.make_issuer("acme")

        issuer_seen(by_host, "/acme", "Host: idp.test")

        (entry,) = issuer.journal.entries
        assert (entry.identity, entry.outcome) == ("host", "yes")
        assert entry.to_json()["identity"] == "host"

    def test_forwarding_headers_are_not_believed(self, by_host: MockIdP) -> None:
        """Anybody can send them."""
        by_host.make_issuer("acme")

        seen = issuer_seen(
            by_host, "/acme", "Host: idp.test", "X-Forwarded-Host: evil.test", "Forwarded: host=evil.test"
        )

        assert seen == "http://idp.test/acme"

    def test_a_whole_login_is_of_the_issuer_that_was_discovered(self, by_host: MockIdP) -> None:
        """Codes, tokens and pages are that host's: a relying party that compares finds the issuer everywhere."""
        issuer = by_host.make_issuer("acme")
        here = issuer.url.replace("127.0.0.1", "localhost")
        with httpx.Client() as http:
            party = Party(issuer, http)
            party.document = http.get(f"{here}/.well-known/openid-configuration").json()
            told = parameters_of(party.authorize())
            tokens = party.redeem(told["code"]).json()
            claims = [party.verified(tokens[kind])["iss"] for kind in ("id_token", "access_token")]
            device = http.post(
                party.document["device_authorization_endpoint"],
                auth=party.auth or httpx.USE_CLIENT_DEFAULT,
                data={"scope": "openid"},
            ).json()

            assert (party.document["issuer"], told["iss"], *claims) == (here,) * 4
            assert device["verification_uri"].startswith(f"{here}/")
            assert party.introspect(tokens["access_token"]).json()["iss"] == here
            assert party.userinfo(tokens["access_token"]).status_code == 200
        assert {entry.identity for entry in issuer.journal.entries if entry.kind != "jwks"} == {"host"}

    def test_url_stays_pinned(self, by_host: MockIdP) -> None:
        """`Issuer.url` is the server's own address, whoever asked under which."""
        issuer = by_host.make_issuer("acme")

        issuer_seen(by_host, "/acme", "Host: idp.test")

        assert issuer.url == f"{by_host.url}/acme"

    def test_of_a_preset(self, by_host: MockIdP) -> None:
        """The endpoints on a vendor's other hosts move along."""
        issuer = by_host.make_issuer("g", preset="google-workspace")

        answer = issuer.answer_for("http://idp.test", step=False)

        assert b'"http://idp.test/g/oauth2.googleapis.com/token"' in answer.body

    def test_changes_are_seen_at_every_address(self, by_host: MockIdP) -> None:
        """What was rendered for an address before is rendered anew."""
        issuer = by_host.make_issuer("acme")
        issuer_seen(by_host, "/acme", "Host: idp.test")

        issuer.set_switches(["mixed-case"])

        assert issuer_seen(by_host, "/acme", "Host: idp.test") == "http://IDP.TEST/acme"

    def test_whole_documents_are_served_as_they_are(self, by_host: MockIdP) -> None:
        """Nothing in them is rewritten."""
        by_host.make_issuer("acme", document={"issuer": "https://a.test"})

        assert issuer_seen(by_host, "/acme", "Host: idp.test") == "https://a.test"

    def test_rendered_once_for_each_address(self, by_host: MockIdP) -> None:
        """The same address gets the same object."""
        issuer = by_host.make_issuer("acme")

        first = issuer.answer_for("http://idp.test", step=False)

        assert issuer.answer_for("http://idp.test", step=False) is first

    def test_many_addresses_are_not_kept_for_ever(self, by_host: MockIdP) -> None:
        """Hosts that a client makes up don't fill the memory."""
        issuer = by_host.make_issuer("acme")

        for number in range(RENDERED_KEPT * 3):
            issuer.answer_for(f"http://h{number}.test", step=False)

        assert len(issuer._rendered) == RENDERED_KEPT  # the promise is about what nobody sees from outside

    def test_failure_borrows_the_document_of_that_address(self, by_host: MockIdP) -> None:
        """A 500 with the document has the one that a working issuer would have sent."""
        by_host.make_issuer("acme", failure="http-500-with-document")

        assert issuer_seen(by_host, "/acme", "Host: idp.test") == "http://idp.test/acme"

    def test_sequence_at_changing_addresses(self, by_host: MockIdP) -> None:
        """Steps are counted over all addresses, and each is rendered for its own."""
        by_host.make_issuer("acme").serve_sequence([{}, {"set": {"issuer": "https://second.test"}}, {}])

        seen = [issuer_seen(by_host, "/acme", f"Host: h{number}.test") for number in range(3)]

        assert seen == ["http://h0.test/acme", "https://second.test", "http://h2.test/acme"]

    @pytest.mark.parametrize("host", HOSTILE)
    def test_hostile_host_is_not_used(self, host: str) -> None:
        """The pinned address stays."""
        assert decided(("Host", host), identity="host") == ("pinned", None)

    def test_hostile_host_on_the_wire(self, by_host: MockIdP) -> None:
        """The document names the pinned issuer, and the journal says so."""
        issuer = by_host.make_issuer("acme")

        assert issuer_seen(by_host, "/acme", 'Host: "><script>') == issuer.url
        assert issuer.journal.entries[0].identity == "pinned"

    @pytest.mark.parametrize("headers", [(), (("Host", "a.test"), ("Host", "b.test"))])
    def test_no_host_and_two_of_them(self, headers: tuple[tuple[str, str], ...]) -> None:
        """Nothing can be told from them."""
        assert decided(*headers, identity="host") == ("pinned", None)

    @pytest.mark.parametrize("host", ["idp.test", "IDP.test:80", "127.0.0.1:8443", "[::1]:8443", "a_b", "idp.test."])
    def test_text_is_kept(self, host: str) -> None:
        """Case and port are what the client will compare."""
        assert decided(("Host", host), identity="host", scheme="https") == ("host", f"https://{host}")


class TestPinned:
    def test_is_the_default(self, idp: MockIdP) -> None:
        """Neither Host nor any proxy moves an issuer."""
        issuer = idp.make_issuer("acme")

        seen = issuer_seen(idp, "/acme", "Host: idp.test", "X-Forwarded-Host: idp.test")

        assert seen == issuer.url
        assert issuer.journal.entries[0].identity == "pinned"

    def test_wins_when_asked_for(self) -> None:
        """Also where a document varies for another reason."""
        assert decided(("Host", "idp.test"), identity="pinned") == ("pinned", None)

    def test_other_words_are_refused(self) -> None:
        """The message lists the three."""
        with pytest.raises(ValueError, match="identity: 'hosts' must be one of pinned, host, forwarded"):
            MockIdP(identity="hosts")  # type: ignore[arg-type]  # a slip of the pen


class TestForwarded:
    def test_x_forwarded_on_the_wire(self, forwarded: MockIdP) -> None:
        """What a proxy that ends TLS sends."""
        issuer = forwarded.make_issuer("acme")

        seen = issuer_seen(
            forwarded, "/acme", "Host: inner:8080", "X-Forwarded-Proto: https", "X-Forwarded-Host: idp.example"
        )

        assert seen == "https://idp.example/acme"
        assert issuer.journal.entries[0].identity == "x-forwarded"

    def test_forwarded_on_the_wire(self, forwarded: MockIdP) -> None:
        """The standard's own header."""
        issuer = forwarded.make_issuer("acme")

        seen = issuer_seen(
            forwarded, "/acme", "Host: inner", 'Forwarded: for=192.0.2.1;proto=https;host="idp.example:8443"'
        )

        assert seen == "https://idp.example:8443/acme"
        assert issuer.journal.entries[0].identity == "forwarded"

    def test_remote_journal_says_it_too(self, forwarded: MockIdP) -> None:
        """The same entry in another process."""
        forwarded.make_issuer("acme")
        issuer_seen(forwarded, "/acme", "Host: inner", "X-Forwarded-Host: idp.example")

        with RemoteMockIdP(forwarded.url) as remote:
            assert remote.issuers["acme"].journal.entries[0].identity == "x-forwarded"

    def test_host_decides_without_a_proxy(self) -> None:
        """As with `host`."""
        assert decided(("Host", "idp.test")) == ("host", "http://idp.test")

    def test_the_standard_beats_the_custom(self) -> None:
        """Where both are there."""
        headers = (("Host", "inner"), ("X-Forwarded-Host", "x.test"), ("Forwarded", "host=f.test"))

        assert decided(*headers) == ("forwarded", "http://f.test")

    @pytest.mark.parametrize(
        ("header", "base"),
        [
            ("host=a.test", "http://a.test"),
            ("HOST=a.test;PROTO=HTTPS", "https://a.test"),
            ("proto=https", "https://inner:8080"),
            ('host="[2001:db8::1]:443";proto=https', "https://[2001:db8::1]:443"),
            ("host=near.test, host=far.test", "http://near.test"),
            ('for="_x";host=a.test , for=b', "http://a.test"),
            ('for="a,b;c=\\"d";host=a.test', "http://a.test"),
        ],
    )
    def test_forwarded_is_read_by_its_grammar(self, header: str, base: str) -> None:
        """RFC 7239, section 4: the first element, quoted strings, names without case."""
        assert decided(("Host", "inner:8080"), ("Forwarded", header)) == ("forwarded", base)

    def test_forwarded_in_several_lines(self) -> None:
        """Lines are one list (RFC 9110, section 5.3)."""
        assert decided(("Forwarded", "host=a.test"), ("Forwarded", "host=b.test")) == ("forwarded", "http://a.test")

    @pytest.mark.parametrize(
        "header",
        [
            "",
            "for=192.0.2.1",
            "host",
            "host=",
            "host=a.test;host=b.test",
            'host="a',
            "host=a b",
            "proto=ftp",
            "proto=ftp;host=a.test",
        ]
        + [f'host="{host}"' for host in HOSTILE if '"' not in host],
    )
    def test_what_cannot_be_read_does_not_decide(self, header: str) -> None:
        """The next one does."""
        assert decided(("Host", "idp.test"), ("Forwarded", header)) == ("host", "http://idp.test")

    @pytest.mark.parametrize(
        ("headers", "base"),
        [
            ({"Host": "a.test"}, "http://a.test"),
            ({"Host": "a.test, b.test"}, "http://a.test"),
            ({"Proto": "https"}, "https://inner:8080"),
            ({"Proto": "HTTPS, http"}, "https://inner:8080"),
            ({"Port": "8443"}, "http://inner:8443"),
            ({"Host": "a.test", "Port": "8443"}, "http://a.test:8443"),
            ({"Host": "a.test:1", "Port": "8443", "Proto": "https"}, "https://a.test:8443"),
            ({"Host": "a.test", "Port": "443", "Proto": "https"}, "https://a.test"),
            ({"Host": "a.test", "Port": "80"}, "http://a.test"),
            ({"Host": "a.test", "Port": "443"}, "http://a.test:443"),
            ({"Host": "[::1]:1", "Port": "8443"}, "http://[::1]:8443"),
        ],
    )
    def test_x_forwarded_in_all_combinations(self, headers: dict[str, str], base: str) -> None:
        """The first value of each; a port replaces that of the host, and a default port isn't written."""
        told = [(f"X-Forwarded-{name}", value) for name, value in headers.items()]

        assert decided(("Host", "inner:8080"), *told) == ("x-forwarded", base)

    @pytest.mark.parametrize("host", [host for host in HOSTILE if not host.startswith("a,")])
    def test_hostile_x_forwarded_host(self, host: str) -> None:
        """One wrong value, and none of the three is used."""
        headers = (("Host", "idp.test"), ("X-Forwarded-Host", host), ("X-Forwarded-Proto", "https"))

        assert decided(*headers) == ("host", "http://idp.test")

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("Proto", "javascript"),
            ("Proto", ""),
            ("Proto", "https://"),
            *(("Port", port) for port in ("", "0", "65536", "80/x", "-1", "\xb2", "1" * 5000)),
        ],
    )
    def test_hostile_scheme_or_port(self, name: str, value: str) -> None:
        """The same."""
        headers = (("Host", "idp.test"), ("X-Forwarded-Host", "a.test"), (f"X-Forwarded-{name}", value))

        assert decided(*headers) == ("host", "http://idp.test")

    def test_nothing_usable_at_all(self) -> None:
        """The pinned address is always there."""
        headers = (("Host", "a b"), ("X-Forwarded-Proto", "https"), ("Forwarded", "proto=https"))

        assert decided(*headers) == ("pinned", None)

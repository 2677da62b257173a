"""The mock IdP over its control interface: the same names, the same answers, the same errors."""

import inspect
import threading
from collections.abc import Callable, Iterator

import httpx
import pytest

from idpact_mock import Issuer, Journal, MockIdP, RemoteIssuer, RemoteJournal, RemoteMockIdP, ServerTLS
from idpact_mock.errors import ControlError
from tests.mock_idp.raw import RawClient, ask, path_of


@pytest.fixture
def remote(idp: MockIdP) -> Iterator[RemoteMockIdP]:
    """The running mock IdP, as another process sees it."""
    with RemoteMockIdP(idp.url, verify=False) as client:
        yield client


@pytest.mark.parametrize("name", ["make_issuer", "drop_issuer"])
def test_server_has_the_same_signatures(name: str) -> None:
    """Code written for the one works with the other."""
    assert _parameters(getattr(RemoteMockIdP, name)) == _parameters(getattr(MockIdP, name))


@pytest.mark.parametrize(
    "name",
    [
        "set_members",
        "remove_members",
        "replace_document",
        "serve_raw",
        "reset_document",
        "set_headers",
        "fail",
        "recover",
    ],
)
def test_issuer_has_the_same_signatures(name: str) -> None:
    """The same for issuers."""
    assert _parameters(getattr(RemoteIssuer, name)) == _parameters(getattr(Issuer, name))


@pytest.mark.parametrize("name", ["mark", "since", "wait", "clear"])
def test_journal_has_the_same_signatures(name: str) -> None:
    """And for journals."""
    assert _parameters(getattr(RemoteJournal, name)) == _parameters(getattr(Journal, name))


def _parameters(function: Callable[..., object]) -> list[tuple[str, object, object]]:
    signature = inspect.signature(function)
    return [(parameter.name, parameter.kind, parameter.default) for parameter in signature.parameters.values()]


class TestServer:
    def test_url_is_the_advertised_one(self) -> None:
        """Issuers' URLs are what others type, wherever the control interface is reached."""
        with (
            MockIdP(advertise="http://idp.example") as idp,
            RemoteMockIdP(f"http://127.0.0.1:{idp.port}", verify=False) as remote,
        ):
            assert remote.url == "http://idp.example"
            assert remote.make_issuer("acme").url == "http://idp.example/acme"

    def test_makes_issuers(self, idp: MockIdP, remote: RemoteMockIdP) -> None:
        """Every argument arrives."""
        made = remote.make_issuer(
            "acme",
            path="/a",
            own_port=True,
            trailing_slash=True,
            failure="http-404",
            endpoints_at="https://acme.idp.test",
        )

        issuer = idp.issuers["acme"]
        assert (made.name, made.path, made.url, made.discovery_url) == ("acme", "/a", issuer.url, issuer.discovery_url)
        assert (made.failure, made.document) == ("http-404", issuer.document)
        assert issuer.document["jwks_uri"] == "https://acme.idp.test/jwks"
        assert issuer.site.port != 0

    def test_makes_issuers_with_a_document(self, remote: RemoteMockIdP) -> None:
        """Odd values included."""
        document = {"a": None, "b": "\ud800", "c": [1, {"d": 2.5}]}

        assert remote.make_issuer(document=document).document == document

    def test_makes_refusing_issuers(self, remote: RemoteMockIdP) -> None:
        """The address is the server's to find."""
        with pytest.raises(httpx.ConnectError):
            httpx.get(remote.make_issuer(failure="connection-refused").discovery_url)

    @pytest.mark.parametrize("by", ["name", "object"])
    def test_drops_issuers(self, idp: MockIdP, remote: RemoteMockIdP, by: str) -> None:
        """By name or by object."""
        made = remote.make_issuer()
        remote.drop_issuer(made if by == "object" else made.name)

        assert not idp.issuers

    def test_lists_issuers(self, idp: MockIdP, remote: RemoteMockIdP) -> None:
        """Those that others made are seen as well."""
        issuer = idp.make_issuer("acme")

        assert {name: one.url for name, one in remote.issuers.items()} == {"acme": issuer.url}

    def test_strays(self, idp: MockIdP, remote: RemoteMockIdP) -> None:
        """The requests of no issuer."""
        ask(idp.port, "/lost")

        assert remote.strays.entries == idp.strays.entries


class TestIssuer:
    def test_changes_its_document(self, remote: RemoteMockIdP) -> None:
        """Each way, one after another."""
        issuer = remote.make_issuer()
        own = issuer.document
        issuer.set_members({"x": 1})
        issuer.remove_members("jwks_uri", "userinfo_endpoint")
        changed = issuer.document
        issuer.replace_document({"y": 2})
        replaced = issuer.document
        issuer.reset_document()

        assert changed == {**{name: own[name] for name in own if name not in {"jwks_uri", "userinfo_endpoint"}}, "x": 1}
        assert (replaced, issuer.document) == ({"y": 2}, own)

    def test_serves_raw_bytes(self, idp: MockIdP, remote: RemoteMockIdP) -> None:
        """Any bytes survive the way."""
        issuer = remote.make_issuer()
        issuer.serve_raw(bytes(range(256)), content_type=None)

        answer = ask(idp.port, path_of(issuer.discovery_url))
        assert (answer.body, "content-type" in answer.headers) == (bytes(range(256)), False)
        with pytest.raises(ValueError, match="no JSON object"):
            _ = issuer.document

    def test_sets_headers(self, idp: MockIdP, remote: RemoteMockIdP) -> None:
        """They come with the answer."""
        issuer = remote.make_issuer()
        issuer.set_headers({"ETag": '"1"'})

        assert ask(idp.port, path_of(issuer.discovery_url)).headers["etag"] == '"1"'
        assert issuer.headers == {"ETag": '"1"'}

    def test_fails_and_recovers(self, idp: MockIdP, remote: RemoteMockIdP) -> None:
        """Over the same URL."""
        issuer = remote.make_issuer()
        issuer.fail("http-404")
        failing = (issuer.failure, ask(idp.port, path_of(issuer.discovery_url)).status)
        issuer.recover()

        assert (failing, issuer.failure, ask(idp.port, path_of(issuer.discovery_url)).status) == (
            ("http-404", 404),
            None,
            200,
        )


class TestJournal:
    def test_is_the_same_journal(self, idp: MockIdP, remote: RemoteMockIdP) -> None:
        """Entries, marks and length agree."""
        made = remote.make_issuer("acme")
        local = idp.issuers["acme"].journal
        ask(idp.port, "/acme/1", method="POST", body=b"\x00")
        mark = made.journal.mark()
        ask(idp.port, "/acme/2")

        assert (mark, made.journal.mark(), len(made.journal)) == (1, 2, 2)
        assert made.journal.entries == local.entries
        assert made.journal.since(mark) == local.since(mark)

    def test_waits(self, idp: MockIdP, remote: RemoteMockIdP) -> None:
        """Woken by what comes."""
        issuer = remote.make_issuer()
        feeder = threading.Timer(0.02, ask, [idp.port, path_of(issuer.discovery_url)])
        feeder.start()

        assert [entry.kind for entry in issuer.journal.wait(1, timeout=10)] == ["discovery"]
        feeder.join()

    def test_waits_for_an_end(self, idp: MockIdP, remote: RemoteMockIdP) -> None:
        """A hang counts when it is over."""
        issuer = remote.make_issuer(failure="hang-before-headers")
        with RawClient(idp.port) as client:
            client.send(path_of(issuer.discovery_url))
            assert issuer.journal.wait(1)[0].ended == "pending"
            with pytest.raises(TimeoutError):
                issuer.journal.wait(1, timeout=0.01, ended=True)

        assert issuer.journal.wait(1, timeout=10, ended=True)[0].ended == "client-left"

    def test_waits_in_vain_as_locally(self, idp: MockIdP, remote: RemoteMockIdP) -> None:
        """The same error with the same text."""
        issuer = remote.make_issuer("acme")
        ask(idp.port, "/acme/x")
        messages = []
        for journal in (issuer.journal, idp.issuers["acme"].journal):
            with pytest.raises(TimeoutError) as caught:
                journal.wait(3, timeout=0.01)
            messages.append(str(caught.value))

        assert messages[0] == messages[1]

    def test_clears(self, idp: MockIdP, remote: RemoteMockIdP) -> None:
        """The server's journal is cleared."""
        issuer = remote.make_issuer("acme")
        ask(idp.port, "/acme/x")
        issuer.journal.clear()

        assert (len(idp.issuers["acme"].journal), issuer.journal.mark()) == (0, 1)


class TestErrors:
    @pytest.mark.parametrize(
        "act",
        [
            lambda idp: idp.make_issuer("a b"),
            lambda idp: idp.make_issuer(path="x"),
            lambda idp: idp.make_issuer(path=""),
            lambda idp: idp.make_issuer("acme"),
            lambda idp: idp.make_issuer(failure="nothing"),
            lambda idp: idp.make_issuer(endpoints_at="x"),
            lambda idp: idp.drop_issuer("nobody"),
            lambda idp: idp.issuers["acme"].fail("http-405"),
            lambda idp: idp.issuers["acme"].fail("connection-refused"),
            lambda idp: idp.issuers["acme"].set_headers({"a b": "c"}),
            lambda idp: idp.issuers["acme"].set_headers({"a": 1}),
            lambda idp: idp.issuers["acme"].set_members({"a": object}),
            lambda idp: idp.issuers["acme"].set_members({1: "a"}),
            lambda idp: idp.make_issuer(document={"a": {1, 2}}),
        ],
    )
    def test_are_those_of_the_python_api(
        self, idp: MockIdP, remote: RemoteMockIdP, act: Callable[[MockIdP | RemoteMockIdP], object]
    ) -> None:
        """The same type with the same message."""
        idp.make_issuer("acme")
        caught = []
        for api in (idp, remote):
            with pytest.raises((ValueError, LookupError, TypeError)) as error:
                act(api)
            caught.append((error.type, str(error.value)))

        assert caught[0] == caught[1]

    def test_of_a_dropped_issuer(self, remote: RemoteMockIdP) -> None:
        """What is gone can't be changed from afar."""
        issuer = remote.make_issuer()
        remote.drop_issuer(issuer)

        with pytest.raises(LookupError, match="there is no issuer"):
            issuer.fail("http-404")

    def test_of_a_wrong_token(self) -> None:
        """Told, without the token."""
        with (
            MockIdP(admin_token="right-token") as idp,
            RemoteMockIdP(idp.url, admin_token="wrong-token", verify=False) as remote,
            pytest.raises(ControlError, match="needs 'Bearer' and the admin token") as caught,
        ):
            remote.make_issuer()

        assert "wrong-token" not in str(caught.value) + repr(remote)

    def test_of_another_server(self, idp: MockIdP) -> None:
        """An address at which no mock IdP is controlled says so."""
        own = idp.make_issuer(own_port=True, path="")
        with (
            RemoteMockIdP(own.url, verify=False) as remote,
            pytest.raises((LookupError, ControlError), match="nothing is here"),
        ):
            remote.make_issuer()

    def test_of_a_bad_url(self) -> None:
        """The message names the argument."""
        with pytest.raises(ValueError, match=r"url: '127\.0\.0\.1:80' must be an absolute"):
            RemoteMockIdP("127.0.0.1:80")


def test_with_token_and_tls() -> None:
    """Both at once, as a shared server in CI has them."""
    tls = ServerTLS.throwaway()
    with (
        MockIdP(tls=tls, admin_token="a-token") as idp,
        RemoteMockIdP(idp.url, admin_token="a-token", verify=tls.client_context()) as remote,
    ):
        issuer = remote.make_issuer(own_port=True)

        assert httpx.get(issuer.discovery_url, verify=tls.client_context()).json() == issuer.document


def test_many_clients_share_one_server(idp: MockIdP) -> None:
    """What the workers of a test run do: each makes, uses and drops its own issuers at the same time."""
    errors: list[BaseException] = []

    def work() -> None:
        try:
            with RemoteMockIdP(idp.url, verify=False) as remote:
                for _ in range(5):
                    issuer = remote.make_issuer(own_port=True, path="")
                    httpx.get(issuer.discovery_url)
                    assert len(issuer.journal) == 1
                    remote.drop_issuer(issuer)
        except BaseException as error:  # noqa: BLE001 - carried to the test's thread
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []
    assert not idp.issuers


class TestShapes:
    def test_preset_from_afar(self, idp: MockIdP, remote: RemoteMockIdP) -> None:
        """All options of a preset, with the names and results of the local API."""
        issuer = remote.make_issuer(
            "it", preset="keycloak", preset_parameters={"realm": "Blue"}, switches=["null-member"], trailing_slash=True
        )

        assert issuer.url == idp.issuers["it"].url == f"{idp.url}/it/realms/Blue/"
        assert issuer.preset == "keycloak"
        assert issuer.switches == {"null-member"}
        assert remote.make_issuer(preset="okta", verbatim=True).document["issuer"] == "https://acme.okta.com"
        assert remote.make_issuer(preset="adfs", quirks=True).switches == {"mixed-case"}

    def test_slash_is_the_presets(self, idp: MockIdP, remote: RemoteMockIdP) -> None:
        """Nothing said is nothing sent."""
        assert remote.make_issuer("it", preset="auth0").url == f"{idp.url}/it/"

    def test_sequence_and_switches_from_afar(self, idp: MockIdP, remote: RemoteMockIdP) -> None:
        """Bytes among the steps too."""
        issuer = remote.make_issuer("it")
        issuer.set_switches(["leading-newline"])
        issuer.serve_sequence([b"\xff", {"set": {"a": 1}}])

        assert issuer.sequence == idp.issuers["it"].sequence
        assert issuer.sequence == ({"raw": {"body": "/w==", "content_type": "application/json"}}, {"set": {"a": 1}})
        assert httpx.get(issuer.discovery_url).content == b"\xff"
        assert httpx.get(issuer.discovery_url).content.startswith(b"\n{")

    def test_without_a_sequence(self, remote: RemoteMockIdP) -> None:
        """None, as in the local API."""
        assert remote.make_issuer().sequence is None

    def test_wrong_ones_are_told_before_anything_is_sent(self, remote: RemoteMockIdP) -> None:
        """The same messages as in the local API."""
        issuer = remote.make_issuer()

        with pytest.raises(ValueError, match="sequence: it must have at least one step"):
            issuer.serve_sequence([])
        with pytest.raises(ValueError, match="switches: there is no 'x'"):
            issuer.set_switches(["x"])

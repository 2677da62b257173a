"""Making and dropping issuers: names, paths, URLs, ports of their own."""

import contextlib
import socket
import threading
from urllib.parse import urlsplit

import httpx
import pytest

from idpact_mock import Issuer, MockIdP
from idpact_mock.errors import TakenError, UnknownIssuerError
from tests.mock_idp.raw import RawClient, ask, path_of


def port_of(issuer: Issuer) -> int:
    """The port that the issuer's URL names."""
    port = urlsplit(issuer.url).port
    assert port is not None
    return port


class TestUrls:
    def test_default_path_is_the_name(self, idp: MockIdP) -> None:
        """A named issuer lives at its name."""
        issuer = idp.make_issuer("acme")

        assert (issuer.name, issuer.path, issuer.url) == ("acme", "/acme", f"{idp.url}/acme")

    def test_path_of_ones_own(self, idp: MockIdP) -> None:
        """A path is kept exactly; the name has nothing to do with it."""
        issuer = idp.make_issuer("acme", path="/realms/A%20b/v2.0")

        assert issuer.url == f"{idp.url}/realms/A%20b/v2.0"
        assert issuer.discovery_url == f"{idp.url}/realms/A%20b/v2.0/.well-known/openid-configuration"

    def test_trailing_slash(self, idp: MockIdP) -> None:
        """It is the issuer's, in its document too, and there is one slash before the well-known part."""
        issuer = idp.make_issuer(path="/a", trailing_slash=True)

        assert (issuer.url, issuer.document["issuer"]) == (f"{idp.url}/a/", f"{idp.url}/a/")
        assert issuer.discovery_url == f"{idp.url}/a/.well-known/openid-configuration"
        assert issuer.document["token_endpoint"] == f"{idp.url}/a/token"

    def test_names_are_short_and_unique(self, idp: MockIdP) -> None:
        """Who names nothing gets a fresh name each time."""
        names = [idp.make_issuer().name for _ in range(100)]

        assert len(set(names)) == 100
        assert max(map(len, names)) <= 12

    def test_url_has_no_final_slash(self, idp: MockIdP) -> None:
        """The server's base can be prefixed to any path."""
        assert idp.url == f"http://127.0.0.1:{idp.port}"


class TestRefusals:
    @pytest.mark.parametrize("name", ["", "a b", "a/b", "é", "a\n"])
    def test_name(self, idp: MockIdP, name: str) -> None:
        """Names are URL-safe, so that they can be paths."""
        with pytest.raises(ValueError, match="name: "):
            idp.make_issuer(name)

    @pytest.mark.parametrize("path", ["a", "/a/", "/", "/a b", "/é", "/a?b", "/a#b", "/%zz", "/a\n"])
    def test_path(self, idp: MockIdP, path: str) -> None:
        """Paths are those of a URL, without a final slash."""
        with pytest.raises(ValueError, match="path: "):
            idp.make_issuer(path=path)

    def test_whole_host_on_the_shared_port(self, idp: MockIdP) -> None:
        """The shared port is everybody's."""
        with pytest.raises(ValueError, match="needs own_port=True"):
            idp.make_issuer(path="")

    @pytest.mark.parametrize("path", ["/_idpact", "/_idpact/issuers"])
    def test_reserved_path(self, idp: MockIdP, path: str) -> None:
        """The control interface can't be covered up."""
        with pytest.raises(ValueError, match="reserved"):
            idp.make_issuer(path=path)

    def test_name_in_use(self, idp: MockIdP) -> None:
        """The message says by which issuer, and the one there is stays."""
        first = idp.make_issuer("acme")

        with pytest.raises(TakenError, match=f"name: 'acme' is in use by the issuer at {first.url}"):
            idp.make_issuer("acme", path="/other")

        assert dict(idp.issuers) == {"acme": first}

    @pytest.mark.parametrize("slash", [False, True])
    def test_path_in_use(self, idp: MockIdP, slash: bool) -> None:  # noqa: FBT001 - a parametrized value
        """With and without a final slash a path has one document."""
        idp.make_issuer("first", path="/a")

        with pytest.raises(TakenError, match="path: '/a' is in use by issuer 'first'"):
            idp.make_issuer("second", path="/a", trailing_slash=slash)

    def test_document_that_is_none(self, idp: MockIdP) -> None:
        """A bad document leaves no issuer, and its port is free again."""
        with pytest.raises(ValueError, match="can't be written as JSON"):
            idp.make_issuer(own_port=True, document={"x": object()})

        assert not idp.issuers

    def test_server_that_is_not_running(self) -> None:
        """Issuers need a port, so that their URLs can be known."""
        with pytest.raises(RuntimeError, match=r"call start\(\)"):
            MockIdP().make_issuer()


class TestDropping:
    def test_frees_path_and_name(self, idp: MockIdP) -> None:
        """What was dropped is not found, and can be made anew."""
        issuer = idp.make_issuer("acme")
        idp.drop_issuer(issuer)

        assert ask(idp.port, path_of(issuer.discovery_url)).status == 404
        assert idp.make_issuer("acme").url == issuer.url

    def test_requests_become_strays(self, idp: MockIdP, issuer: Issuer) -> None:
        """The dropped issuer's journal gets no more."""
        idp.drop_issuer(issuer.name)
        ask(idp.port, path_of(issuer.discovery_url))

        assert (len(issuer.journal), len(idp.strays)) == (0, 1)

    def test_journal_can_still_be_read(self, idp: MockIdP, issuer: Issuer) -> None:
        """What was seen was seen."""
        ask(idp.port, path_of(issuer.discovery_url))
        idp.drop_issuer(issuer)

        assert len(issuer.journal.entries) == 1

    def test_unknown_name(self, idp: MockIdP) -> None:
        """The message shows near ones."""
        idp.make_issuer("acme")

        with pytest.raises(UnknownIssuerError, match=r"there is no issuer 'acne'; did you mean acme\?"):
            idp.drop_issuer("acne")

    def test_twice(self, idp: MockIdP, issuer: Issuer) -> None:
        """Dropping again is a mistake that is told."""
        idp.drop_issuer(issuer)

        with pytest.raises(LookupError):
            idp.drop_issuer(issuer)

    def test_never_the_wrong_one(self, idp: MockIdP) -> None:
        """An old object doesn't drop a new issuer of the same name."""
        old = idp.make_issuer("acme")
        idp.drop_issuer(old)
        new = idp.make_issuer("acme")

        with pytest.raises(UnknownIssuerError, match="was dropped already"):
            idp.drop_issuer(old)

        assert dict(idp.issuers) == {"acme": new}

    def test_view_of_issuers_is_read_only(self, idp: MockIdP, issuer: Issuer) -> None:
        """Issuers are made and dropped by their methods only."""
        with pytest.raises(TypeError):
            del idp.issuers[issuer.name]  # type: ignore[attr-defined]  # that it can't be done is the point


class TestOwnPort:
    def test_whole_host(self, idp: MockIdP) -> None:
        """An issuer may be a host without a path, with or without a slash."""
        plain = idp.make_issuer(path="", own_port=True)
        slashed = idp.make_issuer(path="", own_port=True, trailing_slash=True)

        assert plain.url == f"http://127.0.0.1:{port_of(plain)}"
        assert slashed.url == f"http://127.0.0.1:{port_of(slashed)}/"
        assert httpx.get(plain.discovery_url).json()["issuer"] == plain.url
        assert httpx.get(slashed.discovery_url).json()["issuer"] == slashed.url

    def test_is_nobody_elses(self, idp: MockIdP, issuer: Issuer) -> None:
        """Three issuers, three ports."""
        own = [idp.make_issuer(own_port=True) for _ in range(2)]

        assert len({port_of(one) for one in [issuer, *own]}) == 3

    def test_same_path_on_many_ports(self, idp: MockIdP) -> None:
        """Paths are unique per port only."""
        issuers = [idp.make_issuer(path="/a", own_port=True) for _ in range(2)] + [idp.make_issuer(path="/a")]

        assert [httpx.get(one.discovery_url).json()["issuer"] for one in issuers] == [one.url for one in issuers]

    @pytest.mark.parametrize("target", ["/", "/.well-known/openid-configuration", "/_idpact/issuers", "/ab/x", "/A"])
    def test_every_request_is_its(self, idp: MockIdP, target: str) -> None:
        """A dropped path lands in its own journal, not among the strays; and the control interface isn't there."""
        issuer = idp.make_issuer(path="/a", own_port=True)

        answer = ask(port_of(issuer), target)

        (entry,) = issuer.journal.entries
        assert (answer.status, entry.target, entry.kind, entry.status) == (404, target, "other", 404)
        assert len(idp.strays) == 0

    def test_does_not_serve_the_shared_ports_issuers(self, idp: MockIdP, issuer: Issuer) -> None:
        """A port of one's own has one issuer."""
        own = idp.make_issuer(own_port=True)

        assert ask(port_of(own), path_of(issuer.discovery_url)).status == 404
        assert ask(idp.port, path_of(own.discovery_url)).status == 404

    def test_closes_with_the_issuer(self, idp: MockIdP) -> None:
        """Nobody listens any more once it is dropped."""
        issuer = idp.make_issuer(own_port=True)
        ask(port_of(issuer), "/")
        idp.drop_issuer(issuer)

        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port_of(issuer)), timeout=5)

    def test_closes_open_connections_too(self, idp: MockIdP) -> None:
        """Neither an idle connection nor a hanging one outlives its issuer."""
        issuer = idp.make_issuer(own_port=True, path="", failure="hang-before-headers")
        with RawClient(port_of(issuer)) as idle, RawClient(port_of(issuer)) as hanging:
            idle.ask("/x")
            hanging.send(path_of(issuer.discovery_url))
            issuer.journal.wait(2)
            idp.drop_issuer(issuer)

            assert idle.at_end()
            with contextlib.suppress(ConnectionResetError):
                assert hanging.at_end()
        assert issuer.journal.wait(2, ended=True)[1].ended == "shutdown"

    def test_dropped_at_once(self, idp: MockIdP) -> None:
        """Made and dropped in a row, before the server's thread has looked: the port is closed all the same."""
        for _ in range(20):
            issuer = idp.make_issuer(own_port=True)
            idp.drop_issuer(issuer)
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", port_of(issuer)), timeout=5)

    def test_failures_work_there(self, idp: MockIdP) -> None:
        """Also those beneath HTTP."""
        issuer = idp.make_issuer(own_port=True, path="", failure="connection-reset")

        with pytest.raises(httpx.ReadError):
            httpx.get(issuer.discovery_url)


class TestAdvertised:
    def test_urls_are_the_advertised_ones(self) -> None:
        """What others type is what they can reach."""
        with MockIdP(advertise="https://idp.example:8443/mock/") as idp:
            issuer = idp.make_issuer("acme")

            assert (idp.url, issuer.url) == ("https://idp.example:8443/mock", "https://idp.example:8443/mock/acme")
            assert issuer.document["issuer"] == issuer.url
            assert ask(idp.port, "/acme/.well-known/openid-configuration").status == 200

    @pytest.mark.parametrize("path", [None, ""])
    def test_port_of_ones_own_becomes_a_path(self, path: str | None) -> None:
        """One port is all that others can reach."""
        with MockIdP(advertise="http://idp.example") as idp:
            assert idp.make_issuer("acme", path=path, own_port=True).url == "http://idp.example/acme"

    def test_refused_connection_is_on_the_advertised_host(self) -> None:
        """The port alone is another."""
        with MockIdP(advertise="http://idp.example") as idp:
            issuer = idp.make_issuer("acme", failure="connection-refused")

            assert (urlsplit(issuer.url).hostname, urlsplit(issuer.url).path) == ("idp.example", "/acme")
            assert port_of(issuer) != idp.port

    @pytest.mark.parametrize(
        "url", ["idp.example", "ftp://idp.example", "http://", "http://a?b", "http://a#b", "http://u:p@a", "http://a b"]
    )
    def test_must_be_a_base_url(self, url: str) -> None:
        """The message names the argument."""
        with pytest.raises(ValueError, match="advertise: "):
            MockIdP(advertise=url)


def test_many_threads_make_use_and_drop_issuers(idp: MockIdP) -> None:
    """Each thread sees its own issuers only, and nothing is left."""
    errors: list[BaseException] = []

    def live(number: int) -> None:
        try:
            for turn in range(15):
                issuer = idp.make_issuer(f"t{number}-{turn}", own_port=turn % 2 == 0)
                port = port_of(issuer)
                assert ask(port, path_of(issuer.discovery_url)).status == 200
                issuer.fail("http-404")
                assert ask(port, path_of(issuer.discovery_url)).status == 404
                assert [entry.status for entry in issuer.journal.entries] == [200, 404]
                idp.drop_issuer(issuer)
        except BaseException as error:  # noqa: BLE001 - carried to the test's thread
            errors.append(error)

    threads = [threading.Thread(target=live, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []
    assert (len(idp.issuers), len(idp.strays)) == (0, 0)

"""Starting and stopping, and what a stopped server leaves behind."""

import contextlib
import gc
import socket
import threading

import pytest

from idpact_mock import MockIdP
from tests.mock_idp.raw import RawClient, ask, path_of


def threads_of_servers() -> list[threading.Thread]:
    """Threads in which a server runs."""
    return [thread for thread in threading.enumerate() if thread.name.startswith("idpact-server-")]


def test_stop_closes_the_port() -> None:
    """Nobody listens any more when `stop` returns."""
    with MockIdP() as idp:
        port = idp.port

    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=5)


def test_stop_ends_the_thread() -> None:
    """No thread is left when `stop` returns."""
    idp = MockIdP()
    idp.start()
    (thread,) = [thread for thread in threads_of_servers() if thread.name.endswith(f"-{idp.port}")]
    idp.stop()

    assert not thread.is_alive()


def test_stop_closes_idle_connections(idp: MockIdP) -> None:
    """A client that keeps its connection holds nothing up, and finds it closed."""
    with RawClient(idp.port) as client:
        client.ask("/x")
        idp.stop()

        assert client.at_end()


def test_stop_drops_all_issuers(idp: MockIdP) -> None:
    """Ports of their own and refused ones are closed as well."""
    own = idp.make_issuer(own_port=True)
    refused = idp.make_issuer(failure="connection-refused")
    ports = [issuer.site.port for issuer in (own, refused)]
    idp.stop()

    assert not idp.issuers
    for port in ports:
        with socket.socket() as other:
            other.bind(("127.0.0.1", port))


def test_stop_with_everything_under_way(idp: MockIdP, capfd: pytest.CaptureFixture[str]) -> None:
    """Hanging, idle, half-sent and half-read: all end at once, and nothing is printed."""
    hanging = idp.make_issuer(failure="hang-before-headers")
    large = idp.make_issuer()
    large.serve_raw(b"x" * 30_000_000)
    with contextlib.ExitStack() as stack:
        clients = [stack.enter_context(RawClient(idp.port)) for _ in range(13)]
        for client in clients[:10]:
            client.send(path_of(hanging.discovery_url))
        clients[10].send(f"{hanging.path}/x", method="POST", headers=("Content-Length: 9",))
        clients[11].send(path_of(large.discovery_url))
        clients[11].sock.recv(10)
        clients[12].sock.sendall(b"GET / HT")
        hanging.journal.wait(11)
        idp.stop()

    assert {entry.ended for entry in (*hanging.journal.entries, *large.journal.entries)} == {"shutdown"}
    assert capfd.readouterr() == ("", "")


def test_stop_leaves_no_open_socket(idp: MockIdP) -> None:
    """Whatever was open is closed, not left to the garbage collector, which would warn."""
    issuer = idp.make_issuer(own_port=True, failure="hang-before-headers")
    with RawClient(issuer.site.port) as client:
        client.send(path_of(issuer.discovery_url))
        issuer.journal.wait(1)
        idp.stop()
    del issuer

    gc.collect()  # a ResourceWarning would fail the test


def test_stop_twice(idp: MockIdP) -> None:
    """Stopping is idempotent."""
    idp.stop()
    idp.stop()


def test_starts_again() -> None:
    """A stopped mock IdP can be started once more, without what it had."""
    idp = MockIdP()
    for _ in range(3):
        with idp:
            assert not idp.issuers
            assert ask(idp.port, path_of(idp.make_issuer("acme").discovery_url)).status == 200


def test_start_twice(idp: MockIdP) -> None:
    """A second start is a mistake that is told."""
    with pytest.raises(RuntimeError, match="is running already"):
        idp.start()


def test_fixed_port() -> None:
    """A given port is taken, and can be taken again right after the stop, though it was the server that closed connections."""
    first = MockIdP()
    first.start()
    port = first.port
    with RawClient(port) as client:
        client.ask("/")
        first.stop()
        assert client.at_end()

    with MockIdP(port=port) as second:
        assert (second.port, ask(port, "/").status) == (port, 200)


def test_busy_port(idp: MockIdP) -> None:
    """The message names the address."""
    with pytest.raises(OSError, match=f"port: can't listen on 127.0.0.1 port {idp.port} "):
        MockIdP(port=idp.port).start()


def test_foreign_host() -> None:
    """An address that is no machine's own is told as such."""
    with pytest.raises(OSError, match=r"192\.0\.2\.1"):
        MockIdP(host="192.0.2.1").start()


def test_url_of_a_stopped_server() -> None:
    """Without a port there is no URL."""
    with pytest.raises(RuntimeError, match="isn't running"):
        _ = MockIdP().url


def test_two_servers_know_nothing_of_each_other(idp: MockIdP) -> None:
    """Names, paths and journals are a server's own."""
    with MockIdP() as other:
        first, second = idp.make_issuer("acme"), other.make_issuer("acme")
        ask(idp.port, path_of(first.discovery_url))

        assert (len(first.journal), len(second.journal)) == (1, 0)


def test_repr_holds_no_token() -> None:
    """A token never reaches a log by way of `repr`."""
    with MockIdP(admin_token="s3cret-token") as idp:
        assert "s3cret" not in repr(idp)


@pytest.mark.parametrize("token", ["", "a b", "é", "a\n"])
def test_token_must_fit_a_header(token: str) -> None:
    """The message names the argument and doesn't show the token."""
    with pytest.raises(ValueError, match="admin_token: it must be printable ASCII"):
        MockIdP(admin_token=token)


class TestWhoCanConnect:
    @pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
    def test_loopback_needs_no_token(self, host: str) -> None:
        """Who is on this machine may do anything anyway."""
        assert MockIdP(host=host).admin_token is None

    def test_others_need_one_that_is_made_up(self) -> None:
        """A server that others can reach is never open, and each has its own token."""
        tokens = {MockIdP(host="0.0.0.0").admin_token for _ in range(2)}

        assert len(tokens) == 2
        assert None not in tokens

    def test_wildcard_is_reached_by_loopback(self) -> None:
        """A URL of 0.0.0.0 would work on some machines only."""
        with MockIdP(host="0.0.0.0") as idp:
            assert idp.url == f"http://127.0.0.1:{idp.port}"
            assert ask(idp.port, path_of(idp.make_issuer(own_port=True).discovery_url)).status == 404

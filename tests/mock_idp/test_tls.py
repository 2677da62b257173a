"""The mock IdP over https."""

import collections
import gc
import os
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import trustme

from idpact_mock import MockIdP, ServerTLS
from tests.mock_idp.raw import SECONDS, RawClient, path_of


@pytest.fixture(scope="module")
def tls() -> ServerTLS:
    """A throwaway authority: making one costs a little."""
    return ServerTLS.throwaway()


@pytest.fixture
def secure(tls: ServerTLS) -> Iterator[MockIdP]:
    """A mock IdP that speaks https."""
    with MockIdP(tls=tls) as running:
        yield running


def test_urls_are_https(secure: MockIdP) -> None:
    """The base, issuers and their endpoints."""
    issuer = secure.make_issuer()

    assert secure.url.startswith("https://")
    assert issuer.document["issuer"] == issuer.url
    assert str(issuer.document["jwks_uri"]).startswith("https://")


@pytest.mark.parametrize("own_port", [False, True])
def test_a_client_that_trusts_it_is_answered(secure: MockIdP, tls: ServerTLS, own_port: bool) -> None:  # noqa: FBT001 - a parametrized value
    """`client_context` is all that a client needs, on every port."""
    issuer = secure.make_issuer(own_port=own_port)

    answer = httpx.get(issuer.discovery_url, verify=tls.client_context())

    assert answer.json() == issuer.document


def test_localhost_is_a_name_of_it(secure: MockIdP, tls: ServerTLS) -> None:
    """The certificate is for the name as well as for the address."""
    url = secure.make_issuer().discovery_url.replace("127.0.0.1", "localhost")

    assert httpx.get(url, verify=tls.client_context()).status_code == 200


def test_others_do_not_trust_it(secure: MockIdP) -> None:
    """Nobody else knows the authority."""
    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        httpx.get(secure.make_issuer().discovery_url)


def test_authority_can_be_handed_on(secure: MockIdP, tls: ServerTLS) -> None:
    """`ca_pem` is what an implementation in another process is to trust."""
    assert tls.ca_pem is not None
    context = ssl.create_default_context(cadata=tls.ca_pem.decode())

    assert httpx.get(secure.make_issuer().discovery_url, verify=context).status_code == 200


def test_connection_reset_beneath_tls(secure: MockIdP, tls: ServerTLS) -> None:
    """RST, without a closing word of TLS."""
    issuer = secure.make_issuer(failure="connection-reset")

    with RawClient(secure.port, tls=tls.client_context()) as client:
        client.send(path_of(issuer.discovery_url))
        # Python's ssl takes a reset for an end, so the test looks beneath it.
        with socket.socket(fileno=os.dup(client.sock.fileno())) as beneath:
            beneath.settimeout(SECONDS)
            with pytest.raises(ConnectionResetError):
                collections.deque(iter(lambda: beneath.recv(65536), b""), maxlen=0)

    assert issuer.journal.wait(1, ended=True)[0].ended == "reset"


def test_hang_and_stop(secure: MockIdP, tls: ServerTLS) -> None:
    """A client that leaves is noticed, and a stop waits for nobody."""
    issuer = secure.make_issuer(failure="hang-before-headers")
    with RawClient(secure.port, tls=tls.client_context()) as client:
        client.send(path_of(issuer.discovery_url))
        issuer.journal.wait(1)
    issuer.journal.wait(1, ended=True)
    with RawClient(secure.port, tls=tls.client_context()) as client:
        client.send(path_of(issuer.discovery_url))
        issuer.journal.wait(2)
        secure.stop()

    assert [entry.ended for entry in issuer.journal.entries] == ["client-left", "shutdown"]


def test_bytes_are_those_of_http(secure: MockIdP, tls: ServerTLS) -> None:
    """Counted before they are encrypted, so that figures are the same with TLS and without."""
    issuer = secure.make_issuer()

    with RawClient(secure.port, tls=tls.client_context()) as client:
        answer = client.ask(path_of(issuer.discovery_url))

    assert issuer.journal.entries[0].bytes_sent == len(answer.wire)


def test_a_client_without_tls_does_no_harm(secure: MockIdP, tls: ServerTLS, capfd: pytest.CaptureFixture[str]) -> None:
    """Plain HTTP to an https port, and a handshake that is never finished: others are answered, nothing is printed."""
    with RawClient(secure.port) as plain, RawClient(secure.port):
        plain.send("/")
        assert httpx.get(f"{secure.url}/", verify=tls.client_context()).status_code == 200
        secure.stop()

    gc.collect()  # what was left open would warn
    assert capfd.readouterr() == ("", "")


class TestFiles:
    @pytest.fixture
    def files(self, tmp_path: Path) -> Path:
        """A folder with a certificate, its key and its authority."""
        authority = trustme.CA()
        certificate = authority.issue_cert("127.0.0.1")
        certificate.private_key_pem.write_to_path(tmp_path / "key.pem")
        authority.cert_pem.write_to_path(tmp_path / "ca.pem")
        for blob in certificate.cert_chain_pems:
            blob.write_to_path(tmp_path / "cert.pem", append=True)
        return tmp_path

    def test_are_served(self, files: Path) -> None:
        """A certificate of one's own, whose authority clients are told of."""
        tls = ServerTLS.from_files(files / "cert.pem", files / "key.pem", ca=files / "ca.pem")
        with MockIdP(tls=tls) as idp:
            assert httpx.get(f"{idp.url}/", verify=tls.client_context()).status_code == 200

    def test_authority_may_be_the_systems(self, files: Path) -> None:
        """Where no authority is given, none is known."""
        tls = ServerTLS.from_files(str(files / "cert.pem"), str(files / "key.pem"))

        assert tls.ca_pem is None
        assert tls.client_context().verify_mode is ssl.CERT_REQUIRED

    @pytest.mark.parametrize("missing", ["cert", "key"])
    def test_that_are_missing(self, files: Path, missing: str) -> None:
        """The message names the argument and the file."""
        paths = {"cert": files / "cert.pem", "key": files / "key.pem", missing: files / "nothing.pem"}

        with pytest.raises(FileNotFoundError, match=rf"{missing}: there is no file '.*nothing.pem'"):
            ServerTLS.from_files(**paths)

    def test_that_do_not_belong_together(self, files: Path) -> None:
        """Another certificate's key is refused before anything is served."""
        trustme.CA().issue_cert("127.0.0.1").private_key_pem.write_to_path(files / "other.pem")

        with pytest.raises(ValueError, match="aren't a PEM certificate and its key"):
            ServerTLS.from_files(files / "cert.pem", files / "other.pem")


@pytest.mark.parametrize("hosts", [(), "localhost"])
def test_throwaway_needs_hosts(hosts: tuple[str, ...]) -> None:
    """A text would be taken for its letters."""
    with pytest.raises(ValueError, match="hosts: "):
        ServerTLS.throwaway(hosts)


def test_repr_holds_no_key(tls: ServerTLS) -> None:
    """Nothing of the certificate is shown."""
    assert repr(tls) == "<ServerTLS with a known authority>"

"""What a test asserts of an issuer, and how the failure reads."""

import threading
from collections.abc import Callable
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from idpact_mock import Issuer, MockIdP, RemoteMockIdP

Get = Callable[[str], None]


@pytest.fixture
def issuer(shared_idp: MockIdP) -> Issuer:
    """An issuer of this test's own."""
    return shared_idp.make_issuer()


@pytest.fixture
def get() -> Get:
    """A client that does not mind what is answered."""

    def get(url: str) -> None:
        try:
            urlopen(url, timeout=20).close()
        except HTTPError as error:
            error.close()

    return get


def test_requests_that_came_are_returned(issuer: Issuer, get: Get) -> None:
    """An assertion that holds hands over the entries, for a closer look."""
    get(issuer.discovery_url)

    (entry,) = issuer.assert_discovered()
    assert entry.target == f"/{issuer.name}/.well-known/openid-configuration"
    assert issuer.assert_discovered(times=1) == (entry,)
    assert issuer.assert_discovered(times=0, since=issuer.journal.mark()) == ()


def test_too_many_requests_are_shown(issuer: Issuer, get: Get) -> None:
    """Wanted, seen, and the journal."""
    get(issuer.discovery_url)
    get(issuer.discovery_url)

    with pytest.raises(AssertionError) as caught:
        issuer.assert_discovered(times=1)
    path = f"/{issuer.name}/.well-known/openid-configuration"
    assert str(caught.value).splitlines() == [
        f"issuer {issuer.url}",
        f"  wanted   GET {path}, once",
        "  saw      it twice, among 2 requests",
        f"           1: GET {path} -> 200, complete",
        f"           2: GET {path} -> 200, complete",
    ]


@pytest.mark.parametrize("remote", [False, True], ids=["in-process", "remote"])
def test_a_lost_path_is_named_as_the_closest(shared_idp: MockIdP, get: Get, *, remote: bool) -> None:
    """The commonest bug: the request went to the root of the host, where no issuer lives."""
    with RemoteMockIdP(shared_idp.url) as other:
        issuer = (other if remote else shared_idp).make_issuer()
        get(f"{shared_idp.url}/.well-known/openid-configuration")

        with pytest.raises(
            AssertionError,
            match=r"saw      it never, among no requests\n"
            r"  closest  GET /\.well-known/openid-configuration -> 404, which matched no issuer$",
        ):
            issuer.assert_discovered()


def test_a_doubled_slash_is_named_as_the_closest(issuer: Issuer, get: Get) -> None:
    """Another request below the issuer comes closer than those elsewhere."""
    get(f"{issuer.url}/jwks.json")
    get(f"{issuer.url}//.well-known/openid-configuration")

    with pytest.raises(AssertionError, match=rf"closest  GET /{issuer.name}//\.well-known/openid-configuration -> 404"):
        issuer.assert_discovered(times=1)


def test_another_method_does_not_count(issuer: Issuer, get: Get) -> None:
    """A POST was wanted, and a GET came."""
    get(str(issuer.document["token_endpoint"]))

    with pytest.raises(AssertionError, match="wanted   POST to the token endpoint, once"):
        issuer.assert_requested("token", method="POST", times=1)
    issuer.assert_requested("token", method="GET", times=1)


def test_a_request_in_the_background_is_waited_for(issuer: Issuer, get: Get) -> None:
    """With a timeout, requests that come later count; others do not end the wait."""

    def later() -> None:
        get(f"{issuer.url}/elsewhere")
        get(issuer.discovery_url)

    thread = threading.Thread(target=later)
    thread.start()
    issuer.assert_discovered(times=1, timeout=30)
    thread.join()


def test_a_wait_in_vain_ends(issuer: Issuer) -> None:
    """After the timeout it is an assertion that failed, not an error."""
    with pytest.raises(AssertionError, match=r"saw      it never, among no requests$"):
        issuer.assert_requested("jwks", timeout=0.05)


def test_secrets_in_targets_are_not_shown(issuer: Issuer, get: Get) -> None:
    """A token in a query is blacked out."""
    get(f"{issuer.url}/userinfo?access_token=s3cret-s3cret")

    with pytest.raises(AssertionError, match=r"access_token=\*\*\*") as caught:
        issuer.assert_discovered()
    assert "s3cret" not in str(caught.value)

"""Issuers for tests: made as a marker says, dropped when the test is over. Knows pytest's markers and the mock IdP's words."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from idpact_mock import Issuer, MockIdP, RemoteIssuer, RemoteMockIdP

__all__ = ["issuers", "opened_idp", "wished"]


@contextmanager
def opened_idp(external: str | None, token: str | None) -> "Iterator[MockIdP | RemoteMockIdP]":
    """The mock IdP of a session: one of this process's own, or the one at that URL.

    Raises:
        pytest.UsageError: There is none at that URL.
    """
    if not external:
        from idpact_mock import MockIdP

        with MockIdP() as idp:
            yield idp
        return
    from httpx import HTTPError

    from idpact_mock import RemoteMockIdP

    try:
        remote = RemoteMockIdP(external, admin_token=token)
        _ = remote.url  # it is there, and the token is right
    except (HTTPError, ValueError, LookupError, RuntimeError) as error:
        raise pytest.UsageError(f"--idpact-mock-idp {external}: no mock IdP to be used there: {error}") from None
    with remote:
        yield remote


def wished(node: pytest.Item) -> dict[str, Any]:
    """The arguments of a test's `issuer` markers; the nearest one wins, member by member."""
    wish: dict[str, Any] = {}
    for mark in reversed(list(node.iter_markers("issuer"))):
        if mark.args:
            pytest.fail(f"@pytest.mark.issuer{mark.args!r}: options have names, such as preset='okta'", pytrace=False)
        wish |= mark.kwargs
    return wish


@contextmanager
def issuers(
    plain: "Callable[[], MockIdP | RemoteMockIdP]", secure: "Callable[[], MockIdP]"
) -> "Iterator[Callable[..., Issuer | RemoteIssuer]]":
    """A function that makes issuers, and drops them all at the end; one that the test dropped itself is no error."""
    made: list[tuple[Any, Any]] = []

    def make_issuer(name: str | None = None, *, tls: bool = False, **options: Any) -> Any:  # noqa: ANN401 - handed on
        idp: Any = secure() if tls else plain()
        issuer = idp.make_issuer(name, **options)
        made.append((idp, issuer))
        return issuer

    try:
        yield make_issuer
    finally:
        for idp, issuer in made:
            with suppress(LookupError):
                idp.drop_issuer(issuer)

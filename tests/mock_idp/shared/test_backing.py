"""What is behind a shared issuer: the same at every server, without a word between them."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

import pytest

from idpact_mock.failures import Failing
from idpact_mock.provider.keys import Keys
from idpact_mock.shared.backing import SharedBacking
from idpact_mock.shared.journal import Outbox
from idpact_mock.shared.link import Link
from idpact_mock.switch import Switch
from tests.mock_idp.shared.running import RedisServer

_NUMBERS = count()


@dataclass
class Now:
    """The change under way."""

    change: str = "1-0"
    at: float | None = None


@dataclass
class Pair:
    """The backings of one issuer at two servers."""

    one: SharedBacking
    other: SharedBacking
    now: Now


@pytest.fixture
def pair(redis: RedisServer) -> Iterator[Pair]:
    """Of a deployment of its own."""
    now, prefix = Now(), f"backing{next(_NUMBERS)}"
    links = [Link(redis.url(prefix)) for _ in range(2)]
    outboxes = [Outbox(link, look=lambda: None) for link in links]
    one, other = (
        SharedBacking(link, outbox, secret=b"hush", issuer="acme@1-0", now=now)
        for link, outbox in zip(links, outboxes, strict=True)
    )
    yield Pair(one, other, now)
    for link in links:
        link.close()


def test_secrets_are_the_same(pair: Pair) -> None:
    """By name, and in the order in which a change asks for them."""
    asked = [(backing.secret(8), backing.secret(8), backing.secret(8, of="x")) for backing in (pair.one, pair.other)]

    assert asked[0] == asked[1]
    assert len(set(asked[0])) == 3


def test_a_change_that_failed_elsewhere_moves_nothing(pair: Pair) -> None:
    """What one change has asked for doesn't count for the next: not every server comes across those that failed."""
    pair.one.secret(8)
    pair.now.change = "2-0"

    assert pair.one.secret(8) == pair.other.secret(8)


def test_keys_are_the_same(pair: Pair) -> None:
    """Whoever needs them first makes them."""
    one, other = Keys(backing=pair.one), Keys(backing=pair.other)

    assert one.jwks() == other.jwks()
    assert one.signing_key().jwt({"a": 1}, typ="JWT") == other.signing_key().jwt({"a": 1}, typ="JWT")


@pytest.mark.parametrize("alg", ["RS256", "PS256", "ES256", "EdDSA"])
def test_keys_of_all_algorithms_survive(pair: Pair, alg: str) -> None:
    """Written down and read again."""
    made = pair.one.key(alg, kid="k", own=True)  # type: ignore[arg-type]  # one of the four
    read = pair.other.key(alg, own=True)  # type: ignore[arg-type]  # as above

    assert (made.kid, made.jwk) == ("k", read.jwk)


def test_algorithms_are_the_same_whatever_was_made(pair: Pair) -> None:
    """A server that has signed and one that hasn't publish the same keys after a change of algorithm."""
    one, other = Keys(backing=pair.one), Keys(backing=pair.other)
    one.ensure()
    for keys in (one, other):
        keys.use("ES256", default=True)

    assert (one.algs, one.jwks()) == (other.algs, other.jwks())


def test_counts_go_on(pair: Pair) -> None:
    """Of all servers as one; each change begins its own."""
    one, other = pair.one.counter(), pair.other.counter()
    pair.now.change = "2-0"

    assert (one.next(), other.next(), one.seen(), pair.one.counter().seen()) == (1, 2, 2, 0)


def test_a_failure_for_a_time_is_over_for_who_learns_of_it_late(pair: Pair) -> None:
    """Its time began when it was asked for."""
    pair.now.at = 0.0

    assert Switch(Failing.of("http-503", endpoint=None, schedule="for 5 s", parameters={}), pair.one).strike() is None


def test_a_server_alone_loads_none_of_it() -> None:
    """Neither redis-py nor what needs it."""
    script = (
        "import sys, idpact_mock\n"
        "with idpact_mock.MockIdP() as idp: idp.make_issuer().token()\n"
        "print([name for name in sys.modules if name.split('.')[0] == 'redis' or name.startswith('idpact_mock.shared')])"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert ran.stdout.strip() == "[]"

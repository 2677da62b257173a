"""What a server holds on to: nothing of a client that has vanished, whatever it was doing, and nothing that grows for ever."""

import contextlib
import itertools
import socket
import struct
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

import httpx
import pytest

from idpact_mock import Entry, Issuer, MockIdP
from tests.mock_idp.provider.party import Party
from tests.mock_idp.raw import RawClient, path_of

CLIENTS = 5
SECONDS = 30.0

TOKEN = b"POST %s/token HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n"
FORM = b"grant_type=client_credentials"


def reset(sock: socket.socket) -> None:
    """Leave as a killed process does: with RST, and without reading what came."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


def get(issuer: Issuer) -> bytes:
    """A request for the document, whole."""
    return f"GET {path_of(issuer.discovery_url)} HTTP/1.1\r\nHost: a\r\n\r\n".encode()


def post(issuer: Issuer, sent: bytes) -> bytes:
    """A request for a token, of whose form only this was sent."""
    return TOKEN % (issuer.path.encode(), len(FORM)) + sent


# By what the client has sent when it vanishes, and how much of the answer it has read.
PHASES: dict[str, tuple[str | None, Callable[[Issuer], bytes], int]] = {
    "before anything": (None, lambda _: b"", 0),
    "within the request's head": (None, lambda issuer: get(issuer)[:-9], 0),
    "before the request's body": (None, lambda issuer: post(issuer, b""), 0),
    "within the request's body": (None, lambda issuer: post(issuer, FORM[:9]), 0),
    "after a request without body": (None, get, 0),
    "after the request's body": (None, lambda issuer: post(issuer, FORM), 0),
    "between requests": (None, get, 1_000),
    "in the second of two requests": (None, lambda issuer: get(issuer) + get(issuer)[:-9], 1_000),
    "in a hang": ("hang-before-headers", get, 0),
    "within the answer's head": ("hang-mid-headers", get, 9),
    "within the answer's body": ("hang-mid-body", get, 100),
    "within a body that never ends": ("endless-body", get, 1_000),
    "within a body that trickles": ("trickle-endless", get, 100),
}


def held(idp: MockIdP) -> tuple[int, int]:
    """Connections and tasks that the server has."""
    assert idp._server is not None  # uvicorn keeps count of both, and tells nobody
    state = idp._server._running()._state
    return len(state.connections), len(state.tasks)


def settled(idp: MockIdP) -> tuple[int, int]:
    """What the server holds once it has nothing left to find out.

    Asking it waits for turns of its loop, and shows that it has taken every connection that came before.
    """
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        with RawClient(idp.port) as client:
            client.ask("/nothing")
        if held(idp) == (0, 0):
            break
    return held(idp)


@pytest.mark.parametrize("phase", PHASES)
def test_a_client_that_vanishes_leaves_nothing_behind(
    idp: MockIdP, phase: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """No connection, no task, no journal entry that waits for ever, and not a word on stderr."""
    failure, request, read = PHASES[phase]
    issuer = idp.make_issuer(failure=failure)
    issuer.keys.ensure()
    socks = []
    for _ in range(CLIENTS):
        sock = socket.create_connection(("127.0.0.1", idp.port), timeout=SECONDS)
        sock.sendall(request(issuer))
        seen = 0
        while seen < read:
            seen += len(sock.recv(read - seen))
        socks.append(sock)
    for sock in socks:
        reset(sock)

    assert settled(idp) == (0, 0)
    assert [entry for entry in issuer.journal.entries if entry.ended == "pending"] == []
    idp.stop()
    assert capfd.readouterr() == ("", "")


def load(idp: MockIdP, issuer: Issuer, http: httpx.Client, numbers: range) -> None:
    """Requests of which no two are alike, at all endpoints: names, paths, codes, tokens, devices, clients that aren't."""
    party = Party(issuer, http)
    for number in numbers:
        idp.drop_issuer(idp.make_issuer(f"passing-{number}"))
        http.get(f"{idp.url}/nowhere/{number}", headers={f"x-{number}": str(number)})
        http.get(f"{issuer.url}/beside/{number}?{number}")
        http.get(f"{issuer.discovery_url}?{number}", headers={"host": f"h{number}.test"})
        http.get(f"{issuer.url}/jwks?{number}")
        tokens = party.login(state=f"s{number}", nonce=f"n{number}", scope="openid offline_access")
        party.refresh(tokens["refresh_token"])
        party.userinfo(tokens["access_token"])
        party.userinfo(f"t{number}")
        party.credentials(scope=f"scope-{number}")
        party.credentials(auth=(f"nobody-{number}", "secret"))
        party.redeem(f"c{number}")
        http.post(
            party.document["device_authorization_endpoint"], data={"scope": f"s{number}"}, auth=party.auth or ("", "")
        )
        party.introspect(f"t{number}")
        party.revoke(tokens["access_token"])
        http.cookies.clear()


def children(value: object) -> Iterator[tuple[str, object]]:
    """What a value of ours, or a container, holds directly."""
    if isinstance(value, Mapping):
        yield from ((f"[{key!r}]", member) for key, member in list(value.items()))
    elif isinstance(value, list | tuple | deque | set | frozenset):
        yield from ((f"[{index}]", member) for index, member in enumerate(list(value)))
    elif isinstance(value, partial):
        yield from ((f"({name})", member) for name, member in value.keywords.items())
    elif type(value).__module__.partition(".")[0] in {"idpact_mock", "uvicorn"} and not isinstance(value, Entry):
        slots = itertools.chain.from_iterable(getattr(kind, "__slots__", ()) for kind in type(value).__mro__)
        names = dict.fromkeys([*getattr(value, "__dict__", ()), *slots])
        yield from ((f".{name}", getattr(value, name)) for name in names if hasattr(value, name))


def sizes(roots: Mapping[str, object]) -> dict[str, tuple[int, object, object]]:
    """Each container that can be reached, by its path: its size, itself, and the object of ours that it belongs to."""
    found: dict[str, tuple[int, object, object]] = {}
    seen: set[int] = set()
    waiting: deque[tuple[str, object, object]] = deque((path, root, root) for path, root in roots.items())
    while waiting:
        path, value, owner = waiting.popleft()
        if id(value) in seen or isinstance(value, str | bytes | int | float | type):
            continue
        seen.add(id(value))
        contains = isinstance(value, dict | OrderedDict | list | deque | set)
        if contains:
            found[path] = (len(value), value, owner)  # type: ignore[arg-type]  # one of those just named
        whose = owner if contains or isinstance(value, tuple | MappingProxyType) else value
        waiting.extend((path + step, member, whose) for step, member in children(value))
    return found


def bound_of(container: object, owner: object) -> Any:  # noqa: ANN401 - a number, or nothing
    """How many a container holds at most, as itself or its owner has it."""
    own = getattr(container, "maxlen", None)
    return own or getattr(owner, "limit", None) or getattr(owner, "_limit", None)


def test_whatever_grows_under_load_has_a_bound(idp: MockIdP, issuer: Issuer) -> None:
    """Every map, list, queue and set that a server or an issuer can reach either stays as it is or says how far it goes."""
    issuer.configure(alg="ES256")
    roots = {"idp": idp, "issuer": issuer}
    with httpx.Client(trust_env=False) as http:
        load(idp, issuer, http, range(10))
        before = sizes(roots)
        load(idp, issuer, http, range(10, 30))
        after = sizes(roots)

    grown = {path for path, (size, _, _) in after.items() if path in before and size > before[path][0]}
    assert {path for path in grown if bound_of(*after[path][1:]) is None} == set()
    assert {"idp.strays._entries", "issuer.journal._entries", "issuer._provider.state.access._items"} <= grown


def test_an_unbounded_map_would_be_found() -> None:
    """The search above sees through objects, proxies and containers."""
    issuer = Issuer.__new__(Issuer)
    issuer._rendered = {(0, str(number)): None for number in range(3)}  # type: ignore[misc]

    found = sizes({"root": [MappingProxyType({"a": issuer})]})

    assert found["root[0]['a']._rendered"][0] == 3
    assert bound_of(found["root[0]['a']._rendered"][1], issuer) is None
    with contextlib.suppress(AttributeError):
        del issuer._rendered

"""What is measured: ours, the floors and the peers; how each is started, what it can do, and why it can't do the rest."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal

from idpact_mock.issuer import Issuer
from idpact_mock.site import Site
from tests.bench.load import Request, token_request
from tests.bench.peers import CACHE, NODE_PACKAGES, PYTHON_PACKAGES, why_no_node
from tests.bench.process import Served, free_port, served

__all__ = ["OURS", "PEERS", "RAW", "SIGNING", "SYSTEMS", "Load", "System"]

Load = Literal["discovery", "jwks", "RS256", "ES256"]

_DISCOVERY: Final = "/.well-known/openid-configuration"


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """A server that can be measured.

    Attributes:
        name: Its name and version.
        command: What starts it, from a port and an algorithm.
        requests: What it can be loaded with.
        first: The path by which it is seen to be ready.
        lacks: Why it can't be loaded with the rest.
        env: Makes the variables it needs, from an algorithm.
        start: What starts it where only its start is measured; None for `command`.
        absent: Why it can't be run here; None if it can.
    """

    name: str
    command: Callable[[int, str], list[str]]
    requests: Mapping[Load, Request]
    first: str = _DISCOVERY
    lacks: str = ""
    env: Callable[[str], dict[str, str]] = field(default=lambda _: {})
    start: Callable[[int], list[str]] | None = None
    absent: str | None = None

    @contextmanager
    def run(self, alg: str) -> Iterator[Served]:
        """Run it, with the keys and the client that its requests need."""
        port = free_port()
        with served(self.command(port, alg), port=port, path=self.first, env=self.env(alg)) as server:
            yield server

    def start_once(self) -> tuple[float, float]:
        """Seconds from its spawn to its first 200, and of CPU time until then."""
        port = free_port()
        command = self.command(port, "RS256") if self.start is None else self.start(port)
        with served(command, port=port, path=self.first, env=self.env("RS256")) as server:
            return server.seconds, server.cpu_seconds()


def _python(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]


def _floor(name: str) -> Callable[[int, str], list[str]]:
    options = [
        "--loop",
        "uvloop",
        "--http",
        "httptools",
        "--lifespan",
        "off",
        "--no-access-log",
        "--log-level",
        "warning",
    ]
    options += ["--no-server-header", "--no-date-header"]
    return lambda port, _: _python("-m", "uvicorn", f"tests.bench.floors:{name}", "--port", str(port), *options)


@cache
def _bytes_of_ours() -> dict[str, str]:
    """The very bytes that ours serves."""
    issuer = Issuer(Site(name="default", base="http://127.0.0.1:8000", path="/default"))
    return {"FLOOR_DOCUMENT": json.dumps(issuer.document, indent=2), "FLOOR_KEYS": issuer.keys.jwks().decode("ascii")}


def _node(launcher: str) -> Callable[[int, str], list[str]]:
    return lambda port, alg: ["node", str(CACHE / "node" / launcher), str(port), alg]


def _tokens(path: str, *, more: str = "") -> dict[Load, Request]:
    request = token_request(path, more=more)
    return {"RS256": request, "ES256": request}


def _versioned(name: str) -> str:
    return f"{name} {(NODE_PACKAGES | PYTHON_PACKAGES)[name]}"


OURS: Final = System(
    name="idpact, journal on",
    command=lambda port, alg: _python("-m", "tests.bench.ours", str(port), alg),
    start=lambda port: [str(Path(sys.executable).with_name("idpact")), "serve", "--port", str(port)],
    first=f"/default{_DISCOVERY}",
    requests=MappingProxyType(
        {
            "discovery": Request(f"/default{_DISCOVERY}"),
            "jwks": Request("/default/jwks"),
            **_tokens("/default/token"),
        }
    ),
)
RAW: Final = System(
    name="floor: raw ASGI application with prepared bytes",
    command=_floor("raw"),
    requests=MappingProxyType({"discovery": Request(_DISCOVERY), "jwks": Request("/jwks")}),
    lacks="it signs nothing",
    env=lambda _: _bytes_of_ours(),
)
SIGNING: Final = System(
    name="floor: ASGI application that only signs",
    command=_floor("signing"),
    requests=MappingProxyType(_tokens("/token")),
    lacks="it answers nothing but tokens",
    env=lambda alg: {"FLOOR_ALG": alg},
)
PEERS: Final = (
    System(
        name=_versioned("oauth2-mock-server"),
        command=_node("oauth2_mock_server.mjs"),
        requests=MappingProxyType({"discovery": Request(_DISCOVERY), "jwks": Request("/jwks"), **_tokens("/token")}),
        absent=why_no_node(),
    ),
    System(
        name=_versioned("oidc-provider"),
        command=_node("oidc_provider.mjs"),
        requests=MappingProxyType(
            {
                "discovery": Request(_DISCOVERY),
                "jwks": Request("/jwks"),
                **_tokens("/token", more="&resource=urn:bench"),
            }
        ),
        absent=why_no_node(),
    ),
    System(
        name=_versioned("@mongodb-js/oidc-mock-provider"),
        command=_node("mongodb_oidc_mock_provider.mjs"),
        requests=MappingProxyType({"discovery": Request(_DISCOVERY), "jwks": Request("/jwks")}),
        lacks="it has no client credentials grant",
        absent=why_no_node(),
    ),
    System(
        name=_versioned("oidc-provider-mock"),
        command=lambda port, _: [
            str(CACHE / "python/bin/python"),
            str(CACHE.parent / "tests/bench/peers/serve_oidc_provider_mock.py"),
            str(port),
        ],
        requests=MappingProxyType({"discovery": Request(_DISCOVERY), "jwks": Request("/jwks")}),
        lacks="it has no client credentials grant",
    ),
)
SYSTEMS: Final = (OURS, RAW, SIGNING, *PEERS)

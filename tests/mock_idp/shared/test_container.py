"""The container file and the compose example: what they install, and that what they run is what `idpact serve` takes."""

import json
import re
import shlex
import tomllib
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]  # brings no types of its own

from idpact.cli import serve
from tests.mock_idp.shared.running import RedisServer, Replica, free_port, replica

ROOT = Path(__file__).parents[3]
CONTAINER = ROOT / "mock_idp" / "Containerfile"
COMPOSE = ROOT / "mock_idp" / "compose.example.yaml"


def instructions() -> list[tuple[str, str]]:
    """Of the container file, continued lines in one, in order."""
    text = re.sub(r"\\\n\s*", " ", CONTAINER.read_text("utf-8"))
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1]) for line in lines]


def only(name: str) -> str:
    """The one instruction of that name."""
    (found,) = [told for instruction, told in instructions() if instruction == name]
    return found


def entry() -> list[str]:
    """What the container runs."""
    told: list[str] = json.loads(only("ENTRYPOINT"))
    return told


def service(name: str) -> dict[str, Any]:
    """A service of the compose example."""
    found: dict[str, Any] = yaml.safe_load(COMPOSE.read_text("utf-8"))["services"][name]
    return found


class TestContainer:
    """The container file, since nothing here can build it."""

    def test_installs_this_package_with_what_workers_need(self) -> None:
        """From all its source roots, with the extra for Redis."""
        copied = {part for name, told in instructions() if name == "COPY" for part in shlex.split(told)[:-1]}
        project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
        needed = {*project["tool"]["hatch"]["build"]["dev-mode-dirs"], project["project"]["readme"], "pyproject.toml"}

        assert needed <= copied
        assert all((ROOT / name).exists() for name in needed)
        assert any(name == "RUN" and "pip install" in told and ".[redis]" in told for name, told in instructions())
        assert "redis" in project["project"]["optional-dependencies"]

    def test_isnt_root(self) -> None:
        """By number, so that an orchestrator can tell."""
        user = only("USER")

        assert user.isdigit()
        assert int(user) > 0
        names = [name for name, _ in instructions()]
        assert names.index("USER") < names.index("ENTRYPOINT")

    def test_exposes_and_checks_the_port_it_serves(self) -> None:
        """One number in three places."""
        port = entry()[entry().index("--port") + 1]

        assert only("EXPOSE") == port
        assert f"http://127.0.0.1:{port}/_idpact/health" in only("HEALTHCHECK")

    def test_runs_what_the_command_line_takes(self) -> None:
        """Parsed by its own parser."""
        assert entry()[:2] == ["idpact", "serve"]
        context = serve.make_context("serve", entry()[2:])

        assert (context.params["host"], context.params["port"]) == ("0.0.0.0", 9000)


class TestCompose:
    """The example of two replicas."""

    def arguments(self) -> list[str]:
        """What a replica runs, after `idpact serve`."""
        return [*entry()[2:], *service("idp")["command"]]

    def test_builds_the_container_file(self) -> None:
        """Relative to itself."""
        build = service("idp")["build"]

        assert (COMPOSE.parent / build["context"] / build["dockerfile"]).resolve() == CONTAINER

    def test_has_two_replicas_of_workers_and_a_store(self) -> None:
        """At the service that is the store."""
        params = serve.make_context("serve", self.arguments()).params
        ports = service("idp")["ports"][0].rpartition(":")

        assert (service("idp")["deploy"]["replicas"], params["workers"]) == (2, 2)
        assert service("idp")["environment"]["IDPACT_SERVE_STORE"].startswith("redis://redis:6379/0")
        assert service("redis")["image"].startswith("redis:")
        assert ports[2] == str(params["port"])

    def test_its_command_serves(self, redis: RedisServer) -> None:
        """Those very arguments, but for addresses that aren't ours: what one replica makes the other serves."""
        told = self.arguments()
        with (
            _like(told, redis) as one,
            _like(told, redis) as other,
            one.remote() as remote,
            other.client() as http,
        ):
            made = remote.make_issuer("everywhere")
            document = http.get(f"{made.path}/.well-known/openid-configuration").json()

        assert document["issuer"] == "http://idp:9000/everywhere"


def _like(arguments: list[str], redis: RedisServer) -> AbstractContextManager[Replica]:
    port = str(free_port())
    ours = [{"0.0.0.0": "127.0.0.1", "9000": port}.get(told, told) for told in arguments]
    return replica(*ours, "--store", redis.url("compose"))

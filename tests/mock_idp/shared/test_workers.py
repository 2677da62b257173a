"""Workers as processes: how they are refused, start, die, lose their Redis, and stop."""

import os
import signal
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.mock_idp.raw import RawClient
from tests.mock_idp.shared.running import SECONDS, RedisServer, Replica, free_port, redis_server, replica

DISCOVERY = "/default/.well-known/openid-configuration"


@pytest.fixture
def own_redis() -> Iterator[RedisServer]:
    """A redis-server that a test may stop."""
    with redis_server() as server:
        yield server


def refused(*arguments: str, **environment: str) -> str:
    """What `idpact serve` says as it refuses to: one sentence, with exit code 2."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("IDPACT_")}
    command = [sys.executable, "-m", "idpact", "serve", *arguments]
    ran = subprocess.run(
        command, capture_output=True, text=True, timeout=SECONDS, env={**kept, **environment}, check=False
    )
    assert (ran.returncode, ran.stdout) == (2, ""), ran.stderr
    said = ran.stderr.strip()
    assert "\n" not in said
    assert "Traceback" not in said
    return said


def status_of(replica: Replica) -> int:
    """Of a request for the document, on a connection of its own."""
    with replica.client() as http:
        return http.get(DISCOVERY).status_code


def recovered(replica: Replica) -> int:
    """The status once workers answer again that had to begin anew; one that ends may drop a connection."""
    for _ in range(50):
        try:
            status = status_of(replica)
        except httpx.TransportError:
            continue
        if status != 503:
            return status
    return 503


class TestRefused:
    """What can't be served."""

    def test_workers_without_a_store(self, tmp_path: Path) -> None:
        """By option, environment or file alike, with what to do."""
        file = tmp_path / "idp.toml"
        file.write_text("[server]\nworkers = 2\n")

        said = [
            refused("--workers", "2"),
            refused(IDPACT_SERVE_WORKERS="2"),
            refused("--config", str(file)),
        ]

        what = (
            "2 need a store that they share: set store to a Redis, such as redis://127.0.0.1:6379/0 "
            "(--store, IDPACT_SERVE_STORE), or leave workers at 1"
        )
        assert {line.partition("workers: ")[2] for line in said} == {what}

    def test_a_redis_that_is_down(self) -> None:
        """It is named, without its password."""
        port = free_port()

        said = refused("--workers", "2", "--store", f"redis://:hush@127.0.0.1:{port}/0")

        assert f"Redis at 127.0.0.1:{port} can't be used" in said
        assert "hush" not in said

    @pytest.mark.parametrize("url", ["memcached://a", "redis://:hush@a:99999/0", "redis://:hush@a/0?colour=red"])
    def test_a_store_that_is_none(self, url: str) -> None:
        """With what is right."""
        said = refused(IDPACT_SERVE_STORE=url)

        assert said.startswith("idpact: IDPACT_SERVE_STORE: ")
        assert "redis" in said
        assert "hush" not in said

    def test_issuers_that_cant_be_made(self, redis: RedisServer, tmp_path: Path) -> None:
        """No worker begins anew for what no worker can do."""
        file = tmp_path / "idp.toml"
        file.write_text('[[issuers]]\nname = "a"\n[[issuers]]\nname = "a"\n')

        said = refused("--config", str(file), "--workers", "2", "--store", redis.url("wrong"))

        assert f"{file}: issuers[1]" in said
        assert "in use" in said


class TestStopping:
    """All end together."""

    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
    def test_hung_connections_end(self, redis: RedisServer, number: signal.Signals) -> None:
        """Exit 0 without a word, nobody left."""
        with replica("--workers", "2", "--store", redis.url(f"stop{number}")) as running:
            workers = running.children()
            with running.remote() as remote:
                remote.issuers["default"].fail("hang-before-headers")
            port = int(running.url.rpartition(":")[2])
            with RawClient(port) as hung:
                hung.send(DISCOVERY)
                with running.remote() as remote:
                    remote.issuers["default"].journal.wait(1, timeout=SECONDS)
                code = running.stop(number)

                assert hung.sock.recv(1) == b""
        assert (code, running.errors, len(workers)) == (0, [], 2)
        assert not [pid for pid in workers if Path(f"/proc/{pid}").exists()]

    def test_workers_dont_outlive_their_parent(self, redis: RedisServer) -> None:
        """However it went: the port is free again."""
        with replica("--workers", "2", "--store", redis.url("orphans")) as running:
            descriptors = [os.pidfd_open(pid) for pid in running.children()]
            running.process.kill()

            for descriptor in descriptors:
                gone = threading.Event()
                threading.Thread(target=_wait_for, args=(descriptor, gone), daemon=True).start()
                assert gone.wait(SECONDS)


def _wait_for(descriptor: int, gone: threading.Event) -> None:
    import select  # noqa: PLC0415 - for this only

    select.select([descriptor], [], [])
    os.close(descriptor)
    gone.set()


class TestTrouble:
    """What goes wrong later."""

    def test_a_worker_that_dies_is_replaced(self, redis: RedisServer) -> None:
        """And said so; the others serve on."""
        with replica("--workers", "2", "--store", redis.url("dies")) as running:
            before = running.children()
            os.kill(before[0], signal.SIGKILL)
            said = running.wait_for("another takes its place")

            assert f"worker 1 (process {before[0]}) was ended by signal 9" in said
            assert {status_of(running) for _ in range(4)} == {200}
            assert len(running.children()) == 2

    def test_a_redis_that_goes_away_and_comes_back(self, own_redis: RedisServer) -> None:
        """503 meanwhile, in JSON and in the log, no traceback; then all is as at the start."""
        with replica("--workers", "2", "--store", own_redis.url()) as running, running.client() as http:
            assert http.get(DISCOVERY).status_code == 200
            own_redis.stop()
            answers = [http.get(DISCOVERY), http.get("/_idpact/issuers"), http.post("/default/token")]
            alive = http.get("/_idpact/health").status_code
            running.wait_for("requests are answered 503 meanwhile")
            own_redis.start()
            # It is empty: the workers begin anew, one after the other.
            running.wait_for("has lost what was there")
            back = recovered(running)

            assert {(answer.status_code, answer.json()["error"]) for answer in answers} == {(503, "store_unavailable")}
            assert f"Redis at 127.0.0.1:{own_redis.port} can't be used" in answers[0].json()["message"]
            assert (alive, back) == (200, 200)
            assert not [line for line in running.errors if "Traceback" in line]

    def test_a_redis_that_hangs(self, own_redis: RedisServer) -> None:
        """503 after a while; nothing is lost once it goes on."""
        with replica("--workers", "2", "--store", own_redis.url()) as running, running.client() as http:
            with running.remote() as remote:
                remote.make_issuer("kept")
            own_redis.signal(signal.SIGSTOP)
            try:
                answer = http.get(DISCOVERY)
            finally:
                own_redis.signal(signal.SIGCONT)

            assert answer.status_code == 503
            assert http.get("/kept/.well-known/openid-configuration").status_code == 200


def test_serves_https(redis: RedisServer, tmp_path: Path) -> None:
    """All workers by the same authority."""
    ca = tmp_path / "ca.pem"
    with replica("--tls", "--ca-out", str(ca), "--workers", "2", "--store", redis.url("tls")) as running:
        context = ssl.create_default_context(cafile=str(ca))
        with httpx.Client(verify=context, limits=httpx.Limits(max_keepalive_connections=0)) as http:
            issuers = {http.get(f"{running.url}{DISCOVERY}").json()["issuer"] for _ in range(6)}

    assert issuers == {f"{running.url}/default"}


def test_a_token_that_was_made_up_is_the_same_at_all(redis: RedisServer) -> None:
    """Where others can connect, the control interface asks for one; replicas agree which."""
    told = ("--host", "0.0.0.0", "--workers", "2", "--store", redis.url("token"))
    with replica(*told) as one, replica(*told) as other:
        assert one.printed("token") == other.printed("token")
        headers = {"Authorization": f"Bearer {one.printed('token')}"}
        codes = {httpx.get(f"{other.url}/_idpact/issuers", headers=headers).status_code for _ in range(4)}

    assert codes == {200}

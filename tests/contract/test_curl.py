"""A case as shell lines: run in a real shell, they send what was recorded."""

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from idpact_contract.curl import curl_lines
from idpact_contract.evidence import Evidence, Exchange, IssuerFacts, Step
from tests.contract.building import connection, evidence

pytestmark = pytest.mark.skipif(
    shutil.which("curl") is None and not os.environ.get("IDPACT_REQUIRE"), reason="curl isn't installed"
)


@dataclass(frozen=True)
class Request:
    """A request as it arrived."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Recorder:
    """A server that writes down what it is sent."""

    url: str
    requests: list[Request] = field(default_factory=list)

    def run(self, lines: tuple[str, ...], **variables: str) -> list[Request]:
        """Run lines in sh with these variables, and return what arrived."""
        environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", **variables}
        done = subprocess.run(
            ["sh", "-eu"],
            input="\n".join(lines),
            env=environment,
            capture_output=True,
            check=False,
            text=True,
            encoding="utf-8",
            timeout=20,
        )
        assert (done.returncode, done.stderr) == (0, "")
        return self.requests


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    """A server on a free port."""

    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            """Write it down and say yes."""
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            told = {name.lower(): value for name, value in self.headers.items()}
            recorded.requests.append(Request(self.command, self.path, told, body))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_POST = do_PUT  # noqa: N815 - the name that http.server wants

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the base class has it
            """Keep quiet."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        recorded = Recorder(url=f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield recorded
        server.shutdown()
        thread.join()


def put(url: str, body: str | None, *headers: tuple[str, str]) -> Evidence:
    """Evidence of one update."""
    told = (("Content-Type", "application/json"), *headers)
    exchange = Exchange(method="PUT", url=url, headers=told, body=body, status=200)
    return evidence(Step(kind="update", exchange=exchange), issuers=())


BODIES = {
    "plain": '{"display_name": "Named"}',
    "quotes": """{"display_name": "It's \\"quoted\\" `here` and \\\\ there"}""",
    "expansions": '{"display_name": "$HOME $(id) ${PATH} `id` !! ~ * ? [a] #"}',
    "line-breaks": '{\n  "a": 1,\r\n\t"b": 2\n}\n',
    "beyond-ascii": '{"display_name": "Zoë ☃ 𝄞"}',
    "semicolons": '{"a": "x"; rm -rf / && echo | cat > /dev/null & \'\'}',
    "percent": '{"a": "%2F%s%n"}',
    "empty": "",
    "cut-off": '{"display_name": ',
}


@pytest.mark.parametrize("name", BODIES)
def test_the_body_arrives_byte_for_byte(recorder: Recorder, name: str) -> None:
    """Whatever a shell could make of it."""
    (request,) = recorder.run(curl_lines(put(f"{recorder.url}/sso", BODIES[name]), authorization={}))

    assert request.body == BODIES[name].encode()


def test_a_body_that_begins_with_an_at_sign_arrives(recorder: Recorder) -> None:
    """It names no file."""
    (request,) = recorder.run(curl_lines(put(f"{recorder.url}/sso", "@/dev/null"), authorization={}))

    assert request.body == b"@/dev/null"


def test_method_target_and_headers_arrive(recorder: Recorder) -> None:
    """As recorded, percent-encoding and spaces and quotes included."""
    seen = put(f"{recorder.url}/sso/a%2Fb?x=1&y='2'", "{}", ("X-Note", 'it\'s $HOME; "so"'))
    (request,) = recorder.run(curl_lines(seen, authorization={}))

    assert (request.method, request.target) == ("PUT", "/sso/a%2Fb?x=1&y='2'")
    assert request.headers["content-type"] == "application/json"
    assert request.headers["x-note"] == 'it\'s $HOME; "so"'


def test_secrets_come_from_variables(recorder: Recorder) -> None:
    """What was redacted is filled in by the shell, in bodies and in headers."""
    seen = put(f"{recorder.url}/sso", '{"client_secret": "$SECRET_2"}', ("X-Session", "$IDPACT_SESSION_TOKEN"))
    lines = curl_lines(seen, authorization={})
    (request,) = recorder.run(lines, SECRET_2="it's $o", IDPACT_SESSION_TOKEN="token-0001")

    assert request.body == b'{"client_secret": "it\'s $o"}'
    assert request.headers["x-session"] == "token-0001"


def test_credentials_are_given_to_curl(recorder: Recorder) -> None:
    """The redacted Authorization header becomes -u, and curl makes the same header of it."""
    seen = put(f"{recorder.url}/sso", "{}", ("Authorization", "Basic $SECRET_1"))
    lines = curl_lines(seen, authorization={"Basic $SECRET_1": "$IDPACT_PROJECT_ID:$IDPACT_SECRET"})
    (request,) = recorder.run(lines, IDPACT_PROJECT_ID="project-0001", IDPACT_SECRET="s 3:cret")

    assert request.headers["authorization"] == "Basic cHJvamVjdC0wMDAxOnMgMzpjcmV0"


def test_other_credentials_stay_a_header(recorder: Recorder) -> None:
    """Those of another actor have a placeholder of their own."""
    seen = put(f"{recorder.url}/sso", "{}", ("Authorization", "Basic $SECRET_7"))
    (request,) = recorder.run(curl_lines(seen, authorization={"Basic $SECRET_1": "a:b"}), SECRET_7="b3RoZXI=")

    assert request.headers["authorization"] == "Basic b3RoZXI="


def test_what_only_that_run_knew_is_a_variable(recorder: Recorder) -> None:
    """A connection's id and the issuers' URLs, with a comment for each, and the requests in their order."""
    issuers = tuple(
        IssuerFacts(url=url, discovery_target="/", failure=failure)
        for url, failure in (("http://127.0.0.1:1", None), ("http://127.0.0.1:1/a", "http-404"))
    )
    create = Exchange(method="POST", url=f"{recorder.url}/sso", body="{}", status=200)
    bodies = [json.dumps({"issuer": facts.url}) for facts in issuers]
    updates = [
        Exchange(method="PUT", url=f"{recorder.url}/sso/connection-0001", body=body, status=200) for body in bodies
    ]
    seen = evidence(
        Step(kind="create", exchange=create, response=connection()),
        *(Step(kind="update", exchange=exchange) for exchange in updates),
        issuers=issuers,
    )
    lines = curl_lines(seen, authorization={})

    assert [line.partition(":")[0] for line in lines[:3]] == ["# ISSUER_1", "# ISSUER_2", "# CONNECTION_ID"]
    assert "with the failure http-404; it was http://127.0.0.1:1/a" in lines[0]
    requests = recorder.run(lines, ISSUER_1="https://one", ISSUER_2="https://two", CONNECTION_ID="mine")
    assert [(request.method, request.target, request.body) for request in requests] == [
        ("POST", "/sso", b"{}"),
        ("PUT", "/sso/mine", b'{"issuer": "https://two"}'),
        ("PUT", "/sso/mine", b'{"issuer": "https://one"}'),
    ]


def test_reads_and_deletes_are_left_out() -> None:
    """What changes nothing needn't be done again."""
    steps = (Step(kind=kind, exchange=Exchange(method="GET", url="https://x")) for kind in ("read", "delete"))

    assert curl_lines(evidence(*steps, issuers=()), authorization={}) == ()


def test_a_hostile_connection_id_runs_nothing(recorder: Recorder) -> None:
    """What an implementation answers never becomes a command of whoever pastes the lines."""
    hostile = f"x\ncurl -sS -X POST {recorder.url}/pwned #"
    create = Exchange(method="POST", url=f"{recorder.url}/sso", body="{}", status=200)
    seen = evidence(Step(kind="create", exchange=create, response=connection(connection_id=hostile)), issuers=())
    requests = recorder.run(curl_lines(seen, authorization={}), CONNECTION_ID="x")

    assert [request.target for request in requests] == ["/sso"]

"""The control interface, as HTTP."""

import base64
import threading
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from idpact_mock import MockIdP
from tests.mock_idp.raw import ask, path_of

TOKEN = "s3cret-token"


@pytest.fixture
def control(idp: MockIdP) -> Iterator[httpx.Client]:
    """A client of the control interface."""
    # Without TLS there is nothing to verify, and reading the system's certificates takes longer than most of these tests.
    with httpx.Client(base_url=f"{idp.url}/_idpact", verify=False) as client:
        yield client


@pytest.fixture
def name(idp: MockIdP) -> str:
    """The name of an issuer."""
    return idp.make_issuer("acme").name


def refused(answer: httpx.Response, status: int, error: str) -> str:
    """The message of a refusal."""
    body = answer.json()
    assert (answer.status_code, body["error"], set(body)) == (status, error, {"error", "message"})
    message: str = body["message"]
    return message


class TestIssuers:
    def test_health(self, idp: MockIdP, control: httpx.Client) -> None:
        """Says that it is there, and under which URL."""
        assert control.get("/health").json() == {"status": "ok", "url": idp.url}

    def test_make(self, idp: MockIdP, control: httpx.Client) -> None:
        """201 with the issuer, which is there from then on."""
        answer = control.post("/issuers", json={"name": "acme", "trailing_slash": True, "failure": "http-404"})

        issuer = idp.issuers["acme"]
        assert answer.status_code == 201
        assert answer.json() == {
            "name": "acme",
            "path": "/acme",
            "url": issuer.url,
            "discovery_url": issuer.discovery_url,
            "failure": "http-404",
            "failures": [
                {"id": "http-404", "endpoint": "discovery", "schedule": "always", "parameters": {"body": "json"}}
            ],
            "headers": {},
            "raw": False,
            "preset": None,
            "switches": [],
            "sequence": None,
            "document": issuer.document,
            "requests": 0,
        }

    def test_make_without_any_wish(self, idp: MockIdP, control: httpx.Client) -> None:
        """Every member may be absent, or null where it has no value."""
        control.post("/issuers", json={})
        control.post(
            "/issuers", json={"name": None, "path": None, "failure": None, "document": None, "endpoints_at": None}
        )

        assert len(idp.issuers) == 2

    def test_make_with_a_port_of_its_own(self, control: httpx.Client) -> None:
        """Works from another process as well."""
        shown = control.post("/issuers", json={"own_port": True, "path": ""}).json()

        assert httpx.get(shown["discovery_url"]).json() == shown["document"]

    def test_list_and_show(self, idp: MockIdP, control: httpx.Client, name: str) -> None:
        """All of them, and one."""
        listed = control.get("/issuers").json()

        assert (listed["url"], listed["issuers"]) == (idp.url, [control.get(f"/issuers/{name}").json()])

    def test_drop(self, idp: MockIdP, control: httpx.Client, name: str) -> None:
        """204, and it is gone."""
        assert control.delete(f"/issuers/{name}").status_code == 204
        assert not idp.issuers

    def test_is_not_journalled(self, idp: MockIdP, control: httpx.Client) -> None:
        """What controls the mock is no request to an identity provider."""
        control.get("/issuers")

        assert len(idp.strays) == 0


class TestChanges:
    @pytest.mark.parametrize(
        ("wish", "expected"),
        [
            ({"set": {"x": [1, None]}}, {"a": 1, "b": 2, "x": [1, None]}),
            ({"remove": ["a", "zzz"]}, {"b": 2}),
            ({"replace": {"c": 3}}, {"c": 3}),
            ({"replace": {"c": 3, "d": 4}, "set": {"e": 5}, "remove": ["d"]}, {"c": 3, "e": 5}),
            ({"raw": {"body": base64.b64encode(b'{"r": 1}').decode()}}, {"r": 1}),
            ({}, {"a": 1, "b": 2}),
        ],
        ids=["set", "remove", "replace", "all", "raw", "nothing"],
    )
    def test_of_the_document(
        self, idp: MockIdP, control: httpx.Client, wish: dict[str, Any], expected: dict[str, Any]
    ) -> None:
        """Each way of the Python API, alone or together."""
        issuer = idp.make_issuer("acme", document={"a": 1, "b": 2})

        answer = control.patch("/issuers/acme", json={"document": wish})

        assert (answer.status_code, answer.json()["document"], issuer.document) == (200, expected, expected)

    def test_reset(self, idp: MockIdP, control: httpx.Client) -> None:
        """Its own document again."""
        issuer = idp.make_issuer("acme")
        own = issuer.document
        issuer.replace_document({})
        control.patch("/issuers/acme", json={"document": {"reset": True}})

        assert issuer.document == own

    def test_raw_bytes(self, idp: MockIdP, control: httpx.Client, name: str) -> None:
        """Any bytes, without a content type if need be; shown as raw and without a document."""
        body = base64.b64encode(b"\xff\x00").decode()
        shown = control.patch(
            f"/issuers/{name}", json={"document": {"raw": {"body": body, "content_type": None}}}
        ).json()

        answer = ask(idp.port, path_of(idp.issuers[name].discovery_url))
        assert (answer.body, "content-type" in answer.headers) == (b"\xff\x00", False)
        assert (shown["raw"], shown["document"]) == (True, None)

    def test_of_headers_and_failure(self, idp: MockIdP, control: httpx.Client, name: str) -> None:
        """One request can change all."""
        shown = control.patch(f"/issuers/{name}", json={"headers": {"ETag": '"1"'}, "failure": "not-json"}).json()

        assert (shown["headers"], shown["failure"], idp.issuers[name].failure) == (
            {"ETag": '"1"'},
            "not-json",
            "not-json",
        )

    def test_recover(self, idp: MockIdP, control: httpx.Client) -> None:
        """Null switches the failure off; its absence leaves it on."""
        issuer = idp.make_issuer("acme", failure="http-404")
        control.patch("/issuers/acme", json={"headers": {}})
        before = issuer.failure
        control.patch("/issuers/acme", json={"failure": None})

        assert (before, issuer.failure) == ("http-404", None)


class TestRefusals:
    @pytest.mark.parametrize(
        ("body", "message"),
        [
            ({"nmae": "x"}, "body: 'nmae' is unknown; known are clients, document, endpoints_at, failure, name"),
            ({"name": 7}, "name: 7 must be a string or null"),
            ({"own_port": "yes"}, "own_port: 'yes' must be true or false"),
            ({"own_port": None}, "own_port: None must be true or false"),
            ({"document": []}, "document: [] must be an object or null"),
            ({"name": "a b"}, "name: 'a b' must be letters"),
            ({"path": "x"}, "path: 'x' must be empty or begin with '/'"),
            ({"failure": "http-405"}, "failure: 'http-405' is no failure of the catalogue; did you mean http-4"),
            ({"failure": 7}, "failure: 7 must be the id of a failure, an object or null"),
            ({"failure": {"id": "http-404", "when": 1}}, "failure: 'when' is unknown; known are endpoint, id"),
            ({"failure": {"endpoint": "jwks"}}, "failure: 'id' is missing"),
            ({"failure": {"id": "http-404", "parameters": []}}, "failure.parameters: [] must be an object"),
            ({"endpoints_at": "x"}, "endpoints_at: 'x' must be an absolute"),
        ],
        ids=lambda value: str(value)[:20],
    )
    def test_of_making(self, idp: MockIdP, control: httpx.Client, body: dict[str, Any], message: str) -> None:
        """422 with a message that names the member; nothing is made."""
        assert refused(control.post("/issuers", json=body), 422, "invalid").startswith(message)
        assert not idp.issuers

    @pytest.mark.parametrize(
        ("body", "message"),
        [
            ({"documents": {}}, "body: 'documents' is unknown"),
            ({"document": {"sett": {}}}, "document: 'sett' is unknown"),
            ({"document": {"set": []}}, "document.set: [] must be an object"),
            ({"document": {"remove": "a"}}, "document.remove: 'a' must be a list of member names"),
            ({"document": {"remove": [1]}}, "document.remove: [1] must be a list of member names"),
            ({"document": {"reset": 1}}, "document.reset: 1 must be true or false"),
            ({"document": {"raw": {}}}, "document.raw.body: it must be base64"),
            ({"document": {"raw": {"body": "%"}}}, "document.raw.body: it must be base64"),
            ({"document": {"raw": {"body": "é"}}}, "document.raw.body: it must be base64"),
            ({"document": {"raw": {"body": 7}}}, "document.raw.body: it must be base64"),
            ({"document": {"raw": {"body": "", "content_type": 7}}}, "document.raw.content_type: 7 must be"),
            ({"document": {"raw": {"body": ""}, "set": {}}}, "document.raw: raw bytes have no members"),
            ({"headers": {"a b": "c"}}, "headers: 'a b' is no header name"),
            ({"headers": {"a": 1}}, "headers: 'a': 1 must both be strings"),
            ({"headers": []}, "headers: [] must be a mapping"),
            ({"failure": 7}, "failure: 7 must be the id of a failure, an object or null"),
            ({"failure": {"id": "http-404", "endpoint": "login"}}, "endpoint: 'login' is none of this mock IdP's"),
            ({"failure": {"id": "http-404", "schedule": "now"}}, "schedule: 'now' must be 'always'"),
            ({"failure": {"id": None, "schedule": "always"}}, "failure: 'schedule' is unknown"),
            ({"failure": "connection-refused"}, "failure: 'connection-refused' lies in the address"),
        ],
        ids=lambda value: str(value)[:40],
    )
    def test_of_a_change(self, control: httpx.Client, name: str, body: dict[str, Any], message: str) -> None:
        """422 with a message that names the member; nothing of the request is done, not even what was right."""
        before = control.get(f"/issuers/{name}").json()
        right = {"headers": {"ETag": '"1"'}, "document": {"set": {"x": 1}}, "failure": "http-404"}

        answer = control.patch(f"/issuers/{name}", json={**right, **body})

        assert refused(answer, 422, "invalid").startswith(message)
        assert control.get(f"/issuers/{name}").json() == before

    def test_of_changing_members_of_raw_bytes(self, idp: MockIdP, control: httpx.Client, name: str) -> None:
        """Nothing is done here either."""
        idp.issuers[name].serve_raw(b"x")

        answer = control.patch(f"/issuers/{name}", json={"failure": "http-404", "document": {"set": {"x": 1}}})

        assert "raw bytes are served" in refused(answer, 422, "invalid")
        assert idp.issuers[name].failure is None

    @pytest.mark.parametrize("wish", [{"name": "acme"}, {"name": "other", "path": "/acme"}])
    def test_of_what_is_taken(self, control: httpx.Client, name: str, wish: dict[str, str]) -> None:
        """409, and by whom."""
        assert name in refused(control.post("/issuers", json=wish), 409, "taken")

    @pytest.mark.parametrize(
        "send",
        [
            lambda client: client.get("/issuers/nobody"),
            lambda client: client.patch("/issuers/nobody", json={}),
            lambda client: client.delete("/issuers/nobody"),
            lambda client: client.get("/issuers/nobody/journal"),
            lambda client: client.delete("/issuers/nobody/journal"),
        ],
        ids=["show", "change", "drop", "journal", "clear"],
    )
    def test_of_what_is_not_there(self, control: httpx.Client, send: Callable[[httpx.Client], httpx.Response]) -> None:
        """404, and which name."""
        assert "'nobody'" in refused(send(control), 404, "not_found")

    @pytest.mark.parametrize(
        "path", ["/nothing", "/issuers/", "/issuers/a/b", "/console/nothing", "/console/__init__.py"]
    )
    def test_of_other_paths(self, control: httpx.Client, path: str) -> None:
        """404 in the same shape."""
        refused(control.get(path), 404, "not_found")

    def test_of_other_methods(self, control: httpx.Client) -> None:
        """405 in the same shape."""
        answer = control.put("/issuers")

        refused(answer, 405, "method_not_allowed")
        assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD", "POST"}

    @pytest.mark.parametrize(
        "content", [b"", b"{", b"[]", b"7", b"\xff", b"[" * 100_000, b'{"a":' + b"[" * 200 + b"]" * 200 + b"}"]
    )
    def test_of_what_is_no_object(self, control: httpx.Client, content: bytes) -> None:
        """400 for a body that can't be read at all."""
        answer = control.post("/issuers", content=content, headers={"Content-Type": "application/json"})

        assert refused(answer, 400, "bad_request").startswith("body: it must ")

    def test_of_another_media_type(self, idp: MockIdP, control: httpx.Client) -> None:
        """A web page can't post this without asking first."""
        answer = control.post("/issuers", content=b"{}", headers={"Content-Type": "text/plain"})

        assert "must be application/json" in refused(answer, 400, "bad_request")
        assert not idp.issuers


class TestJournals:
    def test_read(self, idp: MockIdP, control: httpx.Client, name: str) -> None:
        """Entries as JSON, and the mark to go on from."""
        ask(idp.port, path_of(idp.issuers[name].discovery_url))

        read = control.get(f"/issuers/{name}/journal").json()

        assert read == {"mark": 1, "entries": [entry.to_json() for entry in idp.issuers[name].journal.entries]}

    def test_since(self, idp: MockIdP, control: httpx.Client, name: str) -> None:
        """Only what came later; `latest` gives the mark alone."""
        for _ in range(3):
            ask(idp.port, f"/{name}/x")

        assert [entry["number"] for entry in control.get(f"/issuers/{name}/journal?since=1").json()["entries"]] == [
            2,
            3,
        ]
        assert control.get(f"/issuers/{name}/journal?since=latest").json() == {"mark": 3, "entries": []}

    def test_wait_is_woken(self, idp: MockIdP, control: httpx.Client, name: str) -> None:
        """A waiting request is answered when what it waits for came."""
        feeder = threading.Timer(0.02, ask, [idp.port, f"/{name}/x"])
        feeder.start()

        read = control.get(f"/issuers/{name}/journal?wait=1&timeout=10").json()

        feeder.join()
        assert [entry["target"] for entry in read["entries"]] == [f"/{name}/x"]

    def test_wait_in_vain(self, control: httpx.Client, name: str) -> None:
        """What came is answered once the time is over."""
        assert control.get(f"/issuers/{name}/journal?wait=1&timeout=0.01").json() == {"mark": 0, "entries": []}

    def test_many_waiters_hold_nobody_up(self, idp: MockIdP, control: httpx.Client, name: str) -> None:
        """Fifty requests wait, and another is answered before them."""
        url = f"{idp.url}/_idpact/issuers/{name}/journal?wait=1&timeout=20"
        answers: list[int] = []
        threads = [
            threading.Thread(target=lambda: answers.append(httpx.get(url, timeout=30).status_code)) for _ in range(50)
        ]
        for thread in threads:
            thread.start()
        assert control.get("/health").status_code == 200
        waiting = len(answers)
        ask(idp.port, f"/{name}/x")
        for thread in threads:
            thread.join()

        assert (waiting, answers) == (0, [200] * 50)

    def test_strays(self, idp: MockIdP, control: httpx.Client) -> None:
        """The requests of no issuer are a journal, too."""
        ask(idp.port, "/lost")
        read = control.get("/strays?since=0").json()
        cleared = control.delete("/strays").status_code

        assert [entry["target"] for entry in read["entries"]] == ["/lost"]
        assert (cleared, len(idp.strays)) == (204, 0)

    def test_clear(self, idp: MockIdP, control: httpx.Client, name: str) -> None:
        """Forgotten, and the numbering goes on."""
        ask(idp.port, f"/{name}/x")
        control.delete(f"/issuers/{name}/journal")

        assert control.get(f"/issuers/{name}/journal").json() == {"mark": 1, "entries": []}

    @pytest.mark.parametrize(
        "query",
        [
            "since=x",
            "since=-1",
            "since=²",
            "wait=-1",
            "timeout=x",
            "timeout=-1",
            "timeout=61",
            "timeout=nan",
            "ended=1",
            "until=3",
        ],
    )
    def test_bad_queries(self, control: httpx.Client, query: str) -> None:
        """422 with the parameter's name."""
        message = refused(control.get(f"/strays?{query}"), 422, "invalid")

        assert query.partition("=")[0] in message


class TestToken:
    @pytest.fixture
    def closed(self) -> Iterator[str]:
        """The control interface of a server with a token."""
        with MockIdP(admin_token=TOKEN) as idp:
            yield f"{idp.url}/_idpact"

    @pytest.mark.parametrize(
        "given", [None, "", TOKEN, f"Basic {TOKEN}", "Bearer", "Bearer wrong", f"Bearer {TOKEN}x", "Bearer é"]
    )
    @pytest.mark.parametrize(
        ("method", "path"), [("GET", "/issuers"), ("POST", "/issuers"), ("GET", "/strays"), ("DELETE", "/issuers/x")]
    )
    def test_is_asked_for(self, closed: str, given: str | None, method: str, path: str) -> None:
        """401 without the right one, and the message doesn't show it."""
        headers = [] if given is None else [(b"authorization", given.encode("latin-1"))]

        answer = httpx.request(method, closed + path, headers=headers)

        assert TOKEN not in refused(answer, 401, "unauthorized")
        assert answer.headers["www-authenticate"] == "Bearer"

    @pytest.mark.parametrize("scheme", ["Bearer", "bearer"])
    def test_opens(self, closed: str, scheme: str) -> None:
        """The scheme's case makes no difference (RFC 9110, section 11.1)."""
        assert httpx.get(f"{closed}/issuers", headers={"Authorization": f"{scheme} {TOKEN}"}).status_code == 200

    def test_is_not_asked_for_health(self, closed: str) -> None:
        """Who waits for the server to come up needs no secret."""
        assert httpx.get(f"{closed}/health").status_code == 200

    def test_issuers_answer_without_it(self) -> None:
        """The token is the control interface's alone."""
        with MockIdP(admin_token=TOKEN) as idp:
            assert httpx.get(idp.make_issuer().discovery_url).status_code == 200


class TestPresets:
    def test_make_with_one(self, idp: MockIdP, control: httpx.Client) -> None:
        """The words of the Python API."""
        wish = {"name": "it", "preset": "keycloak", "preset_parameters": {"realm": "Blue"}, "switches": ["null-member"]}

        answer = control.post("/issuers", json=wish)

        assert answer.status_code == 201
        assert answer.json()["url"] == f"{idp.url}/it/realms/Blue"
        assert (answer.json()["preset"], answer.json()["switches"]) == ("keycloak", ["null-member"])

    def test_verbatim_and_quirks(self, control: httpx.Client) -> None:
        """Both flags arrive."""
        verbatim = control.post("/issuers", json={"preset": "okta", "verbatim": True}).json()
        quirky = control.post("/issuers", json={"preset": "microsoft-entra-common", "quirks": True}).json()

        assert verbatim["document"]["issuer"] == "https://acme.okta.com"
        assert quirky["document"]["issuer"].endswith("/{tenantid}/v2.0")

    @pytest.mark.parametrize(
        ("wish", "message"),
        [
            ({"preset": "octa"}, "preset: 'octa' is none"),
            ({"preset": 7}, "preset: 7 must be a string"),
            ({"preset": "okta", "preset_parameters": ["org"]}, "preset_parameters: ['org'] must be an object"),
            ({"preset": "okta", "preset_parameters": {"org": 7}}, "preset_parameters: org: 7 must be a string"),
            ({"preset": "okta", "preset_parameters": {"realm": "x"}}, "preset_parameters: okta has no parameter"),
            ({"verbatim": 1}, "verbatim: 1 must be true or false"),
            ({"verbatim": True}, "verbatim: it needs the preset of a vendor"),
            ({"switches": "null-member"}, "switches: 'null-member' must be a list"),
            ({"switches": ["x"]}, "switches: there is no 'x'"),
            ({"switches": [["x"]]}, "switches: [['x']] must be a list of names"),
            ({"trailing_slash": "yes"}, "trailing_slash: 'yes' must be true, false or null"),
        ],
    )
    def test_wrong_wishes(self, idp: MockIdP, control: httpx.Client, wish: dict[str, object], message: str) -> None:
        """422 with the member and its value; no issuer is made."""
        answer = control.post("/issuers", json=wish)

        assert answer.status_code == 422
        assert answer.json()["message"].startswith(message)
        assert not idp.issuers


class TestSequences:
    def test_switches_and_sequence(self, idp: MockIdP, control: httpx.Client) -> None:
        """A PATCH sets both; the issuer shows them."""
        issuer = idp.make_issuer("it")
        steps = [{"raw": {"body": "MQ==", "content_type": None}}, {"set": {"a": 1}, "remove": ["jwks_uri"]}, {}]

        shown = control.patch("/issuers/it", json={"document": {"switches": ["null-member"], "sequence": steps}}).json()

        assert (shown["switches"], shown["sequence"]) == (["null-member"], steps)
        assert httpx.get(issuer.discovery_url).content == b"1"
        assert httpx.get(issuer.discovery_url).json()["tenant_region_scope"] is None

    @pytest.mark.parametrize(
        ("document", "message"),
        [
            ({"sequence": {}}, "document.sequence: {} must be a list of steps"),
            ({"sequence": []}, "sequence: it must have at least one step"),
            ({"sequence": [{"x": 1}]}, "sequence[0]: 'x' is unknown"),
            ({"switches": {}}, "document.switches: {} must be a list of names"),
            ({"switches": [], "raw": {"body": ""}}, "document.raw: raw bytes have no members"),
        ],
    )
    def test_wrong_ones_change_nothing(
        self, idp: MockIdP, control: httpx.Client, document: dict[str, object], message: str
    ) -> None:
        """422, also where the failure in the same wish is right."""
        issuer = idp.make_issuer("it")

        answer = control.patch("/issuers/it", json={"document": document, "failure": "http-404"})

        assert answer.status_code == 422
        assert answer.json()["message"].startswith(message)
        assert issuer.failure is None

    @pytest.mark.parametrize(
        "document",
        [
            {"switches": []},
            {"sequence": [{}, {"set": {"a": 1}}]},
            {"sequence": [{"remove": ["a"]}], "raw": {"body": ""}},
        ],
    )
    def test_of_raw_bytes(self, idp: MockIdP, control: httpx.Client, document: dict[str, object]) -> None:
        """Bytes have no members; nothing has changed."""
        issuer = idp.make_issuer("it")
        issuer.serve_raw(b"{}")

        answer = control.patch("/issuers/it", json={"document": document, "failure": "http-404"})

        assert answer.status_code == 422
        assert issuer.failure is None

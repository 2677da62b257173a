"""WIRE's judges: each passes right evidence and catches a planted fault. WIRE-6 is tested beside KEEP-7, which asks the same."""

import json
from typing import Any, ClassVar

import msgspec
import pytest

from idpact_contract.connection import STRING_FIELDS
from idpact_contract.evidence import Exchange
from idpact_contract.judgement import Judgement, Passed, Violated
from idpact_contract.rules.wire import request_ids_are_new
from tests.contract.building import BACKEND, connection, created, error, evidence, judged, refused, updated

NAME = {"display_name": "Named"}


class TestWire1:
    def test_passes_the_documented_shape(self) -> None:
        """200, JSON and thirteen strings, of a create and of an update."""
        assert judged("WIRE-1", created(), updated(NAME)) == Passed()

    @pytest.mark.parametrize("media_type", ["application/json; charset=utf-8", "APPLICATION/JSON"])
    def test_passes_a_content_type_in_any_spelling(self, media_type: str) -> None:
        """Parameters and capitals don't matter."""
        step = updated(NAME, exchange={"answer_headers": (("Content-Type", media_type),)})

        assert judged("WIRE-1", step) == Passed()

    @pytest.mark.parametrize("field", STRING_FIELDS)
    @pytest.mark.parametrize("value", [None, 7], ids=["null", "number"])
    def test_catches_a_field_that_is_no_string(self, field: str, value: object) -> None:
        """Each of the thirteen."""
        shown = connection(**{field: value})

        assert isinstance(judged("WIRE-1", updated({}, response=shown, after=connection())), Violated)

    def test_catches_a_field_that_is_absent(self) -> None:
        """In the read as well as in the response."""
        shown = {name: value for name, value in connection().items() if name != "jwks_url"}
        verdict = judged("WIRE-1", updated({}, after=shown, response=connection()))

        assert isinstance(verdict, Violated)
        assert (verdict.differences[0].where, verdict.differences[0].field) == ("read", "jwks_url")

    @pytest.mark.parametrize("status", [201, 202, 204])
    def test_catches_another_success(self, status: int) -> None:
        """The documented status is 200."""
        assert judged("WIRE-1", updated(NAME, exchange={"status": status})) == Violated(
            expected="200", observed=str(status)
        )

    def test_catches_an_error(self) -> None:
        """No success at all."""
        assert isinstance(judged("WIRE-1", refused(500)), Violated)

    @pytest.mark.parametrize(
        "told",
        [
            pytest.param({"answer_headers": (("content-type", "text/html"),)}, id="other-type"),
            pytest.param({"answer_headers": ()}, id="no-type"),
            pytest.param({"answer": "<p>"}, id="no-json"),
        ],
    )
    def test_catches_an_answer_that_is_no_json(self, told: dict[str, object]) -> None:
        """Body and content type both say JSON."""
        verdict = judged("WIRE-1", updated(NAME, exchange=told))

        assert isinstance(verdict, Violated)
        assert verdict.expected == "a JSON body as application/json"

    @pytest.mark.parametrize("missing", ["response", "after"])
    def test_catches_a_connection_that_is_not_at_its_place(self, missing: str) -> None:
        """A wrapper forgotten or doubled."""
        assert isinstance(judged("WIRE-1", updated(NAME, **{missing: None})), Violated)


class TestWire2:
    @pytest.mark.parametrize("status", [400, 401, 404])
    def test_passes_the_status_of_an_error(self, status: int) -> None:
        """In the body as in the status line."""
        assert judged("WIRE-2", refused(status)) == Passed()

    def test_passes_the_status_of_a_success(self) -> None:
        """200 in both."""
        assert judged("WIRE-2", updated(NAME)) == Passed()

    @pytest.mark.parametrize("told", [201, "200", 200.0, True, None])
    def test_catches_anything_but_the_same_integer(self, told: object) -> None:
        """Another number, a text, a fraction, nothing."""
        assert isinstance(judged("WIRE-2", updated(NAME, envelope={"status_code": told})), Violated)

    def test_catches_an_answer_without_an_object(self) -> None:
        """Nothing to look into."""
        assert isinstance(judged("WIRE-2", refused(502, answer="<p>Bad gateway</p>")), Violated)


class TestWire3:
    def test_passes_a_string(self) -> None:
        """Any text."""
        assert judged("WIRE-3", updated(NAME)) == Passed()

    @pytest.mark.parametrize("told", ["", None, 7])
    def test_catches_anything_else(self, told: object) -> None:
        """Empty, absent, a number."""
        assert isinstance(judged("WIRE-3", updated(NAME, envelope={"request_id": told})), Violated)

    def answers(self, *ids: object) -> Judgement:
        """What the other half says of answers with these request ids."""
        return request_ids_are_new(evidence(*(updated(NAME, envelope={"request_id": told}) for told in ids)))

    def test_the_other_half_passes_ids_that_differ(self) -> None:
        """New each time."""
        assert self.answers("one", "two", "three") == Passed()

    def test_the_other_half_catches_an_id_used_again(self) -> None:
        """A constant, or a counter that starts over."""
        assert isinstance(self.answers("one", "two", "one"), Violated)


class TestWire4:
    @pytest.mark.parametrize("status", ["pending", "active"])
    def test_passes_a_documented_word(self, status: str) -> None:
        """There are two."""
        assert judged("WIRE-4", updated(NAME, inferred={"status": status})) == Passed()

    @pytest.mark.parametrize("status", ["enabled", "Active", "", None])
    def test_catches_any_other(self, status: object) -> None:
        """Another word, another spelling, none."""
        assert isinstance(judged("WIRE-4", updated(NAME, after=connection(status=status))), Violated)

    def test_does_not_pass_where_no_connection_shows(self) -> None:
        """An error that holds no connection says nothing of its status."""
        assert not isinstance(judged("WIRE-4", refused(500, after=None)), Passed)


class TestWire5:
    def judge(self, answer: object, *, status: int = 400) -> Judgement:
        """What WIRE-5 says of that error."""
        return judged("WIRE-5", refused(status, answer=answer))

    def test_passes_the_documented_shape(self) -> None:
        """All five members."""
        assert self.judge(error(400)) == Passed()

    def test_passes_an_empty_error_url(self) -> None:
        """Not every error has a page."""
        assert self.judge(error(400, error_url="")) == Passed()

    def test_passes_what_was_accepted(self) -> None:
        """Whether it should have been is INPUT's matter, and the note says so."""
        assert judged("WIRE-5", updated(NAME)) == Passed("no error was answered: 200")

    @pytest.mark.parametrize("name", ["status_code", "request_id", "error_type", "error_message", "error_url"])
    def test_catches_a_member_that_is_missing(self, name: str) -> None:
        """Each of the five."""
        verdict = self.judge({key: value for key, value in error(400).items() if key != name})

        assert isinstance(verdict, Violated)
        assert name in verdict.expected

    def test_catches_another_status_in_the_body(self) -> None:
        """Status line and body agree."""
        assert self.judge(error(404)) == Violated(expected="status_code 400", observed="404")

    @pytest.mark.parametrize("answer", ["", "<h1>Bad request</h1>", [], "null"])
    def test_catches_an_answer_that_is_no_object(self, answer: object) -> None:
        """What an SDK can't read."""
        assert isinstance(self.judge(answer), Violated)

    def test_catches_an_error_inside_data(self) -> None:
        """Errors are never wrapped."""
        assert isinstance(self.judge({"data": error(400)}), Violated)

    def test_catches_no_answer(self) -> None:
        """A connection that breaks is no error in any shape."""
        assert isinstance(judged("WIRE-5", refused(None)), Violated)

    TRACES: ClassVar = {
        "python": 'Traceback (most recent call last):\n  File "/srv/app.py", line 3, in update\nKeyError: 1',
        "go": "panic: boom\n\ngoroutine 1 [running]:\nmain.main()\n\t/srv/main.go:7 +0x1d",
        "ruby": "app.rb:12:in `update': undefined method (NoMethodError)",
        "php": "Fatal error: Uncaught Error in /srv/app.php on line 7",
        "node": "TypeError: x is undefined\n    at update (/srv/app.js:10:5)\n    at next (/srv/lib.js:2:1)",
        "java": "java.lang.NullPointerException\n\tat com.acme.Update.run(Update.java:12)",
        "python-frame": 'KeyError\n  File "/srv/app.py", line 3, in update',
    }

    @pytest.mark.parametrize("language", TRACES)
    def test_catches_a_trace_in_plain_text(self, language: str) -> None:
        """A default error page of the framework."""
        verdict = self.judge(self.TRACES[language])

        assert isinstance(verdict, Violated)
        assert verdict.expected == "an error without a stack trace"

    @pytest.mark.parametrize(
        "language",
        [
            pytest.param(
                name,
            )
            if name in {"node", "java", "python-frame"}
            else name
            for name in TRACES
        ],
    )
    def test_catches_a_trace_in_an_error_of_the_right_shape(self, language: str) -> None:
        """A trace in error_message, as JSON writes it, is a leak as well."""
        verdict = self.judge(json.dumps(error(400, error_message=self.TRACES[language])))

        assert isinstance(verdict, Violated)
        assert verdict.expected == "an error without a stack trace"

    def test_catches_a_trace_of_dotnet(self) -> None:
        """The developer exception page of ASP.NET."""
        trace = "System.NullReferenceException: boom\n   at Acme.Update.Run(String id) in /srv/Update.cs:line 12"

        assert "stack trace" in str(getattr(self.judge(trace), "expected", ""))

    def test_passes_a_message_with_a_time_and_a_place(self) -> None:
        """Ordinary words are no trace."""
        assert self.judge(error(400, error_message="Refused at 10:05 (line 3, column 4): see File 7.")) == Passed()


class TestWire7:
    LISTS: ClassVar[dict[str, list[str]]] = {"oidc_connections": [], "saml_connections": [], "external_connections": []}
    SCOPES: ClassVar = {"custom_scopes": ""}

    def judge(self, listed: object, *, scopes: dict[str, Any] | None = None) -> Judgement:
        """What WIRE-7 says of that list, and of a connection with custom_scopes unless told otherwise."""
        step = updated(NAME, inferred=self.SCOPES if scopes is None else scopes)
        read = Exchange(method="GET", url="https://target.test", status=200, answer=json.dumps(listed))
        return judged("WIRE-7", msgspec.structs.replace(step, read=read), wire=BACKEND)

    def test_passes_what_the_python_sdk_can_parse(self) -> None:
        """custom_scopes and three arrays."""
        assert self.judge(self.LISTS) == Passed()

    @pytest.mark.parametrize("name", LISTS)
    def test_catches_a_list_that_is_missing(self, name: str) -> None:
        """Each of the three."""
        verdict = self.judge({key: value for key, value in self.LISTS.items() if key != name})

        assert isinstance(verdict, Violated)
        assert [entry.field for entry in verdict.differences] == [name]

    def test_catches_a_list_that_is_null(self) -> None:
        """Go's empty slice."""
        assert isinstance(self.judge({**self.LISTS, "saml_connections": None}), Violated)

    @pytest.mark.parametrize("scopes", [{}, {"custom_scopes": None}, {"custom_scopes": ["openid"]}])
    def test_catches_custom_scopes_that_are_no_string(self, scopes: dict[str, object]) -> None:
        """Absent, null, or a list."""
        assert isinstance(self.judge(self.LISTS, scopes=scopes), Violated)

    def test_catches_a_refusal(self) -> None:
        """The update must be accepted."""
        assert isinstance(judged("WIRE-7", refused(400), wire=BACKEND), Violated)

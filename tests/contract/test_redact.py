"""Secrets out of everything that is written down."""

import base64
import json
from typing import Any
from urllib.parse import quote, quote_plus

import pytest

from idpact_contract.cases import CASES
from idpact_contract.evidence import Evidence, Exchange, Step
from idpact_contract.judgement import Judgement, NotJudged, Violated
from idpact_contract.redact import Redactor
from idpact_contract.results.explain import explain
from idpact_contract.results.junit import junit_xml
from idpact_contract.results.report import encode_report
from tests.contract.building import ISSUER, connection, error, evidence, refused, served, updated
from tests.contract.reporting import report_of, trial

CANARY = 'canary secret/0001+"x'
"""A secret that each notation writes in a way of its own."""

PLAIN = "canary-secret-0001"


def clean(plain: object, *, also: tuple[str, ...] = (CANARY,), named: dict[str, str] | None = None) -> Any:  # noqa: ANN401 - JSON
    """What a fresh redactor makes of a value."""
    return Redactor(named).clean(plain, also=also)


class TestForms:
    @pytest.mark.parametrize(
        "written",
        [
            pytest.param(CANARY, id="as-it-stands"),
            pytest.param(json.dumps(CANARY)[1:-1], id="json"),
            pytest.param(quote(CANARY, safe=""), id="percent-encoded"),
            pytest.param(quote_plus(CANARY), id="form-encoded"),
            pytest.param(base64.b64encode(CANARY.encode()).decode(), id="base64"),
            pytest.param(
                json.dumps(CANARY)[1:-1].replace("/", "\\/"),
                id="json-of-php",
            ),
            pytest.param(
                CANARY.replace("+", "\\u002b").replace('"', '\\"'),
                id="json-of-dotnet",
            ),
            pytest.param(
                quote(CANARY, safe="").lower(),
                id="percent-encoded-small",
            ),
            pytest.param(
                base64.b64encode(f"client-01:{CANARY}".encode()).decode(),
                id="base64-of-a-pair",
            ),
        ],
    )
    def test_a_secret_is_found_in_each_form_in_which_it_travels(self, written: str) -> None:
        """In the middle of text, it leaves a placeholder and nothing of itself."""
        redacted = clean({"text": f"before {written} after"})["text"]

        assert written not in redacted
        assert redacted.startswith("before ")
        assert redacted.endswith(" after")

    def test_a_secret_that_no_utf_8_can_hold(self) -> None:
        """A case types half of a surrogate pair as a secret, and what shows it is told without it."""
        odd = "canary\ud800secret"

        assert "canary" not in clean(f"seen: {json.dumps(odd)}", also=(odd,))

    def test_names_of_members_are_looked_at_as_well(self) -> None:
        """A server that echoes a secret as a key."""
        assert clean({"a": {PLAIN: 1}}, also=(PLAIN,)) == {"a": {"$SECRET_1": 1}}

    def test_other_values_are_left_alone(self) -> None:
        """Numbers, booleans, null, and text without secrets."""
        plain = {"a": [1, 2.5, True, None, "text"], "b": {"c": ""}}

        assert clean(plain) == plain

    def test_the_longer_of_two_secrets_is_taken_first(self) -> None:
        """Nothing is left over of a secret that begins like another."""
        assert clean(f"{PLAIN}-longer", also=(PLAIN, f"{PLAIN}-longer")) == "$SECRET_2"

    @pytest.mark.parametrize("short", ["", "a"])
    def test_what_is_too_short_for_a_secret_is_left_alone(self, short: str) -> None:
        """An empty variable must not fill every text with placeholders."""
        assert clean("plain text", also=(short,)) == "plain text"


class TestPlaceholders:
    def test_equality_survives(self) -> None:
        """The same secret is the same placeholder, another one another."""
        redacted = clean(["one-secret", "two-secret", "one-secret"], also=("one-secret", "two-secret"))

        assert redacted == ["$SECRET_1", "$SECRET_2", "$SECRET_1"]

    def test_a_redactor_remembers_from_case_to_case(self) -> None:
        """One placeholder per distinct secret and run."""
        redactor = Redactor()
        first = redactor.clean("one-secret", also=("one-secret",))
        redactor.clean("two-secret", also=("two-secret",))

        assert redactor.clean("one-secret", also=("one-secret",)) == first

    def test_a_named_secret_is_told_by_its_name(self) -> None:
        """So that a person can run the lines again."""
        assert clean("token one-secret", also=(), named={"IDPACT_SECRET": "one-secret"}) == "token $IDPACT_SECRET"

    def test_a_redactor_shows_no_secret_in_its_repr(self) -> None:
        """Nor does it anywhere else."""
        assert PLAIN not in repr(Redactor({"IDPACT_SECRET": PLAIN}))


class TestFoundByName:
    @pytest.mark.parametrize(
        "name",
        [
            "client_secret",
            "CLIENT_SECRET",
            "password",
            "session_token",
            "access_token",
            "refresh_token",
            "id_token",
            "secret",
        ],
    )
    def test_members(self, name: str) -> None:
        """Their values are secrets wherever they come from, and gone wherever else they stand."""
        assert clean({name: PLAIN, "note": f"it was {PLAIN}"}, also=()) == {
            name: "$SECRET_1",
            "note": "it was $SECRET_1",
        }

    @pytest.mark.parametrize("name", ["Authorization", "cookie", "Set-Cookie", "proxy-authorization"])
    def test_headers(self, name: str) -> None:
        """Written as pairs."""
        assert clean([[name, PLAIN], ["x-note", PLAIN]], also=()) == [[name, "$SECRET_1"], ["x-note", "$SECRET_1"]]

    def test_the_scheme_of_an_authorization_header_stays(self) -> None:
        """That it was Basic is no secret."""
        basic = base64.b64encode(f"client:{PLAIN}".encode()).decode()

        assert clean([["authorization", f"Basic {basic}"]], also=()) == [["authorization", "Basic $SECRET_1"]]

    def test_json_within_text(self) -> None:
        """A body as it was recorded."""
        assert PLAIN not in clean({"body": json.dumps({"oidc": [{"client_secret": PLAIN}]})}, also=())["body"]

    def test_json_that_is_cut_off(self) -> None:
        """A body that was cut on purpose."""
        assert clean({"body": f'{{"client_secret": "{PLAIN}", "issuer": '}, also=()) == {
            "body": '{"client_secret": "$SECRET_1", "issuer": '
        }

    def test_json_that_is_cut_off_with_an_escape_in_the_secret(self) -> None:
        """The whole secret goes, not its beginning."""
        body = f'{{"client_secret": {json.dumps(CANARY)}, "issuer": '

        assert '"x' not in clean({"body": body}, also=())["body"]

    def test_json_within_text_that_speaks_of_tokens_alone(self) -> None:
        """The other names count within text as well."""
        assert "canary-0001" not in clean({"answer": json.dumps({"access_token": "canary-0001"})}, also=())["answer"]

    def test_json_within_text_after_a_line_break(self) -> None:
        """JSON may begin with white space."""
        assert PLAIN not in clean({"answer": "\n" + json.dumps({"client_secret": PLAIN})}, also=())["answer"]

    @pytest.mark.parametrize("name", ["clientSecret", "client-secret", "sessionToken"])
    def test_members_in_a_wires_own_spelling(self, name: str) -> None:
        """A list on a wire of a profile's own shows other people's connections, too."""
        listed = {"answer": json.dumps({"connections": [{name: PLAIN}]})}

        assert PLAIN not in clean(listed, also=())["answer"]


def everywhere() -> Evidence:
    """Evidence with a canary in every place where a run could put one."""
    pair = base64.b64encode(f"client-0001:{PLAIN}".encode()).decode()
    asked = served(
        target=f"/.well-known/openid-configuration?s={quote(PLAIN)}",
        headers=(("authorization", f"Basic {pair}"), ("cookie", f"s={PLAIN}"), ("x-note", PLAIN)),
        body=f"client_secret={PLAIN}",
        document={"client_secret": PLAIN, "issuer": ISSUER},
    )
    exchange = {
        "url": f"https://target.test/sso?token={quote(PLAIN)}",
        "headers": (("Authorization", f"Basic {pair}"), ("X-Session", PLAIN)),
        "body": json.dumps({"client_secret": PLAIN}),
        "answer": json.dumps({"connection": {"client_secret": PLAIN}, "echo": {"Authorization": f"Basic {pair}"}}),
        "answer_headers": (("set-cookie", f"session={PLAIN}"), ("x-echo", PLAIN)),
    }
    typed = {"client_secret": PLAIN}
    step = updated(
        typed, asked, exchange=exchange, warning=f"could not read it with {PLAIN}", extra={"password": PLAIN}
    )
    cut = refused(400, typed, answer=error(400, error_message=f"bad: {PLAIN}"))
    raw = Step(
        kind="update",
        before=connection(),
        exchange=Exchange(method="PUT", url="https://target.test", body=f'{{"client_secret": "{PLAIN}", ', error=PLAIN),
    )
    return evidence(step, raw, cut, case="FALL-1/http-404", credentials=(PLAIN, pair))


VERDICTS = [
    pytest.param(Violated(expected=f"not {PLAIN}", observed=f"client_secret {PLAIN!r} in the read"), id="violated"),
    pytest.param(NotJudged(f"set-up: create answered 400 {PLAIN!r}"), id="not-judged"),
]


@pytest.mark.parametrize("judgement", VERDICTS)
class TestNothingLeaks:
    PAIR = base64.b64encode(f"client-0001:{PLAIN}".encode()).decode()

    def check(self, text: str) -> None:
        """No form of the canary is in it, and some placeholder is."""
        assert [form for form in (PLAIN, quote(PLAIN), self.PAIR) if form in text] == []
        assert "$SECRET_1" in text or "$IDPACT_SESSION_TOKEN" in text

    def test_through_the_report(self, judgement: Judgement) -> None:
        """The JSON document, evidence and all."""
        report = report_of({"FALL-1/http-404": judgement}, seen=everywhere())

        self.check(encode_report(report).decode())

    def test_through_a_report_with_named_secrets(self, judgement: Judgement) -> None:
        """The run's own variables are told by name."""
        redactor = Redactor({"IDPACT_SESSION_TOKEN": PLAIN})
        report = report_of({"FALL-1/http-404": judgement}, seen=everywhere(), redactor=redactor)

        self.check(encode_report(report).decode())

    def test_through_junit(self, judgement: Judgement) -> None:
        """The XML that a CI server shows to everybody."""
        self.check(junit_xml(report_of({"FALL-1/http-404": judgement}, seen=everywhere())).decode())

    def test_through_an_explanation(self, judgement: Judgement) -> None:
        """What pytest prints where a case fails."""
        self.check(explain(CASES["FALL-1/http-404"], trial("FALL-1/http-404", judgement, seen=everywhere())))


def test_redacted_evidence_is_evidence_still() -> None:
    """A verdict can be computed again from it: the rule still sees that what was typed is what was read."""
    redacted = Redactor().clean(everywhere())

    assert (redacted.steps[0].typed or {})["client_secret"] == (redacted.steps[0].after or {})["client_secret"]
    assert CASES["FALL-1/http-404"].rule.id == redacted.case.partition("/")[0]


@pytest.mark.parametrize("word", ["secret", "status", "exchange", "update", "violated"])
def test_a_secret_that_is_a_word_of_ours_breaks_no_record(word: str) -> None:
    """Whoever runs a test server with `--var secret=secret` gets a report as well."""
    told = trial("ACT-1/created", Violated(expected="a", observed="b"), seen=everywhere())
    redacted = Redactor({"IDPACT_SECRET": word}).clean(told)

    assert redacted.evidence is not None
    assert set(redacted.evidence.steps[0].after or {}) == set(connection())

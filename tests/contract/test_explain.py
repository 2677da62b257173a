"""A case in words."""

from idpact_contract.cases import CASES
from idpact_contract.judgement import NotJudged, Passed, Violated
from idpact_contract.results.explain import explain
from tests.contract.building import ISSUER, evidence, served, updated
from tests.contract.reporting import BROKEN, trial

CASE = CASES["PREC-1/t"]
STEP = updated({"issuer": ISSUER, "token_url": "https://typed.example/token"}, served(), exchange={"body": "{}"})


def told(judgement: Passed | Violated | NotJudged) -> list[str]:
    """The lines for that judgement."""
    return explain(CASE, trial(CASE.id, judgement, seen=evidence(STEP, case=CASE.id, issuers=()))).splitlines()


def test_a_violation_is_told_as_the_rule_and_everything_that_led_to_it() -> None:
    """Rule, case, wanted, seen, fields, sent, served, source and how to do it again."""
    assert told(BROKEN) == [
        "PREC-1/t (MUST) violated: Every typed URL is stored as typed, whatever the document says.",
        "  case    Type a new issuer and token_url.",
        "  wanted  token_url 'https://typed.example/token' (typed in this update)",
        "  saw     token_url '' in the read",
        "          read: token_url is '', not 'https://typed.example/token'",
        "  sent    PUT https://target.test/sdk/v1/b2b/sso/oidc/connection-0001 {} -> 200",
        "  served  GET /.well-known/openid-configuration -> 200 (a document)",
        "  source  Update OIDC Connection (B2B), description",
        "  mend    idpact explain PREC-1",
        "  again   curl -sS -X PUT https://target.test/sdk/v1/b2b/sso/oidc/connection-0001 --data-raw '{}'",
    ]


def test_what_was_not_judged_is_told_with_its_reason() -> None:
    """Never as violated."""
    lines = told(NotJudged("set-up: create answered 500"))

    assert lines[0].startswith("PREC-1/t (MUST) inconclusive: ")
    assert "  saw     set-up: create answered 500" in lines


def test_that_nothing_was_asked_is_told() -> None:
    """An empty journal is a finding in itself."""
    lines = explain(CASE, trial(CASE.id, BROKEN)).splitlines()

    assert "  served  nothing: no request reached the mock IdP" in lines

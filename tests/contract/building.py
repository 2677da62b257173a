"""Hand-made evidence: whole and right by default, so that a test writes down nothing but what it is about."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

from idpact_contract.connection import MEMBER_OF, STRING_FIELDS, URL_FIELDS
from idpact_contract.evidence import (
    Actor,
    Asked,
    Evidence,
    Exchange,
    IssuerFacts,
    Observed,
    Step,
    StepKind,
    WireFacts,
)
from idpact_contract.judgement import Judgement
from idpact_contract.rules import JUDGES
from idpact_mock import Outcome

__all__ = [
    "BACKEND",
    "CREDENTIALS",
    "ISSUER",
    "OTHER_ISSUER",
    "OTHER_URLS",
    "OWNER",
    "STRANGER",
    "TYPED_URLS",
    "URLS",
    "connection",
    "created",
    "document",
    "error",
    "evidence",
    "judged",
    "not_served",
    "refused",
    "served",
    "stray",
    "updated",
    "urls",
]

ISSUER: Final = "https://idp.test"
OTHER_ISSUER: Final = "https://other-idp.test"
OWNER: Final = "organization-owner"
STRANGER: Final = "organization-stranger"
CREDENTIALS: Final = {"client_id": "client-0001", "client_secret": "canary-secret-0001"}
BACKEND: Final = WireFacts(backend=True)

_WELL_KNOWN: Final = "/.well-known/openid-configuration"
_UPDATE_URL: Final = "https://target.test/sdk/v1/b2b/sso/oidc/connection-0001"
_JSON: Final = (("content-type", "application/json"),)
_FROM_STEP: Final[Any] = object()


def urls(at: str) -> dict[str, str]:
    """The four URL fields as a document with endpoints at that host gives them."""
    return {field: f"https://{at}.example/{field.removesuffix('_url')}" for field in URL_FIELDS}


URLS: Final = urls("first")
OTHER_URLS: Final = urls("second")
TYPED_URLS: Final = urls("typed")


def document(
    issuer: str = ISSUER, *, at: Mapping[str, object] = URLS, without: Iterable[str] = (), **members: object
) -> dict[str, Any]:
    """A discovery document: the four members from URL fields, some set otherwise, some left out."""
    full = {"issuer": issuer, **{MEMBER_OF[field]: value for field, value in at.items()}, **members}
    return {name: value for name, value in full.items() if name not in set(without)}


def served(content: Mapping[str, Any] | None = None, *, issuer: str = ISSUER, **told: Any) -> Asked:  # noqa: ANN401 - fields of Asked
    """A GET of an issuer's document, and the document that it was served."""
    path = issuer.partition("://")[2].partition("/")[2].removesuffix("/")
    target = f"/{path}{_WELL_KNOWN}" if path else _WELL_KNOWN
    body = dict(document(issuer) if content is None else content)
    return Asked(**{"at": 0.01, "method": "GET", "target": target, "issuer": issuer, "document": body, **told})


def not_served(*, issuer: str = ISSUER, failure: str = "http-404", **told: Any) -> Asked:  # noqa: ANN401 - fields of Asked
    """A GET of an issuer's document that failed, with an error in JSON as the mock IdP answers it."""
    answer = {"status": 404, "outcome": Outcome.NOT, "failure": failure, **told}
    return served({"error": "not_found"}, issuer=issuer, **answer)


def stray(target: str = "/.well-known/oauth-authorization-server") -> Asked:
    """A request that matched no issuer, answered as the mock IdP does: 404 and an error in JSON."""
    return Asked(
        at=0.005,
        method="GET",
        target=target,
        kind="other",
        status=404,
        outcome=Outcome.NOT,
        document={"error": "not_found"},
    )


def connection(**fields: object) -> Observed:
    """A connection as a read shows it: all thirteen strings, unset but for what is given."""
    own = {
        "connection_id": "connection-0001",
        "organization_id": OWNER,
        "redirect_url": "https://target.test/callback/0001",
        "status": "pending",
    }
    return {**dict.fromkeys(STRING_FIELDS, ""), **own, **fields}


def error(status: int, **members: object) -> dict[str, Any]:
    """An error in the documented shape."""
    shape = {
        "status_code": status,
        "request_id": "request-0001",
        "error_type": "bad_request",
        "error_message": "That can't be.",
        "error_url": "https://target.test/errors/bad_request",
    }
    return {**shape, **members}


def _exchange(told: Mapping[str, Any], answer: object) -> Exchange:
    text = answer if isinstance(answer, str) else json.dumps(answer)
    defaults = {"method": "PUT", "url": _UPDATE_URL, "status": 200, "answer_headers": _JSON, "answer": text}
    return Exchange(**{**defaults, **told})


def updated(
    typed: Mapping[str, Any] | None = None,
    *asked: Asked,
    before: Observed | None = None,
    after: Observed | None = _FROM_STEP,
    response: Observed | None = _FROM_STEP,
    inferred: Mapping[str, str] | None = None,
    exchange: Mapping[str, Any] | None = None,
    **told: Any,  # noqa: ANN401 - fields of Step
) -> Step:
    """An update that was accepted: by default it stored what was typed, over what was inferred, over what was before.

    `inferred` is what the implementation took from the document; `after` and `response` say what is otherwise in a read
    and in the answer.
    """
    old = connection() if before is None else before
    new = {**old, **(inferred or {}), **(typed or {})} if after is _FROM_STEP else after
    shown = new if response is _FROM_STEP else response
    envelope = {"status_code": 200, "request_id": "request-0001"}
    body = {**envelope, "connection": shown}
    return Step(
        **{
            "kind": "update",
            "typed": dict(typed or {}),
            "before": old,
            "exchange": _exchange(exchange or {}, body),
            "envelope": envelope,
            "response": shown,
            "after": new,
            "read": _exchange({"method": "GET"}, {"oidc_connections": [new]}),
            "asked": asked,
            **told,
        }
    )


def created(typed: Mapping[str, Any] | None = None, **told: Any) -> Step:  # noqa: ANN401 - fields of Step
    """A connection that was just created, as a step under judgement."""
    kind: StepKind = "create"
    step = updated(typed, exchange={"method": "POST", "url": "https://target.test/sdk/v1/b2b/sso/oidc"}, kind=kind)
    return msgspec.structs.replace(step, before=None, **told)


def refused(
    status: int | None = 404,
    typed: Mapping[str, Any] | None = None,
    *,
    answer: object = None,
    before: Observed | None = None,
    after: Observed | None = _FROM_STEP,
    url: str = _UPDATE_URL,
    headers: tuple[tuple[str, str], ...] = _JSON,
    actor: Actor = Actor.OWNER,
) -> Step:
    """An update that was answered with an error, or not at all; by default it changed nothing."""
    old = connection() if before is None else before
    told = error(status) if answer is None and status is not None else answer
    exchange = _exchange({"status": status, "url": url, "answer_headers": headers}, told)
    if status is None:
        exchange = Exchange(method="PUT", url=url, error="no answer after 75.0 s", seconds=75.0)
    envelope = told if isinstance(told, dict) else None
    new = old if after is _FROM_STEP else after
    return Step(
        kind="update",
        actor=actor,
        typed=dict(typed or {}),
        before=old,
        exchange=exchange,
        envelope=envelope,
        after=new,
        read=_exchange({"method": "GET"}, {"oidc_connections": [new]}),
    )


def evidence(*steps: Step, case: str = "DISC-1/first-issuer", **told: Any) -> Evidence:  # noqa: ANN401 - fields of Evidence
    """Evidence of these steps, with the usual two issuers and organizations."""
    issuers = tuple(
        IssuerFacts(url=url, discovery_target=_WELL_KNOWN, document=document(url)) for url in (ISSUER, OTHER_ISSUER)
    )
    defaults = {"issuers": issuers, "organization_id": OWNER, "other_organization_id": STRANGER}
    return Evidence(case=case, steps=steps, **{**defaults, **told})


def judged(rule_id: str, *steps: Step, **told: Any) -> Judgement:  # noqa: ANN401 - fields of Evidence
    """What the rule's own judge says of these steps."""
    return JUDGES[rule_id](evidence(*steps, **told))

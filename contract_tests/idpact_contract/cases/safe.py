"""Cases of SAFE: redirects that lead nowhere good, documents without end, and what is served after them."""

from typing import Final

from idpact_contract.cases.planted import DATA_URL
from idpact_contract.cases.registry import Arrange, register
from idpact_contract.lab import Lab
from idpact_contract.rules.fall import nothing_is_inferred
from idpact_mock import FAILURES, FailureWish

__all__: list[str] = []

_HOSTILE: Final = (
    "redirect-loop",
    "redirect-chain-50",
    "redirect-non-http",
    "redirect-bad-location",
    "hang-before-headers",
    "hang-mid-headers",
    "hang-mid-body",
    "trickle-endless",
    "garbage-status-line",
    "header-flood",
    "json-bigint",
    "json-nan",
    "deep-nesting",
    "huge-document",
    "endless-body",
    "gzip-bomb",
    "gzip-lie",
    "invalid-utf8",
    "member-wrong-type",
    "member-not-a-url",
    "member-crlf",
    "member-nul",
    "member-lone-surrogate",
    "member-1mb",
    "member-javascript-scheme",
    "proto-member",
)
"""The catalogue's failures that have brought clients down, or were made to."""


def _typed_on_new(failure: FailureWish) -> Arrange:
    def arrange(lab: Lab) -> None:
        lab.update(lab.create(), {"issuer": lab.issuer(failure=failure).url, **lab.credentials()})

    return arrange


_ELSEWHERE: Final = {
    "file": "file:///etc/hostname",
    "ftp": "ftp://ftp.example/document",
    "gopher": "gopher://gopher.example:70/_document",
    "javascript": "javascript:alert(1)",
    "data": DATA_URL,
}
"""Where a redirect leads, by scheme."""

for _status in (301, 302, 303, 307, 308):
    register(
        "SAFE-1",
        f"loop-{_status}",
        _typed_on_new({"id": "redirect-loop", "parameters": {"status": _status}}),
        title=f"Type an issuer whose document redirects to itself with {_status}.",
    )
for _scheme, _location in _ELSEWHERE.items():
    register(
        "SAFE-1",
        f"to-{_scheme}",
        _typed_on_new({"id": "redirect-non-http", "parameters": {"location": _location}}),
        title=f"Type an issuer whose document redirects to a {_scheme}: address.",
    )

register(
    "SAFE-2",
    "endless-body",
    _typed_on_new("endless-body"),
    title="Type an issuer whose document never ends, and count what is taken of it.",
    waits=True,
)
for _name, _twice in (("gzip-bomb", False), ("gzip-bomb-twice", True)):
    register(
        "SAFE-2",
        _name,
        _typed_on_new({"id": "gzip-bomb", "parameters": {"twice": _twice}}),
        title="Type an issuer whose document unpacks to 200 MiB.",
        judge=nothing_is_inferred,
    )


def _then_an_ordinary_update(failure: str) -> Arrange:
    def arrange(lab: Lab) -> None:
        subject = lab.create()
        lab.update(subject, {"issuer": lab.issuer(failure=failure).url}, judged=False)
        lab.update(subject, {"display_name": f"Afterwards {lab.token()}", **lab.credentials()}, down_is_an_answer=True)

    return arrange


for _id in _HOSTILE:
    register(
        "SAFE-3",
        _id,
        _then_an_ordinary_update(_id),
        title=f"Update a connection after its identity provider answered with {_id}.",
        waits=FAILURES[_id].waits,
    )

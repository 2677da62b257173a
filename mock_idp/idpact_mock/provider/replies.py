"""The answers that a provider's endpoints give, rendered. Pure."""

import json
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from idpact_mock.answer import Answer, make_answer
from idpact_mock.failures import Outcome
from idpact_mock.provider.errors import OAuthError

__all__ = ["json_reply", "no_content", "page_reply", "redirect_reply", "refusal", "with_parameters"]

_ALWAYS: Final = {"pragma": "no-cache", "access-control-allow-origin": "*"}
"""RFC 6749, section 5.1 (Cache-Control comes with every answer); and scripts of any origin may read it: see `cors`."""

_OK: Final = 200
_PREPARED: Final = make_answer(_OK, b"", content_type="application/json", outcome=Outcome.NOT, headers=_ALWAYS).headers[
    :-1
]
"""All headers of a JSON answer but its length, which comes last."""


def json_reply(value: Mapping[str, Any], *, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    """A JSON object."""
    body = json.dumps(value).encode("ascii")
    if headers is None and status == _OK:  # every token answer: what is the same in all of them was prepared
        return Answer(
            status=_OK,
            headers=(*_PREPARED, (b"content-length", b"%d" % len(body))),
            body=body,
            content_type="application/json",
            outcome=Outcome.NOT,
        )
    return make_answer(
        status,
        body,
        content_type="application/json",
        outcome=Outcome.NOT,
        headers=_ALWAYS if headers is None else {**_ALWAYS, **headers},
    )


def refusal(error: OAuthError) -> Answer:
    """An error answer (RFC 6749, section 5.2)."""
    value = {"error": error.code, "error_description": error.description}
    return json_reply(value, status=error.status, headers=error.headers)


def no_content(status: int, headers: Mapping[str, str] | None = None) -> Answer:
    """An answer without a body."""
    return make_answer(status, b"", content_type=None, outcome=Outcome.NOT, headers=headers)


def redirect_reply(uri: str, *, method: str, headers: Mapping[str, str] | None = None) -> Answer:
    """A redirect: 303 after a POST, so that no browser sends the form on (RFC 9700, section 4.12)."""
    return no_content(303 if method == "POST" else 302, {"location": uri, **(headers or {})})


def page_reply(page: str, *, policy: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    """An HTML page that nothing can be injected into: its policy admits no script but one that it names."""
    return make_answer(
        status,
        page.encode("utf-8", "replace"),
        content_type="text/html; charset=utf-8",
        outcome=Outcome.NOT,
        headers={
            "content-security-policy": policy,
            "x-content-type-options": "nosniff",
            "referrer-policy": "no-referrer",
            **(headers or {}),
        },
    )


def with_parameters(uri: str, parameters: Mapping[str, str]) -> str:
    """The URI with these added to its query (RFC 6749, section 3.1.2: what is there stays)."""
    if not parameters:
        return uri
    joint = "&" if "?" in uri else "?"
    return f"{uri}{joint}{urlencode(parameters, errors='replace')}"

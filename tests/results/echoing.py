"""A hostile implementation: whatever secret it was handed it tells again, in every place of its answers and in every form.

It keeps the contract otherwise, but that discovery is requested with the client's credentials.
"""

import base64
import html
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote, quote_plus

import httpx

from idpact_contract.reference import Connections, Discovery, Metadata, Organization, Settings, Unreadable, build
from idpact_mock import ThreadedServer

__all__ = ["CANARIES", "Echoing", "echoing", "forms_of"]

CANARIES: Final = Settings(
    public_token="public-token-canary",
    project_id="project-canary",
    secret='canary+secret/"of&the<project>=é',
    orgs=(
        Organization(organization_id="organization-0001", session_token='canary/session"one&<+>=ü'),
        Organization(organization_id="organization-0002", session_token="canary'session two\\%41+"),
    ),
)
"""Secrets of characters that every encoding writes in its own way."""


def forms_of(secret: str) -> dict[str, str]:
    """A secret in the forms in which implementations write it, by their names."""
    escaped = json.dumps(secret)[1:-1]
    return {
        "plain": secret,
        "json": escaped,
        "json, unescaped": json.dumps(secret, ensure_ascii=False)[1:-1],
        "json twice": json.dumps(escaped)[1:-1],
        "percent": quote(secret, safe=""),
        "percent, lower": re.sub("%..", lambda match: match.group().lower(), quote(secret, safe="")),
        "percent twice": quote(quote(secret, safe=""), safe=""),
        "form": quote_plus(secret),
        "html": html.escape(secret),
        "base64": base64.b64encode(secret.encode()).decode(),
        "base64url": base64.urlsafe_b64encode(secret.encode()).decode(),
    }


@dataclass
class Echoing:
    """What was served: where, and the client secrets that were typed."""

    told: dict[str, object]
    typed: set[str] = field(default_factory=set)


class _AsksWithCredentials(Connections):
    """Discovery is requested with the client's credentials in a header, the query and a body."""

    async def discover(self, issuer: str, typed: Mapping[str, object]) -> Metadata | Unreadable:
        secret = str(typed.get("client_secret", ""))
        pair = f"{typed.get('client_id', '')}:{secret}"
        headers = {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode(), "X-Secret": secret}
        self.discovery.__dict__["request"] = lambda url: httpx.Request(
            "GET", f"{url}?client_secret={quote(secret, safe='')}", headers=headers, content=json.dumps({"key": secret})
        )
        return await super().discover(issuer, typed)


class _Echo:
    """Wraps an ASGI app; its answers tell all that the request held."""

    def __init__(self, app: Any, typed: set[str]) -> None:  # noqa: ANN401 - an ASGI app
        self._app, self._typed = app, typed

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI's own
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = await _whole(receive, "http.request")
        answers: list[Any] = []

        async def keep(message: Any) -> None:  # noqa: ANN401 - ASGI's own
            answers.append(message)

        again = iter([{"type": "http.request", "body": asked, "more_body": False}])

        async def hand() -> Any:  # noqa: ANN401 - ASGI's own
            return next(again, {"type": "http.disconnect"})

        await self._app(scope, hand, keep)
        secrets = self._secrets(dict(scope["headers"]), asked)
        body = _echoed(b"".join(message.get("body", b"") for message in answers[1:]), secrets)
        headers = [pair for pair in answers[0]["headers"] if pair[0] != b"content-length"]
        headers += [(b"content-length", str(len(body)).encode()), *_headers(secrets)]
        await send({**answers[0], "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _secrets(self, headers: Mapping[bytes, bytes], body: bytes) -> list[str]:
        found = [_password(headers.get(b"authorization", b"").decode("latin-1"))]
        try:
            typed = json.loads(body).get("client_secret")
        except (ValueError, AttributeError, RecursionError):
            typed = None
        # What is typed to be hostile stands in other fields as well, where it is no secret.
        if isinstance(typed, str) and typed.startswith("client-secret-"):
            found.append(typed)
            self._typed.add(typed)
        return [secret for secret in found if secret]


async def _whole(receive: Any, kind: str) -> bytes:  # noqa: ANN401 - ASGI's own
    body = b""
    while (message := await receive())["type"] == kind:
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    return body


def _password(authorization: str) -> str:
    try:
        return base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")[2]
    except ValueError:
        return ""


def _echoed(body: bytes, secrets: list[str]) -> bytes:
    told = [form for secret in secrets for form in forms_of(secret).values()]
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return body + " ".join(told).encode()
    if isinstance(answer, dict):
        answer["debug"] = {form: [form, {"deep": f"https://x.test/?key={form}"}] for form in told}
        answer["warning"] = "could not log in with " + " or ".join(told)
        if "error_message" in answer:
            answer["error_message"] = f"not with {' or '.join(told)}: {json.dumps({'seen': told})}"
    return json.dumps(answer).encode()


def _headers(secrets: list[str]) -> Iterator[tuple[bytes, bytes]]:
    for secret in secrets:
        for number, form in enumerate(forms_of(secret).values()):
            yield f"x-seen-{number}".encode(), form.encode()
        yield b"set-cookie", f"session={quote(secret, safe='')}; Path=/".encode()


@contextmanager
def echoing() -> Iterator[Echoing]:
    """Serve it."""
    implementation = build(
        discovery_timeout=2.0, connections_class=_AsksWithCredentials, discovery_class=Discovery, settings=CANARIES
    )
    with closing(implementation):
        seen: set[str] = set()
        with ThreadedServer(_Echo(implementation.app, seen)) as server:
            yield Echoing(told=dict(implementation.announcement(server.url)), typed=seen)

"""What a behaviour is handed beside the exchange, and the answers that many behaviours make."""

import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from idpact_mock.answer import Answer, make_answer
from idpact_mock.exchange import Exchange
from idpact_mock.failures import Failing, Outcome

__all__ = [
    "LOGIN_PAGE",
    "Behaviour",
    "Scene",
    "answered",
    "bare_answer",
    "json_body",
    "raw_head",
]

LOGIN_PAGE: Final = b"""<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Sign in</title></head>
<body>
<h1>Sign in</h1>
<form method="post" action="/login">
<label>Email <input type="email" name="email"></label>
<label>Password <input type="password" name="password"></label>
<button>Sign in</button>
</form>
</body>
</html>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What a behaviour may borrow from.

    Attributes:
        work: Gives the answer that a working endpoint would give, the same each time. Called by those only that borrow from it: at
            the token endpoint a code is redeemed by it.
        issuer: The issuer identifier.
        failing: The failure with its parameters.
        number: The request's number since the failure was switched on, from 1.
        neighbour: Scheme, host and port of the second address that the failure needs; empty where it needs none.
    """

    work: Callable[[], Answer]
    issuer: str
    failing: Failing
    number: int = 1
    neighbour: str = ""

    def value(self, name: str) -> Any:  # noqa: ANN401 - a parameter may be any JSON value
        """A parameter's value."""
        return self.failing.parameters[name]

    @property
    def good(self) -> Answer:
        """The answer that a working endpoint would give."""
        return self.work()

    @property
    def status_line(self) -> str:
        """The good answer's, as HTTP/1.1 has it."""
        return self.good.head.partition(b"\r\n")[0].decode("ascii")

    @property
    def outcome(self) -> Outcome:
        """How an answer counts."""
        return self.failing.outcome

    def document(self) -> dict[str, Any]:
        """The good answer's JSON object; without any member where its bytes are none."""
        try:
            parsed = json.loads(self.good.body)
        except (ValueError, RecursionError):
            return {}
        return parsed if isinstance(parsed, dict) else {}

    def with_body(self, body: bytes, **headers: str) -> Answer:
        """The good answer with other bytes; `content_encoding="gzip"` adds that header."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        merged = {**_texts(self.good.headers), **named}
        content_type = merged.pop("content-type", None)
        return make_answer(self.good.status, body, content_type=content_type, outcome=self.outcome, headers=merged)


Behaviour = Callable[[Exchange, Scene], Awaitable[None]]
"""Ends the exchange, whose request has been read and journalled: by an answer, by a reset, or by waiting for the client."""


def answered(make: Callable[[Scene], Answer]) -> Behaviour:
    """The behaviour that sends an answer made of the scene alone."""

    async def behave(exchange: Exchange, scene: Scene) -> None:
        await exchange.answer(make(scene))

    return behave


def bare_answer(
    status: int, headers: Iterable[tuple[str, str]], *, body: bytes = b"", content_type: str | None = None
) -> Answer:
    """An answer with these very headers, in this order."""
    return Answer(
        status=status,
        headers=tuple((name.encode("ascii"), value.encode("latin-1")) for name, value in headers),
        body=body,
        content_type=content_type,
        outcome=Outcome.NOT,
    )


def json_body(document: Mapping[str, object]) -> bytes:
    """A document as bytes, as the issuer writes it."""
    return json.dumps(document, indent=2).encode("ascii")


def raw_head(status_line: str, *headers: str) -> bytes:
    """Status line and headers as they are on the wire, and that the connection is closed afterwards."""
    return "".join(f"{line}\r\n" for line in (status_line, *headers, "connection: close", "")).encode("latin-1")


def _texts(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    return {name.decode("ascii"): value.decode("latin-1") for name, value in headers if name != b"content-length"}

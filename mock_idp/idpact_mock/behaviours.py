"""What each failure does: a table from id to a small function. Whether it counts as a failure is `failures`' business.

A behaviour is handed the exchange, whose request has been read and journalled, and the answer that a working issuer would
give, from which it may borrow. Each must end the exchange: by an answer, by a reset, or by waiting for the client to leave.
"""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Final

from idpact_mock.answer import Answer, json_answer, make_answer
from idpact_mock.exchange import Exchange
from idpact_mock.failures import Outcome

__all__ = ["BEHAVIOURS", "HANG_SECONDS", "Behaviour"]

Behaviour = Callable[[Exchange, Answer], Awaitable[None]]

HANG_SECONDS: Final = 90.0
"""A hang ends after this, so that nothing hangs for ever: longer than the 75 s that a judge waits."""

_LOGIN_PAGE: Final = b"""<!DOCTYPE html>
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


def _always(answer: Answer) -> Behaviour:
    async def behave(exchange: Exchange, _good: Answer) -> None:
        await exchange.answer(answer)

    return behave


async def _http_500_with_document(exchange: Exchange, good: Answer) -> None:
    await exchange.answer(make_answer(500, good.body, content_type=good.content_type, outcome=Outcome.NOT))


async def _connection_reset(exchange: Exchange, _good: Answer) -> None:
    exchange.reset()


async def _hang_before_headers(exchange: Exchange, _good: Answer) -> None:
    if not await exchange.gone(within=HANG_SECONDS):
        exchange.reset()


BEHAVIOURS: Final[Mapping[str, Behaviour]] = MappingProxyType(
    {
        "connection-reset": _connection_reset,
        "hang-before-headers": _hang_before_headers,
        "http-404": _always(
            json_answer(404, {"error": "not_found", "error_description": "There is no such page here."})
        ),
        "http-500-with-document": _http_500_with_document,
        "html-login-page": _always(
            make_answer(200, _LOGIN_PAGE, content_type="text/html; charset=utf-8", outcome=Outcome.NOT)
        ),
        "not-json": _always(make_answer(200, b'{"issuer":', content_type="application/json", outcome=Outcome.NOT)),
    }
)
"""All failures but those of the address, which no request can reach."""

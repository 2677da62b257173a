"""What the failures of section B do: other statuses than 200, and redirects."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final
from urllib.parse import parse_qs, urlsplit

from idpact_mock.answer import Answer, json_answer, make_answer
from idpact_mock.behaviours.scene import LOGIN_PAGE, Behaviour, Scene, answered, bare_answer, raw_head
from idpact_mock.exchange import Exchange

__all__ = ["STATUS"]

_ERRORS: Final = {
    400: ("bad_request", "This request can't be understood."),
    401: ("unauthorized", "Who are you?"),
    403: ("forbidden", "This is not for you."),
    404: ("not_found", "There is no such page here."),
    410: ("gone", "This page has gone for good."),
    429: ("slow_down", "Too many requests."),
    503: ("unavailable", "Come back later."),
}
_PROXY_PAGE: Final = (
    b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><h1>502 Bad Gateway</h1></body>\r\n</html>\r\n"
)
# What requests, httpx, aiohttp, Node, Go, Java and curl call themselves where nobody told them otherwise.
_DEFAULT_AGENTS: Final = re.compile(
    r"(?:python-requests|python-httpx|Python-urllib|Python/|node|undici|Go-http-client|Java|okhttp|curl|Wget|axios)\b.*"
)
_HTML: Final = "text/html; charset=utf-8"
_HOP: Final = "hop"


def _error(status: int, scene: Scene, body: str, headers: Mapping[str, str] | None = None) -> Answer:
    if body == "document":
        good = scene.good
        return make_answer(status, good.body, content_type=good.content_type, outcome=scene.outcome, headers=headers)
    if body == "html":
        return make_answer(status, LOGIN_PAGE, content_type=_HTML, outcome=scene.outcome, headers=headers)
    error, told = _ERRORS[status]
    return json_answer(status, {"error": error, "error_description": told}, headers=headers)


def _fails(status: int, **headers: str) -> Behaviour:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return answered(lambda scene: _error(status, scene, scene.value("body"), named))


async def _http_403(exchange: Exchange, scene: Scene) -> None:
    agent = exchange.header("user-agent")
    if scene.value("only_default_agents") and agent and not _DEFAULT_AGENTS.fullmatch(agent):
        exchange.entry.outcome = scene.good.outcome
        await exchange.answer(scene.good)
        return
    await exchange.answer(_error(403, scene, scene.value("body")))


def _http_429(scene: Scene) -> Answer:
    return _error(429, scene, scene.value("body"), {"retry-after": str(scene.value("retry_after"))})


def _http_500(scene: Scene) -> Answer:
    return make_answer(500, scene.good.body, content_type=scene.good.content_type, outcome=scene.outcome)


def _http_502(scene: Scene) -> Answer:
    return make_answer(502, _PROXY_PAGE, content_type=_HTML, outcome=scene.outcome)


def _other_success(scene: Scene) -> Answer:
    good = scene.good
    return make_answer(scene.value("status"), good.body, content_type=good.content_type, outcome=scene.outcome)


def _bare_status(status_line: str) -> Behaviour:
    async def behave(exchange: Exchange, _scene: Scene) -> None:
        wire = exchange.take()
        exchange.note(status=int(status_line.split(" ")[1]))
        if await wire.write(raw_head(status_line, "content-length: 0")):
            wire.finish()

    return behave


async def _early_hints(exchange: Exchange, scene: Scene) -> None:
    wire, good = exchange.take(), scene.good
    exchange.note(status=good.status, content=good.body, content_type=good.content_type)
    hints = b"HTTP/1.1 103 Early Hints\r\nlink: </style.css>; rel=preload; as=style\r\n\r\n"
    if await wire.write(hints + good.head + b"connection: close\r\n\r\n" + good.body):
        wire.finish()


# -- redirects ---------------------------------------------------------------------------------------------------------


def _redirect(status: int, location: str | None) -> Answer:
    headers = [("cache-control", "no-store"), ("content-length", "0")]
    return bare_answer(status, headers if location is None else [("location", location), *headers])


def _hops(exchange: Exchange) -> int:
    """How often this client was redirected already: the address says so, and nobody has to remember."""
    told = parse_qs(urlsplit(exchange.entry.target).query).get(_HOP, ["0"])[0]
    return int(told) if told.isascii() and told.isdigit() and len(told) < 6 else 0  # noqa: PLR2004 - more than any chain


def _path(exchange: Exchange) -> str:
    return exchange.entry.target.partition("?")[0]


def _chain(base: Callable[[Scene], str], hops: Callable[[Scene], int]) -> Behaviour:
    """Redirects before the perfect document, each to the same path below `base`."""

    async def behave(exchange: Exchange, scene: Scene) -> None:
        hop = _hops(exchange)
        if hop >= hops(scene):
            await exchange.answer(scene.good)
            return
        await exchange.answer(_redirect(scene.value("status"), f"{base(scene)}{_path(exchange)}?{_HOP}={hop + 1}"))

    return behave


def _once(base: Callable[[Scene], str]) -> Behaviour:
    return _chain(base, lambda _scene: 1)


async def _loop(exchange: Exchange, scene: Scene) -> None:
    await exchange.answer(_redirect(scene.value("status"), exchange.entry.target))


def _to(location: Callable[[Scene], str | None]) -> Behaviour:
    return answered(lambda scene: _redirect(scene.value("status"), location(scene)))


async def _well_known_slash(exchange: Exchange, scene: Scene) -> None:
    path = _path(exchange)
    await exchange.answer(scene.good if path.endswith("/") else _redirect(301, f"{path}/"))


def _internal(scene: Scene) -> str:
    return scene.value("location") or f"{scene.neighbour}/latest/meta-data/"


STATUS: Final[Mapping[str, Behaviour]] = MappingProxyType(
    {
        "http-404": _fails(404),
        "http-410": _fails(410),
        "http-400": _fails(400),
        "http-401": _fails(401, www_authenticate="Bearer"),
        "http-403": _http_403,
        "http-429-retry-after": answered(_http_429),
        "http-500-with-document": answered(_http_500),
        "http-502-html": answered(_http_502),
        "http-503": _fails(503),
        "http-503-then-200": answered(lambda scene: _error(503, scene, "json")),
        "http-204": answered(lambda _scene: bare_answer(204, [("cache-control", "no-store")])),
        "empty-body": answered(lambda scene: scene.with_body(b"")),
        "http-2xx-not-200": answered(_other_success),
        "http-304-unasked": answered(lambda _scene: bare_answer(304, [("etag", '"1"')])),
        "http-status-999": _bare_status("HTTP/1.1 999 Request Denied"),
        "http-status-42": _bare_status("HTTP/1.1 42 Answer"),
        "early-hints-103": _early_hints,
        "redirect-same-host": _once(lambda _scene: ""),
        "redirect-cross-host": _once(lambda scene: scene.neighbour),
        "redirect-http-https": _once(lambda scene: scene.neighbour),
        "redirect-https-http": _once(lambda scene: scene.neighbour),
        "redirect-loop": _loop,
        "redirect-chain-50": _chain(lambda _scene: "", lambda scene: scene.value("hops")),
        "redirect-non-http": _to(lambda scene: scene.value("location")),
        "redirect-no-location": _to(lambda _scene: None),
        "redirect-bad-location": _to(lambda scene: scene.value("location")),
        "redirect-internal": _to(_internal),
        "well-known-slash": _well_known_slash,
    }
)

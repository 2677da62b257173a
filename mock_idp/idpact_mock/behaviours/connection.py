"""What the failures of section A do: no answer, half of one, or none that is HTTP."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from idpact_mock.behaviours.scene import Behaviour, Scene, answered, raw_head
from idpact_mock.exchange import Exchange

__all__ = ["CONNECTION"]

_JSON_TYPE: Final = "content-type: application/json"
_GARBAGE: Final = {"garbage": b"\x00\x01garbage\r\n\r\n", "ssh": b"SSH-2.0-OpenSSH_9.6\r\n"}
_RESET_AFTER: Final = 0.1


async def _hang(exchange: Exchange, seconds: float) -> None:
    if not await exchange.gone(within=seconds):
        exchange.reset()


async def _empty_reply(exchange: Exchange, _scene: Scene) -> None:
    exchange.take().finish()


async def _connection_reset(exchange: Exchange, _scene: Scene) -> None:
    exchange.reset()


async def _reset_mid_body(exchange: Exchange, scene: Scene) -> None:
    wire = exchange.take()
    exchange.note(status=scene.good.status, content=scene.good.body[:21], content_type="application/json")
    await wire.write(raw_head(scene.status_line, _JSON_TYPE, "content-length: 500") + scene.good.body[:21])
    # A reset throws away what the client hasn't read: it is given the time to.
    if not await exchange.gone(within=_RESET_AFTER):
        exchange.reset()


async def _hang_before_headers(exchange: Exchange, scene: Scene) -> None:
    await _hang(exchange, scene.value("seconds"))


async def _hang_mid_headers(exchange: Exchange, scene: Scene) -> None:
    wire = exchange.take()
    exchange.note(status=200)
    if await wire.write(b"HTTP/1.1 200 OK\r\nContent-Ty"):
        await _hang(exchange, scene.value("seconds"))


async def _hang_mid_body(exchange: Exchange, scene: Scene) -> None:
    half = scene.good.body[: len(scene.good.body) // 2]
    exchange.note(status=scene.good.status, content=half, content_type=scene.good.content_type)
    await exchange.start(scene.good.status, scene.good.headers)
    await exchange.part(half)
    await _hang(exchange, scene.value("seconds"))


async def _chunked_trickle(exchange: Exchange, scene: Scene) -> None:
    body = scene.good.body
    exchange.note(status=scene.good.status, content=body, content_type=scene.good.content_type)
    await exchange.start(scene.good.status, _unframed(scene))
    for at in range(len(body)):
        if await exchange.gone(within=scene.value("pause")):
            return
        await exchange.part(body[at : at + 1])
    await exchange.part(b"", more=False)


async def _trickle_endless(exchange: Exchange, scene: Scene) -> None:
    pause, left = scene.value("pause"), scene.value("seconds")
    exchange.note(status=200, content_type=scene.good.content_type)
    await exchange.start(200, _unframed(scene))
    while left > 0:
        if await exchange.gone(within=min(pause, left)):
            return
        left -= pause
        await exchange.part(b" ")
    exchange.reset()


def _unframed(scene: Scene) -> list[tuple[bytes, bytes]]:
    return [pair for pair in scene.good.headers if pair[0] != b"content-length"]


async def _garbage(exchange: Exchange, scene: Scene) -> None:
    wire = exchange.take()
    if await wire.write(_GARBAGE[scene.value("bytes")]):
        wire.finish()


async def _http09(exchange: Exchange, scene: Scene) -> None:
    wire = exchange.take()
    exchange.note(status=None, content=scene.good.body)
    if await wire.write(scene.good.body):
        wire.finish()


_perfect: Final = answered(lambda scene: scene.good)

CONNECTION: Final[Mapping[str, Behaviour]] = MappingProxyType(
    {
        "tls-untrusted": _perfect,
        "tls-expired": _perfect,
        "tls-wrong-host": _perfect,
        "tls-not-tls": _perfect,
        "empty-reply": _empty_reply,
        "connection-reset": _connection_reset,
        "reset-mid-body": _reset_mid_body,
        "hang-before-headers": _hang_before_headers,
        "hang-mid-headers": _hang_mid_headers,
        "hang-mid-body": _hang_mid_body,
        "chunked-trickle": _chunked_trickle,
        "trickle-endless": _trickle_endless,
        "garbage-status-line": _garbage,
        "http09": _http09,
    }
)

"""What the failures of section E do: caches at the document's own address, and decoys at addresses beside it."""

import hashlib
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import urlsplit

from idpact_mock.answer import Answer, json_answer
from idpact_mock.behaviours.scene import Behaviour, Scene, answered, bare_answer, json_body
from idpact_mock.document import WELL_KNOWN, base_document
from idpact_mock.exchange import Exchange
from idpact_mock.failures import Outcome

__all__ = ["ADDRESS", "DECOYS", "decoy"]

_PAST: Final = "Thu, 01 Jan 1970 00:00:00 GMT"


def _moved(document: dict[str, Any]) -> dict[str, Any]:
    """The same with each endpoint elsewhere."""
    names = [name for name in document if name.endswith("_endpoint") or name == "jwks_uri"]
    return {**document, **{name: f"https://moved.idp.test/{name}" for name in names}}


def _cache_stale(scene: Scene) -> Answer:
    if scene.number > 1:
        return scene.with_body(json_body(_moved(scene.document())))
    return scene.with_body(scene.good.body, cache_control=f"public, max-age={scene.value('max_age')}")


async def _etag(exchange: Exchange, scene: Scene) -> None:
    etag = f'"{hashlib.sha256(scene.good.body).hexdigest()[:16]}"'
    known = [told.strip().removeprefix("W/") for told in exchange.header("if-none-match").split(",")]
    if etag in known or "*" in known:
        await exchange.answer(bare_answer(304, [("etag", etag), ("cache-control", "no-cache")]))
        return
    await exchange.answer(scene.with_body(scene.good.body, etag=etag, cache_control="no-cache"))


def _no_store(scene: Scene) -> Answer:
    return scene.with_body(scene.good.body, cache_control="no-store", expires=_PAST, pragma="no-cache")


def _set_cookie(scene: Scene) -> Answer:
    return scene.with_body(scene.good.body, set_cookie=f"idpact={scene.number}; Path=/; HttpOnly")


_perfect: Final = answered(lambda scene: scene.good)

ADDRESS: Final[Mapping[str, Behaviour]] = MappingProxyType(
    {
        "decoy-at-root": _perfect,
        "decoy-inserted": _perfect,
        "double-slash-404": _perfect,
        "doubled-well-known": _perfect,
        "double-slash-decoy": _perfect,
        "cache-stale": answered(_cache_stale),
        "etag-304": _etag,
        "no-store": answered(_no_store),
        "set-cookie": answered(_set_cookie),
    }
)

DECOYS: Final[Mapping[str, Callable[[str], str]]] = MappingProxyType(
    {
        "decoy-at-root": lambda _path: WELL_KNOWN,
        "decoy-inserted": lambda path: f"{WELL_KNOWN}{path}",
        "double-slash-decoy": lambda path: f"{path}/{WELL_KNOWN}",
    }
)
"""Where another document is than the issuer's own, by failure: from the issuer's path to the decoy's."""


def decoy(failure_id: str, *, root: str, path: str, asked: str) -> Answer | None:
    """The decoy at the path that was asked for; None if there is none.

    Args:
        failure_id: The failure that is on.
        root: The issuer without its final slash.
        path: The issuer's path.
        asked: The path of the request.
    """
    place = DECOYS.get(failure_id)
    if place is None or asked != place(path):
        return None
    parts = urlsplit(root)
    issuer = f"{parts.scheme}://{parts.netloc}/decoy"
    return json_answer(200, base_document(issuer, "https://decoy.idp.test"), outcome=Outcome.NOT_STRICT)

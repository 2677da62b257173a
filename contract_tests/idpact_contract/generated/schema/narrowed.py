"""The document from which bodies are generated: the published one, narrowed to values that no right implementation refuses.

Pure. Issuers are symbols, so that what is generated depends on the seed alone; `filled_in` puts live ones in their place.
"""

import copy
import json
from collections.abc import Mapping
from typing import Any, Final

from idpact_contract.connection import UPDATABLE, URL_FIELDS
from idpact_contract.openapi import openapi_document
from idpact_contract.pointer import ABSENT, resolve, tokens
from idpact_contract.targets.profile import Profile

__all__ = ["SYMBOLS", "filled_in", "narrowed", "typed_in"]

SYMBOLS: Final = ("https://full-issuer.invalid", "https://partial-issuer.invalid")
"""What stands for an issuer with a full document, and for one whose document lacks a member."""

_PATTERNS: Final[Mapping[str, str]] = {
    "display_name": "^[A-Za-z][A-Za-z ]{1,30}[A-Za-z]$",
    "client_id": "^[A-Za-z0-9_-]{8,32}$",
    "client_secret": "^[A-Za-z0-9_-]{24,40}$",
    **dict.fromkeys(URL_FIELDS, "^https://[a-z]{3,12}\\.example/[a-z0-9]{1,16}$"),
}
_EXAMPLES: Final[Mapping[str, str]] = {
    "display_name": "Acme",
    "client_id": "client-of-acme",
    "client_secret": "client-secret-of-acme-0123",
    **{name: f"https://typed.example/{name.removesuffix('_url')}" for name in URL_FIELDS},
}


def narrowed(profile: Profile) -> dict[str, Any]:
    """The document of that profile, its update's body narrowed and nothing else in it changed."""
    document = copy.deepcopy(openapi_document(profile))
    operation = profile.operations.update
    update = document["paths"][operation.path.partition("?")[0]][operation.method.lower()]
    body = update["requestBody"]["content"]["application/json"]["schema"]
    _close(body)
    for name in UPDATABLE:
        schema: Any = body
        for token in _place(profile, name):
            schema = schema["properties"][token]
        _narrow(name, schema)
    return document


def _place(profile: Profile, name: str) -> tuple[str, ...]:
    return (*tokens(profile.operations.update.wrap), *tokens(profile.place(name)))


def _pointer(place: tuple[str, ...]) -> str:
    return "".join("/" + token.replace("~", "~0").replace("/", "~1") for token in place)


def _close(schema: dict[str, Any]) -> None:
    """Unknown members are left open, so that no valid body holds one."""
    if schema.get("type") == "object":
        schema["additionalProperties"] = False
        for member in schema["properties"].values():
            _close(member)


def _narrow(name: str, schema: dict[str, Any]) -> None:
    if name == "issuer":
        schema |= {"enum": [*SYMBOLS], "examples": [SYMBOLS[0]]}
        schema.pop("format", None)
    elif name in _PATTERNS:
        schema |= {"pattern": _PATTERNS[name], "examples": [_EXAMPLES[name]]}
        schema.pop("format", None)


def typed_in(body: object, profile: Profile, issuers: Mapping[str, str]) -> dict[str, Any]:
    """A valid body in our own field names, with live issuers."""
    found = {name: resolve(body, _pointer(_place(profile, name))) for name in UPDATABLE}
    typed = {name: value for name, value in found.items() if value is not ABSENT}
    if isinstance(issuer := typed.get("issuer"), str):
        typed["issuer"] = issuers.get(issuer, issuer)
    return typed


def filled_in(body: object, issuers: Mapping[str, str]) -> str:
    """An invalid body as text, with live issuers; bytes that are no text are replaced."""
    text = body.decode("utf-8", "replace") if isinstance(body, bytes) else json.dumps(body)
    for symbol, url in issuers.items():
        text = text.replace(symbol, url)
    return text

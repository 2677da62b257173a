"""The configuration file as JSON Schema, made of the control interface's words. `python -m idpact_mock.config_schema` writes it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, get_args

from idpact_mock.identity import Identity
from idpact_mock.schema import Schema
from idpact_mock.schemas import DOCUMENT_CHANGE, HEADERS, MAKING
from idpact_mock.server_words import MOST_WORKERS

__all__ = ["FILE", "ISSUER", "SERVER", "config_schema", "text"]

FILE: Final = Path(__file__).with_name("config.schema.json")
"""Where it is published, inside the package."""

_WORDS: Final = MAKING["properties"]

SERVER: Final[Schema] = {
    "type": "object",
    "description": "The server. Each word is also an option of `idpact serve` and, as IDPACT_SERVE_<WORD>, of the environment.",
    "properties": {
        "host": {"type": "string", "description": "Address to bind.", "default": "127.0.0.1"},
        "port": {
            "type": "integer",
            "minimum": 0,
            "maximum": 65535,
            "description": "Port to bind; 0 takes a free one.",
            "default": 0,
        },
        "url": {
            "type": "string",
            "format": "uri",
            "description": "Base URL at which clients reach the server, where that is another.",
        },
        "tls": {"type": "boolean", "description": "Serve https with a CA of its own.", "default": False},
        "cert": {"type": "string", "description": "PEM certificate chain to serve https with; relative to this file."},
        "key": {"type": "string", "description": "PEM private key of cert; relative to this file."},
        "ca_out": {"type": "string", "description": "Write the CA of tls to this file; relative to this file."},
        "allow_origins": {
            "type": "array",
            "items": {"type": "string"},
            "description": "Origins whose web pages may use the control interface besides its own; '*' stands for all.",
            "default": [],
        },
        "identity": {
            "type": "string",
            "enum": list(get_args(Identity)),
            "description": "Where issuers get their address from: the server's own, each request's Host, or what"
            " proxies say first.",
            "default": "pinned",
        },
        "preset": {
            **_WORDS["preset"],
            "description": "The vendor's form of the issuer 'default', which is made where no issuers are listed.",
        },
        "preset_parameters": {**_WORDS["preset_parameters"], "description": "Parameters of that preset."},
        "verbatim": {**_WORDS["verbatim"], "description": "Its document names the vendor's own hosts."},
        "quirks": {**_WORDS["quirks"], "description": "Its document is as wrong as the vendor's."},
        "log": {"type": "boolean", "description": "Write a line for each request to stderr.", "default": False},
        "workers": {
            "type": "integer",
            "minimum": 1,
            "maximum": MOST_WORKERS,
            "description": "Processes that serve, as one; more than one need a store.",
            "default": 1,
        },
        "store": {
            "type": "string",
            "format": "uri",
            "description": "Redis in which workers and replicas keep what they share, such as "
            "redis://127.0.0.1:6379/0?prefix=idpact.",
        },
    },
    "additionalProperties": False,
}

ISSUER: Final[Schema] = {
    "type": "object",
    "description": "An issuer to make: the words of POST and PATCH of the control interface.",
    "properties": {**MAKING["properties"], "document": DOCUMENT_CHANGE, "headers": HEADERS},
    "additionalProperties": False,
}


def config_schema() -> dict[str, Any]:
    """The schema of the whole file."""
    issuers = {
        "type": "array",
        "items": ISSUER,
        "description": "Without this there is one named 'default'; an empty list makes none.",
    }
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "idpact serve --config",
        "type": "object",
        "properties": {"server": SERVER, "issuers": issuers},
        "additionalProperties": False,
    }
    written: dict[str, Any] = _without_null(schema)
    return written


def text() -> str:
    """The schema as it is published."""
    return json.dumps(config_schema(), indent=2) + "\n"


def _without_null(schema: Any) -> Any:  # noqa: ANN401 - any JSON value
    """The same where nothing can be null, as in TOML."""
    if isinstance(schema, list):
        return [_without_null(value) for value in schema]
    if not isinstance(schema, Mapping):
        return schema
    plain = {name: _without_null(value) for name, value in schema.items()}
    if isinstance(plain.get("type"), list):
        kinds = [kind for kind in plain["type"] if kind != "null"]
        plain["type"] = kinds[0] if len(kinds) == 1 else kinds
    if isinstance(plain.get("enum"), list):
        plain["enum"] = [value for value in plain["enum"] if value is not None]
    return plain


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")

"""How schemas of the control interface are put together. Pure."""

from collections.abc import Mapping
from typing import Any

__all__ = ["Schema", "or_null", "ref", "sent", "shown", "told"]

Schema = Mapping[str, Any]


def ref(name: str) -> Schema:
    """A reference to a component of the OpenAPI document."""
    return {"$ref": f"#/components/schemas/{name}"}


def sent(properties: Mapping[str, Schema], *, required: tuple[str, ...] | None = None, about: str = "") -> Schema:
    """What is sent: nothing but these members."""
    schema: dict[str, Any] = {"type": "object", "properties": dict(properties), "additionalProperties": False}
    if required:
        schema["required"] = list(required)
    return {"description": about, **schema} if about else schema


def shown(properties: Mapping[str, Schema], *, about: str = "", optional: tuple[str, ...] = ()) -> Schema:
    """What is answered: these members, and others that later versions may add."""
    required = [name for name in properties if name not in optional]
    schema = {"type": "object", "properties": dict(properties), "required": required}
    return {"description": about, **schema} if about else schema


def or_null(schema: Schema) -> Schema:
    """The same, or null."""
    if "enum" in schema:
        return {**schema, "type": ["string", "null"], "enum": [*schema["enum"], None]}
    return {**schema, "type": [schema["type"], "null"]}


def told(schema: Schema, about: str) -> Schema:
    """The same with a description."""
    return {**schema, "description": about}

"""JSON Pointers (RFC 6901) into objects: read a place, or fill one in and make its parents.

The libraries read as well, but none makes missing parents, which building a nested request body needs.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

__all__ = ["ABSENT", "put", "resolve", "tokens"]

_INDEX: Final = re.compile(r"0|[1-9][0-9]*")
"""An array index as RFC 6901, section 4, spells it."""

ABSENT: Final = object()
"""What `resolve` returns for a place that isn't there; a JSON null is None."""


def tokens(pointer: str) -> tuple[str, ...]:
    """The reference tokens of a pointer; a plain name is a pointer of one token, "" the whole document."""
    if pointer == "":
        return ()
    if not pointer.startswith("/"):
        return (pointer,)
    return tuple(token.replace("~1", "/").replace("~0", "~") for token in pointer[1:].split("/"))


def resolve(document: object, pointer: str) -> Any:  # noqa: ANN401 - JSON is any value
    """The value at that place, or `ABSENT`."""
    value: Any = document
    for token in tokens(pointer):
        if isinstance(value, Mapping) and token in value:
            value = value[token]
        elif isinstance(value, list) and _INDEX.fullmatch(token) and int(token) < len(value):
            value = value[int(token)]
        else:
            return ABSENT
    return value


def put(document: dict[str, Any], pointer: str, value: object) -> None:
    """Set the value at that place, making the objects on the way.

    Raises:
        ValueError: The pointer names the whole document, or a parent is no object.
    """
    path = tokens(pointer)
    if not path:
        raise ValueError(f"{pointer!r} names the whole document, not a member of it")
    for token in path[:-1]:
        document = document.setdefault(token, {})
        if not isinstance(document, dict):
            raise ValueError(f"{pointer!r}: {token!r} is no object")  # noqa: TRY004 - the pointer is at fault, no type
    document[path[-1]] = value

"""What a request body asks for. Knows the parameters and their JSON types; reads and writes no connection.

Each decision is a method of its own, to be read beside its rule; `Connections` inherits them all.
"""

import math
from collections.abc import Iterable, Mapping
from typing import Final

from idpact_contract.reference.errors import bad_value
from idpact_contract.reference.model import IDENTITY_PROVIDERS, PARAMETERS, URL_FIELDS
from idpact_contract.reference.urls import issuer_problem, url_problem

__all__ = ["Inputs"]

_UNSTORABLE: Final = "a string here holds no NUL and no lone surrogate"
_DEPTH: Final = 64
"""Far below what Python's own JSON can write, wherever in an answer the object stands."""


class Inputs:
    """From a JSON object to the values that were typed, or a refusal that names the member."""

    def typed(self, body: Mapping[str, object]) -> dict[str, object]:
        """KEEP-7: none of the parameters is required; what is there is checked before anything is changed (KEEP-6).

        Raises:
            RequestRefusedError: 400, for the first value that can't be stored.
        """
        return {name: self.value(name, body[name]) for name in self.parameters() if self.is_typed(name, body)}

    def parameters(self) -> tuple[str, ...]:
        """KEEP-4, ORG-4: ids, redirect_url and status are none of them, so a body that names those moves nothing."""
        return PARAMETERS

    def is_typed(self, name: str, body: Mapping[str, object]) -> bool:
        """KEEP-1: an omitted parameter isn't typed; nor is null, which the source leaves open."""
        return body.get(name) is not None

    def value(self, name: str, value: object) -> object:
        """INPUT-1: each parameter has one JSON type; no other is converted to it.

        Raises:
            RequestRefusedError: 400.
        """
        return self.mapping(name, value) if name == "attribute_mapping" else self.string(name, value)

    def string(self, name: str, value: object) -> str:
        """INPUT-1: a string that any store and any answer can hold; "", which the source leaves open, clears.

        Raises:
            RequestRefusedError: 400.
        """
        if not isinstance(value, str):
            raise bad_value(name, value, "wanted a string")
        if not _storable(value):
            raise bad_value(name, value, _UNSTORABLE)
        if problem := value and self.problem(name, value):
            raise bad_value(name, value, problem)
        return value

    def problem(self, name: str, value: str) -> str | None:
        """Say what is wrong with a non-empty string as that parameter's value; None where nothing is."""
        if name == "identity_provider":
            return self.identity_provider_problem(value)
        if name == "issuer":
            return self.issuer_problem(value)
        return self.url_problem(value) if name in URL_FIELDS else None

    def identity_provider_problem(self, value: str) -> str | None:
        """INPUT-1: the documented identity providers are a closed list."""
        return None if value in IDENTITY_PROVIDERS else f"wanted one of {', '.join(IDENTITY_PROVIDERS)}"

    def issuer_problem(self, value: str) -> str | None:
        """INPUT-3: no scheme but http and https is ever stored, hence none is ever fetched."""
        return issuer_problem(value)

    def url_problem(self, value: str) -> str | None:
        """INPUT-3, for the four URLs."""
        return url_problem(value)

    def mapping(self, name: str, value: object) -> Mapping[str, object]:
        """INPUT-1: an object that can be written as JSON again.

        Raises:
            RequestRefusedError: 400.
        """
        if not isinstance(value, dict):
            raise bad_value(name, value, "wanted an object")
        if problem := _mapping_problem(value):
            raise bad_value(name, value, problem)
        return value


def _mapping_problem(mapping: dict[str, object]) -> str | None:
    """Say what keeps an object from being stored and shown again, None where nothing does; level by level."""
    level: list[object] = [mapping]
    for _ in range(_DEPTH):
        if problem := next(filter(None, map(_leaf_problem, level)), None):
            return problem
        level = [inner for value in level for inner in _inside(value)]
        if not level:
            return None
    return f"wanted an object of {_DEPTH} levels at most"


def _inside(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return [*value, *value.values()]
    return value if isinstance(value, list) else ()


def _leaf_problem(value: object) -> str | None:
    if isinstance(value, str) and not _storable(value):
        return _UNSTORABLE
    if isinstance(value, float) and not math.isfinite(value):
        return "wanted finite numbers, which JSON's are"
    return None


def _storable(text: str) -> bool:
    """SQLite and JSON both want UTF-8, which has no lone surrogates; many a database refuses NUL."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text

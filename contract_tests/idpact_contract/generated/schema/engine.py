"""Schemathesis as a generator, and the only module that knows it.

It loads a document and makes bodies; it sends nothing and judges nothing. It registers nothing, so that a user's own
Schemathesis tests are as they were; and reads no configuration but the one given here, so that a user's changes no verdict.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.core import NotSet

__all__ = ["FUZZED", "Engine", "Made"]

FUZZED: Final = "a generated body"
"""What a fuzzed body is about; a boundary says which it is."""

_CONFIG: Final = {"generation": {"allow-x00": False, "codec": "utf-8", "with-security-parameters": False}}


_HOOKS: Final = "SCHEMATHESIS_HOOKS"
_ENVIRONMENT: Final = Lock()


@contextmanager
def _without_hooks() -> Iterator[None]:
    """Any configuration imports what that variable names, and no setting says otherwise: it is unset meanwhile."""
    with _ENVIRONMENT:
        named = os.environ.pop(_HOOKS, None)
        try:
            yield
        finally:
            if named is not None:
                os.environ[_HOOKS] = named


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """One request that was made up.

    Attributes:
        about: What is tried with it, in a few words.
        method: The request method.
        body: A JSON value or bytes; b"" for none.
        valid: The document admits it.
    """

    about: str
    method: str
    body: Any
    valid: bool


class Engine:
    """Makes requests of one operation.

    Args:
        document: An OpenAPI document.
        path: The operation's path in it.
        method: The operation's method.
        seed: What all that is made follows from.
    """

    def __init__(self, document: dict[str, Any], *, path: str, method: str, seed: int) -> None:
        with _without_hooks():
            self._schema = schemathesis.openapi.from_dict(document, config=schemathesis.Config.from_dict(_CONFIG))
        self._operation = self._schema[path][method]
        self._seed = seed

    def fuzzed(self, count: int, *, valid: bool) -> list[Made]:
        """That many bodies at most, from the smallest on."""
        mode = GenerationMode.POSITIVE if valid else GenerationMode.NEGATIVE
        made: list[Made] = []

        @seed(self._seed)
        @settings(
            max_examples=count,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(self._operation.as_strategy(generation_mode=mode))
        def draw(case: Any) -> None:  # noqa: ANN401 - Schemathesis' own
            made.append(_made(FUZZED, case, valid=valid))

        draw()
        return made

    def boundaries(self) -> Iterator[Made]:
        """Each boundary of the document once: valid values, invalid ones, and methods that the path doesn't have."""
        cases = self._schema.iter_coverage_cases(
            self._operation,
            generation_modes=[GenerationMode.POSITIVE, GenerationMode.NEGATIVE],
            generation_config=self._schema.config.generation_for(operation=self._operation, phase="coverage"),
        )
        for case in cases:
            about = (case.meta.phase.data.description if case.meta else None) or "a boundary"
            valid = case.meta is not None and case.meta.generation.mode is GenerationMode.POSITIVE
            yield _made(about, case, valid=valid)


def _made(about: str, case: Any, *, valid: bool) -> Made:  # noqa: ANN401 - Schemathesis' own
    body = b"" if isinstance(case.body, NotSet) else case.body
    return Made(about=about, method=case.method.upper(), body=body, valid=valid)

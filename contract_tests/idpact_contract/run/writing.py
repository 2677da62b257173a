"""A trial as JSON: what was seen is kept, but for what no JSON text can hold and what nobody reads. Pure.

Identity providers and implementations send halves of surrogate pairs and URLs of a megabyte; a verdict is reached on those
themselves, and what is written down afterwards tells of them.
"""

from typing import Any, Final

import msgspec

from idpact_contract.trial import Trial

__all__ = ["LONGEST", "written"]

LONGEST: Final = 100_000
"""Characters of one text that are kept."""

_KEPT: Final = 1_000


def written(trial: Trial) -> str:
    """The trial as JSON, which `msgspec.json.decode(text, type=Trial)` reads again.

    Half of a surrogate pair becomes U+FFFD; a text beyond `LONGEST` characters is cut, and says how long it was. Equal texts
    stay equal.
    """
    return msgspec.json.encode(_plain(msgspec.to_builtins(trial))).decode()


def _plain(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    match value:
        case str():
            return _text(value)
        case dict():
            return {_text(name): _plain(member) for name, member in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case _:
            return value


def _text(text: str) -> str:
    if len(text) > LONGEST:
        text = f"{text[:_KEPT]}… ({len(text)} characters)"
    return text if text.isascii() else text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")

"""A trial as JSON: what was seen is kept, but for what no JSON text can hold and what nobody reads. Pure.

Identity providers and implementations send halves of surrogate pairs and URLs of a megabyte; a verdict is reached on those
themselves, and what is written down afterwards tells of them.
"""

from typing import Final

import msgspec

from idpact_contract.forms import encodable, with_texts
from idpact_contract.trial import Trial

__all__ = ["LONGEST", "written"]

LONGEST: Final = 100_000
"""Characters of one text that are kept."""

_KEPT: Final = 1_000


def written(trial: Trial) -> str:
    """The trial as JSON, which `msgspec.json.decode(text, type=Trial)` reads again.

    A text beyond `LONGEST` characters is cut, and says how long it was. Equal texts stay equal.
    """
    return msgspec.json.encode(with_texts(trial, _kept)).decode()


def _kept(text: str) -> str:
    return encodable(text if len(text) <= LONGEST else f"{text[:_KEPT]}… ({len(text)} characters)")

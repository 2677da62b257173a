"""A trial as JSON: what was seen is kept, but for what no JSON text can hold and what nobody reads. Pure.

Identity providers and implementations send halves of surrogate pairs and URLs of a megabyte; a verdict is reached on those
themselves, and what is written down afterwards tells of them.
"""

import hashlib
from typing import Final

import msgspec

from idpact_contract.cases import CASES
from idpact_contract.forms import encodable, with_texts
from idpact_contract.judgement import NotJudged
from idpact_contract.trial import Trial

__all__ = ["LONGEST", "written"]

LONGEST: Final = 4_000
"""Characters of one text that are kept, unless a judge needs more."""

_KEPT: Final = 1_000


def written(trial: Trial) -> str:
    """The trial as JSON, which `msgspec.json.decode(text, type=Trial)` reads again.

    A text beyond `LONGEST` characters is cut, and tells its length and digest: equal texts stay equal, others different.
    Where the judge would then say something else, nothing is cut: what is written down can always be judged again.
    """
    short = with_texts(trial, _cut)
    return msgspec.json.encode(short if _judged_alike(short) else with_texts(trial, encodable)).decode()


def _cut(text: str) -> str:
    if len(text) <= LONGEST:
        return encodable(text)
    whole = encodable(text)
    digest = hashlib.sha256(whole.encode()).hexdigest()
    return f"{whole[:_KEPT]}… ({len(whole)} characters, sha256:{digest})"


def _judged_alike(trial: Trial) -> bool:
    """The judge, asked again, says the same; of a case that never came to be judged there is nothing to ask."""
    if trial.evidence is None or isinstance(trial.judgement, NotJudged | None) or trial.case not in CASES:
        return True
    return type(CASES[trial.case].judgement(trial.evidence)) is type(trial.judgement)

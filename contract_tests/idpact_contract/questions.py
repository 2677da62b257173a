"""What the source leaves open: never judged, always observed. Answers are enumerated words with their evidence.

Pure: answers are read out of the evidence that the cases gathered anyway.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

import msgspec

from idpact_contract.connection import URL_FIELDS
from idpact_contract.evidence import Evidence, Step
from idpact_contract.oracle import text
from idpact_contract.rules.judging import discovery_requests

__all__ = ["OpenAnswer", "answer_questions"]


class OpenAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """An open question, answered by what was seen.

    Attributes:
        question: The question's id, such as `old-urls-when-unreadable`.
        asks: The question in words.
        answer: One of an enumerated set of words, or a list of the values seen; `not observed` where nothing showed it.
        evidence: The ids of the cases that showed it.
    """

    question: str
    asks: str
    answer: str
    evidence: tuple[str, ...] = ()


_Observer = Callable[[Evidence], str | None]
_NOT_OBSERVED: Final = "not observed"


def _kept_or_cleared(step: Step, fields: Iterable[str]) -> str | None:
    before, after = step.before or {}, step.after or {}
    seen = {
        "kept"
        if text(after.get(name)) == text(before.get(name))
        else "cleared"
        if not text(after.get(name))
        else "other"
        for name in fields
        if text(before.get(name)) and name not in (step.typed or {})
    }
    return seen.pop() if len(seen) == 1 else ("mixed" if seen else None)


def _old_urls_when_unreadable(seen: Evidence) -> str | None:
    return _kept_or_cleared(seen.last, URL_FIELDS) if seen.last.exchange.accepted else None


def _old_url_when_member_missing(seen: Evidence) -> str | None:
    return _kept_or_cleared(seen.last, ("userinfo_url",)) if seen.last.exchange.accepted else None


def _requests_per_update(seen: Evidence) -> str | None:
    return str(len(discovery_requests(seen.last))) if seen.last.asked else None


def _header(name: str) -> _Observer:
    def observe(seen: Evidence) -> str | None:
        asked = discovery_requests(seen.last)
        if not asked:
            return None
        return next((value for key, value in asked[0].headers if key.lower() == name), "none sent")

    return observe


def _secret_in_reads(seen: Evidence) -> str | None:
    step = seen.last
    typed = text((step.typed or {}).get("client_secret"))
    if not typed or step.after is None or not step.exchange.accepted:
        return None
    told = text(step.after.get("client_secret"))
    return "clear" if told == typed else "masked" if told else "absent"


def _http_issuers(seen: Evidence) -> str | None:
    step = seen.last
    if not text((step.typed or {}).get("issuer")).startswith("http://"):
        return None
    if step.exchange.refused:
        return "refused"
    return "allowed" if step.asked else None


def _asked_with_all_typed(seen: Evidence) -> str | None:
    if not seen.last.exchange.accepted:
        return None
    return "requested" if discovery_requests(seen.last) else "skipped"


_QUESTIONS: Final[Sequence[tuple[str, str, tuple[str, ...], _Observer]]] = (
    (
        "old-urls-when-unreadable",
        "What happens to inferred URLs when the new issuer's document can't be read?",
        ("FALL-2/",),
        _old_urls_when_unreadable,
    ),
    (
        "old-url-when-member-missing",
        "What happens to an inferred URL when the new issuer's document lacks its member?",
        ("INFER-5/second-issuer-lacks-one",),
        _old_url_when_member_missing,
    ),
    (
        "requests-per-update",
        "How often is the document requested in one update?",
        ("DISC-1/", "DISC-3/"),
        _requests_per_update,
    ),
    (
        "discovery-when-all-typed",
        "Is the document requested although all four URLs are typed?",
        ("PREC-1/atuj",),
        _asked_with_all_typed,
    ),
    ("http-issuers", "Are issuers with the scheme http allowed?", ("DISC-1/",), _http_issuers),
    ("user-agent", "Which User-Agent asks for the document?", ("DISC-1/first-issuer",), _header("user-agent")),
    ("accept", "Which Accept header asks for the document?", ("DISC-1/first-issuer",), _header("accept")),
    (
        "secret-in-reads",
        "Is client_secret returned in reads?",
        ("KEEP-7/credentials", "DISC-1/with-"),
        _secret_in_reads,
    ),
)


def answer_questions(evidence: Mapping[str, Evidence]) -> tuple[OpenAnswer, ...]:
    """Every open question, answered from the evidence of a run by case id."""
    return tuple(_answered(question, asks, places, observe, evidence) for question, asks, places, observe in _QUESTIONS)


def _answered(
    question: str, asks: str, places: tuple[str, ...], observe: _Observer, evidence: Mapping[str, Evidence]
) -> OpenAnswer:
    told = {
        case: answer
        for case, seen in evidence.items()
        if case.startswith(places) and seen.judged and (answer := observe(seen)) is not None
    }
    answers = sorted(set(told.values()))
    return OpenAnswer(
        question=question, asks=asks, answer=" | ".join(answers) or _NOT_OBSERVED, evidence=tuple(sorted(told))
    )

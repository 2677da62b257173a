"""How an open question is answered: by the words that the evidence of its cases showed. Pure."""

from collections.abc import Mapping

import msgspec

from idpact_contract.evidence import Evidence
from idpact_contract.questions.open import QUESTIONS, Question

__all__ = ["NOT_OBSERVED", "OpenAnswer", "answer_questions"]

NOT_OBSERVED = "not observed"


class OpenAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """An open question, answered by what was seen.

    Attributes:
        question: The question's id, such as `old-urls-when-unreadable`.
        asks: The question in words.
        answer: One of the question's words, or several where cases showed several; `not observed` where nothing showed one.
        evidence: The ids of the cases that showed it.
    """

    question: str
    asks: str
    answer: str
    evidence: tuple[str, ...] = ()


def answer_questions(evidence: Mapping[str, Evidence]) -> tuple[OpenAnswer, ...]:
    """Every open question, answered from the evidence of a run by case id."""
    return tuple(_answered(question, evidence) for question in QUESTIONS)


def _answered(question: Question, evidence: Mapping[str, Evidence]) -> OpenAnswer:
    told = {
        case: answer
        for case, seen in evidence.items()
        if case.startswith(question.cases) and seen.judged and (answer := question.observe(seen)) is not None
    }
    answers = sorted(set(told.values()))
    return OpenAnswer(
        question=question.id,
        asks=question.asks,
        answer=" | ".join(answers) or NOT_OBSERVED,
        evidence=tuple(sorted(told)),
    )

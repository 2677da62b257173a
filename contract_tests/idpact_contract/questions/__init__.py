"""What the source leaves open: never judged, always observed and reported, since integrators need to know it."""

from idpact_contract.questions.asking import NOT_OBSERVED, OpenAnswer, answer_questions
from idpact_contract.questions.open import QUESTIONS, Question

__all__ = ["NOT_OBSERVED", "QUESTIONS", "OpenAnswer", "Question", "answer_questions"]

"""PREC: what the administrator typed wins over what was discovered, field by field."""

from idpact_contract.connection import URL_FIELDS
from idpact_contract.evidence import Evidence
from idpact_contract.judgement import Judgement, Passed
from idpact_contract.rules.judging import judge, judge_fields, no_document_served, not_accepted

__all__: list[str] = []


@judge("PREC-1", "PREC-4")
def typed_urls_are_stored(seen: Evidence) -> Judgement:
    """Every typed URL is stored as typed."""
    step = seen.last
    typed = tuple(name for name in URL_FIELDS if name in (step.typed or {}))
    return not_accepted(step) or judge_fields(seen, step, typed)


@judge("PREC-2")
def the_others_are_inferred(seen: Evidence) -> Judgement:
    """Every URL that was not typed is the one in the document served."""
    step = seen.last
    others = tuple(name for name in URL_FIELDS if name not in (step.typed or {}))
    return not_accepted(step) or no_document_served(step) or judge_fields(seen, step, others)


@judge("PREC-3")
def both_at_once(seen: Evidence) -> Judgement:
    """Typed URLs are stored as typed and the others inferred, whatever was there before or lacks in the document."""
    step = seen.last
    typed = typed_urls_are_stored(seen)
    if not isinstance(typed, Passed) or all(name in (step.typed or {}) for name in URL_FIELDS):
        return typed
    return the_others_are_inferred(seen)

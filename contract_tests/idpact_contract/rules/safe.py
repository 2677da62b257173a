"""SAFE: hostile identity providers do no harm."""

from typing import Final

from idpact_contract.evidence import Evidence
from idpact_contract.judgement import Judgement, NotJudged, Passed, Violated
from idpact_contract.rules.fall import nothing_is_inferred
from idpact_contract.rules.judging import judge, judge_fields, not_accepted

__all__ = ["LIMIT_BYTES"]

LIMIT_BYTES: Final = 64 * 1024 * 1024
"""The most that is read of one document (SAFE-2), as the mock IdP counts it on the wire; our own figure."""


@judge("SAFE-1")
def redirects_end(seen: Evidence) -> Judgement:
    """A redirect that loops, or leads to another scheme, ends as not retrieved: the update goes through, nothing is inferred."""
    return nothing_is_inferred(seen)


@judge("SAFE-2")
def endless_document_is_given_up(seen: Evidence) -> Judgement:
    """No more than 64 MiB of a document that never ends are taken."""
    sent = [entry.bytes_sent for entry in seen.last.asked]
    if not sent:
        return NotJudged("the document was never asked for (see DISC-1)")
    if max(sent) <= LIMIT_BYTES:
        return Passed(f"given up after {max(sent):,} bytes at most")
    return Violated(expected=f"given up within {LIMIT_BYTES:,} bytes", observed=f"{max(sent):,} bytes taken")


@judge("SAFE-3")
def serves_the_next_request(seen: Evidence) -> Judgement:
    """The ordinary update after a hostile document is accepted, and stored."""
    step = seen.last
    return not_accepted(step) or judge_fields(seen, step, tuple(step.typed or {}))

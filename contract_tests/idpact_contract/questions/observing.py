"""What one case's evidence shows of an open question, as a word; None where it shows nothing. Pure, and no judgement."""

import re
from collections.abc import Callable, Iterable
from typing import Final

from idpact_contract.connection import URL_FIELDS
from idpact_contract.evidence import Evidence, Step
from idpact_contract.oracle import ACTIVE, text
from idpact_contract.rules.judging import discovery_requests

__all__ = [
    "asked_or_not",
    "filled_in",
    "header",
    "old_url_when_member_missing",
    "old_urls_when_unreadable",
    "patience",
    "read_or_not",
    "refused_or",
    "requests_per_update",
    "secret_in_reads",
    "size_read",
    "status_when_cleared",
    "unset",
]

Observer = Callable[[Evidence], str | None]

_PATIENCE: Final = ((1, "under 1 s"), (3, "1 to 3 s"), (5, "3 to 5 s"), (10, "5 to 10 s"), (30, "10 to 30 s"))
_SIZE: Final = re.compile(r"-(\d+)-mb$")


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


def old_urls_when_unreadable(seen: Evidence) -> str | None:
    """What became of the URLs that an earlier document had filled in."""
    return _kept_or_cleared(seen.last, URL_FIELDS) if seen.last.exchange.accepted else None


def old_url_when_member_missing(seen: Evidence) -> str | None:
    """What became of the one URL that the new document has no member for."""
    return _kept_or_cleared(seen.last, ("userinfo_url",)) if seen.last.exchange.accepted else None


def unset(seen: Evidence) -> str | None:
    """What became of the only field that was typed, as an empty string or as null."""
    step = seen.last
    if step.exchange.refused:
        return "refused"
    if not step.exchange.accepted or step.after is None:
        return None
    return _kept_or_cleared_word(step, next(iter(step.typed or {})))


def _kept_or_cleared_word(step: Step, name: str) -> str | None:
    old, new = text((step.before or {}).get(name)), text((step.after or {}).get(name))
    return None if not old else "ignored" if new == old else "cleared" if not new else "other"


def refused_or(word: str) -> Observer:
    """`refused` for a 4xx, the given word for a 2xx."""

    def observe(seen: Evidence) -> str | None:
        exchange = seen.last.exchange
        return "refused" if exchange.refused else word if exchange.accepted else None

    return observe


def asked_or_not(asked: str, not_asked: str) -> Observer:
    """One word where the document was requested, another where it was not."""

    def observe(seen: Evidence) -> str | None:
        if not seen.last.exchange.accepted:
            return None
        return asked if discovery_requests(seen.last) else not_asked

    return observe


def filled_in(seen: Evidence) -> str | None:
    """Whether a URL that was empty before the update is there now."""
    step = seen.last
    empty = [name for name in URL_FIELDS if not text((step.before or {}).get(name))]
    if not step.exchange.accepted or step.after is None or not empty:
        return None
    return "filled in" if any(text(step.after.get(name)) for name in empty) else "left empty"


def read_or_not(read: str, not_read: str) -> Observer:
    """One word where a document's values were taken over, another where none was."""

    def observe(seen: Evidence) -> str | None:
        step = seen.last
        if not step.exchange.accepted or step.after is None or not step.asked:
            return None
        return read if _taken_over(step) else not_read

    return observe


def _taken_over(step: Step) -> bool:
    after = step.after or {}
    return any(text(after.get(name)) for name in URL_FIELDS if name not in (step.typed or {}))


def status_when_cleared(seen: Evidence) -> str | None:
    """What the status is once a required field of an active connection was cleared."""
    step = seen.last
    if (step.before or {}).get("status") != ACTIVE:
        return None
    cleared = step.exchange.accepted and unset(seen) == "cleared"
    if not cleared:
        return "can't be cleared"
    return "still active" if (step.after or {}).get("status") == ACTIVE else "pending again"


def size_read(seen: Evidence) -> str | None:
    """Whether a document of the size in the case's name was read: `10 MB read`."""
    named = _SIZE.search(seen.case)
    told = read_or_not("read", "not read")(seen)
    return f"{named.group(1)} MB {told}" if named and told else None


def patience(seen: Evidence) -> str | None:
    """How long an update took whose identity provider never answered, in steps that compare well."""
    exchange = seen.last.exchange
    if not exchange.accepted or not seen.last.asked:
        return None
    return next((word for limit, word in _PATIENCE if exchange.seconds < limit), "over 30 s")


def requests_per_update(seen: Evidence) -> str | None:
    """How many requests for a document one update made."""
    return str(len(discovery_requests(seen.last))) if seen.last.asked else None


def header(name: str) -> Observer:
    """The value of that header in the first request for a document."""

    def observe(seen: Evidence) -> str | None:
        asked = discovery_requests(seen.last)
        if not asked:
            return None
        return next((value for key, value in asked[0].headers if key.lower() == name), "none sent")

    return observe


def secret_in_reads(seen: Evidence) -> str | None:
    """How the client secret shows in a read after it was typed."""
    step = seen.last
    typed = text((step.typed or {}).get("client_secret"))
    if not typed or step.after is None or not step.exchange.accepted:
        return None
    told = text(step.after.get("client_secret"))
    return "clear" if told == typed else "masked" if told else "absent"

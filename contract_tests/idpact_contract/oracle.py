"""The oracle: which connections are right after an update. Pure: no client, no clock, no mock.

From the connection before, what was typed, and what the identity provider *served to this update*, it says for every
field which values are right and why. What the issuer was configured to serve doesn't matter here: an implementation
that asked the wrong address is judged on what it got there, and the wrong asking is a matter of its own (DISC).
"""

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from idpact_contract.connection import MEMBER_OF, REQUIRED, SERVER_SET, TYPED_ONLY, UPDATABLE, URL_FIELDS
from idpact_contract.evidence import Asked, Step
from idpact_mock import Outcome

__all__ = [
    "ACTIVE",
    "PENDING",
    "Allowed",
    "Change",
    "Reading",
    "Why",
    "expect",
    "expect_status",
    "expectation_of",
    "issuer_change",
    "readings",
    "same_value",
    "text",
]

PENDING: Final = "pending"
ACTIVE: Final = "active"


class Why(enum.StrEnum):
    """Why a value is right."""

    SERVER = "set by the server"
    TYPED = "typed in this update"
    KEPT = "not named by this update"
    INFERRED = "inferred from the document served"
    UNREAD = "nothing could be inferred: kept or cleared"
    OPEN = "left open by the source"


@dataclass(frozen=True, slots=True)
class Allowed:
    """The values that are right for one field, and why; any at all where what was served can't be told here."""

    values: tuple[Any, ...]
    why: Why
    anything: bool = False

    def admits(self, observed: object) -> bool:
        """`observed` is one of them; null and an absent member count as the empty string."""
        return self.anything or any(same_value(value, observed) for value in self.values)


class Change(enum.StrEnum):
    """What a body does to the issuer."""

    NONE = "none"
    CHANGED = "changed"
    SLASH_ONLY = "only a final slash differs"
    CLEARED = "cleared"


@dataclass(frozen=True, slots=True)
class Reading:
    """What one request for a document got.

    Attributes:
        certain: The document was retrieved, and every client may use it.
        possible: Some client may rightly have used it.
        document: The document; None where there was none, or where it is `possible` that a client could read what we can't.
    """

    certain: bool
    possible: bool
    document: Mapping[str, Any] | None


def text(value: object) -> str:
    """A stored value as text: null and an absent member are the empty string, as unset fields are on the wire."""
    return "" if value is None else str(value)


def same_value(left: object, right: object) -> bool:
    """Two stored values are one, where null and the empty string both mean unset."""
    return (left in (None, "") and right in (None, "")) or (type(left) is type(right) and left == right)


def issuer_change(before: Mapping[str, Any] | None, typed: Mapping[str, Any]) -> Change:
    """What the body does to the issuer. Issuers are compared case-sensitively (DISC-8)."""
    if "issuer" not in typed:
        return Change.NONE
    old, new = text((before or {}).get("issuer")), text(typed["issuer"])
    if not new:
        return Change.CLEARED if old else Change.NONE
    if old == new:
        return Change.NONE
    return Change.SLASH_ONLY if old and old.removesuffix("/") == new.removesuffix("/") else Change.CHANGED


def readings(asked: Iterable[Asked], issuer: str) -> tuple[Reading, ...]:
    """What the requests for a document got, oldest first. Requests for keys, and those that were no GET, don't count.

    Requests that were answered 404 at an address of no issuer count only where nothing else was read: a client may look
    at a second well-known address before it finds the document.
    """
    gets = [entry for entry in asked if entry.method == "GET" and entry.kind != "jwks"]
    hits = [entry for entry in gets if entry.kind == "discovery" or _holds_document(entry)]
    return tuple(_reading(entry, issuer) for entry in (hits or gets))


def _holds_document(entry: Asked) -> bool:
    return entry.document is not None and entry.outcome is not Outcome.NOT


def _reading(entry: Asked, issuer: str) -> Reading:
    document = entry.document
    if entry.outcome is Outcome.NOT:
        return Reading(certain=False, possible=False, document=None)
    if (
        document is None
    ):  # such as one in another encoding: some client may have read it, and what it says we can't tell
        return Reading(certain=False, possible=True, document=None)
    # A document with a member of a wrong type may be used without that member, or not at all.
    well_typed = all(isinstance(document[member], str) for member in MEMBER_OF.values() if member in document)
    named = document.get("issuer") == issuer
    certain = entry.outcome in (Outcome.YES, Outcome.YES_UNUSABLE) and named and well_typed
    return Reading(certain=certain, possible=True, document=document)


def expect(
    before: Mapping[str, Any] | None, typed: Mapping[str, Any], asked: Sequence[Asked], *, refused: bool = False
) -> dict[str, Allowed]:
    """For every field but `status`: the values that are right after the update.

    Args:
        before: The connection as it was read before; None or {} for a fresh one.
        typed: The body in our field names.
        asked: What reached the mock IdP during this update.
        refused: The update was answered 4xx, so that nothing at all may have changed (KEEP-6).
    """
    old = {name: _unset_as_empty((before or {}).get(name)) for name in (*SERVER_SET, *UPDATABLE)}
    expected = {name: Allowed((value,), Why.SERVER if name in SERVER_SET else Why.KEPT) for name, value in old.items()}
    if refused:
        return expected
    for name in TYPED_ONLY:
        if name in typed:
            expected[name] = _typed(typed[name], old[name])
    change = issuer_change(before, typed)
    issuer = text(typed.get("issuer")) or text(old["issuer"])
    seen = readings(asked, issuer)
    for name in URL_FIELDS:
        expected[name] = _typed(typed[name], old[name]) if name in typed else _url(name, old[name], change, seen)
    return expected


def _unset_as_empty(value: object) -> Any:  # noqa: ANN401 - a wire of its own may number what ours names
    return "" if value is None else value


def _typed(value: object, old: object) -> Allowed:
    if isinstance(value, str) and value:
        return Allowed((value,), Why.TYPED)
    return Allowed(_unique("", old), Why.OPEN)  # "" and null: cleared, refused or ignored


def _url(name: str, old: object, change: Change, seen: Sequence[Reading]) -> Allowed:
    """The rule book for a URL that the body did not name."""
    if change is not Change.NONE and any(reading.possible and reading.document is None for reading in seen):
        return Allowed(_unique(old, "", *_values(name, old, seen)), Why.OPEN, anything=True)
    kept = Allowed((old,), Why.KEPT)
    if change is Change.NONE:
        # DISC-5 and DISC-6: no non-empty value changes; filling an empty one is open.
        return kept if old else Allowed(_unique("", *_values(name, "", seen)), Why.OPEN if seen else Why.KEPT)
    if change is Change.CHANGED:
        return _after_change(name, old, seen)
    return Allowed(_unique(old, "", *_values(name, old, seen)), Why.OPEN)


def _after_change(name: str, old: object, seen: Sequence[Reading]) -> Allowed:
    values = _values(name, old, seen)
    if values and all(reading.certain for reading in seen):
        inferred = any(value not in ("", old) for value in values)
        return Allowed(values, Why.INFERRED if inferred or values == (old,) else Why.UNREAD)
    unread = _unique(old, "")
    return Allowed(_unique(*values, *unread), Why.OPEN if values and set(values) - set(unread) else Why.UNREAD)


def _values(name: str, old: object, seen: Sequence[Reading]) -> tuple[Any, ...]:
    """What a client that uses each reading stores."""
    values: list[Any] = []
    for reading in seen:
        if reading.document is not None and reading.possible:
            values += _member(reading.document.get(MEMBER_OF[name]), old)
    return _unique(*values)


def _member(member: object, old: object) -> tuple[Any, ...]:
    if not isinstance(member, str) or not member.strip():
        return _unique(old, "")  # INFER-5, INFER-8: nothing is invented; kept or cleared
    if _plain_url(member):
        return (member,)
    return _unique(member, old, "")  # no https URL as Discovery 1.0 section 3 wants it: used as written or not at all


def _plain_url(member: str) -> bool:
    try:
        parts = urlsplit(member)
        _ = parts.port
    except ValueError:
        return False
    plain = member.isprintable() and not any(char in member for char in " #@")
    return parts.scheme == "https" and bool(parts.hostname) and plain


def expect_status(before: Mapping[str, Any] | None, after: Mapping[str, Any], *, secret_known: bool) -> tuple[str, ...]:
    """The statuses that are right for a connection with those values.

    Args:
        before: The connection before; an active one that loses a field may stay active (open).
        after: The connection as read now.
        secret_known: A client_secret was typed at some time; counts where reads don't show it.
    """
    missing = [
        name for name in REQUIRED if not text(after.get(name)) and not (name == "client_secret" and secret_known)
    ]
    if not missing:
        return (ACTIVE,)
    return (PENDING, ACTIVE) if (before or {}).get("status") == ACTIVE else (PENDING,)


def _unique(*values: object) -> tuple[Any, ...]:
    unique: list[object] = []
    for value in values:
        if value not in unique:
            unique.append(value)
    return tuple(unique)


def expectation_of(step: Step) -> dict[str, Allowed]:
    """`expect` for a recorded update."""
    return expect(step.before, step.typed or {}, step.asked, refused=step.exchange.refused)

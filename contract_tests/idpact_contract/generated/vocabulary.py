"""What a sequence is made of: symbolic steps, and the strategies that draw them. Knows no lab, no port and no made-up value.

A step names issuers by what they are like, so that a sequence means the same wherever and whenever it is played. The first
of everything is the simplest. Not generated, since the source leaves open what comes of it: `""` and null as values.
"""

import enum
from dataclasses import dataclass
from typing import Final, TypeAlias

from hypothesis import strategies as st

from idpact_contract.connection import CREDENTIALS, URL_FIELDS
from idpact_contract.evidence import Actor

__all__ = [
    "FAILURES",
    "FREE_FIELDS",
    "Act",
    "Again",
    "AtOnce",
    "Begin",
    "Faulty",
    "Foreign",
    "Kind",
    "Named",
    "Ref",
    "Stranger",
    "Turn",
    "Update",
    "again",
    "beginnings",
    "edits",
    "others",
    "turns",
    "updates",
]

FREE_FIELDS: Final = ("display_name", "identity_provider", *CREDENTIALS, *URL_FIELDS)
"""What an administrator types, beside the issuer."""

FAILURES: Final = (
    "http-404",
    "http-500-with-document",
    "html-login-page",
    "not-json",
    "json-array",
    "connection-reset",
)
"""Failures in which nobody has read a document, and which nobody waits for."""


class Kind(enum.StrEnum):
    """What an issuer is like."""

    FULL = "full"
    """Its document has everything."""
    FAILING = "failing"
    """Its document can't be read."""
    LACKING = "lacking"
    """Its document lacks members."""
    PATH = "path"
    """It has a path, shaped as those of vendors are."""
    SLASH = "slash"
    """It ends in a slash."""
    GRASPING = "grasping"
    """Its document has members named as our fields are."""
    ILL_TYPED = "ill-typed"
    """A member of its document is no string."""
    MISNAMED = "misnamed"
    """Its document names another issuer, or none."""
    UNUSUAL = "unusual"
    """Its URLs are written as few are."""


_VARIETIES: Final = {Kind.FAILING: len(FAILURES), Kind.ILL_TYPED: 4}
"""How many issuers of a kind are told apart; two unless it is said here."""


@dataclass(frozen=True, slots=True)
class Ref:
    """An issuer of a sequence; the same two words name the same issuer."""

    kind: Kind = Kind.FULL
    number: int = 0


@dataclass(frozen=True, slots=True)
class Begin:
    """The owner creates a connection, with a display_name or without."""

    named: bool = False


@dataclass(frozen=True, slots=True)
class Update:
    """The owner types new values for these fields, and that issuer."""

    issuer: Ref | None = None
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Again:
    """The owner sends the last update again."""


@dataclass(frozen=True, slots=True)
class Turn:
    """An issuer changes: its URLs move, it lacks a member, it fails, or it can be read again."""

    issuer: Ref
    to: str = "moved"
    failure: str = FAILURES[0]


@dataclass(frozen=True, slots=True)
class Foreign:
    """The other organization updates the owner's connection; `then_unknown` sends the same to a connection that isn't there."""

    fields: tuple[str, ...] = ()
    issuer: Ref | None = None
    names_owner: bool = False
    then_unknown: bool = False


@dataclass(frozen=True, slots=True)
class Stranger:
    """Somebody without credentials, or with made-up ones, updates the connection."""

    actor: Actor = Actor.NOBODY
    fields: tuple[str, ...] = ("display_name",)


@dataclass(frozen=True, slots=True)
class Named:
    """The owner's body also names a field of the server's: its own value, or another one."""

    field: str = "connection_id"
    own: bool = True


@dataclass(frozen=True, slots=True)
class Faulty:
    """A body that is no update: one value of a wrong type beside right ones, or JSON that is cut."""

    cut: bool = False
    field: str = "display_name"


@dataclass(frozen=True, slots=True)
class AtOnce:
    """Two updates at the same moment: of different fields by the owner, or one of them by the other organization."""

    left: tuple[str, ...] = ("display_name",)
    right: tuple[str, ...] = ("client_id",)
    foreign: bool = False


Act: TypeAlias = Begin | Update | Again | Turn | Foreign | Stranger | Named | Faulty | AtOnce


def _fields(*, least: int = 0) -> st.SearchStrategy[tuple[str, ...]]:
    """Any subset, in the order of the contract; small ones and whole ones more often than chance has them."""
    some = st.sets(st.sampled_from(FREE_FIELDS), min_size=least, max_size=4)
    whole = st.sampled_from([URL_FIELDS, CREDENTIALS, (*CREDENTIALS, *URL_FIELDS), FREE_FIELDS])
    subsets = st.sets(st.sampled_from(URL_FIELDS), min_size=max(least, 1))
    return st.one_of(some, subsets, whole.map(set)).map(_in_order)


def _in_order(names: set[str]) -> tuple[str, ...]:
    return tuple(name for name in FREE_FIELDS if name in names)


def _refs() -> st.SearchStrategy[Ref]:
    every = [Ref(kind, number) for kind in Kind for number in range(_VARIETIES.get(kind, 2))]
    common = [Ref(Kind.FULL, 0), Ref(Kind.FULL, 1), Ref(Kind.FAILING, 0)]
    return st.one_of(st.sampled_from(common), st.sampled_from(every))


def beginnings() -> st.SearchStrategy[Begin]:
    """A connection, in either way."""
    return st.builds(Begin, st.booleans())


def updates() -> st.SearchStrategy[Update]:
    """Updates that type an issuer, alone or with other fields."""
    return st.builds(Update, _refs(), st.one_of(st.just(()), _fields()))


def edits() -> st.SearchStrategy[Update]:
    """Updates without an issuer."""
    return st.builds(Update, st.none(), _fields(least=1))


def again() -> st.SearchStrategy[Again]:
    """The last update again."""
    return st.just(Again())


def turns() -> st.SearchStrategy[Turn]:
    """Changes at an identity provider."""
    to = st.sampled_from(["moved", "lacking", "failing", "readable"])
    return st.builds(Turn, _refs(), to, st.sampled_from(FAILURES))


def _foreign() -> st.SearchStrategy[Foreign]:
    """What the other organization tries."""
    return st.builds(Foreign, _fields(least=1), st.none() | _refs(), st.booleans(), st.booleans())


def _strangers() -> st.SearchStrategy[Stranger]:
    """What somebody without credentials tries."""
    return st.builds(Stranger, st.sampled_from([Actor.NOBODY, Actor.IMPOSTOR]), _fields(least=1))


def _named() -> st.SearchStrategy[Named]:
    """Bodies that name a field of the server's."""
    return st.builds(Named, st.sampled_from(["connection_id", "organization_id", "redirect_url"]), st.booleans())


def _faulty() -> st.SearchStrategy[Faulty]:
    """Bodies that are no update."""
    return st.builds(Faulty, st.booleans(), st.sampled_from(["display_name", "token_url", "client_secret"]))


def _at_once() -> st.SearchStrategy[AtOnce]:
    """Two updates at the same moment, of fields that the other one doesn't touch."""

    def split(names: tuple[str, ...], at: int, *, is_foreign: bool) -> AtOnce:
        cut = 1 + at % (len(names) - 1)
        return AtOnce(left=names[:cut], right=names[cut:], foreign=is_foreign)

    names = st.sets(st.sampled_from(FREE_FIELDS), min_size=2, max_size=6).map(_in_order)
    return st.builds(lambda n, a, f: split(n, a, is_foreign=f), names, st.integers(0, 5), st.booleans())


def others() -> st.SearchStrategy[Act]:
    """Whatever else may come in between."""
    return st.one_of(_foreign(), _at_once(), _named(), _strangers(), _faulty())

"""A sequence as a story: a plain sentence for each symbolic step, and how it ends."""

from collections.abc import Sequence
from functools import singledispatch

from idpact_contract.evidence import Actor
from idpact_contract.generated.vocabulary import (
    Act,
    Again,
    AtOnce,
    Begin,
    Faulty,
    Foreign,
    Kind,
    Named,
    Ref,
    Stranger,
    Turn,
    Update,
)
from idpact_contract.judgement import Violated

__all__ = ["story"]

_LIKE = {
    Kind.FULL: "whose document has everything",
    Kind.FAILING: "whose document can't be read",
    Kind.LACKING: "whose document lacks members",
    Kind.PATH: "which has a path",
    Kind.SLASH: "which ends in a slash",
    Kind.GRASPING: "whose document also has members named as connection fields are",
    Kind.ILL_TYPED: "whose document has a member that is no string",
    Kind.MISNAMED: "whose document names another issuer, or none",
    Kind.UNUSUAL: "whose URLs are written as few are",
}
_LETTERS = "ABCDEFGHIJKLMNOP"


def story(acts: Sequence[Act], judgement: Violated) -> tuple[str, ...]:
    """A sentence for each step, and one for what came of it."""
    names = _Names()
    told = [f"{number}. {_told(act, names)}" for number, act in enumerate(acts, start=1)]
    return (*told, f"Then {judgement.observed}; right is {judgement.expected}.")


class _Names:
    """Issuers as letters, in the order in which they come up; what each is like is said once."""

    def __init__(self) -> None:
        self._letters: dict[Ref, str] = {}

    def of(self, ref: Ref) -> str:
        """Its name, and the first time what it is like."""
        if ref in self._letters:
            return f"issuer {self._letters[ref]}"
        self._letters[ref] = _LETTERS[len(self._letters)]
        return f"issuer {self._letters[ref]} ({_LIKE[ref.kind]})"


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _values(fields: Sequence[str], issuer: Ref | None, names: _Names) -> str:
    told = ([names.of(issuer)] if issuer is not None else []) + list(fields)
    return _listed(told)


@singledispatch
def _told(act: Act, names: _Names) -> str:
    raise TypeError(f"{act!r} has no sentence about {names}")


@_told.register
def _(act: Begin, names: _Names) -> str:
    del names
    return "The owner creates a connection" + (" with a display_name." if act.named else ".")


@_told.register
def _(act: Update, names: _Names) -> str:
    return f"The owner types {_values(act.fields, act.issuer, names)}."


@_told.register
def _(act: Again, names: _Names) -> str:
    del act, names
    return "The owner sends the last update again."


@_told.register
def _(act: Turn, names: _Names) -> str:
    what = {
        "moved": "has other URLs in its document now",
        "lacking": "has no userinfo_endpoint in its document any more",
        "failing": f"fails now ({act.failure})",
        "readable": "can be read again",
    }
    told = names.of(act.issuer)
    return f"{told[0].upper()}{told[1:]} {what[act.to]}."


@_told.register
def _(act: Foreign, names: _Names) -> str:
    naming = ", naming the owner's organization" if act.names_owner else ""
    then = ", and sends the same to a connection that doesn't exist" if act.then_unknown else ""
    return f"The other organization types {_values(act.fields, act.issuer, names)} on it{naming}{then}."


@_told.register
def _(act: Stranger, names: _Names) -> str:
    who = "Somebody without credentials" if act.actor is Actor.NOBODY else "Somebody with made-up credentials"
    return f"{who} types {_values(act.fields, None, names)} on it."


@_told.register
def _(act: Named, names: _Names) -> str:
    del names
    return f"The owner types display_name, and the body names {'its own' if act.own else 'another'} {act.field}."


@_told.register
def _(act: Faulty, names: _Names) -> str:
    del names
    return f"The owner sends {'JSON that is cut' if act.cut else f'an object as {act.field} beside right values'}."


@_told.register
def _(act: AtOnce, names: _Names) -> str:
    other = "the other organization" if act.foreign else "the owner also"
    return f"At the same moment the owner types {_values(act.left, None, names)}, and {other} {_values(act.right, None, names)}."

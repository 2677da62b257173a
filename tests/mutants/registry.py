"""The register of mutants and variants: what each is, and which rule it breaks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from idpact_contract.catalogue import rule
from idpact_contract.reference import Connections, Discovery, Store, Wire

__all__ = ["MUTANTS", "VARIANTS", "Parts", "Specimen", "mutant", "variant"]

Part = type[Connections] | type[Discovery] | type[Wire] | type[Store]
_PARTS: Final = {
    Connections: "connections_class",
    Discovery: "discovery_class",
    Wire: "wire_class",
    Store: "store_class",
}
Parts = dict[str, Part]
SecretInReads = Literal["clear", "masked", "absent"]


@dataclass(frozen=True, kw_only=True)
class Specimen:
    """An implementation other than the reference.

    Attributes:
        id: Its name.
        about: What is otherwise in it.
        breaks: The rules that it breaks; none for a variant.
        parts: The reference's parts that it replaces, as `build` takes them.
        profile: The wire on which it is tried.
        answers: Its answers to questions that the source leaves open, where they are other than the reference's.
        secret_in_reads: How its reads show the client secret, as its profile would say.
        https: It has to do with issuers over https.
    """

    id: str
    about: str
    breaks: tuple[str, ...] = ()
    parts: Parts = field(default_factory=dict)
    profile: str = "stytch-frontend"
    answers: Mapping[str, str] = field(default_factory=dict)
    secret_in_reads: SecretInReads = "clear"
    https: bool = False


MUTANTS: dict[str, Specimen] = {}
VARIANTS: dict[str, Specimen] = {}


def mutant(*breaks: str, profile: str = "stytch-frontend", beside: tuple[Part, ...] = ()) -> Callable[[Part], Part]:
    """Register a class as the one faulty part of an implementation; its docstring says what is wrong.

    Args:
        breaks: The rules that have to catch it.
        profile: The wire on which it is tried.
        beside: Further parts that the fault needs.
    """

    def register(part: Part) -> Part:
        MUTANTS[part.__name__] = _specimen(part, beside, tuple(rule(name).id for name in breaks), profile)
        return part

    return register


def variant(
    *,
    beside: tuple[Part, ...] = (),
    answers: Mapping[str, str] | None = None,
    secret_in_reads: SecretInReads = "clear",
    https: bool = False,
) -> Callable[[Part], Part]:
    """Register a class as the part in which a right implementation differs from the reference; see `Specimen`."""

    def register(part: Part) -> Part:
        made = _specimen(part, beside, (), "stytch-frontend")
        told = {} if answers is None else answers
        VARIANTS[part.__name__] = replace(made, answers=told, secret_in_reads=secret_in_reads, https=https)
        return part

    return register


def _specimen(part: Part, beside: tuple[Part, ...], breaks: tuple[str, ...], profile: str) -> Specimen:
    if part.__name__ in {**MUTANTS, **VARIANTS}:
        raise ValueError(f"{part.__name__} is registered twice")
    parts = {_PARTS[base]: one for one in (part, *beside) for base in _PARTS if issubclass(one, base)}
    about = (part.__doc__ or "").strip().splitlines()[0]
    return Specimen(id=part.__name__, about=about, breaks=breaks, parts=parts, profile=profile)

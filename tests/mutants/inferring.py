"""Faults in what is inferred (INFER, CRED)."""

import dataclasses
from collections.abc import Mapping

import httpx

from idpact_contract.reference import Connection, Connections, Discovery, Metadata, Unreadable
from tests.mutants.registry import mutant


def _swapped(field: str, member: str) -> type[Connections]:
    class Swapped(Connections):
        def sources(self) -> Mapping[str, str]:
            return {**super().sources(), field: member}

    Swapped.__name__ = f"Takes{member.title().replace('_', '')}For{field.title().replace('_', '')}"
    Swapped.__doc__ = f"The field {field} comes from {member}."
    return Swapped


for _rule, _field, _member in (
    ("INFER-1", "authorization_url", "token_endpoint"),
    ("INFER-2", "token_url", "authorization_endpoint"),
    ("INFER-3", "userinfo_url", "jwks_uri"),
    ("INFER-4", "jwks_url", "jwks_url"),
):
    mutant(_rule)(_swapped(_field, _member))


@mutant("INFER-1", "INFER-2", "INFER-3", "INFER-4")
class NormalizesUrls(Discovery):
    """URLs are normalized before they are stored."""

    def member(self, document: Mapping[str, object], name: str) -> str | None:
        found = super().member(document, name)
        return found and str(httpx.URL(found))


@mutant("INFER-5")
class InventsWhatIsMissing(Discovery):
    """A member that is missing is guessed from the issuer."""

    def member(self, document: Mapping[str, object], name: str) -> str | None:
        return super().member(document, name) or f"{document['issuer']}/{name}"


@mutant("INFER-5")
class AllOrNothing(Connections):
    """A document that lacks one of the four members is not used at all."""

    def inferred(self, found: Metadata | Unreadable | None) -> dict[str, str]:
        inferred = super().inferred(found)
        return inferred if len(inferred) == len(self.sources()) else {}


@mutant("INFER-6", "DISC-2")
class FillsOnlyTheEmpty(Connections):
    """A new issuer's values only fill in what is empty."""

    def merged(self, before: Connection, typed: Mapping[str, object], inferred: Mapping[str, str]) -> Connection:
        return super().merged(before, typed, {name: url for name, url in inferred.items() if not getattr(before, name)})


class _AcceptsAnyIssuer(Discovery):
    def accepts_issuer(self, typed: str, document: Mapping[str, object]) -> bool:
        del typed, document
        return True


@mutant("INFER-7", beside=(_AcceptsAnyIssuer,))
class StoresTheDocumentsIssuer(Connections):
    """The document's issuer replaces the typed one."""

    def inferred(self, found: Metadata | Unreadable | None) -> dict[str, str]:
        issuer = found.document.get("issuer") if isinstance(found, Metadata) else None
        return {**super().inferred(found), **({"issuer": issuer} if isinstance(issuer, str) else {})}

    def merged(self, before: Connection, typed: Mapping[str, object], inferred: Mapping[str, str]) -> Connection:
        issuer = {"issuer": inferred["issuer"]} if "issuer" in inferred else {}
        return super().merged(before, {**typed, **issuer}, inferred)


@mutant("INFER-8")
class StoresWhateverIsThere(Connections):
    """A member is stored as it is, string or not."""

    def inferred(self, found: Metadata | Unreadable | None) -> dict[str, str]:
        if not isinstance(found, Metadata):
            return {}
        return {
            field: found.document[member]  # type: ignore[misc] # the fault itself
            for field, member in self.sources().items()
            if member in found.document
        }


@mutant("INFER-8")
class StoresTextForms(Discovery):
    """A member that is no string is stored as the text of it."""

    def member(self, document: Mapping[str, object], name: str) -> str | None:
        return str(document[name]) if name in document else None


@mutant("INFER-9")
class UsesAnybodysDocument(_AcceptsAnyIssuer):
    """A document that names another issuer is used."""


@mutant("INFER-9")
class UsesNobodysDocument(Discovery):
    """A document that names no issuer is used."""

    def accepts_issuer(self, typed: str, document: Mapping[str, object]) -> bool:
        return document.get("issuer", typed) == typed


def _taking(field: str) -> type[Connections]:
    class Taking(Connections):
        def inferred(self, found: Metadata | Unreadable | None) -> dict[str, str]:
            value = found.document.get(field) if isinstance(found, Metadata) else None
            return {**super().inferred(found), **({field: value} if isinstance(value, str) else {})}

    Taking.__name__ = f"Infers{field.title().replace('_', '')}"
    Taking.__doc__ = f"The field {field} is taken from the document."
    return Taking


for _rule, _field in (
    ("INFER-10", "display_name"),
    ("INFER-10", "identity_provider"),
    ("CRED-1", "client_id"),
    ("CRED-2", "client_secret"),
):
    mutant(_rule)(_taking(_field))


@mutant("INFER-11")
class TypedForEver(Connections):
    """A URL that was typed once is never inferred again."""

    def merged(self, before: Connection, typed: Mapping[str, object], inferred: Mapping[str, str]) -> Connection:
        ever: set[tuple[str, str]] = self.__dict__.setdefault("ever", set())
        kept = {name: url for name, url in inferred.items() if (before.connection_id, name) not in ever}
        ever |= {(before.connection_id, name) for name in typed}
        return super().merged(before, typed, kept)


@mutant("INFER-6")
class KeepsOldUrlOfOneField(Connections):
    """A new issuer replaces all inferred URLs but jwks_url."""

    def merged(self, before: Connection, typed: Mapping[str, object], inferred: Mapping[str, str]) -> Connection:
        after = super().merged(before, typed, inferred)
        return (
            dataclasses.replace(after, jwks_url=before.jwks_url)
            if before.jwks_url and "jwks_url" not in typed
            else after
        )

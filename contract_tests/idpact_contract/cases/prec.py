"""Cases of PREC: all sixteen subsets of the four URLs typed together with a working new issuer.

A subset's name has a letter for each URL typed: `a`uthorization, `t`oken, `u`serinfo, `j`wks; `none` and `atuj` are the ends.
"""

from collections.abc import Iterator
from itertools import combinations
from typing import Final

from idpact_contract.cases.registry import Arrange, register
from idpact_contract.connection import MEMBER_OF, URL_FIELDS
from idpact_contract.lab import Lab

__all__ = ["subset_name"]


def subset_name(typed: tuple[str, ...]) -> str:
    """The name of a subset of the four URL fields, such as `tj`."""
    return "".join(field[0] for field in URL_FIELDS if field in typed) or "none"


def _subsets() -> Iterator[tuple[str, ...]]:
    for size in range(len(URL_FIELDS) + 1):
        yield from combinations(URL_FIELDS, size)


_ALL: Final = tuple(_subsets())


def _new_connection(typed: tuple[str, ...]) -> Arrange:
    def arrange(lab: Lab) -> None:
        body = lab.typed_urls(*typed) if typed else {}
        lab.update(lab.create(), {"issuer": lab.issuer().url, **body})

    return arrange


def _filled_connection(typed: tuple[str, ...]) -> Arrange:
    def arrange(lab: Lab) -> None:
        subject = lab.create()
        lab.given(subject, {"issuer": lab.issuer().url, **lab.credentials()})
        body = lab.typed_urls(*typed) if typed else {}
        lab.update(subject, {"issuer": lab.issuer().url, **body})

    return arrange


def _lacking_document(typed: tuple[str, ...], without: tuple[str, ...]) -> Arrange:
    def arrange(lab: Lab) -> None:
        issuer = lab.issuer(without=[MEMBER_OF[field] for field in without])
        lab.update(lab.create(), {"issuer": issuer.url, **lab.typed_urls(*typed)})

    return arrange


def _same_issuer(typed: tuple[str, ...]) -> Arrange:
    def arrange(lab: Lab) -> None:
        subject = lab.create()
        lab.given(subject, {"issuer": lab.issuer().url, **lab.credentials()})
        lab.update(subject, lab.typed_urls(*typed))

    return arrange


def _no_issuer(typed: tuple[str, ...]) -> Arrange:
    def arrange(lab: Lab) -> None:
        lab.update(lab.create(), lab.typed_urls(*typed))

    return arrange


for _typed in _ALL:
    _name, _told = subset_name(_typed), ", ".join(_typed) or "no URL"
    if _typed:
        register("PREC-1", _name, _new_connection(_typed), title=f"Type a new issuer and {_told}.")
        register(
            "PREC-4",
            _name,
            _same_issuer(_typed),
            title=f"Type {_told} on a connection with an issuer, without naming it.",
        )
        register(
            "PREC-3",
            f"lacking-typed-{_name}",
            _lacking_document(_typed, _typed),
            title=f"Type a new issuer whose document lacks just what is typed: {_told}.",
        )
    if len(_typed) < len(URL_FIELDS):
        register(
            "PREC-2", _name, _new_connection(_typed), title=f"Type a new issuer and {_told}; the others are inferred."
        )
    register(
        "PREC-3",
        f"filled-{_name}",
        _filled_connection(_typed),
        title=f"Type another issuer and {_told} where there were values.",
    )
for _field in URL_FIELDS:
    _others = tuple(field for field in URL_FIELDS if field != _field)
    register(
        "PREC-3",
        f"lacking-untyped-{_field[0]}",
        _lacking_document(_others, (_field,)),
        title=f"Type all URLs but {_field}, which the new issuer's document lacks.",
    )
register(
    "PREC-4", "no-issuer-yet", _no_issuer(URL_FIELDS), title="Type all four URLs on a connection without an issuer."
)

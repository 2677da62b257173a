"""`idpact explain` as text for a terminal: what a rule asks, why, its source, what is commonly wrong, and its cases. Pure."""

import textwrap
from collections.abc import Iterable, Iterator
from typing import Final

from idpact_contract.cases import CASES, Case
from idpact_contract.catalogue import CATALOGUE, FAMILIES, Rule, UnknownRuleError, rule
from idpact_contract.explanations import explanation_of

__all__ = ["explained", "wanted_rules"]

_WIDTH: Final = 96
_INDENT: Final = "    "
_CASES_SHOWN: Final = 20


def wanted_rules(told: Iterable[str]) -> tuple[Rule, ...]:
    """The rules that are meant: by rule, by family, or by one of their cases.

    Raises:
        UnknownRuleError: There is no such rule, family or case; the message says which there are.
    """
    return tuple(dict.fromkeys(known for text in told for known in _meant(text)))


def _meant(text: str) -> Iterator[Rule]:
    name, slash, _ = text.partition("/")
    if slash and text not in CASES:
        raise UnknownRuleError(f"{text!r} is no case; `idpact explain {name}` lists those of the rule")
    if name.upper() in FAMILIES:
        yield from (known for known in CATALOGUE.values() if known.family == name.upper())
    else:
        yield rule(name.upper())


def explained(known: Rule) -> str:
    """One rule, explained."""
    told = explanation_of(known.id)
    return "\n".join(
        [
            f"{known.id} ({known.level}, {FAMILIES[known.family]})",
            *_wrapped(known.statement),
            "",
            "Why",
            *_wrapped(told.why),
            "",
            "Source",
            *_wrapped(known.citation),
            "",
            "Commonly wrong",
            *_code(told.wrong),
            "",
            "Right",
            *_code(told.right),
            "",
            *_cases([case for case in CASES.values() if case.rule is known]),
        ]
    )


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent=_INDENT, subsequent_indent=_INDENT)


def _code(text: str) -> list[str]:
    return textwrap.indent(text.rstrip("\n"), _INDENT).splitlines()


def _cases(cases: list[Case]) -> Iterator[str]:
    yield f"Cases ({len(cases)}; run one with `idpact check --case ID`)"
    for case in cases[:_CASES_SHOWN]:
        level = "" if case.level is case.rule.level else f" ({case.level})"
        yield from textwrap.wrap(
            f"{case.id}{level}: {case.title}", _WIDTH, initial_indent=_INDENT, subsequent_indent=_INDENT * 2
        )
    if len(cases) > _CASES_SHOWN:
        yield f"{_INDENT}… and {len(cases) - _CASES_SHOWN} more: idpact check --only {cases[0].rule.id} --dry-run lists them"

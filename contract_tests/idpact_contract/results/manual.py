"""A rule as a page on a screen, for whoever has to mend an implementation. Shows what the catalogue and its explanation say."""

from collections.abc import Iterator

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from idpact_contract.cases import CASES
from idpact_contract.catalogue import FAMILIES, rule
from idpact_contract.explaining import explanation

__all__ = ["print_rule"]

_SHOWN = 40


def print_rule(console: Console, rule_id: str) -> None:
    """A rule: what, why, source, the commonest mistake, how to mend it, and its cases.

    Raises:
        UnknownRuleError: The catalogue does not hold it.
    """
    console.print(Group(*_parts(rule_id)), highlight=False)


def _parts(rule_id: str) -> Iterator[RenderableType]:
    known, told = rule(rule_id), explanation(rule_id)
    yield Text.assemble((known.id, "bold"), f" ({known.level}, {FAMILIES[known.family]})")
    yield Text(known.statement)
    yield from _titled("Why", Text(told.why))
    yield from _titled("Source", Text(known.citation))
    yield from _titled("The commonest mistake", Text(told.mistake))
    yield from _titled("Wrong", _code(told.wrong))
    yield from _titled("Right", _code(told.fix))
    yield from _titled("Right, elsewhere", _code(told.other))
    cases = [case for case in CASES.values() if case.rule.id == rule_id]
    yield from _titled(f"Its cases ({len(cases)})", Group(*_cases(rule_id)))
    yield from _titled("Try it", Text(f"idpact check BASE_URL --profile PROFILE --only {rule_id}"))


def _titled(title: str, content: RenderableType) -> Iterator[RenderableType]:
    yield Text(f"\n{title}", "bold")
    yield Padding(content, (0, 0, 0, 2))


def _code(source: str) -> Text:
    """Source as it stands; its lines are short enough for 80 columns."""
    return Text(source.strip("\n"), no_wrap=True, overflow="ignore")


def _cases(rule_id: str) -> Iterator[Text]:
    cases = [case for case in CASES.values() if case.rule.id == rule_id]
    for case in cases[:_SHOWN]:
        yield Text.assemble((case.id, "bold"), f" ({case.level}) {case.title}")
    if len(cases) > _SHOWN:
        yield Text(f"and {len(cases) - _SHOWN} more; --dry-run lists them all")

"""The rules as the page lists them: by verdict, what needs attention first, each with an anchor that a link can name."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from idpact_contract.judgement import Difference
from idpact_contract.results.page.text import Marked, differing, value_text, visible
from idpact_contract.results.page.timeline import Scene, played, scenes
from idpact_contract.results.report import CaseReport, Report, RuleReport
from idpact_contract.results.verdict import CaseVerdict

__all__ = ["CaseView", "Chapter", "DifferenceView", "Outline", "RuleView", "outline"]

ORDER: Final[Mapping[CaseVerdict, str]] = {
    CaseVerdict.FAIL: "A MUST was broken",
    CaseVerdict.INCONCLUSIVE: "Could not be decided",
    CaseVerdict.WARN: "A SHOULD was not kept",
    CaseVerdict.PASS: "Kept",
    CaseVerdict.NOT_APPLICABLE: "Does not apply",
}
"""The verdicts on rules, in the order in which they are read, and what each means."""

_FOLDED: Final = frozenset({CaseVerdict.PASS, CaseVerdict.NOT_APPLICABLE})
_BLANK: Final = re.compile(r"\s+")
_CURL_AT_MOST: Final = 20_000
_NOT_AS_SENT: Final = (
    "# control characters are only shown here, such as ␀ or ⟨U+202E⟩; the result document has the lines to run"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceView:
    """One line of a table of differences."""

    field: str
    where: str
    why: str
    allowed: tuple[Marked, ...]
    observed: Marked


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """One case on the page.

    Attributes:
        report: The case.
        anchor: Its id on the page.
        opened: It is shown unfolded from the start.
    """

    report: CaseReport
    anchor: str
    opened: bool = False

    @property
    def link(self) -> str:
        """Where a link to it goes."""
        return _link(self.anchor)

    @property
    def differences(self) -> tuple[DifferenceView, ...]:
        """The fields that came out otherwise."""
        return tuple(_difference(entry) for entry in self.report.differences)

    @property
    def curl(self) -> str:
        """The shell lines, whole or not at all: half a command is worse than none."""
        text = "\n".join(self.report.script or self.report.curl)
        if len(text) > _CURL_AT_MOST:
            return f"# {len(text):,} characters, too long for this page; the result document holds them"
        if visible(text) != text:
            return f"{_NOT_AS_SENT}\n{text}"
        return text

    @property
    def played(self) -> tuple[str, ...]:
        """The issuers that took part."""
        return played(self.report.evidence.issuers) if self.report.evidence else ()

    @property
    def scenes(self) -> tuple[Scene, ...]:
        """Its time line."""
        return scenes(self.report.evidence) if self.report.evidence else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleView:
    """One rule on the page: `shown` are the cases that need attention, `folded` the others by their verdict."""

    report: RuleReport
    anchor: str
    shown: tuple[CaseView, ...]
    folded: tuple[tuple[CaseVerdict, tuple[CaseView, ...]], ...]

    @property
    def link(self) -> str:
        """Where a link to it goes."""
        return _link(self.anchor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """The rules of one verdict."""

    verdict: CaseVerdict
    meaning: str
    rules: tuple[RuleView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """Everything that has an anchor; `links` tells where a rule or case is by its id."""

    chapters: tuple[Chapter, ...]
    links: Mapping[str, str]


class _Anchors:
    """Ids that occur once on the page, whatever the document says; the first to come keeps its own."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)

    def of(self, wanted: str) -> str:
        name = _BLANK.sub("-", visible(wanted)) or "unnamed"
        anchor, number = name, 1
        while anchor in self._taken:
            number += 1
            anchor = f"{name}~{number}"
        self._taken.add(anchor)
        return anchor


def outline(report: Report, *, taken: Iterable[str] = ()) -> Outline:
    """The rules by verdict; in each rule what failed comes first, and its first failure is unfolded.

    Args:
        report: The document.
        taken: Ids that the page itself uses.
    """
    anchors = _Anchors(taken)
    views = [_rule(rule, anchors) for rule in report.rules]
    links: dict[str, str] = {}
    for view in views:
        links.setdefault(view.report.id, view.link)
        for case in (*view.shown, *(case for _, cases in view.folded for case in cases)):
            links.setdefault(case.report.id, case.link)
    chapters = tuple(
        Chapter(verdict=verdict, meaning=meaning, rules=found)
        for verdict, meaning in ORDER.items()
        if (found := tuple(view for view in views if view.report.verdict is verdict))
    )
    return Outline(chapters=chapters, links=links)


def _rule(rule: RuleReport, anchors: _Anchors) -> RuleView:
    anchor = anchors.of(rule.id)
    by_verdict = {word: [case for case in rule.cases if case.verdict is word] for word in ORDER}
    pressing = [case for word, cases in by_verdict.items() if word not in _FOLDED for case in cases]
    return RuleView(
        report=rule,
        anchor=anchor,
        shown=tuple(
            CaseView(report=case, anchor=anchors.of(case.id), opened=number == 0)
            for number, case in enumerate(pressing)
        ),
        folded=tuple(
            (word, tuple(CaseView(report=case, anchor=anchors.of(case.id)) for case in cases))
            for word, cases in by_verdict.items()
            if word in _FOLDED and cases
        ),
    )


def _difference(entry: Difference) -> DifferenceView:
    observed, allowed = Marked(value_text(entry.observed)), tuple(Marked(value_text(one)) for one in entry.allowed)
    if len(entry.allowed) == 1:
        observed, wanted = differing(entry.observed, entry.allowed[0])
        allowed = (wanted,)
    return DifferenceView(field=entry.field, where=entry.where, why=entry.why, allowed=allowed, observed=observed)


def _link(anchor: str) -> str:
    return "#" + quote(anchor, safe="/~")

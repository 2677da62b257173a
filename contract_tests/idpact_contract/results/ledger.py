"""The ledger: failures that somebody expects, each with a reason, an owner and a day on which it ends. Pure.

An entry excuses what it names and nothing else, and never makes anything conform: it decides an exit code alone. Knows the
file's form and what an entry is worth after a run; reads no file and no clock.
"""

import enum
import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

import msgspec

from idpact_contract.cases import CASES
from idpact_contract.catalogue import UnknownRuleError, rule
from idpact_contract.results.verdict import CaseVerdict

__all__ = [
    "EVERY_CASE",
    "Entry",
    "EntryReport",
    "Ledger",
    "LedgerError",
    "LedgerReport",
    "Standing",
    "entry_for",
    "excuses",
    "judge_entries",
    "read_ledger",
]

EVERY_CASE: Final = "*"
"""The case of an entry that is about a whole rule; it has to be said, so that nobody excuses a rule by leaving a word out."""

WARNED_AHEAD: Final = timedelta(days=14)
GIVEN: Final = timedelta(days=30)
_BROKEN: Final = frozenset({CaseVerdict.FAIL, CaseVerdict.WARN})
_WORDS: Final = {"rule": str, "case": str, "reason": str, "owner": str, "expires": date}
_FORMS: Final = {str: "a text that says something", date: "a date without quotes, such as 2027-01-31"}


class LedgerError(ValueError):
    """The file is no ledger; the message names the entry, the value and what would be right."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One expected failure.

    Attributes:
        rule: The rule's id.
        case: The case's own part of its id, or `*` for every case of the rule.
        reason: Why it is expected.
        owner: Who sees to it.
        expires: The last day on which it excuses anything.
    """

    rule: str
    case: str
    reason: str
    owner: str
    expires: date

    @property
    def id(self) -> str:
        """`RULE/case`."""
        return f"{self.rule}/{self.case}"

    def covers(self, case_id: str) -> bool:
        """Whether it is about that case."""
        return case_id == self.id or (self.case == EVERY_CASE and case_id.startswith(f"{self.rule}/"))


class Ledger(msgspec.Struct, frozen=True, kw_only=True):
    """The entries of a file, and the SHA-256 of its text."""

    entries: tuple[Entry, ...]
    digest: str


class Standing(enum.StrEnum):
    """What an entry is worth after a run."""

    EXCUSES = "excuses"
    """What it names failed, as expected."""
    STALE = "stale"
    """All that it names passed: the entry has to go. An error."""
    EXPIRED = "expired"
    """What it names failed, and its day is over: it excuses nothing any more."""
    UNDECIDED = "undecided"
    """What it names was not run or could not be judged: nothing is said of it."""
    NOT_APPLICABLE = "not-applicable"
    """The profile says that what it names does not apply: told, no error, since a ledger may serve two wires."""


class EntryReport(msgspec.Struct, frozen=True, kw_only=True):
    """An entry after a run.

    Attributes:
        entry: The entry itself.
        standing: What it is worth.
        cases: The ids of the broken cases that it names.
        note: What somebody should do about it; empty where nothing.
    """

    entry: Entry
    standing: Standing
    cases: tuple[str, ...] = ()
    note: str = ""


class LedgerReport(msgspec.Struct, frozen=True, kw_only=True):
    """A ledger after a run.

    Attributes:
        digest: SHA-256 of the file.
        today: The day for which expiry was decided.
        entries: In the order of the file.
    """

    digest: str
    today: date
    entries: tuple[EntryReport, ...]

    @property
    def stale(self) -> bool:
        """An entry names what passed."""
        return any(entry.standing is Standing.STALE for entry in self.entries)


def read_ledger(text: str) -> Ledger:
    """The entries in a TOML text: tables `[[expected]]` with rule, case, reason, owner and expires.

    Raises:
        LedgerError: It is no TOML, an entry lacks a word or has one too many, names what there is not, or is there twice.
    """
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise LedgerError(f"not TOML: {error}") from error
    tables = told.get("expected", [])
    if set(told) - {"expected"} or not isinstance(tables, list):
        wrong = sorted(set(told) - {"expected"}) or ["expected"]
        raise LedgerError(f"{wrong[0]!r}: a ledger holds tables that begin with [[expected]], and nothing else")
    entries = tuple(_entry(number, table) for number, table in enumerate(tables, 1))
    _no_case_twice(entries)
    return Ledger(entries=entries, digest="sha256:" + hashlib.sha256(text.encode()).hexdigest())


def _entry(number: int, table: Any) -> Entry:  # noqa: ANN401 - whatever TOML holds
    where = f"entry {number}"
    if not isinstance(table, dict):
        raise LedgerError(f"{where}: {table!r} is no table; an entry begins with [[expected]]")
    for word, kind in _WORDS.items():
        value = table.get(word)
        if type(value) is not kind or not str(value).strip():
            raise LedgerError(f"{where}: {word} is {_shown(value)}; it has to be {_FORMS[kind]}")
    if extra := sorted(set(table) - set(_WORDS)):
        raise LedgerError(f"{where}: {extra[0]!r} is no word of an entry; they are {', '.join(_WORDS)}")
    entry = Entry(**table)
    _known(where, entry)
    return entry


def _shown(value: object) -> str:
    return "missing" if value is None else repr(str(value) if isinstance(value, date) else value)


def _known(where: str, entry: Entry) -> None:
    try:
        rule(entry.rule)
    except UnknownRuleError as error:
        raise LedgerError(f"{where}: rule: {error}") from None
    if entry.case != EVERY_CASE and entry.id not in CASES:
        names = [name.partition("/")[2] for name in CASES if name.startswith(f"{entry.rule}/")]
        shown = ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")  # noqa: PLR2004
        raise LedgerError(
            f"{where}: case: {entry.rule} has no case {entry.case!r}; it has {shown}, or * for all of them"
        )


def _no_case_twice(entries: Sequence[Entry]) -> None:
    for number, entry in enumerate(entries, 1):
        for earlier, other in enumerate(entries[: number - 1], 1):
            if other.covers(entry.id) or entry.covers(other.id):
                raise LedgerError(f"entry {number}: {entry.id} is excused by entry {earlier} already ({other.id})")


def excuses(ledger: Ledger, case_id: str, verdict: CaseVerdict, *, today: date) -> str | None:
    """The id of the entry that excuses a case with that verdict; None where none does, or nothing is to be excused."""
    if verdict not in _BROKEN:
        return None
    return next((entry.id for entry in ledger.entries if entry.covers(case_id) and today <= entry.expires), None)


def judge_entries(ledger: Ledger, verdicts: Mapping[str, CaseVerdict], *, today: date) -> LedgerReport:
    """What each entry is worth.

    Args:
        ledger: The entries.
        verdicts: The verdict of each case that was planned, by its id.
        today: The day for which expiry is decided.
    """
    reports = tuple(_judged(entry, verdicts, today) for entry in ledger.entries)
    return LedgerReport(digest=ledger.digest, today=today, entries=reports)


def _judged(entry: Entry, verdicts: Mapping[str, CaseVerdict], today: date) -> EntryReport:
    named = {case_id: verdict for case_id, verdict in verdicts.items() if entry.covers(case_id)}
    broken = tuple(case_id for case_id, verdict in named.items() if verdict in _BROKEN)
    standing = _standing(entry, set(named.values()), today, whole=_all_planned(entry, named))
    return EntryReport(entry=entry, standing=standing, cases=broken, note=_note(entry, standing, today))


def _all_planned(entry: Entry, named: Mapping[str, CaseVerdict]) -> bool:
    """A whole rule has passed only where every case of it was planned."""
    return len(named) == sum(entry.covers(case_id) for case_id in CASES)


def _standing(entry: Entry, seen: set[CaseVerdict], today: date, *, whole: bool) -> Standing:
    if seen & _BROKEN:
        return Standing.EXCUSES if today <= entry.expires else Standing.EXPIRED
    if seen == {CaseVerdict.NOT_APPLICABLE}:
        return Standing.NOT_APPLICABLE
    if not whole or not seen or CaseVerdict.INCONCLUSIVE in seen:
        return Standing.UNDECIDED
    return Standing.STALE


def _note(entry: Entry, standing: Standing, today: date) -> str:
    if standing is Standing.STALE:
        return "what it names passes: take the entry out"
    if standing is Standing.EXPIRED:
        return f"it expired on {entry.expires}: mend the failure, or agree with {entry.owner} on another day"
    if standing is Standing.NOT_APPLICABLE:
        return "with this profile what it names does not apply"
    if standing is Standing.EXCUSES and entry.expires - today <= WARNED_AHEAD:
        return f"it expires on {entry.expires}, in {(entry.expires - today).days} days; then the failure counts"
    return ""


def entry_for(case_id: str, reason: str, *, owner: str, today: date) -> str:
    """A TOML entry that excuses a case, ready to be put into a ledger; it expires in 30 days."""
    rule_id, _, name = case_id.partition("/")
    words = {"rule": rule_id, "case": name, "reason": " ".join(reason.split())[:200] or "?", "owner": owner or "?"}
    # JSON's escapes are TOML's too, but for DEL and what JSON leaves in surrogate pairs, which isn't escaped here.
    lines = [
        f"{word} = {json.dumps(value, ensure_ascii=False)}".replace("\x7f", "\\u007f") for word, value in words.items()
    ]
    return "\n".join(["[[expected]]", *lines, f"expires = {today + GIVEN}"])

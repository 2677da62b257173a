"""A case's evidence as a time line: the suite and the implementation on one lane, the implementation and the mock IdP on the other.

Puts recorded facts in order and says nothing about them.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from idpact_contract.evidence import Asked, Evidence, Exchange, IssuerFacts, Step
from idpact_contract.results.page.text import clip
from idpact_mock import Outcome

__all__ = ["Event", "Scene", "played", "scenes"]

_COUNTS_AS: Final[Mapping[Outcome, str]] = {
    Outcome.NOT: "not retrieved",
    Outcome.NOT_STRICT: "not to be used, and some clients do",
    Outcome.YES: "retrieved",
    Outcome.YES_UNUSABLE: "retrieved, with a member that is not usable",
    Outcome.OPEN: "left open by the standards",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One message, or one request with its answer.

    Attributes:
        lane: `suite` between suite and implementation, `idp` between implementation and mock IdP.
        at: Seconds since the step began; None where only the order is known.
        told: Who does what.
        text: What was sent, as on the wire.
        answer: What came back; empty where that is an event of its own.
    """

    lane: Literal["suite", "idp"]
    at: float | None
    told: str
    text: str
    answer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One step of a case."""

    title: str
    events: tuple[Event, ...]


def scenes(evidence: Evidence) -> tuple[Scene, ...]:
    """The steps of a case, oldest first. A document that was served before in the same case is not written out again."""
    documents: dict[str, int] = {}
    return tuple(
        Scene(title=_title(number, len(evidence.steps), step), events=tuple(_events(step, documents)))
        for number, step in enumerate(evidence.steps, start=1)
    )


def played(issuers: Sequence[IssuerFacts]) -> tuple[str, ...]:
    """The issuers that the mock IdP played, a line each."""
    return tuple(clip(_played(facts)) for facts in issuers)


def _played(facts: IssuerFacts) -> str:
    what = f"with the failure {facts.failure}" if facts.failure else "with a document"
    return f"{facts.url} {what}" + ("" if facts.reachable else ", at an address where no request can arrive")


def _title(number: int, count: int, step: Step) -> str:
    purpose = "under judgement" if step.judged else "prepares the case"
    return f"Step {number} of {count}: {step.kind} as {step.actor}, {purpose}"


def _events(step: Step, documents: dict[str, int]) -> Iterator[Event]:
    sent = step.exchange
    yield Event(lane="suite", at=0.0, told="Suite to implementation", text=_request(sent))
    answered = False
    for entry in step.asked:
        if not answered and entry.at > sent.seconds:
            yield _answer(sent)
            answered = True
        yield Event(
            lane="idp",
            at=entry.at,
            told="Implementation to mock IdP" + ("" if entry.issuer else " (no issuer of this case has that address)"),
            text=_message(f"{entry.method} {entry.target}", entry.headers, entry.body),
            answer=_served(entry, documents),
        )
    if not answered:
        yield _answer(sent)
    if step.read is not None:
        yield Event(lane="suite", at=None, told="Suite reads the connection again", text=_read(step, step.read))


def _request(exchange: Exchange) -> str:
    return _message(f"{exchange.method} {exchange.url}", exchange.headers, exchange.body or "")


def _answer(exchange: Exchange) -> Event:
    told, text = "Implementation answers", _message(str(exchange.status), exchange.answer_headers, exchange.answer)
    if exchange.status is None:
        told, text = "No answer from the implementation", clip(exchange.error or "no reason was told")
    return Event(lane="suite", at=exchange.seconds, told=told, text=text)


def _message(first: str, headers: Sequence[tuple[str, str]], body: str) -> str:
    lines = [first, *(f"{name}: {value}" for name, value in headers)]
    return clip("\n".join([*lines, "", body] if body else lines))


def _served(entry: Asked, documents: dict[str, int]) -> str:
    status = "no status line" if entry.status is None else str(entry.status)
    facts = [f"{entry.bytes_sent:,} bytes", f"ended {entry.ended}", f"counts as {_COUNTS_AS[entry.outcome]}"]
    if entry.failure:
        facts.insert(0, f"failure {entry.failure}")
    return f"{status} ({', '.join(facts)})\n{_content(entry, documents)}".rstrip()


def _content(entry: Asked, documents: dict[str, int]) -> str:
    if entry.document is None:
        return clip(entry.answer or "")
    text = json.dumps(entry.document, ensure_ascii=False)
    if text in documents:
        return f"document {documents[text]} of this case once more"
    documents[text] = len(documents) + 1
    return f"document {documents[text]}: {clip(text)}"


def _read(step: Step, read: Exchange) -> str:
    first = f"{read.method} {clip(read.url)}\n{read.status if read.status is not None else read.error or 'no answer'}"
    if step.after is None:
        return f"{first}\nthe connection was not found in the answer:\n{clip(read.answer)}".rstrip()
    # By its text, since to Python 1 is True.
    if step.response is not None and _json(step.after) == _json(step.response):
        return f"{first}\nthe connection, member for member as in the answer above"
    return f"{first}\n{clip(_json(step.after))}"


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)

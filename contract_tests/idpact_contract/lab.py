"""The bench on which a case is arranged: one implementation, one mock IdP, and everything that is seen written down.

A case asks the lab for issuers and connections, updates them, and leaves; the lab records each step as evidence. It
judges nothing. What only prepares a case (`given`) must succeed, or the case can't be judged.
"""

import json
import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Self
from urllib.parse import urlsplit

from idpact_contract.abilities import Ability
from idpact_contract.connection import REQUIRED, URL_FIELDS
from idpact_contract.evidence import Actor, Asked, Evidence, IssuerFacts, Observed, Step, StepKind
from idpact_contract.oracle import ACTIVE
from idpact_contract.provider import IdentityProvider, LabIssuer, LabJournal
from idpact_contract.rules.judging import describe
from idpact_contract.targets.base import Answer, Body, Target, UnreachableError
from idpact_contract.targets.http import HttpTarget
from idpact_mock import FAILURES, Entry, FailureWish

__all__ = ["CaseOverError", "Lab", "SetUpBrokeError", "Subject"]

_TEXT_KEPT: Final = 2_000


class SetUpBrokeError(Exception):
    """What prepares a case did not work, so that the case can't be judged; the message says what was answered."""


class CaseOverError(Exception):
    """A step under judgement left nothing to go on with: what was seen so far is judged."""


class Subject:
    """A connection under test, and what is known of it."""

    def __init__(self, connection_id: str, observed: Observed) -> None:
        self.id = connection_id
        self.observed = observed


@dataclass(frozen=True, slots=True, kw_only=True)
class _Act:
    """What is done to the implementation, before it is done."""

    kind: StepKind
    actor: Actor
    judged: bool
    body: Body
    before: Observed | None


class Lab:
    """One case's bench.

    Args:
        target: The implementation.
        idp: The mock IdP.
        case_id: The case, whose made-up values follow from its id and the seed alone.
        seed: The run's seed.
        own_ports: Issuers get a port of their own, so that nothing the implementation keeps per host blurs a case. False
            where it reaches the mock IdP at one address only.
        keep: Leave what was created.
        blocked: Why the implementation can't reach the mock IdP: no case that needs an issuer can be arranged then.
        settled: Reads wait until the status has settled, where that may take its time.
        lasting: They wait for it also where a required field is missing, so that nothing should come of it.
    """

    def __init__(
        self,
        target: Target,
        idp: IdentityProvider,
        *,
        case_id: str,
        seed: int = 0,
        own_ports: bool = True,
        keep: bool = False,
        blocked: str | None = None,
        settled: bool = False,
        lasting: bool = True,
    ) -> None:
        self.target = target
        self.idp = idp
        self.case_id = case_id
        self._random = random.Random(f"{seed}:{case_id}")  # noqa: S311 - names that can be had again, no secrets
        self._own_ports = own_ports
        self._keep = keep
        self._blocked = blocked
        self._settled = settled
        self._lasting = lasting
        self._issuers: list[tuple[LabIssuer, IssuerFacts]] = []
        self._steps: list[Step] = []
        self._created: list[tuple[str, Actor]] = []
        self._secrets: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Delete the connections unless they are to be kept, and drop the issuers. One that resists keeps none of the others."""
        undo: list[Callable[[], object]] = []
        if not self._keep:
            undo += [partial(self.target.delete, connection_id, actor=actor) for connection_id, actor in self._created]
        undo += [partial(self.idp.drop_issuer, issuer) for issuer, _ in self._issuers]
        for act in undo:
            with suppress(Exception):  # tidying up must not hide what the case found
                act()

    # -- made-up values ------------------------------------------------------------------------------------------------

    def token(self) -> str:
        """Twelve hex digits that only this case has."""
        return f"{self._random.getrandbits(48):012x}"

    def typed_url(self, field: str) -> str:
        """A URL for that field as an administrator types it; its host resolves nowhere."""
        return f"https://typed-{self.token()}.example/{field.removesuffix('_url')}"

    def typed_urls(self, *fields: str) -> dict[str, str]:
        """Typed URLs for these fields; for all four where none is named."""
        return {field: self.typed_url(field) for field in fields or URL_FIELDS}

    def credentials(self) -> dict[str, str]:
        """A client id and a client secret."""
        secret = f"client-secret-{self.token()}{self.token()}"
        self._secrets.append(secret)
        return {"client_id": f"client-{self.token()}", "client_secret": secret}

    # -- issuers -------------------------------------------------------------------------------------------------------

    def issuer(
        self,
        *,
        path: str | None = None,
        shared: bool = False,
        slash: bool = False,
        failure: FailureWish | None = None,
        members: Mapping[str, object] | None = None,
        without: Sequence[str] = (),
        live_endpoints: bool = False,
    ) -> LabIssuer:
        """An issuer never used before.

        Args:
            path: Its path; by default it has none where issuers get a port of their own, so that only cases about paths
                suffer from a path lost.
            shared: It lives at that very path on the port that issuers share; for cases about two issuers at one address.
            slash: It ends in a slash.
            failure: A failure of the catalogue, with parameters if need be.
            members: Members set in its document.
            without: Members removed from its document.
            live_endpoints: The document's URLs are the mock IdP's own, so that a request to one is seen.

        Raises:
            SetUpBrokeError: The implementation can't reach the mock IdP.
        """
        if self._blocked:
            raise SetUpBrokeError(self._blocked)
        own = self._own_ports and not shared
        if not own and not shared and path is not None:
            path = f"/{self.token()}{path}"
        elif own and path is None:
            path = ""
        made: LabIssuer = self.idp.make_issuer(
            None if own else f"c{self.token()}",
            path=path,
            own_port=own,
            trailing_slash=slash,
            failure=failure,
            endpoints_at=None if live_endpoints else f"https://idp-{self.token()}.example",
        )
        if members:
            made.set_members(members)
        if without:
            made.remove_members(*without)
        failure_id = str(failure["id"]) if isinstance(failure, Mapping) else failure
        reachable = failure_id is None or not FAILURES[failure_id].unreachable
        facts = IssuerFacts(
            url=made.url,
            discovery_target=urlsplit(made.discovery_url).path,
            document=made.document,
            failure=failure_id,
            reachable=reachable,
        )
        self._issuers.append((made, facts))
        return made

    # -- steps ---------------------------------------------------------------------------------------------------------

    def create(
        self, typed: Mapping[str, Any] | None = None, *, judged: bool = False, actor: Actor = Actor.OWNER
    ) -> Subject:
        """Create a connection.

        Raises:
            SetUpBrokeError: No connection came of it, in a step that only prepares the case.
            CaseOverError: No connection came of it, in a step under judgement.
        """
        body = Body(typed=typed or {})
        act = _Act(kind="create", actor=actor, judged=judged, body=body, before=None)
        step, subject = self._recorded(act, None, lambda: self.target.create(body, actor=actor))
        if subject is None:
            told = f"create answered {describe(step.exchange)} and no connection that can be read"
            raise CaseOverError(told) if judged else SetUpBrokeError(told)
        return subject

    def given(self, subject: Subject, typed: Mapping[str, Any]) -> Step:
        """An update that prepares the case.

        Raises:
            SetUpBrokeError: It was not accepted.
        """
        step = self.update(subject, typed, judged=False)
        if not step.exchange.accepted:
            fields = ", ".join(typed)
            raise SetUpBrokeError(f"an update with {fields} that prepares the case answered {describe(step.exchange)}")
        return step

    def update(
        self,
        subject: Subject,
        typed: Mapping[str, Any] | None = None,
        *,
        extra: Mapping[str, Any] | None = None,
        raw: str | None = None,
        actor: Actor = Actor.OWNER,
        judged: bool = True,
        down_is_an_answer: bool = False,
    ) -> Step:
        """Update a connection and read it again as its owner.

        With `down_is_an_answer`, an implementation that can't be reached any more is recorded as one that gives no answer:
        for cases that may have brought it down.
        """
        body = Body(typed=typed or {}, extra=extra or {}, raw=raw)
        act = _Act(kind="update", actor=actor, judged=judged, body=body, before=dict(subject.observed))
        try:
            step, _ = self._recorded(act, subject, lambda: self.target.update(subject.id, body, actor=actor))
        except UnreachableError as error:
            if not down_is_an_answer or error.exchange is None:
                raise
            step = self._record(act, Answer(exchange=error.exchange), None, ())
        return step

    def knock(self, subject: Subject, method: str) -> Step:
        """Send a method that the wire doesn't have to a connection's address, without a body.

        Raises:
            TypeError: The implementation is driven by no profile.
        """
        target = self.target
        if not isinstance(target, HttpTarget):
            raise TypeError(f"{type(target).__name__} has no addresses to send {method} to")
        act = _Act(kind="update", actor=Actor.OWNER, judged=True, body=Body(), before=dict(subject.observed))
        step, _ = self._recorded(act, subject, lambda: target.knock(subject.id, method))
        return step

    def update_unknown(self, connection_id: str, typed: Mapping[str, Any], *, judged: bool = True) -> Step:
        """Update a connection that doesn't exist, as the owner."""
        return self.update(Subject(connection_id, {}), typed, judged=judged)

    def concurrently(self, subject: Subject, *bodies: Mapping[str, Any], actors: Sequence[Actor] = ()) -> None:
        """Send these updates at the same moment, and read the connection once all are answered.

        Args:
            subject: The connection.
            bodies: What is typed in each.
            actors: On whose behalf each is sent; the owner's where none are named.
        """
        sent_by = actors or [Actor.OWNER] * len(bodies)
        before, answers = dict(subject.observed), dict[int, Answer]()
        errors: list[BaseException] = []
        gate = threading.Barrier(len(bodies))

        def send(number: int, body: Body) -> None:
            try:
                gate.wait(timeout=10)
                answers[number] = self.target.update(subject.id, body, actor=sent_by[number])
            except BaseException as error:  # noqa: BLE001 - carried to the caller's thread
                errors.append(error)

        began, marks = time.time(), self._marks()
        threads = [
            threading.Thread(target=send, args=(number, Body(typed=typed)), daemon=True)
            for number, typed in enumerate(bodies)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if errors:
            raise errors[0]
        asked = self._asked(marks, began)
        read = self.target.read(subject.id)
        for number, typed in enumerate(bodies):
            answer = answers[number]
            told = _Act(kind="update", actor=sent_by[number], judged=True, body=Body(typed=typed), before=before)
            self._record(told, answer, read, asked, beside=number + 1)
        subject.observed = read.connection or {}

    def evidence(self) -> Evidence:
        """All that was seen."""
        second = Ability.SECOND_ORGANIZATION not in self.target.lacking
        return Evidence(
            case=self.case_id,
            steps=tuple(self._steps),
            issuers=tuple(facts for _, facts in self._issuers),
            organization_id=self.target.organization(Actor.OWNER),
            other_organization_id=self.target.organization(Actor.OTHER) if second else "",
            credentials=(*self.target.credentials, *self._secrets),
            wire=self.target.facts,
        )

    # -- recording -----------------------------------------------------------------------------------------------------

    def _recorded(self, act: _Act, subject: Subject | None, send: Callable[[], Answer]) -> tuple[Step, Subject | None]:
        began, marks = time.time(), self._marks()
        answer = send()
        asked = self._asked(marks, began)
        if subject is None:
            subject = self._subject(answer, act.actor)
        reader = act.actor if act.kind == "create" else Actor.OWNER
        read = None if subject is None else self._read(subject, reader)
        step = self._record(act, answer, read, asked)
        return step, subject if step.after is not None else None

    def _subject(self, answer: Answer, actor: Actor) -> Subject | None:
        connection_id = answer.made or (answer.connection or {}).get("connection_id")
        if not answer.exchange.accepted or not isinstance(connection_id, str) or not connection_id:
            return None
        self._created.append((connection_id, actor))
        return Subject(connection_id, {})

    def _read(self, subject: Subject, reader: Actor) -> Answer:
        answer = self.target.read(subject.id, actor=reader)
        facts = self.target.facts
        until = time.monotonic() + (facts.activates_within if self._settled else 0.0)
        while self._awaited(answer.connection or {}) and time.monotonic() < until:
            time.sleep(facts.poll_every)
            answer = self.target.read(subject.id, actor=reader)
        subject.observed = answer.connection or {}
        return answer

    def _awaited(self, connection: Observed) -> bool:
        """The connection isn't active, and may yet become so."""
        missing = any(not connection.get(name) for name in REQUIRED if name != "client_secret")
        return connection.get("status") != ACTIVE and (self._lasting or not missing)

    def _record(
        self, act: _Act, answer: Answer, read: Answer | None, asked: tuple[Asked, ...], *, beside: int = 0
    ) -> Step:
        step = Step(
            kind=act.kind,
            actor=act.actor,
            judged=act.judged,
            typed=None if act.body.raw is not None else dict(act.body.typed),
            extra=dict(act.body.extra),
            before=act.before,
            exchange=answer.exchange,
            envelope=answer.envelope,
            warning=answer.warning,
            response=answer.connection,
            after=read.connection if read else None,
            read=read.exchange if read else None,
            asked=asked,
            beside=beside,
        )
        self._steps.append(step)
        return step

    def _marks(self) -> list[tuple[LabJournal, LabIssuer | None, int]]:
        marks = [(issuer.journal, issuer, issuer.journal.mark()) for issuer, _ in self._issuers]
        return [*marks, (self.idp.strays, None, self.idp.strays.mark())]

    def _asked(self, marks: list[tuple[LabJournal, LabIssuer | None, int]], began: float) -> tuple[Asked, ...]:
        entries = [
            (entry, issuer)
            for journal, issuer, mark in marks
            for entry in journal.since(mark)
            if self._mine(entry, issuer)
        ]
        entries.sort(key=lambda pair: pair[0].at)
        return tuple(_asked(entry, issuer, began) for entry, issuer in entries)

    def _mine(self, entry: Entry, issuer: LabIssuer | None) -> bool:
        """Whether a request belongs to this case: at one shared address, only what names one of its issuers."""
        if issuer is not None or self._own_ports:
            return True
        return any(known.name in entry.target for known, _ in self._issuers)


def _asked(entry: Entry, issuer: LabIssuer | None, began: float) -> Asked:
    document = _document(entry.content)
    return Asked(
        at=max(0.0, entry.at - began),
        method=entry.method,
        target=entry.target,
        headers=entry.headers,
        body=entry.body.decode("utf-8", "replace"),
        issuer=None if issuer is None else issuer.url,
        kind=entry.kind,
        status=entry.status,
        outcome=entry.outcome,
        failure=entry.failure,
        document=document,
        answer=None if document is not None else entry.content[:_TEXT_KEPT].decode("utf-8", "replace"),
        bytes_sent=entry.bytes_sent,
        ended=entry.ended,
    )


def _document(content: bytes) -> dict[str, Any] | None:
    try:
        parsed = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return parsed if isinstance(parsed, dict) else None

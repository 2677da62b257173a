"""An issuer: a document, a failure, keys and a journal at one address. Opens no socket; may be used from any thread."""

import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from idpact_mock.answer import Answer, json_answer, make_answer
from idpact_mock.assertions import Assertions
from idpact_mock.backing import ALONE, Backing
from idpact_mock.classify import outcome_of
from idpact_mock.cors import ANYONE
from idpact_mock.document import Content
from idpact_mock.failures import MEMBER_OF, Failing, FailureWish, Outcome, Schedule, SecondAddress, checked_endpoint
from idpact_mock.journal import Journal
from idpact_mock.provider.behind import HasProvider
from idpact_mock.sequence import Script, Step, read_steps
from idpact_mock.shape import Shape, own_shape
from idpact_mock.site import SHARED, Site, at_base
from idpact_mock.switch import Switch

__all__ = ["Issuer", "Plan"]

RENDERED_KEPT: Final = 64
"""Answers kept per issuer where they vary by address or by request; the oldest goes first."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What the discovery endpoint does now; replaced whole, so that the server never sees half a change.

    Attributes:
        answer: The answer while no failure is on; failures may borrow from it.
        varies: The answer isn't the same for every request: ask `Issuer.answer_for`.
    """

    answer: Answer
    varies: bool = False


class Issuer(HasProvider, Assertions):
    """One identity provider, as relying parties see it. Made by `MockIdP.make_issuer`.

    Every method may be called while the server is answering: a request that arrives after the call sees the change.

    Attributes:
        site: Where it lives.
        shape: What it is like before anybody changes it.
        journal: The requests that reached it.
        strays: The requests that matched no issuer of its server, if it has one.
        known_since: When it was made, unix time.
    """

    def __init__(
        self,
        site: Site,
        *,
        failure: FailureWish | None = None,
        backing: Backing = ALONE,
        shape: Shape | None = None,
        neighbour: "Callable[[Issuer, SecondAddress], str] | None" = None,
        strays: Journal | None = None,
    ) -> None:
        super().__init__(site, backing)
        self.shape: Final = own_shape(site) if shape is None else shape
        self.journal: Final[Journal] = backing.journal()
        self.strays: Final = strays
        self.known_since: Final = time.time()
        self._lock = threading.Lock()
        self._content = Content(
            base=self.shape.document(site.base, self.keys.algs),
            headers=self.shape.headers,
            switches=self.shape.switches,
            own_switches=self.shape.switches,
        )
        self._sequence: tuple[Step, ...] | Script = ()
        self._served = backing.counter()
        self._rendered: dict[tuple[int, str], Answer] = {}
        self._plan: Plan | None = None
        self._jwks: tuple[bytes, Answer] | None = None
        self._neighbour = neighbour
        self._neighbours: dict[SecondAddress, str] = {}
        self.failing: Mapping[str, Switch] = {}
        """The failures that are on, by endpoint; replaced whole, so that the server may read it without a lock."""
        if failure is not None:
            self._switch_on(Failing.read(failure))

    def __repr__(self) -> str:
        failing = f", failing with {self.failure}" if self.failing else ""
        return f"<Issuer {self.name!r} at {self.url}{failing}>"

    # -- where it is ---------------------------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """Its name in this server."""
        return self.site.name

    @property
    def path(self) -> str:
        """Its path, exactly as given; empty for a whole host."""
        return self.site.path

    @property
    def url(self) -> str:
        """The issuer identifier exactly as a relying party types it."""
        return self.site.url

    @property
    def discovery_url(self) -> str:
        """Where its document is (OpenID Connect Discovery 1.0, section 4.1)."""
        return self.site.discovery_url

    # -- what it serves ------------------------------------------------------------------------------------------------

    @property
    def preset(self) -> str | None:
        """The name of the preset that it was made with."""
        return self.shape.preset

    @property
    def document(self) -> dict[str, object]:
        """The document that is served while no failure is on, as a copy; in a sequence of steps, the one that is next.

        Raises:
            ValueError: Raw bytes are served that are no JSON object.
        """
        content, sequence = self._content, self._sequence
        if isinstance(sequence, tuple) and sequence:
            content = sequence[min(self._served.seen(), len(sequence) - 1)].applied(content)
        return content.document()

    @property
    def headers(self) -> dict[str, str]:
        """The extra headers of the discovery answer."""
        return dict(self._content.headers)

    @property
    def is_raw(self) -> bool:
        """Raw bytes are served in place of a document."""
        return self._content.raw is not None

    @property
    def switches(self) -> frozenset[str]:
        """The names of the switches that are on."""
        return self._content.switches

    @property
    def sequence(self) -> tuple[dict[str, Any], ...] | None:
        """The steps that are served one after the other, as JSON values; () for a callable, None where there are none."""
        sequence = self._sequence
        if not isinstance(sequence, tuple):
            return ()
        return tuple(step.to_json() for step in sequence) or None

    def set_members(self, members: Mapping[str, object]) -> None:
        """Set members of the document; the others stay.

        Raises:
            TypeError: `members` is no mapping with string keys.
            ValueError: A value can't be written as JSON, or raw bytes are served.
        """
        with self._lock:
            self._change(self._content.with_members(members))

    def remove_members(self, *names: str) -> None:
        """Remove members of the document; one that isn't there is no error.

        Raises:
            ValueError: Raw bytes are served.
        """
        with self._lock:
            self._change(self._content.without_members(*names))

    def set_switches(self, switches: Collection[str]) -> None:
        """Switch these oddities on, and all others off; see `SWITCHES`.

        Raises:
            TypeError: `switches` is no collection of names.
            ValueError: There is no such switch, or raw bytes are served.
        """
        with self._lock:
            self._change(self._content.with_switches(switches))

    def serve_sequence(self, steps: Sequence[Mapping[str, Any] | bytes] | Script) -> None:
        """Serve another document with each GET from now on, the last one for ever.

        What else is changed later (members, headers, switches) changes what the steps are on top of; `replace_document`,
        `serve_raw` and `reset_document` end the sequence. An answer that a failure stands in front of takes no step.

        Args:
            steps: For each GET a mapping with `set`, `remove`, `replace` or `raw`, an empty one for the document as it is; or
                raw bytes. Or a function that is called in the server's thread with the request's number, from 1, and
                returns such a step; what it raises becomes a 500.

        Raises:
            TypeError: It is no list of steps, and can't be called.
            ValueError: There is no step, or one is wrong; the message names it.
        """
        sequence = steps if callable(steps) else read_steps(steps)
        with self._lock:
            if isinstance(sequence, tuple):
                for step in sequence:
                    step.applied(self._content)  # whoever asks for what can't be is told so now
            self._sequence, self._served = sequence, self.backing.counter()
            self._change(self._content)

    def replace_document(self, document: Mapping[str, object]) -> None:
        """Serve this document in place of all that was, `issuer` included: nothing is added.

        Raises:
            TypeError: `document` is no mapping with string keys.
            ValueError: A value can't be written as JSON.
        """
        with self._lock:
            self._change(self._content.replaced(document), alone=True)

    def serve_raw(self, body: bytes, *, content_type: str | None = "application/json") -> None:
        """Serve these bytes, whatever they are; `content_type` None sends no Content-Type.

        Raises:
            TypeError: `body` is no bytes.
            ValueError: `content_type` can't be sent.
        """
        with self._lock:
            self._change(self._content.as_raw(body, content_type=content_type), alone=True)

    def reset_document(self) -> None:
        """Serve the issuer's own document again; headers and failure stay."""
        with self._lock:
            self._change(self._content.reset(), alone=True)

    def set_headers(self, headers: Mapping[str, str]) -> None:
        """Send these headers with the discovery answer, in place of those set before; Content-Type and Cache-Control win over ours.

        Raises:
            TypeError: `headers` is no mapping of strings to strings.
            ValueError: A name or value can't be sent, or would break the framing.
        """
        with self._lock:
            self._change(self._content.with_headers(headers))

    # -- how it fails --------------------------------------------------------------------------------------------------

    @property
    def failure(self) -> str | None:
        """The id of the failure that is on, the discovery endpoint's before those of others; None while all works."""
        on = self.failures
        return on[0].mode.id if on else None

    @property
    def failures(self) -> tuple[Failing, ...]:
        """The failures that are on, the discovery endpoint's first."""
        on = sorted(self.failing.items(), key=lambda item: item[0] != "discovery")
        return tuple(switch.failing for _, switch in on)

    def fail(
        self,
        failure_id: str,
        /,
        *,
        endpoint: str | None = None,
        schedule: Schedule | str | None = None,
        **parameters: object,
    ) -> None:
        """Switch a failure on, in place of any that was on at that endpoint.

        Args:
            failure_id: The failure.
            endpoint: The endpoint that fails: `discovery`, `jwks`, `token` or `userinfo`; by default the one that the failure
                is about.
            schedule: Which requests fail, counted from now: `always`, `first 3`, `every 2`, `from 4` or `for 1.5 s`, or a
                `Schedule`; by default the failure's own, which is mostly `always`.
            parameters: Values for its parameters, see `FAILURES`.

        Raises:
            ValueError: There is no such failure, endpoint, schedule or parameter, or a value isn't right; or the failure lies
                in the issuer's address and can only be chosen as it is made.
        """
        self.switch_on(Failing.of(failure_id, endpoint=endpoint, schedule=schedule, parameters=parameters))

    def switch_on(self, failing: Failing) -> None:
        """Switch a failure on that has been checked; see `fail`.

        Raises:
            ValueError: This issuer can't fail so.
        """
        mode = failing.mode
        if failing.is_of_issuer:
            raise ValueError(f"failure: {mode.id!r} lies in the address; choose it in make_issuer(failure={mode.id!r})")
        self._keep_address(f"fail with {mode.id!r}")
        self._switch_on(failing)

    def recover(self, endpoint: str | None = None) -> None:
        """Switch the failure of an endpoint off, or those of all; without one nothing happens.

        Raises:
            ValueError: There is no such endpoint, or the failure lies in the address, which can't change.
        """
        if endpoint is not None:
            checked_endpoint(endpoint)
        self._keep_address("recover")
        with self._lock:
            left = {} if endpoint is None else {key: on for key, on in self.failing.items() if key != endpoint}
            self.failing = left
        self._metadata_changed()

    # -- for the server ------------------------------------------------------------------------------------------------

    def plan(self) -> Plan:
        """What the discovery endpoint does now; rendered when first asked for after a change."""
        plan = self._plan
        if plan is None:
            with self._lock:
                plan = self._plan = Plan(self._render(self._content, self.site.identifier), varies=bool(self._sequence))
        return plan

    def answer_for(self, base: str | None, *, step: bool) -> Answer:
        """The answer at another address, or of a document that varies; rendered when first asked for after a change.

        Args:
            base: The base URL that the request came under; None for the issuer's own.
            step: The request takes a step of the sequence.
        """
        with self._lock:
            base = self.site.base if base is None else base
            sequence = self._sequence
            number = self._served.next() - 1 if step else self._served.seen()
            content, url = self._content_at(base), replace(self.site, base=base).identifier
            if isinstance(sequence, tuple):
                key = (min(number, max(0, len(sequence) - 1)), base)
                answer = self._rendered.get(key)
                if answer is None:
                    content = sequence[key[0]].applied(content) if sequence else content
                    answer = self._keep(key, self._render(content, url))
                return answer
        # Not under the lock: the function may change the issuer.
        return self._scripted(sequence, number + 1, content, url)

    @property
    def jwks_answer(self) -> Answer | None:
        """The answer of the JWKS endpoint if it was rendered already and no key came or went since."""
        jwks = self._jwks
        return jwks[1] if jwks is not None and self.keys.rendered is jwks[0] else None

    def make_jwks_answer(self) -> Answer:
        """The answer of the JWKS endpoint. May block while a key is made: not for an event loop."""
        body = self.keys.jwks()
        answer = make_answer(200, body, content_type="application/json", outcome=Outcome.YES, headers=ANYONE)
        self._jwks = (body, answer)
        return answer

    def _token_url(self, base: str) -> str:
        return str(self._base(base).get("token_endpoint", ""))

    def _metadata_changed(self) -> None:
        with self._lock:
            self._change(self._content.rebased(self._base(self.site.base)))

    def neighbour(self, failing: Failing) -> str:
        """Scheme, host and port of the second address that a failure needs; empty where it needs none."""
        kind = failing.second_address
        return "" if kind is None else self._neighbours[kind]

    def _switch_on(self, failing: Failing) -> None:
        mode = failing.mode
        if mode.own_host and (self.site.port == SHARED or not self.path):
            raise ValueError(
                f"failure: {mode.id!r} needs an issuer with a port of its own and a path: "
                f"make_issuer(path='/tenant', own_port=True, failure={mode.id!r})"
            )
        if failing.is_handed_out:
            self._check_handed_out(failing)
        second = failing.second_address
        if second is not None:
            if self._neighbour is None:
                raise ValueError(f"failure: {mode.id!r} needs a second address, which only a running MockIdP can open")
            self._neighbours[second] = self._neighbour(self, second)
        with self._lock:
            self.failing = {**self.failing, failing.endpoint: Switch(failing, self.backing)}
        self._metadata_changed()

    def _check_handed_out(self, failing: Failing) -> None:
        """The document's own value for the endpoint is what is handed out: another one would not fail."""
        member = MEMBER_OF[failing.endpoint]
        what = f"endpoint: {failing.endpoint!r} can't fail with {failing.mode.id!r}"
        own = self._base(self.site.base)
        if member not in own:
            raise ValueError(f"{what}: this issuer has no {member}")
        if self.is_raw or self._content.document().get(member) != own[member]:
            raise ValueError(f"{what}: {member} in its document was changed by hand; reset the document first")

    def _keep_address(self, what: str) -> None:
        fixed = next((on.mode.id for on in self.failures if on.is_of_issuer), None)
        if fixed is not None:
            raise ValueError(f"failure: {self.name!r} can't {what}: {fixed!r} lies in its address; make another issuer")

    def _change(self, content: Content, *, alone: bool = False) -> None:
        if alone:
            self._sequence, self._served = (), self.backing.counter()
        self._content, self._plan = content, None
        self._rendered = {}

    def _content_at(self, base: str) -> Content:
        if base == self.site.base:
            return self._content
        return self._content.rebased(self._base(base))

    def _base(self, base: str) -> dict[str, object]:
        """The issuer's own document under a base URL, with the endpoints whose address fails there where they fail."""
        document = self.shape.document(base, self.keys.algs)
        astray = [switch.failing for switch in self.failing.values() if switch.failing.is_handed_out]
        members = {MEMBER_OF[failing.endpoint]: self.neighbour(failing) for failing in astray}
        return {**document, **{name: at_base(str(document[name]), there) for name, there in members.items()}}

    def _scripted(self, script: Script, number: int, content: Content, url: str) -> Answer:
        try:
            content = Step.read(script(number), within=f"step {number}").applied(content)
        except Exception as error:  # noqa: BLE001 - whatever the user's function raises is to be seen by the client
            return json_answer(500, {"error": "sequence", "message": f"{type(error).__name__}: {error}"})
        return self._render(content, url)

    def _keep(self, key: tuple[int, str], answer: Answer) -> Answer:
        while len(self._rendered) >= RENDERED_KEPT:
            del self._rendered[next(iter(self._rendered))]
        self._rendered[key] = answer
        return answer

    @staticmethod
    def _render(content: Content, url: str) -> Answer:
        answer = make_answer(
            200,
            content.body(),
            content_type=content.content_type,
            outcome=Outcome.YES,
            headers={**ANYONE, **{name.lower(): value for name, value in content.headers.items()}},
        )
        outcome = outcome_of(
            answer.body,
            content_type=answer.content_type,
            issuer=url,
            encoded=any(name == b"content-encoding" for name, _ in answer.headers),
        )
        return replace(answer, outcome=outcome)

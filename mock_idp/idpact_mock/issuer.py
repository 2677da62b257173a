"""An issuer: a document, a failure, keys and a journal at one address. Opens no socket; may be used from any thread."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from idpact_mock.answer import Answer, make_answer
from idpact_mock.classify import outcome_of
from idpact_mock.document import Content, base_document
from idpact_mock.failures import Failing, FailureWish, Neighbour, Outcome, Schedule, checked_endpoint
from idpact_mock.journal import Journal
from idpact_mock.keys import Keys
from idpact_mock.site import SHARED, Site
from idpact_mock.switch import Switch

__all__ = ["Issuer", "Plan"]


@dataclass(frozen=True, slots=True)
class Plan:
    """What the discovery endpoint does now; replaced whole, so that the server never sees half a change.

    Attributes:
        answer: The answer while no failure is on; failures may borrow from it.
    """

    answer: Answer


class Issuer:
    """One identity provider, as relying parties see it. Made by `MockIdP.make_issuer`.

    Every method may be called while the server is answering: a request that arrives after the call sees the change.

    Attributes:
        journal: The requests that reached it.
        keys: Its signing keys.
    """

    def __init__(
        self,
        site: Site,
        *,
        endpoints_at: str | None = None,
        failure: FailureWish | None = None,
        journal: Journal | None = None,
        neighbour: "Callable[[Issuer, Neighbour], str] | None" = None,
    ) -> None:
        self.site: Final = site
        self.journal: Final = Journal() if journal is None else journal
        self.keys: Final = Keys()
        self._lock = threading.Lock()
        self._content = Content(base=base_document(site.identifier, endpoints_at or site.root))
        self._plan: Plan | None = None
        self._jwks: Answer | None = None
        self._neighbour = neighbour
        self._neighbours: dict[Neighbour, str] = {}
        self.switches: Mapping[str, Switch] = {}
        """The failures that are on, by endpoint; replaced whole, so that the server may read it without a lock."""
        if failure is not None:
            self._switch_on(Failing.read(failure))

    def __repr__(self) -> str:
        failing = f", failing with {self.failure}" if self.switches else ""
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
    def document(self) -> dict[str, object]:
        """The document that is served while no failure is on, as a copy.

        Raises:
            ValueError: Raw bytes are served that are no JSON object.
        """
        return self._content.document()

    @property
    def headers(self) -> dict[str, str]:
        """The extra headers of the discovery answer."""
        return dict(self._content.headers)

    @property
    def is_raw(self) -> bool:
        """Raw bytes are served in place of a document."""
        return self._content.raw is not None

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

    def replace_document(self, document: Mapping[str, object]) -> None:
        """Serve this document in place of all that was, `issuer` included: nothing is added.

        Raises:
            TypeError: `document` is no mapping with string keys.
            ValueError: A value can't be written as JSON.
        """
        with self._lock:
            self._change(self._content.replaced(document))

    def serve_raw(self, body: bytes, *, content_type: str | None = "application/json") -> None:
        """Serve these bytes, whatever they are; `content_type` None sends no Content-Type.

        Raises:
            TypeError: `body` is no bytes.
            ValueError: `content_type` can't be sent.
        """
        with self._lock:
            self._change(self._content.as_raw(body, content_type=content_type))

    def reset_document(self) -> None:
        """Serve the issuer's own document again; headers and failure stay."""
        with self._lock:
            self._change(self._content.reset())

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
        on = sorted(self.switches.items(), key=lambda item: item[0] != "discovery")
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
            endpoint: The endpoint that fails: `discovery` or `jwks`; by default the one that the failure is about.
            schedule: Which requests fail, counted from now: `always`, `first 3`, `every 2`, `from 4` or `for 1.5 s`, or a
                `Schedule`; by default the failure's own, which is mostly `always`.
            parameters: Values for its parameters, see `FAILURES`.

        Raises:
            ValueError: There is no such failure, endpoint, schedule or parameter, or a value isn't right; or the failure lies
                in the address and can only be chosen as the issuer is made.
        """
        self.switch_on(Failing.of(failure_id, endpoint=endpoint, schedule=schedule, parameters=parameters))

    def switch_on(self, failing: Failing) -> None:
        """Switch a failure on that has been checked; see `fail`.

        Raises:
            ValueError: This issuer can't fail so.
        """
        mode = failing.mode
        if mode.layer == "address":
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
            left = {} if endpoint is None else {key: on for key, on in self.switches.items() if key != endpoint}
            self.switches = left

    # -- for the server ------------------------------------------------------------------------------------------------

    def plan(self) -> Plan:
        """What the discovery endpoint does now; rendered when first asked for after a change."""
        plan = self._plan
        if plan is None:
            with self._lock:
                plan = self._plan = Plan(self._render())
        return plan

    @property
    def jwks_answer(self) -> Answer | None:
        """The answer of the JWKS endpoint if keys were made already."""
        return self._jwks

    def make_jwks_answer(self) -> Answer:
        """The answer of the JWKS endpoint. May block while a key is made: not for an event loop."""
        answer = make_answer(200, self.keys.jwks(), content_type="application/json", outcome=Outcome.YES)
        self._jwks = answer
        return answer

    def neighbour(self, failing: Failing) -> str:
        """Scheme, host and port of the second address that a failure needs; empty where it needs none."""
        kind = failing.mode.neighbour
        return "" if kind is None else self._neighbours[kind]

    def _switch_on(self, failing: Failing) -> None:
        mode = failing.mode
        if mode.own_host and (self.site.port == SHARED or not self.path):
            raise ValueError(
                f"failure: {mode.id!r} needs an issuer with a port of its own and a path: "
                f"make_issuer(path='/tenant', own_port=True, failure={mode.id!r})"
            )
        if mode.neighbour is not None:
            if self._neighbour is None:
                raise ValueError(f"failure: {mode.id!r} needs a second address, which only a running MockIdP can open")
            self._neighbours[mode.neighbour] = self._neighbour(self, mode.neighbour)
        with self._lock:
            self.switches = {**self.switches, failing.endpoint: Switch(failing)}

    def _keep_address(self, what: str) -> None:
        fixed = next((on.mode.id for on in self.failures if on.mode.layer == "address"), None)
        if fixed is not None:
            raise ValueError(f"failure: {self.name!r} can't {what}: {fixed!r} lies in its address; make another issuer")

    def _change(self, content: Content) -> None:
        self._content, self._plan = content, None

    def _render(self) -> Answer:
        content = self._content
        answer = make_answer(
            200, content.body(), content_type=content.content_type, outcome=Outcome.YES, headers=content.headers
        )
        outcome = outcome_of(
            answer.body,
            content_type=answer.content_type,
            issuer=self.site.identifier,
            encoded=any(name == b"content-encoding" for name, _ in answer.headers),
        )
        return replace(answer, outcome=outcome)

"""An issuer: a document, a failure, keys and a journal at one address. Opens no socket; may be used from any thread."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from idpact_mock.answer import Answer, make_answer
from idpact_mock.classify import outcome_of
from idpact_mock.cors import ANYONE
from idpact_mock.document import Content, base_document
from idpact_mock.failures import Outcome, failure_mode
from idpact_mock.journal import Journal
from idpact_mock.keys import Keys
from idpact_mock.site import Site

__all__ = ["Issuer", "Plan"]


@dataclass(frozen=True, slots=True)
class Plan:
    """What the discovery endpoint does now; replaced whole, so that the server never sees half a change.

    Attributes:
        answer: The answer while no failure is on; failures may borrow from it.
        failure: The id of the failure that is on.
    """

    answer: Answer
    failure: str | None


class Issuer:
    """One identity provider, as relying parties see it. Made by `MockIdP.make_issuer`.

    Every method may be called while the server is answering: a request that arrives after the call sees the change.

    Attributes:
        journal: The requests that reached it.
        keys: Its signing keys.
    """

    def __init__(
        self, site: Site, *, endpoints_at: str | None = None, failure: str | None = None, journal: Journal | None = None
    ) -> None:
        self.site: Final = site
        self.journal: Final = Journal() if journal is None else journal
        self.keys: Final = Keys()
        self._lock = threading.Lock()
        self._content = Content(base=base_document(site.url, endpoints_at or site.root))
        self._failure = failure
        self._plan: Plan | None = None
        self._jwks: Answer | None = None

    def __repr__(self) -> str:
        failing = f", failing with {self._failure}" if self._failure else ""
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
        """The id of the failure that is on; None while it works."""
        return self._failure

    def fail(self, failure_id: str) -> None:
        """Switch a failure on, in place of any that was.

        Raises:
            ValueError: There is no such failure, or it lies in the address and can only be chosen as the issuer is made.
        """
        mode = failure_mode(failure_id)
        if mode.layer == "address":
            raise ValueError(f"failure: {mode.id!r} lies in the address; choose it in make_issuer(failure={mode.id!r})")
        self._keep_address(f"fail with {mode.id!r}")
        with self._lock:
            self._failure, self._plan = mode.id, None

    def recover(self) -> None:
        """Switch the failure off; without one nothing happens.

        Raises:
            ValueError: The failure lies in the address, which can't change.
        """
        self._keep_address("recover")
        with self._lock:
            self._failure, self._plan = None, None

    # -- for the server ------------------------------------------------------------------------------------------------

    def plan(self) -> Plan:
        """What the discovery endpoint does now; rendered when first asked for after a change."""
        plan = self._plan
        if plan is None:
            with self._lock:
                plan = self._plan = Plan(self._render(), self._failure)
        return plan

    @property
    def jwks_answer(self) -> Answer | None:
        """The answer of the JWKS endpoint if keys were made already."""
        return self._jwks

    def make_jwks_answer(self) -> Answer:
        """The answer of the JWKS endpoint. May block while a key is made: not for an event loop."""
        answer = make_answer(
            200, self.keys.jwks(), content_type="application/json", outcome=Outcome.YES, headers=ANYONE
        )
        self._jwks = answer
        return answer

    def _keep_address(self, what: str) -> None:
        if self._failure is not None and failure_mode(self._failure).layer == "address":
            raise ValueError(
                f"failure: {self.name!r} can't {what}: {self._failure!r} lies in its address; make another issuer"
            )

    def _change(self, content: Content) -> None:
        self._content, self._plan = content, None

    def _render(self) -> Answer:
        content = self._content
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
            issuer=self.url,
            encoded=any(name == b"content-encoding" for name, _ in answer.headers),
        )
        return replace(answer, outcome=outcome)

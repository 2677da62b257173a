"""What one case saw, as plain records. Knows no rule, no client and no clock.

A judge is handed an `Evidence` and nothing else, and these records survive a round trip through JSON, so that a verdict
can be computed again from a report. Records are made once and never changed.
"""

import enum
import json
from typing import Any, Final, Literal

import msgspec

from idpact_mock import Outcome

__all__ = [
    "Actor",
    "Asked",
    "Evidence",
    "Exchange",
    "IssuerFacts",
    "Observed",
    "Setting",
    "Step",
    "StepKind",
    "WireFacts",
]

Observed = dict[str, Any]
"""A connection as it was read: our field names, and the JSON values as they came. A member that was absent is absent."""

StepKind = Literal["create", "update", "read", "delete"]

_NO_JSON: Final = object()


class Actor(enum.StrEnum):
    """On whose behalf a request was sent."""

    OWNER = "owner"
    """A member of the organization that owns the connection."""
    OTHER = "other"
    """A member of the other organization."""
    NOBODY = "nobody"
    """No credentials at all."""
    IMPOSTOR = "impostor"
    """Credentials of the right form that were never issued."""


class Exchange(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One request to the implementation and its answer.

    Attributes:
        method: The request method.
        url: The absolute URL as sent.
        headers: The request's headers, in order.
        body: The request's body as text, None where there was none.
        status: The answer's status, None where no answer came.
        answer_headers: The answer's headers, in order.
        answer: The answer's body as text.
        error: What went wrong beneath HTTP, in a few words; None where an answer came.
        seconds: From the first byte sent to the last byte read.
    """

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    body: str | None = None
    status: int | None = None
    answer_headers: tuple[tuple[str, str], ...] = ()
    answer: str = ""
    error: str | None = None
    seconds: float = 0.0

    @property
    def accepted(self) -> bool:
        """The answer is 2xx."""
        return self.status is not None and 200 <= self.status <= 299  # noqa: PLR2004 - the class of statuses

    @property
    def refused(self) -> bool:
        """The answer is 4xx."""
        return self.status is not None and 400 <= self.status <= 499  # noqa: PLR2004 - the class of statuses

    @property
    def json(self) -> Any:  # noqa: ANN401 - JSON is any value
        """The answer parsed, or None where it is no JSON; `is_json` tells a JSON null from that."""
        parsed = self._parse()
        return None if parsed is _NO_JSON else parsed

    @property
    def is_json(self) -> bool:
        """The answer's body is a JSON text."""
        return self._parse() is not _NO_JSON

    def _parse(self) -> Any:  # noqa: ANN401 - JSON is any value
        try:
            return json.loads(self.answer)
        except (ValueError, RecursionError):
            return _NO_JSON

    def header(self, name: str) -> str | None:
        """The first answer header of that name, compared without case."""
        wanted = name.lower()
        return next((value for key, value in self.answer_headers if key.lower() == wanted), None)


class Asked(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One request that reached the mock IdP, and what it was served.

    Attributes:
        at: Seconds since the step began.
        method: The request method.
        target: The request target exactly as it was on the wire.
        headers: The request's headers, in order.
        body: The request's body as text (undecodable bytes replaced).
        issuer: The URL of the issuer it belongs to; None where it matched none.
        kind: `discovery`, `jwks` or `other`.
        status: The status served; None where no status line was sent.
        outcome: How the answer counts.
        failure: The id of the failure that was switched on.
        document: The document served, where a lenient client finds a JSON object in the answer: decoded, and without what only
            fills it.
        answer: The answer's body as text, where it is no JSON object; cut at 2,000 characters.
        bytes_sent: Bytes that left for the client.
        ended: How the exchange ended.
    """

    at: float
    method: str
    target: str
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""
    issuer: str | None = None
    kind: str = "discovery"
    status: int | None = 200
    outcome: Outcome = Outcome.YES
    failure: str | None = None
    document: dict[str, Any] | None = None
    answer: str | None = None
    bytes_sent: int = 0
    ended: str = "complete"


class Step(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing done to the implementation, and all that was seen of it.

    Attributes:
        kind: What was done.
        actor: On whose behalf.
        judged: False for what only prepares the case.
        typed: The body in our own field names, before the wire's names and nesting; None where raw text was sent.
        extra: Members put into the body as they stand, outside our fields.
        before: The connection as its owner read it before the step; None before it existed.
        exchange: The request and its answer.
        envelope: The JSON object that holds the answer's own members (`status_code`, `request_id`), unwrapped; None
            where there is none.
        warning: The answer's warning, None where it has none.
        response: The connection in the answer, None where there is none.
        after: The connection as its owner read it after the step; None where it can't be found.
        read: The second read itself.
        asked: What reached the mock IdP meanwhile, oldest first.
        beside: Its number among updates that were sent at the same moment, from 1; 0 where it was sent alone.
    """

    kind: StepKind
    actor: Actor = Actor.OWNER
    judged: bool = True
    typed: dict[str, Any] | None = None
    extra: dict[str, Any] = msgspec.field(default_factory=dict)
    before: Observed | None = None
    exchange: Exchange
    envelope: dict[str, Any] | None = None
    warning: Any = None
    response: Observed | None = None
    after: Observed | None = None
    read: Exchange | None = None
    asked: tuple[Asked, ...] = ()
    beside: int = 0


class Setting(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that was done to the mock IdP, as its control interface takes it.

    Attributes:
        issuer: The issuer's URL.
        step: The number of steps that had been done before.
        body: What makes the issuer, or what changes it.
        made: It made the issuer.
    """

    issuer: str
    step: int
    body: dict[str, Any]
    made: bool = False


class IssuerFacts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One issuer that the mock IdP played in a case, as it was set up.

    Attributes:
        url: The issuer as it is typed.
        discovery_target: The request target at which its document is, such as `/a/.well-known/openid-configuration`.
        document: The document it was set to serve; None for raw bytes.
        failure: The id of its failure, if one was switched on.
        reachable: False where the failure lies in the address, so that no request can reach the mock IdP.
    """

    url: str
    discovery_target: str
    document: dict[str, Any] | None = None
    failure: str | None = None
    reachable: bool = True


class WireFacts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a judge must know of the wire.

    Attributes:
        profile: The profile's name.
        documented: The answers' shape is one of the two official wires, so that the WIRE rules speak of it.
        backend: It is the backend wire.
        shows_secret: Reads show client_secret in clear.
        unseen: Other fields that reads don't show, so that they can't be compared.
        has_status: Connections have a status.
        answers_updates: The answer to an update carries the connection.
        activates_within: Seconds in which the status may change after the answer, so that reads alone tell whether it is
            active; 0 where it changes at once.
        poll_every: Seconds between two reads that wait for that.
    """

    profile: str = ""
    documented: bool = True
    backend: bool = False
    shows_secret: bool = True
    unseen: tuple[str, ...] = ()
    has_status: bool = True
    answers_updates: bool = True
    activates_within: float = 0.0
    poll_every: float = 0.5


class Evidence(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All that one case saw.

    Attributes:
        case: The case's id, such as `FALL-2/http-404`.
        steps: What was done, oldest first.
        issuers: The issuers that took part, in the order of their making.
        organization_id: The owner's organization.
        other_organization_id: The other organization, empty where the case needs none.
        credentials: Secrets of the caller and of the connection that no identity provider may see.
        wire: Facts about the wire.
    """

    case: str
    steps: tuple[Step, ...]
    issuers: tuple[IssuerFacts, ...] = ()
    organization_id: str = ""
    other_organization_id: str = ""
    credentials: tuple[str, ...] = ()
    wire: WireFacts = WireFacts()

    @property
    def judged(self) -> tuple[Step, ...]:
        """The steps under judgement, oldest first."""
        return tuple(step for step in self.steps if step.judged)

    @property
    def last(self) -> Step:
        """The last step under judgement.

        Raises:
            IndexError: The case did nothing, which is a fault of the suite.
        """
        return self.judged[-1]

    def secrets_typed(self, before: Step | None = None) -> tuple[str, ...]:
        """Every client_secret typed so far, oldest first; up to and with that step, or in the whole case."""
        steps = self.steps if before is None else self.steps[: self.steps.index(before) + 1]
        typed = ((step.typed or {}).get("client_secret") for step in steps)
        return tuple(secret for secret in typed if isinstance(secret, str) and secret)

    def issuer(self, url: str) -> IssuerFacts | None:
        """The facts of the issuer with that very URL."""
        return next((facts for facts in self.issuers if facts.url == url), None)

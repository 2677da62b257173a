"""The catalogue of what can go wrong when a discovery document is retrieved, as data. Imports nothing of the server.

What a failure *does* is in `behaviours`; an id here without a behaviour there (or the reverse) fails a test.
"""

import difflib
import enum
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any, Final, Literal

__all__ = ["FAILURES", "FailureMode", "Group", "Layer", "Outcome", "failure_mode"]

Group = Literal["connection", "status", "body", "document", "address"]
Layer = Literal["address", "wire", "app"]
"""Who can do it: `address` lies in the URL that is typed, for as long as the issuer lives; `wire` needs the transport
beneath HTTP; `app` is an HTTP answer, or the want of one, that any ASGI application can give."""


class Outcome(enum.StrEnum):
    """How an answer counts: whether the document was retrieved."""

    NOT = "not"
    """Not retrieved: no client may infer anything."""
    NOT_STRICT = "not-strict"
    """The standard says not to use it, and lenient clients do (`NOT*`): judged as SHOULD at most."""
    YES = "yes"
    """Retrieved."""
    YES_UNUSABLE = "yes-unusable"
    """Retrieved, but a member isn't usable and must not be stored (`YES-`)."""
    OPEN = "open"
    """Left open by the standards: observed, never judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureMode:
    """One way in which retrieving the discovery document goes wrong.

    Attributes:
        id: Stable; never reused with another meaning.
        group: Where in the exchange it goes wrong.
        layer: Who can do it, see `Layer`.
        outcome: How it counts.
        statement: What is on the wire, in one sentence.
        standard: The standard and section that the outcome rests on; empty where none speaks of it.
        waits: It keeps the client waiting, until that gives up or for many seconds.
    """

    id: str
    group: Group
    layer: Layer
    outcome: Outcome
    statement: str
    standard: str
    waits: bool = False

    def to_json(self) -> dict[str, Any]:
        """A JSON value with all that a reader needs."""
        return asdict(self)


def _catalogue(*modes: FailureMode) -> Mapping[str, FailureMode]:
    return MappingProxyType({mode.id: mode for mode in modes})


_SUCCESS_IS_200: Final = "OpenID Connect Discovery 1.0, section 4.2"

FAILURES: Final[Mapping[str, FailureMode]] = _catalogue(
    FailureMode(
        id="connection-refused",
        group="address",
        layer="address",
        outcome=Outcome.NOT,
        statement="The issuer names a port that is bound but not listened on, so that every connection is refused.",
        standard="",
    ),
    FailureMode(
        id="connection-reset",
        group="connection",
        layer="wire",
        outcome=Outcome.NOT,
        statement="The request is read, then the connection is reset (RST) without a byte of an answer.",
        standard="",
    ),
    FailureMode(
        id="hang-before-headers",
        group="connection",
        layer="app",
        outcome=Outcome.NOT,
        statement="The request is read and nothing is sent, until the client leaves or 90 s have passed.",
        standard="",
        waits=True,
    ),
    FailureMode(
        id="http-404",
        group="status",
        layer="app",
        outcome=Outcome.NOT,
        statement="404 with a JSON body that is an error.",
        standard=_SUCCESS_IS_200,
    ),
    FailureMode(
        id="http-500-with-document",
        group="status",
        layer="app",
        outcome=Outcome.NOT,
        statement="500 with the perfect document as its body.",
        standard=_SUCCESS_IS_200,
    ),
    FailureMode(
        id="html-login-page",
        group="body",
        layer="app",
        outcome=Outcome.NOT,
        statement="200 with a login form as text/html.",
        standard=_SUCCESS_IS_200,
    ),
    FailureMode(
        id="not-json",
        group="body",
        layer="app",
        outcome=Outcome.NOT,
        statement="200 as application/json with a body that is no JSON text: a document cut after its first member name.",
        standard="RFC 8259, section 2",
    ),
)


def failure_mode(failure_id: str) -> FailureMode:
    """The failure of that id.

    Raises:
        ValueError: There is none; the message lists ids that are near, or all of them.
    """
    mode = FAILURES.get(failure_id)
    if mode is None:
        near = difflib.get_close_matches(str(failure_id), FAILURES, n=3, cutoff=0.4)
        hint = f"did you mean {', '.join(near)}?" if near else f"known are {', '.join(sorted(FAILURES))}"
        raise ValueError(f"failure: {failure_id!r} is no failure of the catalogue; {hint}")
    return mode

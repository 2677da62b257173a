"""What one entry of the failure catalogue is. Plain data; imports nothing of the server."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Literal

from idpact_mock.failures.parameter import Parameter

__all__ = ["ENDPOINTS", "MEMBER_OF", "FailureMode", "Group", "Layer", "Neighbour", "Outcome", "catalogue"]

ENDPOINTS: Final = ("discovery", "jwks", "token", "userinfo")
"""The endpoints of an issuer that can be made to fail: those that answer JSON to relying parties by themselves."""

MEMBER_OF: Final[Mapping[str, str]] = MappingProxyType(
    {"jwks": "jwks_uri", "token": "token_endpoint", "userinfo": "userinfo_endpoint"}
)
"""The member of the document that hands out an endpoint's URL; the document's own is the issuer."""

Group = Literal["connection", "status", "body", "document", "address"]
"""The sections of the catalogue: no connection or no answer; status and redirects; body and encoding; the document's
members; addresses and caches."""

Layer = Literal["address", "wire", "app"]
"""Who can do it: `address` lies in the URL: in the one that is typed, for as long as the issuer lives, or in the
one that the document hands out; `wire` needs the transport
beneath HTTP; `app` is an HTTP answer, or the want of one, that any ASGI application can give."""

Neighbour = Literal["same", "http", "https", "canary", "refused"]
"""A second address that a failure needs: the same issuer by its own scheme, http or https, one that answers 404 and
journals, or a port that refuses connections."""


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
    """One way in which retrieving the discovery document, or asking another endpoint, goes wrong.

    Attributes:
        id: Stable; never reused with another meaning.
        group: Where in the exchange it goes wrong.
        layer: Who can do it, see `Layer`.
        outcome: How it counts, as long as no parameter says otherwise; see `counts`.
        statement: What is on the wire, in one sentence.
        standard: The standard and section that the outcome rests on; empty where none speaks of it.
        waits: It keeps the client waiting, until that gives up or for many seconds.
        parameters: What can be set.
        outcomes: Values of parameters with which it counts otherwise: by parameter name and value.
        endpoints: The endpoints that can fail so; the first is meant where none is named.
        schedule: When it happens, where nothing else is said.
        unreachable: No request of a client that checks what it should can reach the issuer.
        own_host: It concerns addresses outside the issuer's path, so that the issuer needs a port of its own and a path.
        neighbour: A second address that it needs.
    """

    id: str
    group: Group
    layer: Layer
    outcome: Outcome
    statement: str
    standard: str = ""
    waits: bool = False
    parameters: tuple[Parameter, ...] = ()
    outcomes: Mapping[tuple[str, object], Outcome] = field(default_factory=dict)
    endpoints: tuple[str, ...] = ENDPOINTS
    schedule: str = "always"
    unreachable: bool = False
    own_host: bool = False
    neighbour: Neighbour | None = None

    def counts(self, parameters: Mapping[str, object]) -> Outcome:
        """How it counts with these values of its parameters."""
        for (name, value), outcome in self.outcomes.items():
            if parameters.get(name) == value:
                return outcome
        return self.outcome

    def to_json(self) -> dict[str, Any]:
        """A JSON value with all that a reader needs."""
        return {
            "id": self.id,
            "group": self.group,
            "layer": self.layer,
            "outcome": self.outcome.value,
            "statement": self.statement,
            "standard": self.standard,
            "waits": self.waits,
            "endpoints": list(self.endpoints),
            "schedule": self.schedule,
            "parameters": [parameter.to_json() for parameter in self.parameters],
        }


def catalogue(*modes: FailureMode) -> Mapping[str, FailureMode]:
    """Failures by their ids, for everybody to read and nobody to change.

    Raises:
        ValueError: Two have the same id.
    """
    made = {mode.id: mode for mode in modes}
    if len(made) != len(modes):
        raise ValueError("two failures have the same id")
    return MappingProxyType(made)

"""The short way: which requests have their answer lying ready, so that the server gives it as soon as the head has come.

Documents and keys are asked for most. While no failure is on and nothing varies, the answer is known before the question:
neither a task nor an ASGI scope is made for it. What isn't found here goes the long way, through `app`, to the same answer.
"""

from collections.abc import Callable
from typing import NamedTuple

from idpact_mock.answer import Answer
from idpact_mock.entry import Kind
from idpact_mock.identity import Identity
from idpact_mock.issuer import Issuer
from idpact_mock.registry import Registry
from idpact_mock.site import SHARED

__all__ = ["Find", "Ready", "finder"]


class Ready(NamedTuple):
    """The answer to a GET, and what the journal is told of it."""

    issuer: Issuer
    kind: Kind
    answer: Answer


Find = Callable[[int | None, bytes], Ready | None]
"""From the port and the request target of a GET."""


def finder(registry: Registry, identity: Identity) -> Find:
    """Looks for answers of these issuers; where the address of each request decides, none is ready."""
    endpoints, ports, pinned = registry.endpoints, registry.ports, identity == "pinned"

    def find(port: int | None, target: bytes) -> Ready | None:
        endpoint = endpoints.get((port if port in ports else SHARED, target))  # type: ignore[arg-type]  # None is in no map
        if endpoint is None or endpoint.issuer.failing:
            return None
        issuer, kind = endpoint.issuer, endpoint.kind
        if kind == "discovery":
            plan = issuer.plan()
            answer = plan.answer if pinned and not plan.varies else None
        else:
            answer = issuer.jwks_answer if kind == "jwks" else None
        return None if answer is None or len(answer.parts) > 1 else Ready(issuer, kind, answer)  # type: ignore[arg-type]  # one of the two

    return find

"""The short way: requests that can be answered as soon as they have come, without anything to wait for.

Documents and keys that are rendered, and the provider's endpoints once they are loaded and the keys are made: while no failure
is on and nothing varies, neither a task nor an ASGI scope is needed for them. What isn't found here goes the long way,
through `app`, to the same answer.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NamedTuple

from idpact_mock.answer import Answer
from idpact_mock.entry import Entry, Kind
from idpact_mock.failures import Outcome
from idpact_mock.identity import Identity
from idpact_mock.registry import Endpoint, Registry
from idpact_mock.site import SHARED

if TYPE_CHECKING:
    from idpact_mock.issuer import Issuer

__all__ = ["Finder", "Prompt", "Work"]

Work = Callable[[Endpoint, Entry], Answer]
"""Makes a provider's answer to a request that has come whole."""

_SHORT: Final[dict[str, Kind]] = {
    "token": "token",
    "userinfo": "userinfo",
    "introspection": "introspection",
    "revocation": "revocation",
}
"""The provider's endpoints that machines call, and what the journal calls them."""


class Prompt(NamedTuple):
    """How to answer a request at once.

    Attributes:
        issuer: Whose it is.
        kind: For the journal.
        outcome: For the journal.
        answer: Makes the answer of the entry; nothing in it blocks.
    """

    issuer: "Issuer"
    kind: Kind
    outcome: Outcome
    answer: Callable[[Entry], Answer]


class Finder:
    """Finds out whether a request can go the short way.

    Args:
        registry: The issuers.
        identity: Where they get their address from: where each request decides, nothing is ready.

    Attributes:
        work: What answers at the provider's endpoints; None until that is loaded.
    """

    def __init__(self, registry: Registry, identity: Identity) -> None:
        self.work: Work | None = None
        self._registry: Final = registry
        self._pinned: Final = identity == "pinned"

    def __call__(self, method: bytes, port: int | None, target: bytes) -> Prompt | None:
        """How a GET or POST can be answered at once; None if it can't."""
        at = port if port is not None and port in self._registry.ports else SHARED
        endpoint = self._registry.endpoints.get((at, target))
        if endpoint is None:
            endpoint = self._registry.provider_endpoint(at, target.decode("latin-1"))
        if endpoint is None or endpoint.issuer.failing:
            return None
        return self._document(endpoint) if method == b"GET" and endpoint.kind not in _SHORT else self._worked(endpoint)

    def _document(self, endpoint: Endpoint) -> Prompt | None:
        issuer, answer, kind = endpoint.issuer, None, endpoint.kind
        if kind == "discovery" and self._pinned:
            plan = issuer.plan()
            answer = None if plan.varies else plan.answer
        elif kind == "jwks":
            answer = issuer.jwks_answer
        if answer is None or answer.is_long:
            return None
        return Prompt(issuer, "jwks" if kind == "jwks" else "discovery", answer.outcome, lambda _: answer)

    def _worked(self, endpoint: Endpoint) -> Prompt | None:
        kind, work = _SHORT.get(endpoint.kind), self.work
        if kind is None or work is None or not self._pinned or not endpoint.issuer.keys.made:
            return None
        return Prompt(endpoint.issuer, kind, Outcome.NOT, lambda entry: work(endpoint, entry))

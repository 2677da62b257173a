"""A moment of a sequence: its last step, and what has to be known of it to say which rules speak of it. Pure.

What is told here comes from the evidence alone, so that a sequence read from a report is judged as it was when it was seen.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import msgspec

from idpact_contract.connection import URL_FIELDS
from idpact_contract.evidence import Actor, Evidence, Step
from idpact_contract.oracle import Change, Reading, expect_status, issuer_change, readings, text

__all__ = ["Moment"]


class Moment:
    """The last step of some evidence, with all that came before it.

    Args:
        seen: The sequence so far. Its last step is the one that is spoken of; with another that was sent at the same moment
            it is spoken of once both are there.
    """

    def __init__(self, seen: Evidence) -> None:
        self.seen = seen
        self.step = seen.steps[-1]
        self.earlier = seen.steps[:-1]

    @cached_property
    def alone(self) -> Evidence:
        """The evidence with nothing but the last step under judgement."""
        return self.judging(1)

    def judging(self, number: int) -> Evidence:
        """The evidence with its last so many steps under judgement, and no others."""
        first = len(self.seen.steps) - number
        return msgspec.structs.replace(
            self.seen,
            steps=tuple(_with_judged(step, judged=index >= first) for index, step in enumerate(self.seen.steps)),
        )

    @cached_property
    def typed(self) -> Mapping[str, Any]:
        """What was typed in the step."""
        return self.step.typed or {}

    @cached_property
    def plain(self) -> bool:
        """The owner's update, sent alone, of nothing but documented parameters with texts in them: it has to be accepted."""
        return self.documented and not self.step.extra

    @cached_property
    def documented(self) -> bool:
        """As `plain`, but members may stand beside the parameters."""
        step = self.step
        texts = bool(self.typed) and all(isinstance(value, str) and value for value in self.typed.values())
        mine = step.kind == "update" and step.actor is Actor.OWNER and bool(step.before)
        return mine and not step.beside and texts

    @cached_property
    def change(self) -> Change:
        """What the step does to the issuer."""
        return issuer_change(self.step.before, self.typed)

    @cached_property
    def changes(self) -> bool:
        """The owner types another issuer."""
        return self.plain and self.change is Change.CHANGED

    @cached_property
    def issuer(self) -> str:
        """The issuer that was typed; empty where none was."""
        return text(self.typed.get("issuer"))

    @cached_property
    def got(self) -> tuple[Reading, ...]:
        """What the requests for a document got."""
        return readings(self.step.asked, self.issuer)

    @cached_property
    def read(self) -> bool:
        """Another issuer was typed, and its document retrieved: every client may use it."""
        return self.changes and bool(self.got) and all(reading.certain for reading in self.got)

    @cached_property
    def documents(self) -> tuple[Mapping[str, Any], ...]:
        """The documents that were served, usable or not, where another issuer was typed."""
        return tuple(reading.document for reading in self.got if self.changes and reading.document is not None)

    @cached_property
    def failed(self) -> bool:
        """Another issuer was typed, and nothing that anybody may use was served."""
        return self.changes and bool(self.got) and not any(reading.possible for reading in self.got)

    @cached_property
    def failed_before(self) -> bool:
        """The same issuer could not be read in an earlier step: a client may have become wary of it."""
        hits = (entry for step in self.earlier for entry in step.asked if entry.issuer == self.issuer)
        return any(not reading.certain for reading in readings(hits, self.issuer))

    @cached_property
    def sticky(self) -> bool:
        """A URL that the step leaves out holds what was typed earlier: whether another issuer replaces it is INFER-11's alone."""
        before = self.step.before or {}
        return any(
            before.get(name) and before.get(name) in self.typed_earlier(name)
            for name in URL_FIELDS
            if name not in self.typed
        )

    def typed_earlier(self, name: str) -> tuple[Any, ...]:
        """What was typed for that field in earlier steps."""
        return tuple(step.typed[name] for step in self.earlier if step.typed and name in step.typed)

    @cached_property
    def infers(self) -> bool:
        """The document was read, and no rule but those of inference has a say in the URLs that the step leaves out."""
        return self.read and not self.sticky

    @cached_property
    def repeated(self) -> bool:
        """The step before was the same update, and what the identity provider answers is the same too."""
        previous = self.earlier[-1] if self.earlier else None
        if previous is None or not self.plain or previous.beside or previous.extra or previous.typed != self.step.typed:
            return False
        accepted = previous.exchange.accepted and previous.after == self.step.before
        served = [[(entry.status, entry.document) for entry in step.asked] for step in (previous, self.step)]
        return previous.kind == "update" and accepted and (not served[1] or served[0] == served[1])

    def statuses(self, connection: Mapping[str, Any] | None, before: Mapping[str, Any] | None) -> tuple[str, ...]:
        """The statuses that are right for a connection; a secret that reads don't show counts once it was typed."""
        hidden = not self.seen.wire.shows_secret
        known = hidden and any(
            step.exchange.accepted and text((step.typed or {}).get("client_secret"))
            for step in (*self.earlier, *((self.step,) if connection is self.step.after else ()))
        )
        shown = dict(connection or {})
        if hidden:
            shown.pop("client_secret", None)
        return expect_status(before, shown, secret_known=known)

    @cached_property
    def pair(self) -> tuple[Step, Step] | None:
        """The two updates that were sent at the same moment, once both are there."""
        if self.step.beside != 2:  # noqa: PLR2004 - the second of two
            return None
        return self.earlier[-1], self.step


def _with_judged(step: Step, *, judged: bool) -> Step:
    return step if step.judged is judged else msgspec.structs.replace(step, judged=judged)

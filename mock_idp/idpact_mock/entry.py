"""One line of a journal: a request as it came, and what became of it. Plain data; opens nothing."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, Self, cast

from idpact_mock.failures import Outcome

__all__ = ["BODY_KEPT", "Ended", "Entry", "Kind"]

BODY_KEPT: Final = 64 * 1024
"""Bytes of a request's body that an entry keeps."""

Kind = Literal["discovery", "jwks", "other"]
Ended = Literal["pending", "complete", "reset", "client-left", "shutdown"]


@dataclass(slots=True, kw_only=True)
class Entry:
    """One request and its answer.

    An entry is journalled when the request arrives; `status`, `body`, `bytes_sent`, `ended` and `seconds` are filled in
    by the server as things happen.

    Attributes:
        number: Its number in the journal, from 1.
        at: When it arrived, unix time in seconds.
        method: The request method.
        target: The request target exactly as it was on the wire: raw path, "?" and query, percent-encoding and doubled
            slashes untouched.
        headers: Name and value of each header, in order; names in lower case (RFC 9110, section 5.1, compares without case).
        body: The first 64 KiB of the request's body.
        client: "ip:port".
        issuer: The issuer's name; None where the request matched none.
        kind: `discovery` and `jwks` are the issuer's own endpoints; `other` is any other path.
        status: The status sent; None where no status line was.
        outcome: How the answer counts.
        failure: The id of the failure that was switched on.
        content: The body that was put in the answer, whole (what an answer to HEAD leaves out is not in it). Where a failure
            makes it another than a lenient client reads, it is what that reads: decoded, and without what only fills it.
        content_type: The answer's content type.
        bytes_sent: Bytes of HTTP handed to the network, headers included. Right for a complete answer; where a client left,
            an upper bound, since what lay in buffers counts too (64 KiB of ours, and the kernel's).
        ended: How the exchange ended. `reset` is the server's own doing; `shutdown` came by the server's stop or the
            issuer's end.
        seconds: From the arrival to the end; None while pending.
    """

    number: int = 0
    at: float
    method: str
    target: str
    # Credentials and secrets arrive in these two: they stay out of messages and logs.
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    body: bytes = field(default=b"", repr=False)
    client: str
    issuer: str | None
    kind: Kind
    status: int | None = None
    outcome: Outcome
    failure: str | None = None
    content: bytes = field(default=b"", repr=False)
    content_type: str | None = None
    bytes_sent: int = 0
    ended: Ended = "pending"
    seconds: float | None = None

    def to_json(self) -> dict[str, Any]:
        """A JSON value; bytes are base64."""
        return {
            "number": self.number,
            "at": self.at,
            "method": self.method,
            "target": self.target,
            "headers": [list(pair) for pair in self.headers],
            "body": _text(self.body),
            "client": self.client,
            "issuer": self.issuer,
            "kind": self.kind,
            "status": self.status,
            "outcome": self.outcome.value,
            "failure": self.failure,
            "content": _text(self.content),
            "content_type": self.content_type,
            "bytes_sent": self.bytes_sent,
            "ended": self.ended,
            "seconds": self.seconds,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """The entry that `to_json` made `value` of.

        Raises:
            ValueError: A member is missing or can't be read.
        """
        try:
            return cls(
                number=value["number"],
                at=value["at"],
                method=value["method"],
                target=value["target"],
                headers=tuple((name, text) for name, text in value["headers"]),
                body=base64.b64decode(value["body"], validate=True),
                client=value["client"],
                issuer=value["issuer"],
                kind=cast("Kind", value["kind"]),
                status=value["status"],
                outcome=Outcome(value["outcome"]),
                failure=value["failure"],
                content=base64.b64decode(value["content"], validate=True),
                content_type=value["content_type"],
                bytes_sent=value["bytes_sent"],
                ended=cast("Ended", value["ended"]),
                seconds=value["seconds"],
            )
        except (KeyError, TypeError) as error:
            raise ValueError(f"no journal entry: {error!r}") from error

    def summary(self) -> str:
        """One line for messages: method, target, status and end; no header and no body, which may hold secrets."""
        answered = "no answer" if self.status is None else str(self.status)
        return f"{self.number}: {self.method} {self.target} -> {answered}, {self.ended}"


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")

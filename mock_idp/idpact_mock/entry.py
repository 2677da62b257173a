"""One line of a journal: a request as it came, and what became of it. Plain data; opens nothing."""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, Self, cast

from idpact_mock.failures import Outcome
from idpact_mock.identity import DecidedBy

__all__ = ["BODY_KEPT", "Ended", "Entry", "Kind"]

BODY_KEPT: Final = 64 * 1024
"""Bytes of a request's body that an entry keeps."""

# Parameters whose values are secrets or open something, where somebody puts them in a query (some of them never should be).
_SECRETS: Final = (
    r"([?&](?:access_token|client_assertion|client_secret|code|code_verifier|device_code|id_token|id_token_hint|password"
    r"|refresh_token|token|user_code)=)[^&]*"
)

Kind = Literal[
    "discovery",
    "jwks",
    "authorize",
    "token",
    "userinfo",
    "introspection",
    "revocation",
    "device",
    "logout",
    "other",
]
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
        kind: Which of the issuer's endpoints it reached; `authorize` and `device` are those with their pages, `other` is any
            other path.
        status: The status sent; None where no status line was.
        outcome: How the answer counts.
        failure: The id of the failure that was switched on.
        identity: What decided the issuer in a discovery answer: `pinned` is the server's own address.
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
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    client: str
    issuer: str | None
    kind: Kind
    status: int | None = None
    outcome: Outcome
    failure: str | None = None
    identity: DecidedBy = "pinned"
    content: bytes = b""
    content_type: str | None = None
    bytes_sent: int = 0
    ended: Ended = "pending"
    seconds: float | None = None

    def __repr__(self) -> str:
        issuer = "no issuer" if self.issuer is None else f"issuer {self.issuer!r}"
        return f"<Entry {self.summary()}, {self.kind} of {issuer}>"

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
            "identity": self.identity,
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
                identity=cast("DecidedBy", value["identity"]),
                content=base64.b64decode(value["content"], validate=True),
                content_type=value["content_type"],
                bytes_sent=value["bytes_sent"],
                ended=cast("Ended", value["ended"]),
                seconds=value["seconds"],
            )
        except (KeyError, TypeError) as error:
            raise ValueError(f"no journal entry: {error!r}") from error

    def summary(self) -> str:
        """One line for messages: method, target, status and end; no header, no body and no token, which are secrets."""
        answered = "no answer" if self.status is None else str(self.status)
        return f"{self.number}: {self.method} {self.shown_target} -> {answered}, {self.ended}"

    @property
    def shown_target(self) -> str:
        """The target with what stands for a secret blacked out."""
        return _without_secrets(self.target)


def _without_secrets(target: str) -> str:
    """The target with what stands for a secret blacked out; most targets have no query."""
    return re.sub(_SECRETS, r"\1***", target) if "?" in target else target


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")

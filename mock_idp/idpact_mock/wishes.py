"""What a control request asks for, as validated values: read from JSON, applied through the Python API. No HTTP here.

Types and names are checked before anything is touched, so that a refused request has changed nothing.
"""

import base64
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

from idpact_mock.document import checked_headers, checked_members
from idpact_mock.failures import Failing, checked_endpoint
from idpact_mock.issuer import Issuer
from idpact_mock.sequence import Step, read_steps
from idpact_mock.switches import checked_switches

if TYPE_CHECKING:
    from idpact_mock.mock import MockIdP

__all__ = ["LATEST", "LONGEST_WAIT", "Change", "Look", "Making", "only"]

LATEST: Final = "latest"
"""As a mark in a query: whatever the newest entry is."""

LONGEST_WAIT: Final = 60.0
"""Seconds that one request may wait for entries; who wants to wait longer asks again."""

_TEXTS: Final = ("name", "path", "endpoints_at", "preset")
_FLAGS: Final = ("own_port", "verbatim", "quirks")
_PROVIDER: Final = ("settings", "clients", "users")


@dataclass(frozen=True, slots=True)
class Making:
    """A wish for a new issuer: the arguments of `make_issuer`."""

    arguments: Mapping[str, Any]

    @classmethod
    def read(cls, members: Mapping[str, Any]) -> Self:
        """Read a request's body.

        Raises:
            ValueError: A member is unknown or has a wrong type; the message names it.
        """
        others = {"trailing_slash", "document", "failure", "preset_parameters", "switches", *_PROVIDER}
        only(members, {*_TEXTS, *_FLAGS, *others}, within="body")
        for name in _TEXTS:
            _typed(members, name, str, "a string or null", null=True)
        for name in _FLAGS:
            _typed(members, name, bool, "true or false")
        _typed(members, "trailing_slash", bool, "true, false or null", null=True)
        for name in ("document", "preset_parameters", "settings"):
            _typed(members, name, dict, "an object or null", null=True)
        _typed(members, "clients", list, "a list of objects")
        _typed(members, "users", list, "a list of objects or null", null=True)
        _failure_typed(members)
        return cls({**members, "switches": _switches(members.get("switches", []), where="switches")})

    def make(self, idp: "MockIdP") -> Issuer:
        """Make it."""
        return idp.make_issuer(**self.arguments)


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """Bytes to serve in place of a document."""

    body: bytes
    content_type: str | None

    @classmethod
    def read(cls, members: Mapping[str, Any]) -> Self:
        """Read `document.raw`; without `content_type` it is application/json.

        Raises:
            ValueError: A member is unknown, missing or wrong; the message names it.
        """
        only(members, {"body", "content_type"}, within="document.raw")
        _typed(members, "content_type", str, "a string or null", within="document.raw", null=True)
        content_type = members.get("content_type", "application/json")
        if content_type is not None:
            checked_headers({"content-type": content_type})
        try:
            body = base64.b64decode(members.get("body"), validate=True)  # type: ignore[arg-type]  # a wrong type is caught
        except (TypeError, ValueError) as error:
            raise ValueError(f"document.raw.body: it must be base64 ({error})") from error
        return cls(body=body, content_type=content_type)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A wish to change an issuer. Each part may be absent; the document's are applied in this order.

    Attributes:
        reset: Serve its own document again.
        replace: Serve this document.
        raw: Serve these bytes; excludes `set` and `remove`.
        set: Set these members.
        remove: Remove these members.
        switches: Switch these on, and all others off.
        sequence: Serve these steps, one with each GET.
        headers: Send these headers with the discovery answer.
        failing: Failures are to change...
        failure: ...to this one at its endpoint, or to none...
        endpoint: ...at this endpoint, or at all.
    """

    reset: bool = False
    replace: Mapping[str, Any] | None = None
    raw: Raw | None = None
    set: Mapping[str, Any] | None = None
    remove: tuple[str, ...] = ()
    switches: frozenset[str] | None = None
    sequence: tuple[Step, ...] = ()
    headers: Mapping[str, str] | None = None
    failing: bool = False
    failure: Failing | None = None
    endpoint: str | None = None

    @classmethod
    def read(cls, members: Mapping[str, Any]) -> Self:
        """Read a request's body.

        Raises:
            TypeError, ValueError: A member is unknown or wrong; the message names it.
        """
        only(members, {"document", "headers", "failure"}, within="body")
        _typed(members, "document", dict, "an object")
        _failure_typed(members)
        document = members.get("document", {})
        return cls(
            **_document_changes(document),
            headers=checked_headers(members["headers"]) if "headers" in members else None,
            failing="failure" in members,
            **_failure_change(members.get("failure")),
        )

    def apply(self, issuer: Issuer) -> None:
        """Make the change.

        Raises:
            ValueError: The issuer can't do that; nothing has changed.
        """
        raw_stays = issuer.is_raw and not self.reset and self.replace is None
        if raw_stays and (self.set or self.remove or self.switches is not None):
            raise ValueError(
                "document.set, document.remove, document.switches: raw bytes are served; "
                "send document.reset or document.replace too"
            )
        if (raw_stays or self.raw is not None) and any(step.needs_members for step in self.sequence):
            raise ValueError("document.sequence: a step changes members, and raw bytes, which are served, have none")
        if self.failing and self.failure is not None:
            issuer.switch_on(self.failure)
        elif self.failing:
            issuer.recover(self.endpoint)
        self._apply_document(issuer)
        if self.headers is not None:
            issuer.set_headers(self.headers)

    def _apply_document(self, issuer: Issuer) -> None:
        if self.reset:
            issuer.reset_document()
        if self.replace is not None:
            issuer.replace_document(self.replace)
        if self.raw is not None:
            issuer.serve_raw(self.raw.body, content_type=self.raw.content_type)
        if self.set:
            issuer.set_members(self.set)
        if self.remove:
            issuer.remove_members(*self.remove)
        if self.switches is not None:
            issuer.set_switches(self.switches)
        if self.sequence:
            issuer.serve_sequence([step.to_json() for step in self.sequence])


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A wish to read a journal.

    Attributes:
        since: A mark; None for the newest entry's.
        wait: Wait until that many entries came.
        timeout: For so many seconds at most.
        ended: Count only exchanges that have ended.
    """

    since: int | None = 0
    wait: int = 0
    timeout: float = 5.0
    ended: bool = False

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Self:
        """Read a request's query.

        Raises:
            ValueError: A parameter is unknown or wrong; the message names it.
        """
        only(query, {"since", "wait", "timeout", "ended"}, within="query")
        since = query.get("since", "0")
        timeout = query.get("timeout", "5")
        try:
            seconds = float(timeout)
        except ValueError:
            seconds = -1.0
        if not 0 <= seconds <= LONGEST_WAIT:
            raise ValueError(f"timeout: {timeout!r} must be seconds from 0 to {LONGEST_WAIT:g}")
        ended = query.get("ended", "false")
        if ended not in {"true", "false"}:
            raise ValueError(f"ended: {ended!r} must be true or false")
        return cls(
            since=None if since == LATEST else _count("since", since),
            wait=_count("wait", query.get("wait", "0")),
            timeout=seconds,
            ended=ended == "true",
        )


def _failure_typed(members: Mapping[str, Any]) -> None:
    failure = members.get("failure")
    if not isinstance(failure, str | dict | None):
        raise ValueError(f"failure: {failure!r} must be the id of a failure, an object or null")  # noqa: TRY004 - as `_typed`


def _failure_change(failure: Any) -> dict[str, Any]:  # noqa: ANN401 - a string, an object or null, as was checked
    if failure is None:
        return {}
    if isinstance(failure, dict) and "id" in failure and failure["id"] is None:
        only(failure, {"id", "endpoint"}, within="failure")
        endpoint = failure.get("endpoint")
        return {"endpoint": None if endpoint is None else checked_endpoint(endpoint)}
    return {"failure": Failing.read(failure)}


def _document_changes(members: Mapping[str, Any]) -> dict[str, Any]:
    only(members, {"reset", "replace", "raw", "set", "remove", "switches", "sequence"}, within="document")
    _typed(members, "reset", bool, "true or false", within="document")
    for name in ("replace", "raw", "set"):
        _typed(members, name, dict, "an object", within="document")
    _typed(members, "remove", list, "a list of member names", within="document")
    _typed(members, "sequence", list, "a list of steps", within="document")
    removed = members.get("remove", [])
    if not all(isinstance(name, str) for name in removed):
        raise ValueError(f"document.remove: {removed!r} must be a list of member names")
    if "raw" in members and members.keys() & {"set", "remove", "switches"}:
        raise ValueError(
            "document.raw: raw bytes have no members; leave out document.set, document.remove and document.switches"
        )
    return {
        "reset": members.get("reset", False),
        "replace": _members(members, "replace"),
        "raw": Raw.read(members["raw"]) if "raw" in members else None,
        "set": _members(members, "set"),
        "remove": tuple(removed),
        "switches": _switches(members["switches"], where="document.switches") if "switches" in members else None,
        "sequence": read_steps(members["sequence"]) if "sequence" in members else (),
    }


def _switches(told: object, *, where: str) -> frozenset[str]:
    if not isinstance(told, list) or not all(isinstance(name, str) for name in told):
        raise ValueError(f"{where}: {told!r} must be a list of names")
    return checked_switches(told)


def _members(members: Mapping[str, Any], name: str) -> dict[str, Any] | None:
    return checked_members(members[name], argument=f"document.{name}") if name in members else None


def only(members: Mapping[str, Any], known: Collection[str], *, within: str) -> None:
    """There is no member but these.

    Raises:
        ValueError: There is; the message names it.
    """
    unknown = sorted(set(members) - set(known))
    if unknown:
        raise ValueError(f"{within}: {unknown[0]!r} is unknown; known are {', '.join(sorted(known))}")


def _typed(
    members: Mapping[str, Any], name: str, kind: type, wanted: str, *, within: str = "", null: bool = False
) -> None:
    value = members.get(name)
    if name in members and not isinstance(value, kind) and not (null and value is None):
        where = f"{within}.{name}" if within else name
        raise ValueError(f"{where}: {value!r} must be {wanted}")


def _count(name: str, text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 18:  # noqa: PLR2004 - any count there is has fewer digits
        raise ValueError(f"{name}: {text!r} must be a whole number from 0")
    return int(text)

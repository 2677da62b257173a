"""Documents that vary from request to request: what each request changes, as a validated value. Pure.

A step is a mapping in the words of the control interface: `set` and `remove` change members, `replace` is a whole
document, `raw` is bytes; an empty one is the document as it is.
"""

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

from idpact_mock.document import Content, checked_headers, checked_members

__all__ = ["Script", "Step", "read_steps"]

Script = Callable[[int], Mapping[str, Any] | bytes]
"""What the request of that number (from 1) gets: a step, or raw bytes."""

_KNOWN: Final = ("set", "remove", "replace", "raw")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one request changes about the document.

    Attributes:
        set: Members set.
        remove: Members removed.
        replace: A whole document in place of it; `set` and `remove` come on top.
        raw: Bytes in place of it.
        content_type: The content type of `raw`; None sends none.
    """

    set: Mapping[str, object]
    remove: tuple[str, ...] = ()
    replace: Mapping[str, object] | None = None
    raw: bytes | None = None
    content_type: str | None = "application/json"

    @classmethod
    def read(cls, told: Mapping[str, Any] | bytes, *, within: str) -> Self:
        """Read a step; bytes are raw ones, as are base64 text and content type in an object `raw`.

        Raises:
            TypeError, ValueError: Something is unknown or wrong; the message begins with `within`.
        """
        if isinstance(told, bytes):
            return cls(set={}, raw=told)
        if not isinstance(told, Mapping):
            raise TypeError(f"{within}: {told!r} must be an object with some of {', '.join(_KNOWN)}, or bytes")
        unknown = next((name for name in told if name not in _KNOWN), None)
        if unknown is not None:
            raise ValueError(
                f"{within}: {unknown!r} is unknown; known are {', '.join(_KNOWN)} (a whole document is {{'replace': ...}})"
            )
        if "raw" in told and len(told) > 1:
            raise ValueError(f"{within}.raw: raw bytes have no members; leave out the others")
        raw, content_type = _raw(told["raw"], within=f"{within}.raw") if "raw" in told else (None, "application/json")
        return cls(
            set=checked_members(told.get("set", {}), argument=f"{within}.set"),
            remove=_names(told.get("remove", []), within=f"{within}.remove"),
            replace=checked_members(told["replace"], argument=f"{within}.replace") if "replace" in told else None,
            raw=raw,
            content_type=content_type,
        )

    @property
    def needs_members(self) -> bool:
        """It changes members of what is served anyway, which raw bytes don't have."""
        return self.raw is None and self.replace is None and bool(self.set or self.remove)

    def to_json(self) -> dict[str, Any]:
        """A JSON value that `read` makes the same step of."""
        if self.raw is not None:
            text = base64.b64encode(self.raw).decode("ascii")
            return {"raw": {"body": text, "content_type": self.content_type}}
        told: dict[str, Any] = {}
        if self.replace is not None:
            told["replace"] = dict(self.replace)
        if self.set:
            told["set"] = dict(self.set)
        if self.remove:
            told["remove"] = list(self.remove)
        return told

    def applied(self, content: Content) -> Content:
        """What is served where this step is on top of `content`.

        Raises:
            ValueError: `content` is raw bytes, which have no members, and the step changes members.
        """
        if self.raw is not None:
            return content.as_raw(self.raw, content_type=self.content_type)
        if self.replace is not None:
            content = content.replaced(self.replace)
        if self.set:
            content = content.with_members(self.set)
        return content.without_members(*self.remove) if self.remove else content


def read_steps(told: object) -> tuple[Step, ...]:
    """Read the steps of a sequence.

    Raises:
        TypeError, ValueError: It is no list or an empty one, or a step is wrong; the message names it.
    """
    if isinstance(told, str | bytes) or not isinstance(told, Sequence):
        raise TypeError(f"sequence: {told!r} must be a list of steps")
    if not told:
        raise ValueError("sequence: it must have at least one step; the last one is served for ever")
    return tuple(Step.read(step, within=f"sequence[{number}]") for number, step in enumerate(told))


def _raw(told: object, *, within: str) -> tuple[bytes, str | None]:
    if isinstance(told, bytes):
        return told, "application/json"
    if not isinstance(told, Mapping) or set(told) - {"body", "content_type"}:
        raise ValueError(f"{within}: {told!r} must be bytes, or an object with body (base64) and content_type")
    content_type = told.get("content_type", "application/json")
    if content_type is not None:
        checked_headers({"content-type": content_type})
    try:
        return base64.b64decode(told["body"], validate=True), content_type
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{within}.body: it must be base64 ({error})") from error


def _names(told: object, *, within: str) -> tuple[str, ...]:
    if isinstance(told, str) or not isinstance(told, Sequence) or not all(isinstance(name, str) for name in told):
        raise TypeError(f"{within}: {told!r} must be a list of member names")
    return tuple(told)

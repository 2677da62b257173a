"""What an issuer serves at its discovery endpoint, as an immutable value. Pure: no lock, no server, no bytes on a wire.

A document is a base (what the issuer's live parts amount to), or a whole replacement of it, with members set and removed
on top; or raw bytes in place of all that.
"""

import copy
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Self

__all__ = ["WELL_KNOWN", "Content", "base_document", "checked_headers", "checked_members", "encoded"]

WELL_KNOWN: Final = "/.well-known/openid-configuration"
"""OpenID Connect Discovery 1.0, section 4."""

JSON: Final = "application/json"

_REMOVED: Final = object()
_HEADER_NAME: Final = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_HEADER_VALUE: Final = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
_FRAMING: Final = frozenset({"content-length", "transfer-encoding", "connection"})


def base_document(issuer: str, endpoints: str) -> dict[str, object]:
    """The metadata of a provider that issues codes to confidential clients (OpenID Connect Discovery 1.0, section 3).

    Args:
        issuer: The issuer identifier, as it is.
        endpoints: Absolute URL without a final slash; the four endpoints are right below it.
    """
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{endpoints}/authorize",
        "token_endpoint": f"{endpoints}/token",
        "userinfo_endpoint": f"{endpoints}/userinfo",
        "jwks_uri": f"{endpoints}/jwks",
        "scopes_supported": ["openid", "profile", "email"],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "claims_supported": ["sub", "iss", "aud", "exp", "iat", "name", "email", "email_verified"],
        "code_challenge_methods_supported": ["S256"],
    }


def encoded(document: Mapping[str, object]) -> bytes:
    """The document as ASCII JSON. NaN and lone surrogates are written too: a mock must be able to send them.

    Raises:
        ValueError: A value can't be written as JSON.
    """
    try:
        return json.dumps(document, indent=2).encode("ascii")
    except (TypeError, ValueError, RecursionError) as error:
        raise ValueError(f"document: can't be written as JSON ({error}); serve_raw() sends any bytes") from error


def checked_members(members: Mapping[str, object], *, argument: str) -> dict[str, object]:
    """A deep copy of members, all of which can be written as JSON.

    Raises:
        TypeError: It is no mapping, or a name is no string.
        ValueError: A value can't be written as JSON.
    """
    if not isinstance(members, Mapping):
        raise TypeError(f"{argument}: {members!r} must be a mapping of member names to JSON values")
    for name, value in members.items():
        if not isinstance(name, str):
            raise TypeError(f"{argument}: the member name {name!r} must be a string")
        try:
            json.dumps(value)
        except (TypeError, ValueError, RecursionError) as error:
            reason = (
                f"{argument}: the value of {name!r} can't be written as JSON ({error}); serve_raw() sends any bytes"
            )
            raise ValueError(reason) from error
    try:
        return copy.deepcopy(dict(members))
    except RecursionError as error:
        raise ValueError(f"{argument}: it is nested too deeply; serve_raw() sends any bytes") from error


def checked_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """A copy of response headers that can be sent (RFC 9110, section 5).

    Raises:
        TypeError: It is no mapping of strings to strings.
        ValueError: A name or value isn't allowed, or it would break the message's framing.
    """
    if not isinstance(headers, Mapping):
        raise TypeError(f"headers: {headers!r} must be a mapping of header names to values")
    for name, value in headers.items():
        if not all(isinstance(text, str) for text in (name, value)):
            raise TypeError(f"headers: {name!r}: {value!r} must both be strings")
        if not _HEADER_NAME.fullmatch(name):
            raise ValueError(f"headers: {name!r} is no header name (letters, digits and !#$%&'*+-.^_`|~)")
        if name.lower() in _FRAMING:
            raise ValueError(
                f"headers: {name!r} frames the message and is computed; broken framing is a failure's business"
            )
        if not _HEADER_VALUE.fullmatch(value):
            raise ValueError(
                f"headers: the value of {name!r}, {value!r}, must be printable Latin-1 without line breaks"
            )
    return dict(headers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What is served while no failure is on.

    Attributes:
        base: The members that follow from the issuer's live parts.
        replacement: Members in place of the base; None where the base is served.
        changes: Members set (or, internally, removed) on top.
        raw: Bytes in place of any document; None where a document is served.
        content_type: The content type of `raw`; None sends none.
        headers: Extra headers; Content-Type and Cache-Control among them win over ours.
    """

    base: Mapping[str, object]
    replacement: Mapping[str, object] | None = None
    changes: Mapping[str, object] = field(default_factory=dict)
    raw: bytes | None = None
    content_type: str | None = JSON
    headers: Mapping[str, str] = field(default_factory=dict)

    def document(self) -> dict[str, object]:
        """The document served, as a copy.

        Raises:
            ValueError: Raw bytes are served that are no JSON object.
        """
        if self.raw is not None:
            return _object_of(self.raw)
        whole = {**(self.base if self.replacement is None else self.replacement), **self.changes}
        return copy.deepcopy({name: value for name, value in whole.items() if value is not _REMOVED})

    def body(self) -> bytes:
        """The bytes served."""
        return encoded(self.document()) if self.raw is None else self.raw

    def with_members(self, members: Mapping[str, object]) -> Self:
        """The same with these members set.

        Raises:
            ValueError: Raw bytes are served, which have no members.
        """
        return replace(self, changes={**self._changeable(), **checked_members(members, argument="members")})

    def without_members(self, *names: str) -> Self:
        """The same without these members; one that isn't there is no error.

        Raises:
            ValueError: Raw bytes are served, which have no members.
        """
        return replace(self, changes={**self._changeable(), **dict.fromkeys(names, _REMOVED)})

    def replaced(self, document: Mapping[str, object]) -> Self:
        """The same with a whole document in place of all that was."""
        members = checked_members(document, argument="document")
        return replace(self, replacement=members, changes={}, raw=None, content_type=JSON)

    def as_raw(self, body: bytes, *, content_type: str | None) -> Self:
        """The same with raw bytes in place of all that was.

        Raises:
            TypeError: `body` is no bytes.
            ValueError: `content_type` can't be sent.
        """
        if not isinstance(body, bytes | bytearray | memoryview):
            raise TypeError(f"body: {type(body).__name__} must be bytes")
        if content_type is not None:
            checked_headers({"content-type": content_type})
        return replace(self, replacement=None, changes={}, raw=bytes(body), content_type=content_type)

    def reset(self) -> Self:
        """The base again; the extra headers stay."""
        return replace(self, replacement=None, changes={}, raw=None, content_type=JSON)

    def with_headers(self, headers: Mapping[str, str]) -> Self:
        """The same with these extra headers in place of those before."""
        return replace(self, headers=checked_headers(headers))

    def _changeable(self) -> Mapping[str, object]:
        if self.raw is not None:
            raise ValueError("members: raw bytes are served; call reset_document() or replace_document() first")
        return self.changes


def _object_of(raw: bytes) -> dict[str, object]:
    try:
        parsed = json.loads(raw)
    except (ValueError, RecursionError):
        parsed = None
    if isinstance(parsed, dict):
        return parsed
    raise ValueError("document: the raw bytes that are served are no JSON object")

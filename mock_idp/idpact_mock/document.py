"""What an issuer serves at its discovery endpoint, as an immutable value. Pure: no lock, no server, no bytes on a wire.

A document is a base (what the issuer's live parts amount to), or a whole replacement of it, with members set and removed
on top; or raw bytes in place of all that.
"""

import copy
import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Self

from idpact_mock.switches import checked_switches, framed, switched

__all__ = ["WELL_KNOWN", "Content", "base_document", "checked_headers", "checked_members", "encoded"]

WELL_KNOWN: Final = "/.well-known/openid-configuration"
"""OpenID Connect Discovery 1.0, section 4."""

JSON: Final = "application/json"

_REMOVED: Final = object()
_HEADER_NAME: Final = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_HEADER_VALUE: Final = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
_FRAMING: Final = frozenset({"content-length", "transfer-encoding", "connection"})


_AUTH_METHODS: Final = ["client_secret_basic", "client_secret_post", "private_key_jwt"]
_ASSERTION_ALGS: Final = ["RS256", "PS256", "ES256", "EdDSA"]

# The lists are shared by all documents, which are copied before anybody sees them. A test holds each against the provider.
_ALWAYS: Final[Mapping[str, object]] = {
    "scopes_supported": ["openid", "profile", "email", "address", "phone", "offline_access"],
    "response_types_supported": ["code"],
    "response_modes_supported": ["query", "form_post"],
    "grant_types_supported": [
        "authorization_code",
        "refresh_token",
        "client_credentials",
        "urn:ietf:params:oauth:grant-type:device_code",
        "urn:ietf:params:oauth:grant-type:token-exchange",
    ],
    "subject_types_supported": ["public"],
    "token_endpoint_auth_methods_supported": [*_AUTH_METHODS, "none"],
    "token_endpoint_auth_signing_alg_values_supported": _ASSERTION_ALGS,
    "introspection_endpoint_auth_methods_supported": _AUTH_METHODS,
    "introspection_endpoint_auth_signing_alg_values_supported": _ASSERTION_ALGS,
    "revocation_endpoint_auth_methods_supported": [*_AUTH_METHODS, "none"],
    "revocation_endpoint_auth_signing_alg_values_supported": _ASSERTION_ALGS,
    "claims_supported": [
        "sub",
        "iss",
        "aud",
        "exp",
        "iat",
        "auth_time",
        "nonce",
        "at_hash",
        "sid",
        "name",
        "given_name",
        "family_name",
        "preferred_username",
        "email",
        "email_verified",
    ],
    "code_challenge_methods_supported": ["S256"],
    "authorization_response_iss_parameter_supported": True,
    "claims_parameter_supported": False,
    "request_parameter_supported": False,
    "request_uri_parameter_supported": False,
    "prompt_values_supported": ["none", "login", "consent", "select_account"],
}


def base_document(
    issuer: str, endpoints: str, *, root: str | None = None, algs: Sequence[str] = ("RS256",)
) -> dict[str, object]:
    """The metadata of the provider behind an issuer: what it says is live.

    Args:
        issuer: The issuer identifier, as it is.
        endpoints: Absolute URL without a final slash; the four endpoints that a relying party's connection is filled from
            are right below it.
        root: The same for all other endpoints.
        algs: What tokens are signed with.

    Source: OpenID Connect Discovery 1.0, section 3; RFC 8414, section 2; RFC 8628, section 4; RFC 9207, section 3; OpenID
    Connect RP-Initiated Logout 1.0, section 2.1.
    """
    others = endpoints if root is None else root
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{endpoints}/authorize",
        "token_endpoint": f"{endpoints}/token",
        "userinfo_endpoint": f"{endpoints}/userinfo",
        "jwks_uri": f"{endpoints}/jwks",
        "introspection_endpoint": f"{others}/introspect",
        "revocation_endpoint": f"{others}/revoke",
        "device_authorization_endpoint": f"{others}/device_authorization",
        "end_session_endpoint": f"{others}/logout",
        "id_token_signing_alg_values_supported": list(algs),
        **_ALWAYS,
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
        switches: The switches that are on.
        own_switches: Those that are on again after a reset.
    """

    base: Mapping[str, object]
    replacement: Mapping[str, object] | None = None
    changes: Mapping[str, object] = field(default_factory=dict)
    raw: bytes | None = None
    content_type: str | None = JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    switches: frozenset[str] = frozenset()
    own_switches: frozenset[str] = frozenset()

    def document(self) -> dict[str, object]:
        """The document served, as a copy.

        Raises:
            ValueError: Raw bytes are served that are no JSON object.
        """
        if self.raw is not None:
            return _object_of(self.raw)
        whole = {**(self.base if self.replacement is None else self.replacement), **self.changes}
        members = {name: value for name, value in whole.items() if value is not _REMOVED}
        return copy.deepcopy(switched(members, self.switches) if self.switches else members)

    def body(self) -> bytes:
        """The bytes served."""
        return framed(encoded(self.document()), self.switches) if self.raw is None else self.raw

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
        return replace(self, replacement=members, changes={}, raw=None, content_type=JSON, switches=frozenset())

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
        return replace(
            self, replacement=None, changes={}, raw=bytes(body), content_type=content_type, switches=frozenset()
        )

    def rebased(self, base: Mapping[str, object]) -> Self:
        """The same over another base."""
        return replace(self, base=base)

    def reset(self) -> Self:
        """The base again; the extra headers stay."""
        return replace(self, replacement=None, changes={}, raw=None, content_type=JSON, switches=self.own_switches)

    def with_switches(self, switches: Collection[str]) -> Self:
        """The same with these switches on, and no others.

        Raises:
            TypeError, ValueError: One isn't known, or raw bytes are served.
        """
        self._changeable()
        return replace(self, switches=checked_switches(switches))

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

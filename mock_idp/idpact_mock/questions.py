"""What a journal tells in OpenID terms. Functions of entries alone: the same answers for a local journal and a remote one."""

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol
from urllib.parse import parse_qsl, unquote_plus

from idpact_mock.entry import Entry, Kind

__all__ = ["ClientAuthentication", "Questions"]

_WITH_CLIENTS: Final[frozenset[Kind]] = frozenset({"token", "introspection", "revocation", "device"})
_TOKENS: Final = ("id_token", "access_token")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientAuthentication:
    """How a client proved who it is in one request.

    Attributes:
        number: The entry's number.
        kind: The endpoint.
        client_id: Who it says it is; None where it says nothing.
        method: `client_secret_basic`, `client_secret_post`, `private_key_jwt` or `none`.
        accepted: It wasn't refused as a client.
    """

    number: int
    kind: Kind
    client_id: str | None
    method: str
    accepted: bool


class _Journal(Protocol):
    def since(self, mark: int) -> tuple[Entry, ...]:
        """The entries numbered above `mark`, oldest first."""


class Questions:
    """What can be asked of a journal besides its entries. A mark leaves out what came before it."""

    __slots__ = ()

    def discovery_requests(self: _Journal, *, since: int = 0) -> tuple[Entry, ...]:
        """The requests for the discovery document: their number is how often it was fetched."""
        return tuple(entry for entry in self.since(since) if entry.kind == "discovery")

    def jwks_requests(self: _Journal, *, since: int = 0) -> tuple[Entry, ...]:
        """The requests for the keys."""
        return tuple(entry for entry in self.since(since) if entry.kind == "jwks")

    def jwks_refetched_after_unknown_kid(self: _Journal, *, since: int = 0) -> bool:
        """After a token whose key id wasn't among the keys fetched last, the keys were fetched again.

        Tokens are those that the token endpoint gave; one from `Issuer.token` came by no request.
        """
        return _refetched(self.since(since))

    def client_authentications(self: _Journal, *, since: int = 0) -> tuple[ClientAuthentication, ...]:
        """How clients proved who they are, oldest first, at the endpoints that ask for it."""
        return tuple(
            _authentication(entry)
            for entry in self.since(since)
            if entry.kind in _WITH_CLIENTS and not _is_device_page(entry)
        )


def _refetched(entries: Iterable[Entry]) -> bool:
    known: set[str] | None = None
    unknown = False
    for entry in entries:
        if entry.kind == "jwks" and entry.status == 200:  # noqa: PLR2004 - 200 is clearer than a name
            if unknown:
                return True
            known = {str(key.get("kid")) for key in _object(entry.content).get("keys", ()) if isinstance(key, dict)}
        elif entry.kind == "token" and known is not None:
            answer = _object(entry.content)
            kids = {_kid(answer[name]) for name in _TOKENS if isinstance(answer.get(name), str)}
            unknown = unknown or not kids <= known
    return False


def _is_device_page(entry: Entry) -> bool:
    return entry.kind == "device" and entry.target.partition("?")[0].endswith("/device")


def _authentication(entry: Entry) -> ClientAuthentication:
    form = _form(entry.body)
    authorization = next((value for name, value in entry.headers if name == "authorization"), "")
    client_id, method = form.get("client_id"), "none"
    if authorization[:6].lower() == "basic ":
        client_id, method = _basic_id(authorization[6:]), "client_secret_basic"
    elif "client_secret" in form:
        method = "client_secret_post"
    elif "client_assertion" in form:
        method = "private_key_jwt"
        client_id = client_id or _claim(form["client_assertion"], 1, "sub")
    refused = _object(entry.content).get("error") == "invalid_client"
    return ClientAuthentication(
        number=entry.number, kind=entry.kind, client_id=client_id, method=method, accepted=not refused
    )


def _form(body: bytes) -> dict[str, str]:
    try:
        return dict(parse_qsl(body.decode("latin-1"), keep_blank_values=True))
    except ValueError:
        return {}


def _basic_id(credentials: str) -> str | None:
    try:
        text = base64.b64decode(credentials, validate=True).decode("utf-8")
    except ValueError:
        return None
    return unquote_plus(text.partition(":")[0])


def _kid(token: str) -> str | None:
    return _claim(token, 0, "kid")


def _claim(token: str, part: int, name: str) -> str | None:
    try:
        text = token.split(".")[part]
        value: Mapping[str, Any] = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        found = value[name]
    except (ValueError, IndexError, KeyError, TypeError, RecursionError):
        return None
    return found if isinstance(found, str) else None


def _object(content: bytes) -> dict[str, Any]:
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}

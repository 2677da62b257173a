"""Relying parties as a provider knows them: what each may do and how it proves itself. Plain data; no JOSE, no HTTP."""

import base64
import copy
import ipaddress
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypedDict
from urllib.parse import urlsplit

from idpact_mock.backing import ALONE
from idpact_mock.document import checked_members
from idpact_mock.provider.settings import Algorithm, checked_algorithm
from idpact_mock.provider.shelf import LIMIT

__all__ = [
    "AUTH_METHODS",
    "CLIENT_CREDENTIALS",
    "CODE",
    "DEVICE",
    "EXCHANGE",
    "GRANTS",
    "REFRESH",
    "Client",
    "ClientMetadata",
    "Clients",
]

CODE: Final = "authorization_code"
REFRESH: Final = "refresh_token"
CLIENT_CREDENTIALS: Final = "client_credentials"
DEVICE: Final = "urn:ietf:params:oauth:grant-type:device_code"
EXCHANGE: Final = "urn:ietf:params:oauth:grant-type:token-exchange"

GRANTS: Final = (CODE, REFRESH, CLIENT_CREDENTIALS, DEVICE, EXCHANGE)
AUTH_METHODS: Final = ("client_secret_basic", "client_secret_post", "private_key_jwt", "none")
"""OpenID Connect Core 1.0, section 9."""

_SECRET: Final = 32
_SECRET_METHODS: Final = ("client_secret_basic", "client_secret_post")
_VISIBLE: Final = re.compile(r"[\x20-\x7e]+")
_URI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[!#-;=?-\[\]_a-z~%]*")
_PUBLIC_GRANTS: Final = (CODE, REFRESH, DEVICE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A relying party.

    Attributes:
        client_id: Its identifier.
        client_secret: Its secret; None for one without.
        auth_methods: How it may prove itself: one method, or both that use the secret.
        redirect_uris: Where codes may go, compared exactly; None stands for any loopback or https URL.
        post_logout_redirect_uris: Where people may go after logout; None as above.
        grant_types: The grants it may use.
        require_pkce: It must use PKCE (RFC 7636).
        alg: What its tokens are signed with; None leaves that to the issuer.
        scopes: The scopes it may ask for; None stands for any.
        audience: The audience of its access tokens; None stands for itself.
        claims: Claims that its tokens hold besides.
        jwks: Its public keys, as a JWK Set, for `private_key_jwt`.
    """

    client_id: str
    client_secret: str | None = field(default=None, repr=False)
    auth_methods: tuple[str, ...] = _SECRET_METHODS
    redirect_uris: tuple[str, ...] | None = None
    post_logout_redirect_uris: tuple[str, ...] | None = None
    grant_types: tuple[str, ...] = GRANTS
    require_pkce: bool = False
    alg: Algorithm | None = None
    scopes: tuple[str, ...] | None = None
    audience: str | None = None
    claims: Mapping[str, Any] = field(default_factory=dict)
    jwks: Mapping[str, Any] | None = field(default=None, repr=False)

    @property
    def is_public(self) -> bool:
        """It proves nothing (RFC 6749, section 2.1)."""
        return self.auth_methods == ("none",)

    def may_redirect_to(self, uri: str) -> bool:
        """A code may go there. Source: RFC 9700, section 2.1: compared exactly."""
        return _anywhere(uri) if self.redirect_uris is None else uri in self.redirect_uris

    def may_log_out_to(self, uri: str) -> bool:
        """People may go there after logout. Source: OpenID Connect RP-Initiated Logout 1.0, section 3."""
        allowed = self.post_logout_redirect_uris
        return _anywhere(uri) if allowed is None else uri in allowed

    def to_json(self) -> dict[str, Any]:
        """A JSON value, with the secret: for those who control the mock."""
        return {
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "auth_methods": list(self.auth_methods),
            "redirect_uris": _listed(self.redirect_uris),
            "post_logout_redirect_uris": _listed(self.post_logout_redirect_uris),
            "grant_types": list(self.grant_types),
            "require_pkce": self.require_pkce,
            "alg": self.alg,
            "scopes": _listed(self.scopes),
            "audience": self.audience,
            "claims": copy.deepcopy(dict(self.claims)),
            "jwks": None if self.jwks is None else copy.deepcopy(dict(self.jwks)),
        }


class ClientMetadata(TypedDict, total=False):
    """What can be said of a client as it is registered; see `Clients.add`."""

    client_secret: str | None
    auth_method: str | None
    redirect_uris: Sequence[str] | None
    post_logout_redirect_uris: Sequence[str] | None
    grant_types: Sequence[str] | None
    require_pkce: bool | None
    alg: str | None
    scopes: Sequence[str] | None
    audience: str | None
    claims: Mapping[str, object] | None
    jwks: Mapping[str, object] | None


class Clients:
    """The relying parties of one issuer. The first is the default one."""

    def __init__(self, default_id: str, *, secret: Callable[..., bytes] = ALONE.secret) -> None:
        self._secret = secret
        self.default: Final = Client(client_id=default_id, client_secret=_text_of(secret(_SECRET, of="default client")))
        """A confidential client that may do all, and be sent to any loopback or https URL."""
        self._by_id: dict[str, Client] = {default_id: self.default}

    def __len__(self) -> int:
        return len(self._by_id)

    def __iter__(self) -> Iterator[Client]:
        return iter(tuple(self._by_id.values()))

    def get(self, client_id: str | None) -> Client | None:
        """The client of that id."""
        return None if client_id is None else self._by_id.get(client_id)

    def add(
        self,
        client_id: str | None = None,
        *,
        client_secret: str | None = None,
        auth_method: str | None = None,
        redirect_uris: Sequence[str] | None = None,
        post_logout_redirect_uris: Sequence[str] | None = None,
        grant_types: Sequence[str] | None = None,
        require_pkce: bool | None = None,
        alg: str | None = None,
        scopes: Sequence[str] | None = None,
        audience: str | None = None,
        claims: Mapping[str, object] | None = None,
        jwks: Mapping[str, object] | None = None,
    ) -> Client:
        """Add a client, or replace the one of that id.

        Args:
            client_id: Its id; made up where none is given.
            client_secret: Its secret; made up where none is given and it needs one.
            auth_method: The one way in which it proves itself; None admits both that use the secret.
            redirect_uris: Where codes may go; None for any loopback or https URL.
            post_logout_redirect_uris: Where people may go after logout; None as above.
            grant_types: The grants it may use; None for all that it can.
            require_pkce: It must use PKCE; None for public clients only.
            alg: What its tokens are signed with; None leaves that to the issuer.
            scopes: The scopes it may ask for; None for any.
            audience: The audience of its access tokens; None for itself.
            claims: Claims that its tokens hold besides.
            jwks: Its public keys, needed for `private_key_jwt`.

        Raises:
            ValueError: An argument isn't right; the message names it.
        """
        method = _checked_method(auth_method, jwks=jwks, secret=client_secret)
        public = method == "none"
        chosen = f"client-{self._secret(5).hex()}" if client_id is None else _visible("client_id", client_id)
        if chosen not in self._by_id and len(self._by_id) >= LIMIT:
            raise ValueError(f"client_id: {chosen!r} is one client too many; {LIMIT} can be kept")
        client = Client(
            client_id=chosen,
            client_secret=_secret_for(method, client_secret, made=self._secret),
            auth_methods=_SECRET_METHODS if method is None else (method,),
            redirect_uris=_uris("redirect_uris", redirect_uris),
            post_logout_redirect_uris=_uris("post_logout_redirect_uris", post_logout_redirect_uris),
            grant_types=_checked_grants(grant_types, public=public),
            require_pkce=public if require_pkce is None else _flag("require_pkce", require_pkce),
            alg=None if alg is None else checked_algorithm(alg),
            scopes=_texts("scopes", scopes),
            audience=None if audience is None else _visible("audience", audience),
            claims=checked_members({} if claims is None else claims, argument="claims"),
            jwks=None if jwks is None else _checked_jwks(jwks),
        )
        self._by_id[chosen] = client
        return client

    def remove(self, client_id: str) -> None:
        """Remove a client.

        Raises:
            LookupError: There is none of that id.
        """
        if self._by_id.pop(client_id, None) is None:
            raise LookupError(f"client_id: there is no client {client_id!r}")


def _anywhere(uri: str) -> bool:
    if not _URI.fullmatch(uri) or "#" in uri:
        return False
    try:
        parts = urlsplit(uri)
        _ = parts.port
        host = parts.hostname or ""
    except ValueError:
        return False
    if "@" in parts.netloc or not host:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host))


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _listed(values: tuple[str, ...] | None) -> list[str] | None:
    return None if values is None else list(values)


def _visible(name: str, value: object) -> str:
    if not isinstance(value, str) or not _VISIBLE.fullmatch(value):
        raise ValueError(f"{name}: {value!r} must be printable ASCII, at least one character")
    return value


def _flag(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{name}: {value!r} must be true or false")  # noqa: TRY004 - as for the others
    return value


def _texts(name: str, values: object) -> tuple[str, ...] | None:
    if values is None:
        return None
    if isinstance(values, str) or not isinstance(values, Sequence) or not all(isinstance(one, str) for one in values):
        raise ValueError(f"{name}: {values!r} must be a list of strings")
    return tuple(values)


def _uris(name: str, values: object) -> tuple[str, ...] | None:
    checked = _texts(name, values)
    for uri in checked or ():
        if not _URI.fullmatch(uri) or "#" in uri:
            raise ValueError(f"{name}: {uri!r} must be an absolute URI without fragment (RFC 6749, section 3.1.2)")
        if urlsplit(uri).scheme in {"javascript", "data", "vbscript"}:
            raise ValueError(f"{name}: {uri!r} would run in the browser; no provider may redirect there")
    return checked


def _checked_method(method: str | None, *, jwks: object, secret: str | None) -> str | None:
    if method is not None and method not in AUTH_METHODS:
        raise ValueError(f"auth_method: {method!r} must be one of {', '.join(AUTH_METHODS)}, or None")
    if method == "private_key_jwt" and jwks is None:
        raise ValueError("jwks: private_key_jwt needs the client's public keys")
    if method in {"none", "private_key_jwt"} and secret is not None:
        raise ValueError(f"client_secret: a client that proves itself by {method!r} has none")
    return method


def _text_of(secret: bytes) -> str:
    return base64.urlsafe_b64encode(secret).rstrip(b"=").decode("ascii")


def _secret_for(method: str | None, secret: object, *, made: Callable[[int], bytes]) -> str | None:
    if method in {"none", "private_key_jwt"}:
        return None
    if secret is None:
        return _text_of(made(_SECRET))
    if not isinstance(secret, str) or not _VISIBLE.fullmatch(secret):
        raise ValueError("client_secret: it must be printable ASCII, at least one character")
    return secret


def _checked_grants(grants: object, *, public: bool) -> tuple[str, ...]:
    checked = _texts("grant_types", grants)
    if checked is None:
        return _PUBLIC_GRANTS if public else GRANTS
    for grant in checked:
        if grant not in GRANTS:
            raise ValueError(f"grant_types: {grant!r} must be one of {', '.join(GRANTS)}")
    if public and CLIENT_CREDENTIALS in checked:
        raise ValueError("grant_types: a public client has no credentials to grant anything by")
    return checked


def _checked_jwks(jwks: Mapping[str, object]) -> dict[str, object]:
    checked = checked_members(jwks, argument="jwks")
    if not isinstance(checked.get("keys"), list) or not checked["keys"]:
        raise ValueError("jwks: it must be a JWK Set with at least one key (RFC 7517, section 5)")
    return checked

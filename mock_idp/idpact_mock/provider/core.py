"""A provider: one issuer's clients, users, clock, keys, settings and memory. What endpoints share; no endpoint itself."""

import copy
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Unpack

from idpact_mock.backing import Backing
from idpact_mock.document import checked_members
from idpact_mock.provider.clients import Client, ClientMetadata, Clients
from idpact_mock.provider.clock import Clock
from idpact_mock.provider.errors import OAuthError
from idpact_mock.provider.flaws import Flaw, checked_flaw
from idpact_mock.provider.keys import Keys
from idpact_mock.provider.queue import Queue
from idpact_mock.provider.settings import Settings, SettingsChanges
from idpact_mock.provider.state import State
from idpact_mock.provider.users import Users, checked_sub
from idpact_mock.provider.words import KINDS, REFUSING, TokenKind
from idpact_mock.site import Site

__all__ = ["Order", "Provider", "checked_kind"]

_ERROR: Final = re.compile(r"[A-Za-z0-9_.-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """How one token is to differ.

    Attributes:
        claims: Claims to set; a value of None leaves the claim out.
        flaw: What is to be wrong with it.
        kind: Which token of an answer is meant; None for the ID token where there is one, and the access token otherwise.
    """

    claims: Mapping[str, Any] = field(default_factory=dict)
    flaw: Flaw | None = None
    kind: TokenKind | None = None

    @classmethod
    def checked(cls, *, claims: Mapping[str, object] | None, flaw: object, kind: object) -> "Order":
        """An order.

        Raises:
            TypeError: `claims` is no mapping with string keys.
            ValueError: A claim can't be written as JSON, or there is no such flaw or kind.
        """
        return cls(
            claims=checked_members({} if claims is None else claims, argument="claims"),
            flaw=checked_flaw(flaw),
            kind=None if kind is None else checked_kind(kind),
        )


def checked_kind(kind: object) -> TokenKind:
    """A kind of token.

    Raises:
        ValueError: There is no such kind.
    """
    for known in KINDS:
        if kind == known:
            return known
    raise ValueError(f"kind: {kind!r} must be 'access_token' or 'id_token'")


class Provider:
    """One issuer's provider. Whoever reads or changes `state` holds `lock`.

    Args:
        site: Where it lives.
        clock: Its clock.
        keys: Its keys.
        backing: Where what it remembers is.
        on_change: Called when something that its metadata tells has changed.
        token_url: Tells the URL of the token endpoint in its metadata under a base URL.

    Attributes:
        site: Where it lives, as far as this request knows; see `at`.
        settings: How it behaves; replaced whole by `configure`.
        orders: How the tokens to come are to differ.
    """

    def __init__(
        self,
        site: Site,
        *,
        clock: Clock,
        keys: Keys,
        backing: Backing,
        on_change: Callable[[], None],
        token_url: Callable[[str], str],
    ) -> None:
        self.site = site
        self.clock: Final = clock
        self.keys: Final = keys
        self.clients: Final = Clients(f"{site.name}-client", secret=backing.secret)
        self.users: Final = Users()
        self.state: Final = State(backing.store)
        self.lock: Final = threading.RLock()
        self.settings = Settings()
        self.orders: Final = Queue[Order]("order", self.state.taken)
        self._refusals: Final = {endpoint: Queue[OAuthError](endpoint, self.state.taken) for endpoint in REFUSING}
        self._on_change = on_change
        self._token_url = token_url

    def at(self, base: str) -> "Provider":
        """The same provider as it is under another base URL: what it remembers is shared, and what it issues is of that issuer."""
        seen = copy.copy(self)
        seen.site = replace(self.site, base=base)
        return seen

    @property
    def own_audiences(self) -> frozenset[str]:
        """Whom an assertion may be meant for: the issuer, or the token endpoint, below the issuer or where metadata has it."""
        return frozenset({self.issuer, self.url("/token"), self._token_url(self.site.base)})

    @property
    def issuer(self) -> str:
        """The issuer identifier."""
        return self.site.identifier

    @property
    def realm(self) -> str:
        """The issuer identifier as it can stand between quotes in a header (RFC 9110, section 5.6.4)."""
        return "".join(one if "!" <= one <= "~" and one not in '"\\' else "?" for one in self.site.identifier)

    def url(self, endpoint: str) -> str:
        """The URL of an endpoint by its path."""
        return f"{self.site.root}{endpoint}"

    def configure(self, **changes: Unpack[SettingsChanges]) -> Settings:
        """Change how it behaves; see `Settings`.

        Raises:
            ValueError: A setting is unknown or has a wrong value; the message names it.
        """
        with self.lock:
            settings = self.settings.changed(changes)
            if settings.alg != self.settings.alg:
                self.keys.use(settings.alg, default=True)
                for client in self.clients:
                    if client.alg is not None:
                        self.keys.use(client.alg)
            self.settings = settings
        self._on_change()
        return settings

    def add_client(self, client_id: str | None = None, **metadata: Unpack[ClientMetadata]) -> Client:
        """Add a client; see `Clients.add`.

        Raises:
            ValueError: An argument isn't right; the message names it.
        """
        with self.lock:
            client = self.clients.add(client_id, **metadata)
            if client.alg is not None:
                self.keys.use(client.alg)
        self._on_change()
        return client

    def order(
        self, *, claims: Mapping[str, object] | None = None, flaw: str | None = None, kind: str | None = None
    ) -> None:
        """Have the next token that is issued differ, once; further orders wait their turn."""
        order = Order.checked(claims=claims, flaw=flaw, kind=kind)
        with self.lock:
            self.orders.append(order)

    def refuse_next(
        self, endpoint: str, error: str, *, description: str = "refused, as was asked for", status: int = 400
    ) -> None:
        """Have the next good-looking request at an endpoint refused, once; further calls queue up.

        Args:
            endpoint: "authorize", where the error goes to the redirect URI, or another of `REFUSING`.
            error: The `error`, such as "access_denied" or "invalid_grant".
            description: The `error_description`.
            status: The status, where there is no redirect.

        Raises:
            ValueError: An argument isn't right; the message names it.
        """
        refusal = _checked_refusal(endpoint, error, description, status)
        with self.lock:
            self._refusals[endpoint].append(refusal)

    def check_refusal(self, endpoint: str) -> None:
        """Raise the next refusal that was asked for at this endpoint. The endpoints' business.

        Raises:
            OAuthError: That is it.
        """
        refusal = self._refusals[endpoint].next(now=self.clock.now) if self._refusals[endpoint] else None
        if refusal is not None:
            raise refusal

    def next_order(self, *kinds: TokenKind) -> Order | None:
        """The order that the tokens issued now are to follow: the first, if it is for one of these kinds."""
        if not self.orders:
            return None
        return self.orders.next(now=self.clock.now, fits=lambda order: order.kind is None or order.kind in kinds)

    def token(
        self,
        *,
        sub: str | None = None,
        kind: str = "access_token",
        client_id: str | None = None,
        scope: str = "openid profile email",
        nonce: str | None = None,
        audience: str | None = None,
        claims: Mapping[str, object] | None = None,
        flaw: str | None = None,
    ) -> str:
        """A token made without a request. A good access token is known to userinfo, introspection and revocation.

        Args:
            sub: Whom it speaks of; by default the first user.
            kind: "access_token" or "id_token".
            client_id: Whom it is for; by default the default client.
            scope: What it covers.
            nonce: The nonce of an ID token.
            audience: The audience of an access token; by default the client's.
            claims: Claims to set; None as a value leaves the claim out.
            flaw: What is to be wrong with it; see `flaws`.

        Raises:
            TypeError, ValueError: An argument isn't right; the message names it.
        """
        from idpact_mock.provider.tokens import minted  # noqa: PLC0415 - it builds on this module

        order = Order.checked(claims=claims, flaw=flaw, kind=None)
        wanted = checked_kind(kind)
        client = self.clients.default if client_id is None else self.clients.get(client_id)
        if client is None:
            raise ValueError(f"client_id: there is no client {client_id!r}")
        first = self.users.first()
        subject = checked_sub(sub) if sub is not None else "nobody" if first is None else first.sub
        self.keys.ensure()  # not under the lock, which the server's loop may wait for
        with self.lock:
            return minted(
                self,
                wanted,
                client=client,
                sub=subject,
                scope=tuple(scope.split()),
                nonce=nonce,
                audience=audience,
                order=order,
            )


def _checked_refusal(endpoint: object, error: object, description: object, status: object) -> OAuthError:
    if endpoint not in REFUSING:
        raise ValueError(f"endpoint: {endpoint!r} must be one of {', '.join(REFUSING)}")
    if not isinstance(error, str) or not _ERROR.fullmatch(error):
        raise ValueError(f"error: {error!r} must be an error code, such as 'invalid_grant' (RFC 6749, section 5.2)")
    if not isinstance(description, str):
        raise ValueError(f"description: {description!r} must be a string")  # noqa: TRY004 - as for the others
    if isinstance(status, bool) or not isinstance(status, int) or not 400 <= status <= 599:  # noqa: PLR2004 - HTTP's classes
        raise ValueError(f"status: {status!r} must be a whole number from 400 to 599")
    return OAuthError(error, description, status=status)

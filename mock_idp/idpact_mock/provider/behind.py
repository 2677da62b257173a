"""What an issuer is besides its document: the provider behind it, made when first asked for. Light to import."""

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, Unpack

from idpact_mock.backing import ALONE, Backing
from idpact_mock.provider.clock import Clock
from idpact_mock.provider.keys import Keys
from idpact_mock.site import Site

if TYPE_CHECKING:
    from idpact_mock.provider.clients import Client, ClientMetadata
    from idpact_mock.provider.core import Provider
    from idpact_mock.provider.settings import Settings, SettingsChanges
    from idpact_mock.provider.users import User
    from idpact_mock.provider.words import TokenWish

__all__ = ["HasProvider"]


class HasProvider:
    """An issuer's side that relying parties log in at; a base of `Issuer`.

    Attributes:
        site: Where it lives.
        keys: Its signing keys.
        clock: Its clock, which can be moved.
        backing: What is behind it.
    """

    def __init__(self, site: Site, backing: Backing = ALONE) -> None:
        self.site: Final = site
        self.backing: Final = backing
        self.keys: Final = Keys(backing=backing)
        self.clock: Final = Clock()
        self._making: Final = threading.Lock()
        self._provider: Provider | None = None

    @property
    def provider(self) -> "Provider":
        """The provider behind it, made when first asked for."""
        if self._provider is None:
            from idpact_mock.provider.core import Provider  # noqa: PLC0415 - JOSE, for issuers that are more than read

            with self._making:
                if self._provider is None:
                    self._provider = Provider(
                        self.site,
                        clock=self.clock,
                        keys=self.keys,
                        backing=self.backing,
                        on_change=self._metadata_changed,
                        token_url=self._token_url,
                    )
        return self._provider

    @property
    def default_client(self) -> "Client":
        """A client that is there from the start: its `client_id` and `client_secret` log anybody in at once."""
        return self.provider.clients.default

    @property
    def settings(self) -> "Settings":
        """How the provider behaves; `configure` changes it."""
        return self.provider.settings

    @property
    def auto_approve(self) -> bool:
        """A user is logged in without being asked; otherwise there is a login page."""
        return self.provider.settings.auto_approve

    @auto_approve.setter
    def auto_approve(self, value: bool) -> None:
        self.configure(auto_approve=value)

    def configure(self, **changes: "Unpack[SettingsChanges]") -> "Settings":
        """Change how the provider behaves, such as `configure(alg="ES256", code_seconds=5)`; see `Settings`.

        Raises:
            ValueError: A setting is unknown or has a wrong value; the message names it.
        """
        return self.provider.configure(**changes)

    def add_client(self, client_id: str | None = None, **metadata: "Unpack[ClientMetadata]") -> "Client":
        """Register a relying party, or replace the one of that id; see `Clients.add`.

        Raises:
            ValueError: An argument isn't right; the message names it.
        """
        return self.provider.add_client(client_id, **metadata)

    def add_user(self, sub: str, claims: Mapping[str, object] | None = None) -> "User":
        """Add somebody who can log in, or replace the one of that name; the first user is who is logged in automatically.

        Raises:
            TypeError, ValueError: An argument isn't right; the message names it.
        """
        return self.provider.users.add(sub, claims)

    def remove_client(self, client_id: str) -> None:
        """Remove a relying party.

        Raises:
            LookupError: There is none of that id.
        """
        self.provider.clients.remove(client_id)

    def remove_user(self, sub: str) -> None:
        """Remove somebody who can log in.

        Raises:
            LookupError: There is none of that name.
        """
        self.provider.users.remove(sub)

    def next_token(
        self, *, claims: Mapping[str, object] | None = None, flaw: str | None = None, kind: str | None = None
    ) -> None:
        """Have the next token that is issued differ, once. Further calls queue up.

        Args:
            claims: Claims to set; None as a value leaves the claim out.
            flaw: What is to be wrong with it; see `idpact_mock.provider.flaws`.
            kind: "id_token" or "access_token"; by default the ID token where the answer has one, else the access token.

        Raises:
            TypeError, ValueError: An argument isn't right; the message names it.
        """
        self.provider.order(claims=claims, flaw=flaw, kind=kind)

    def refuse_next(
        self, endpoint: str, error: str, *, description: str = "refused, as was asked for", status: int = 400
    ) -> None:
        """Have the next request at an endpoint refused, once, such as `refuse_next("authorize", "access_denied")`.

        See `Provider.refuse_next`.

        Raises:
            ValueError: An argument isn't right; the message names it.
        """
        self.provider.refuse_next(endpoint, error, description=description, status=status)

    def token(self, **wish: "Unpack[TokenWish]") -> str:
        """A token made without a request; see `Provider.token`.

        Raises:
            TypeError, ValueError: An argument isn't right; the message names it.
        """
        return self.provider.token(**wish)

    def _token_url(self, base: str) -> str:
        """The URL of the token endpoint in the issuer's own document under a base URL."""
        raise NotImplementedError

    def _metadata_changed(self) -> None:
        """Something that the document tells has changed."""
        raise NotImplementedError

"""A relying party's view of an issuer, for tests of resource servers: good tokens and bad ones, without a login."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Unpack

if TYPE_CHECKING:
    from idpact_mock import Issuer, RemoteIssuer
    from idpact_mock.provider.words import TokenWish

__all__ = ["IdPClient"]


@dataclass(frozen=True, slots=True)
class IdPClient:
    """The client that an issuer knows from the start, and the tokens that it would get.

    Attributes:
        issuer: The issuer.
    """

    issuer: "Issuer | RemoteIssuer"

    @property
    def client_id(self) -> str:
        """The client's id, by default the audience of its tokens."""
        return self.issuer.default_client.client_id

    def token(self, **wish: "Unpack[TokenWish]") -> str:
        """An access token as the issuer's own, made without a request where the mock IdP lives in this process.

        Takes `sub`, `claims`, `scope`, `audience`, `kind="id_token"`, `flaw="expired"`…; see `Issuer.token`.

        Raises:
            TypeError, ValueError: An argument isn't right; the message names it.
        """
        return self.issuer.token(**wish)

    def headers(self, **wish: "Unpack[TokenWish]") -> dict[str, str]:
        """The headers of a request with such a token (RFC 6750, section 2.1)."""
        return {"Authorization": f"Bearer {self.token(**wish)}"}

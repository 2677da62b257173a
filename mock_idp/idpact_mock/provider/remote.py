"""The provider of an issuer in another process: the names and signatures of the local one, over the control interface."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Protocol, Unpack
from urllib.parse import quote

from idpact_mock.provider.clients import ClientMetadata
from idpact_mock.provider.settings import Settings, SettingsChanges

if TYPE_CHECKING:
    from idpact_mock.provider.words import TokenWish

__all__ = ["RemoteClient", "RemoteClock", "RemoteKeys", "RemoteProvider"]


class _Call(Protocol):
    def __call__(
        self,
        method: str,
        path: str,
        wish: Mapping[str, Any] | None = None,
        *,
        query: Mapping[str, str | int] | None = None,
    ) -> dict[str, Any]:
        """One request to the control interface."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteClient:
    """A relying party as it is registered; see `Client`."""

    client_id: str
    client_secret: str | None = field(repr=False)
    registered: Mapping[str, Any] = field(repr=False)


class RemoteClock:
    """A clock in another process; see `Clock`."""

    def __init__(self, call: _Call, at: str) -> None:
        self._call = call
        self._at = at

    @property
    def offset(self) -> float:
        """Seconds by which it is ahead of the machine's."""
        return float(self._call("GET", f"{self._at}/provider")["clock"]["offset"])

    def now(self) -> float:
        """Unix time in seconds."""
        return float(self._call("GET", f"{self._at}/provider")["clock"]["now"])

    def move(self, seconds: float) -> None:
        """Move it, from where it is."""
        self._call("POST", f"{self._at}/clock", {"move": seconds})

    def reset(self) -> None:
        """The machine's time again."""
        self._call("POST", f"{self._at}/clock", {"reset": True})


class RemoteKeys:
    """Keys in another process; see `Keys`."""

    def __init__(self, call: _Call, at: str) -> None:
        self._call = call
        self._at = f"{at}/keys"

    @property
    def published(self) -> tuple[str, ...]:
        """The key ids in the JWK Set, in order."""
        return tuple(self._call("GET", self._at)["published"])

    def publish_next(self, alg: str | None = None) -> None:
        """Publish the key that will sign next."""
        self._do("publish-next", alg=alg)

    def sign_with_next(self, alg: str | None = None) -> None:
        """Sign with the next key from now on."""
        self._do("sign-with-next", alg=alg)

    def retire_old(self) -> None:
        """Publish only keys that sign or will sign next."""
        self._do("retire-old")

    def rotate(self, alg: str | None = None) -> None:
        """Sign with a new key at once."""
        self._do("rotate", alg=alg)

    def add(self, alg: str | None = None, *, kid: str | None = None) -> None:
        """Publish one more key, which never signs."""
        self._do("add", alg=alg, kid=kid)

    def clash(self, alg: str | None = None) -> None:
        """Publish another key under the id of the one that signs."""
        self._do("clash", alg=alg)

    def withdraw(self, kid: str) -> None:
        """Publish no key of that id any longer."""
        self._do("withdraw", kid=kid)

    def _do(self, what: str, **options: str | None) -> None:
        self._call("POST", self._at, {"do": what, **options})


class RemoteProvider:
    """What an issuer in another process is besides its document; see `Issuer`. A base of `RemoteIssuer`."""

    def __init__(self, call: _Call, at: str) -> None:
        self._provider_call: Final[Callable[..., dict[str, Any]]] = call
        self._provider_at: Final = at
        self.clock: Final = RemoteClock(call, at)
        """Its clock."""
        self.keys: Final = RemoteKeys(call, at)
        """Its keys."""

    @property
    def default_client(self) -> RemoteClient:
        """A client that is there from the start."""
        return _client(self._provider_call("GET", f"{self._provider_at}/provider")["default_client"])

    @property
    def settings(self) -> Settings:
        """How the provider behaves."""
        return Settings(**self._provider_call("GET", f"{self._provider_at}/provider")["settings"])

    def configure(self, **changes: Unpack[SettingsChanges]) -> Settings:
        """Change how the provider behaves; see `Settings`."""
        return Settings(**self._provider_call("PATCH", f"{self._provider_at}/provider", changes)["settings"])

    def add_client(self, client_id: str | None = None, **metadata: Unpack[ClientMetadata]) -> RemoteClient:
        """Register a relying party; see `Clients.add`."""
        wish = {"client_id": client_id, **metadata}
        return _client(self._provider_call("POST", f"{self._provider_at}/clients", wish))

    def remove_client(self, client_id: str) -> None:
        """Remove a relying party."""
        self._provider_call("DELETE", f"{self._provider_at}/clients/{quote(client_id, safe='')}")

    def add_user(self, sub: str, claims: Mapping[str, object] | None = None) -> None:
        """Add somebody who can log in."""
        self._provider_call("POST", f"{self._provider_at}/users", {"sub": sub, "claims": claims})

    def remove_user(self, sub: str) -> None:
        """Remove somebody who can log in."""
        self._provider_call("DELETE", f"{self._provider_at}/users/{quote(sub, safe='')}")

    def next_token(
        self, *, claims: Mapping[str, object] | None = None, flaw: str | None = None, kind: str | None = None
    ) -> None:
        """Have the next token that is issued differ, once."""
        self._provider_call("POST", f"{self._provider_at}/next-token", {"claims": claims, "flaw": flaw, "kind": kind})

    def refuse_next(
        self, endpoint: str, error: str, *, description: str = "refused, as was asked for", status: int = 400
    ) -> None:
        """Have the next request at an endpoint refused, once; see `Provider.refuse_next`."""
        wish = {"endpoint": endpoint, "error": error, "description": description, "status": status}
        self._provider_call("POST", f"{self._provider_at}/next-refusal", wish)

    def token(self, **wish: "Unpack[TokenWish]") -> str:
        """A token made without a login; see `Provider.token`."""
        return str(self._provider_call("POST", f"{self._provider_at}/tokens", wish)["token"])


def _client(shown: Mapping[str, Any]) -> RemoteClient:
    return RemoteClient(client_id=shown["client_id"], client_secret=shown["client_secret"], registered=dict(shown))

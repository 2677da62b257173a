"""What the suite asks of a mock IdP, in this process or in another one. Knows its words; makes none."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from idpact_mock import Entry, FailureWish

__all__ = ["IdentityProvider", "LabIssuer", "LabJournal"]


class LabJournal(Protocol):
    """A journal of the mock IdP."""

    def mark(self) -> int:
        """A place in the journal: what comes later is `since` it."""

    def since(self, mark: int) -> Sequence[Entry]:
        """The entries after that place, oldest first."""


class LabIssuer(Protocol):
    """An issuer of the mock IdP, in this process or in another."""

    @property
    def name(self) -> str:
        """Its name at the mock IdP."""

    @property
    def url(self) -> str:
        """The issuer as it is typed."""

    @property
    def discovery_url(self) -> str:
        """Where its document is."""

    @property
    def document(self) -> dict[str, Any]:
        """The document that it serves."""

    @property
    def failure(self) -> str | None:
        """The id of its failure."""

    @property
    def journal(self) -> LabJournal:
        """The requests that reached it."""

    def set_members(self, members: Mapping[str, object]) -> None:
        """Set members of the document."""

    def remove_members(self, *names: str) -> None:
        """Remove members of the document."""

    def set_headers(self, headers: Mapping[str, str]) -> None:
        """Set headers of the document's answer."""

    def fail(self, failure_id: str, /) -> None:
        """Switch a failure on."""

    def recover(self) -> None:
        """Switch it off."""


class IdentityProvider(Protocol):
    """A mock IdP, in this process or in another."""

    @property
    def strays(self) -> LabJournal:
        """The requests that matched no issuer."""

    def make_issuer(
        self,
        name: str | None = None,
        *,
        path: str | None = None,
        own_port: bool = False,
        trailing_slash: bool = False,
        failure: FailureWish | None = None,
        document: Mapping[str, object] | None = None,
        endpoints_at: str | None = None,
    ) -> Any:  # noqa: ANN401 - a LabIssuer; the mock's own class has more
        """Make an issuer."""

    def drop_issuer(self, issuer: Any) -> None:  # noqa: ANN401 - what `make_issuer` returned
        """Drop an issuer."""

"""What an issuer is to be, as a checked value: the arguments of `MockIdP.make_issuer`. Opens no socket, adds it nowhere."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from idpact_mock.backing import Backing
from idpact_mock.document import checked_members
from idpact_mock.failures import Failing, FailureMode, FailureWish, SecondAddress
from idpact_mock.issuer import Issuer
from idpact_mock.journal import Journal
from idpact_mock.shape import Shape, own_shape
from idpact_mock.site import Site, checked_base, checked_name, checked_path
from idpact_mock.switches import checked_switches

if TYPE_CHECKING:
    from idpact_mock.presets.live import Choice

__all__ = ["Blueprint"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Blueprint:
    """An issuer to make. The attributes are the arguments of `MockIdP.make_issuer`, checked.

    Attributes:
        choice: The preset with all that was chosen about it.
        failing: The failure to begin with.
    """

    name: str | None
    path: str | None
    own_port: bool
    trailing_slash: bool | None
    failing: Failing | None
    document: Mapping[str, object] | None
    endpoints_at: str | None
    choice: "Choice | None"
    switches: frozenset[str]
    settings: Mapping[str, Any]
    clients: tuple[Mapping[str, Any], ...]
    users: tuple[Mapping[str, Any], ...] | None

    @classmethod
    def read(
        cls,
        *,
        name: str | None,
        path: str | None,
        own_port: bool,
        trailing_slash: bool | None,
        failure: FailureWish | None,
        document: Mapping[str, object] | None,
        endpoints_at: str | None,
        preset: str | None,
        preset_parameters: Mapping[str, str] | None,
        verbatim: bool,
        quirks: bool,
        switches: Collection[str],
        settings: Mapping[str, object] | None,
        clients: Sequence[Mapping[str, object]],
        users: Sequence[Mapping[str, object]] | None,
    ) -> Self:
        """Check the arguments.

        Raises:
            TypeError, ValueError: One isn't right; the message names it.
        """
        endpoints = None if endpoints_at is None else checked_base(endpoints_at, argument="endpoints_at")
        wanted = _of_the_provider(settings, clients, users)
        return cls(
            name=None if name is None else checked_name(name),
            path=path,
            own_port=own_port,
            trailing_slash=trailing_slash,
            failing=None if failure is None else Failing.read(failure),
            document=None if document is None else checked_members(document, argument="document"),
            endpoints_at=endpoints,
            choice=_choice(
                preset, preset_parameters, verbatim=verbatim, quirks=quirks, elsewhere=endpoints is not None
            ),
            switches=checked_switches(switches),
            settings=wanted[0],
            clients=wanted[1],
            users=wanted[2],
        )

    def area(self, name: str, *, has_ports: bool) -> str:
        """Its path without what a preset puts below; `has_ports` says that issuers can have their own.

        Raises:
            ValueError: It is no path, or not one for the shared port.
        """
        whole = "" if self.own_port and self.choice is not None else f"/{name}"
        area = checked_path(whole if self.path is None else self.path, own_port=self.own_port)
        return area or ("" if has_ports else f"/{name}")

    @property
    def mode(self) -> FailureMode | None:
        """The failure, if it lies in the issuer's own address or in others of its host."""
        failing = self.failing
        if failing is None or not (failing.is_of_issuer or failing.mode.own_host):
            return None
        return failing.mode

    def needs_port(self, *, has_ports: bool) -> bool:
        """It gets a port of its own, as it asks for or as its failure does."""
        mode = self.mode
        return (self.own_port and has_ports) or (mode is not None and (mode.unreachable or mode.own_host))

    def site(self, name: str, area: str, *, base: str, port: int) -> Site:
        """Where it lives."""
        below, slash = ("", False) if self.choice is None else (self.choice.path, self.choice.trailing_slash)
        return Site(
            name=name,
            base=base,
            path=f"{area}{below}",
            trailing_slash=slash if self.trailing_slash is None else self.trailing_slash,
            port=port,
            doubled=self.mode is not None and self.mode.id == "doubled-well-known",
        )

    def shape(self, site: Site, area: str) -> Shape:
        """What its document is like."""
        if self.choice is None:
            return own_shape(site, endpoints_at=self.endpoints_at)
        return self.choice.shape(site, area=area, endpoints_at=self.endpoints_at)

    def made(
        self,
        site: Site,
        shape: Shape,
        *,
        neighbour: Callable[[Issuer, SecondAddress], str],
        backing: Backing,
        strays: Journal,
    ) -> Issuer:
        """The issuer."""
        failing = self.failing
        # What the document hands out depends on the document, which comes first.
        later = failing is not None and failing.is_handed_out
        failure = None if failing is None or later else failing.to_json()
        issuer = Issuer(site, failure=failure, shape=shape, neighbour=neighbour, backing=backing, strays=strays)
        if self.document is not None:
            issuer.replace_document(self.document)
        if self.switches:
            issuer.set_switches(issuer.switches | self.switches)
        if failing is not None and later:
            issuer.switch_on(failing)
        self._people(issuer)
        return issuer

    def _people(self, issuer: Issuer) -> None:
        if self.settings:
            issuer.configure(**self.settings)
        for client in self.clients:
            issuer.add_client(**client)
        if self.users is None:
            return
        known = issuer.provider.users
        for user in known:
            known.remove(user.sub)
        for wanted in self.users:
            known.add(**wanted)


def _of_the_provider(
    settings: Mapping[str, object] | None,
    clients: Sequence[Mapping[str, object]],
    users: Sequence[Mapping[str, object]] | None,
) -> tuple[Mapping[str, Any], tuple[Mapping[str, Any], ...], tuple[Mapping[str, Any], ...] | None]:
    if settings is None and clients == () and users is None:
        return {}, (), None
    from idpact_mock.provider.wanted import (  # noqa: PLC0415 - for issuers that are told anything of the kind
        wanted_clients,
        wanted_settings,
        wanted_users,
    )

    return wanted_settings(settings), wanted_clients(clients), None if users is None else wanted_users(users)


def _choice(
    preset: str | None,
    parameters: Mapping[str, str] | None,
    *,
    verbatim: bool,
    quirks: bool,
    elsewhere: bool,
) -> "Choice | None":
    if preset is None and not parameters and not verbatim and not quirks:
        return None
    if verbatim and elsewhere:
        raise ValueError("endpoints_at: with verbatim=True the endpoints are the vendor's own; leave one out")
    from idpact_mock.presets.live import Choice  # noqa: PLC0415 - two dozen files, and most servers need none of them

    return Choice.make(preset, parameters, verbatim=verbatim, quirks=quirks)

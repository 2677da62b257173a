"""A preset as an issuer of this server: where it lives, and the shape that its vendor gives it. Opens nothing.

The vendor's host becomes the issuer's area, its paths are kept below that, and each further host becomes a path of its own
name there: `https://oauth2.googleapis.com/token` is `/oauth2.googleapis.com/token` in the area.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Self
from urllib.parse import urlsplit

from idpact_mock.presets.catalogue import preset_of
from idpact_mock.presets.model import Preset
from idpact_mock.shape import Shape
from idpact_mock.site import Site

__all__ = ["ROLES", "Choice"]

ROLES: Final[Mapping[str, str]] = {
    "authorization_endpoint": "authorize",
    "token_endpoint": "token",
    "userinfo_endpoint": "userinfo",
    "jwks_uri": "jwks",
    "end_session_endpoint": "logout",
    "revocation_endpoint": "revoke",
    "introspection_endpoint": "introspect",
    "device_authorization_endpoint": "device_authorization",
    "registration_endpoint": "register",
    "pushed_authorization_request_endpoint": "par",
}
"""What is at the URL of each member: the name of the path that an issuer without a preset has for it."""

_OTHER_URLS: Final = frozenset({"jwks_uri", "check_session_iframe"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A preset that was chosen, and how.

    Attributes:
        preset: The preset.
        parameters: All of its parameters.
        verbatim: Its document names the vendor's own hosts and issuer.
        quirks: Its document is as wrong as the vendor's.
    """

    preset: Preset
    parameters: Mapping[str, str]
    verbatim: bool
    quirks: bool

    @classmethod
    def make(
        cls, name: str | None, parameters: Mapping[str, str] | None, *, verbatim: bool, quirks: bool
    ) -> Self | None:
        """The choice; None where it is the mock IdP's own form.

        Raises:
            TypeError, ValueError: There is no such preset or parameter, or an option needs a preset.
        """
        preset = preset_of("generic" if name is None else name)
        checked = preset.checked_parameters(parameters)
        if preset.is_own and (verbatim or quirks):
            option = "verbatim" if verbatim else "quirks"
            raise ValueError(f"{option}: it needs the preset of a vendor, such as preset='okta'")
        return None if preset.is_own else cls(preset=preset, parameters=checked, verbatim=verbatim, quirks=quirks)

    @property
    def path(self) -> str:
        """The path of the vendor's issuer as it is typed, without a final slash."""
        return urlsplit(self._address).path.removesuffix("/")

    @property
    def trailing_slash(self) -> bool:
        """The vendor's issuer ends in a slash as it is typed."""
        return self._address.endswith("/")

    def shape(self, site: Site, *, area: str, endpoints_at: str | None) -> Shape:
        """The shape of an issuer there.

        Args:
            site: Where it lives.
            area: The path that stands for the vendor's host.
            endpoints_at: Base URL that stands for the vendor's host in endpoints, in place of the area.
        """
        original = self.preset.document(self.parameters)
        here = urlsplit(self._address).netloc

        def document(base: str, _algs: Sequence[str]) -> dict[str, object]:  # a vendor's document names the vendor's
            if self.verbatim:
                return original
            issuer = replace(site, base=base).identifier
            if self.quirks and self.preset.issuer != self.preset.address:
                issuer = _moved(str(original["issuer"]), here, f"{base}{area}")
            return {**_mapped(original, here, endpoints_at or f"{base}{area}"), "issuer": issuer}

        quirky = self.preset.quirk_switches if self.quirks else frozenset()
        return Shape(
            document=document,
            area=area,
            routes=_routes(original, here, area),
            headers=self.preset.headers,
            switches=self.preset.switches | quirky,
            preset=self.preset.name,
        )

    @property
    def _address(self) -> str:
        return self.preset.filled_address(self.parameters)


def _is_endpoint(name: str, value: object) -> bool:
    return isinstance(value, str) and (name.endswith("_endpoint") or name in _OTHER_URLS)


def _mapped(members: Mapping[str, object], here: str, root: str) -> dict[str, object]:
    """The members with every endpoint moved, nested ones too; all others stay as they are."""
    mapped: dict[str, object] = {}
    for name, value in members.items():
        if isinstance(value, Mapping):
            mapped[name] = _mapped(value, here, root)
        else:
            mapped[name] = _moved(str(value), here, root) if _is_endpoint(name, value) else value
    return mapped


def _routes(members: Mapping[str, object], here: str, area: str) -> dict[str, str]:
    return {
        _moved(str(value), here, area): ROLES.get(name, "other")
        for name, value in members.items()
        if _is_endpoint(name, value)
    }


def _moved(url: str, here: str, root: str) -> str:
    """A vendor's URL below `root`: the host `here` is `root` itself, any other is a path of its name."""
    host = urlsplit(url).netloc
    path = url.partition("://")[2].removeprefix(host)
    return f"{root}{path}" if host == here else f"{root}/{host}{path}"

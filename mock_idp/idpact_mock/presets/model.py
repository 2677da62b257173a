"""A preset: one form of one vendor's issuer and document, as a value. Pure; knows no server and no file.

URLs in it are templates. `{I}` is the issuer without its final slash, `{H}` the scheme and host of the document's address,
`{issuer}` the issuer as it is; what else stands in braces is a parameter.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self
from urllib.parse import urlsplit

__all__ = ["Preset"]

_FIELD: Final = re.compile(r"\{([A-Za-z_]+)\}")
_VALUE: Final = re.compile(r"(?!\.+$)[A-Za-z0-9._~-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """One form of one vendor's issuer and document.

    Attributes:
        name: Its name, such as `okta-custom`.
        identity_provider: The vendor, by the name that connections have for it.
        title: The vendor in words.
        form: Which of its forms this is, in words.
        issuer: The issuer, as the document has it; empty for the mock IdP's own form.
        address: The issuer as a relying party types it: what the document's address is made of.
        parameters: The parameters and their defaults.
        grade: `A` is the vendor's document, `B` has members that no source shows, `A-` is nearly `A`.
        mark: `D`: a whole captured document, or the code that renders it, was read. `P`: published, in part or second-hand.
            `K`: general knowledge, not checked.
        source: Where that was.
        unverified: Members that are likely and that no source shows.
        quirks: What a tester should know, in words.
        members: The document.
        headers: Headers that come with it.
        switches: Switches that are on, see `SWITCHES`.
        quirk_switches: Those that are on with `quirks=True` only.
    """

    name: str
    identity_provider: str
    title: str
    form: str
    issuer: str
    address: str
    parameters: Mapping[str, str]
    grade: str
    mark: str
    source: str
    unverified: tuple[str, ...]
    quirks: tuple[str, ...]
    members: Mapping[str, object] = field(repr=False)
    headers: Mapping[str, str]
    switches: frozenset[str]
    quirk_switches: frozenset[str]

    @classmethod
    def read(cls, name: str, vendor: Mapping[str, Any]) -> Self:
        """The preset of that name in a vendor's file."""
        form = vendor["forms"][name]
        like = vendor["forms"].get(form.get("like"), {})
        members = {**like.get("members", {}), **form.get("members", {})}
        members = {
            "issuer": "{issuer}",
            **members,
            **{k: v for k, v in vendor.get("members", {}).items() if k not in members},
        }
        members.update(dict.fromkeys(form.get("null_members", ())))
        fixed = form.get("parameters", {}) if form.get("fixed") else {}
        return cls(
            name=name,
            identity_provider=vendor["identity_provider"],
            title=vendor["title"],
            form=form["title"],
            issuer=form["issuer"],
            address=form.get("address", form["issuer"]),
            parameters={} if form.get("fixed") else {**vendor.get("parameters", {}), **form.get("parameters", {})},
            grade=form["grade"],
            mark=form["mark"],
            source=vendor["source"],
            unverified=tuple(form.get("unverified", ())),
            quirks=(*vendor["quirks"], *form.get("quirks", ())),
            members={name: filled(value, fixed) for name, value in members.items()} if form["issuer"] else {},
            headers=vendor.get("headers", {}),
            switches=frozenset(form.get("switches", ())),
            quirk_switches=frozenset(form.get("quirk_switches", ())),
        )

    @property
    def is_own(self) -> bool:
        """It is the mock IdP's own form, and no vendor's."""
        return not self.issuer

    def checked_parameters(self, given: Mapping[str, str] | None) -> dict[str, str]:
        """All parameters, those given in place of the defaults.

        Raises:
            TypeError: `given` is no mapping of strings to strings.
            ValueError: There is no such parameter, or a value can't stand in a host or a path.
        """
        if given is None:
            return self._used(self.parameters)
        if not isinstance(given, Mapping):
            raise TypeError(f"preset_parameters: {given!r} must be a mapping of names to values")
        usable = self._used(self.parameters)
        for name, value in given.items():
            if name not in usable:
                known = f"known are {', '.join(usable)}" if usable else "it has none"
                raise ValueError(f"preset_parameters: {self.name} has no parameter {name!r}; {known}")
            if not isinstance(value, str):
                raise TypeError(f"preset_parameters: {name}: {value!r} must be a string")
            if not _VALUE.fullmatch(value):
                raise ValueError(f"preset_parameters: {name}: {value!r} must be letters, digits and ._~- only")
        return {**usable, **given}

    def filled_address(self, parameters: Mapping[str, str]) -> str:
        """The issuer as a relying party types it, with these parameters."""
        return str(filled(self.address, parameters))

    def document(self, parameters: Mapping[str, str]) -> dict[str, object]:
        """The document with the vendor's own hosts.

        Args:
            parameters: All of them, see `checked_parameters`.
        """
        issuer = str(filled(self.issuer, parameters))
        parts = urlsplit(self.filled_address(parameters))
        words = {**parameters, "issuer": issuer, "I": issuer.removesuffix("/"), "H": f"{parts.scheme}://{parts.netloc}"}
        return {name: filled(value, words) for name, value in self.members.items()}

    def _used(self, parameters: Mapping[str, str]) -> dict[str, str]:
        """Without those that this form of the vendor's has no place for."""
        text = f"{self.issuer} {self.address} {self.members}"
        return {name: value for name, value in parameters.items() if f"{{{name}}}" in text}


def filled(value: object, words: Mapping[str, str]) -> object:
    """A JSON value with the words put in; what isn't among them stays as it is, such as Entra's literal `{tenantid}`."""
    if isinstance(value, str):
        return _FIELD.sub(lambda match: words.get(match[1], match[0]), value)
    if isinstance(value, list):
        return [filled(item, words) for item in value]
    if isinstance(value, Mapping):
        return {name: filled(item, words) for name, item in value.items()}
    return value

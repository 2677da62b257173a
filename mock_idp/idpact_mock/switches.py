"""Oddities of documents in the wild, as named switches that any issuer can have. Pure: from documents to documents.

None of them makes a document wrong: who reads it by the standard gets the four endpoints all the same. `mixed-case` alone
makes the issuer differ from the one typed, which the standard compares letter by letter.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

__all__ = ["SWITCHES", "Switch", "checked_switches", "framed", "switched"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """One oddity.

    Attributes:
        id: Its name.
        statement: What it does to the document, in one sentence.
        seen_at: Presets whose vendors have it.
    """

    id: str
    statement: str
    seen_at: tuple[str, ...]


def _catalogue(*switches: Switch) -> Mapping[str, Switch]:
    return MappingProxyType({switch.id: switch for switch in switches})


SWITCHES: Final[Mapping[str, Switch]] = _catalogue(
    Switch(
        id="null-member",
        statement="A member `tenant_region_scope` is null.",
        seen_at=("microsoft-entra-common", "microsoft-entra-v1"),
    ),
    Switch(
        id="empty-array",
        statement="`userinfo_signing_alg_values_supported` is an empty array.",
        seen_at=("onelogin", "pingfederate"),
    ),
    Switch(
        id="leading-newline",
        statement="A newline comes before the first brace.",
        seen_at=("pingfederate",),
    ),
    Switch(
        id="nested-token-endpoint",
        statement="`mtls_endpoint_aliases`, before all other members, nests endpoints of the same names on another host.",
        seen_at=("keycloak",),
    ),
    Switch(
        id="extra-members",
        statement="Six members that no standard knows: strings, a boolean, a list and an object.",
        seen_at=("adfs", "auth0", "microsoft-entra", "pingfederate"),
    ),
    Switch(
        id="mixed-case",
        statement="The host of `issuer` is in capitals (its scheme, where that host has no letters), those of endpoints aren't.",
        seen_at=("adfs",),
    ),
)

_ALIASES: Final = {
    f"{name}_endpoint": f"https://mtls.idp.example/{name}" for name in ("authorization", "token", "userinfo")
}
_EXTRA: Final[Mapping[str, object]] = {
    "kerberos_endpoint": "https://extra.idp.example/kerberos",
    "mfa_challenge_endpoint": "https://extra.idp.example/mfa/challenge",
    "cloud_instance_name": "idp.example",
    "microsoft_multi_refresh_token": True,
    "capabilities": ["kdf_ver2"],
    "x_vendor_settings": {"issuer": "https://extra.idp.example", "tier": 3},
}


def _null_member(document: dict[str, object]) -> dict[str, object]:
    return {**document, "tenant_region_scope": None}


def _empty_array(document: dict[str, object]) -> dict[str, object]:
    return {**document, "userinfo_signing_alg_values_supported": []}


def _nested_token_endpoint(document: dict[str, object]) -> dict[str, object]:
    aliases = {**_ALIASES, "jwks_uri": "https://mtls.idp.example/jwks"}
    return {"mtls_endpoint_aliases": aliases, **{k: v for k, v in document.items() if k != "mtls_endpoint_aliases"}}


def _extra_members(document: dict[str, object]) -> dict[str, object]:
    return {**document, **_EXTRA}


def _mixed_case(document: dict[str, object]) -> dict[str, object]:
    issuer = document.get("issuer")
    if not isinstance(issuer, str):
        return document
    scheme, _, rest = issuer.partition("://")
    host, slash, path = rest.partition("/")
    if host == host.upper():
        scheme = scheme.upper()
    return {**document, "issuer": f"{scheme}://{host.upper()}{slash}{path}"}


_CHANGES: Final[Mapping[str, Callable[[dict[str, object]], dict[str, object]]]] = {
    "null-member": _null_member,
    "empty-array": _empty_array,
    "nested-token-endpoint": _nested_token_endpoint,
    "extra-members": _extra_members,
    "mixed-case": _mixed_case,
}


def checked_switches(switches: Collection[str]) -> frozenset[str]:
    """Names of switches.

    Raises:
        TypeError: It is a string or no collection.
        ValueError: There is no such switch; the message lists all.
    """
    if isinstance(switches, str) or not isinstance(switches, Collection):
        raise TypeError(f"switches: {switches!r} must be a list of names, such as ['null-member']")
    for name in switches:
        if name not in SWITCHES:
            import difflib  # noqa: PLC0415 - for who has mistyped

            near = difflib.get_close_matches(str(name), SWITCHES, n=1)
            hint = f"did you mean {near[0]}? " if near else ""
            raise ValueError(f"switches: there is no {name!r}; {hint}known are {', '.join(sorted(SWITCHES))}")
    return frozenset(switches)


def switched(document: dict[str, object], switches: Collection[str]) -> dict[str, object]:
    """The document with the switches on; the argument stays as it is."""
    for name, change in _CHANGES.items():
        if name in switches:
            document = change(document)
    return document


def framed(body: bytes, switches: Collection[str]) -> bytes:
    """The bytes of a document with those switches on that no document can hold."""
    return b"\n" + body if "leading-newline" in switches else body

"""JSON Schemas of what travels: connections, request bodies and errors, in the names and nesting of a profile.

Pure: a profile in, plain data out. Which operation carries what is `document`'s matter.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeAlias

from idpact_contract.abilities import Ability
from idpact_contract.connection import STRING_FIELDS, UPDATABLE, URL_FIELDS
from idpact_contract.pointer import tokens
from idpact_contract.targets.profile import Official, Profile

__all__ = ["IDENTITY_PROVIDERS", "Schema", "connection", "error", "nested", "typed"]

Schema: TypeAlias = dict[str, Any]

IDENTITY_PROVIDERS: Final = (
    "generic",
    "okta",
    "microsoft-entra",
    "google-workspace",
    "classlink",
    "cyberark",
    "duo",
    "jumpcloud",
    "keycloak",
    "miniorange",
    "onelogin",
    "pingfederate",
    "rippling",
    "salesforce",
    "shibboleth",
)
"""The identity providers that the source names (Update OIDC Connection, body parameters)."""

_EXAMPLES: Final[Mapping[str, str]] = {
    "display_name": "Acme",
    "identity_provider": "generic",
    "issuer": "https://idp.example.com",
    "client_id": "s6BhdRkqt3",
    "client_secret": "a-secret-of-the-client",
    "authorization_url": "https://idp.example.com/authorize",
    "token_url": "https://idp.example.com/token",
    "userinfo_url": "https://idp.example.com/userinfo",
    "jwks_url": "https://idp.example.com/jwks",
}


def nested(leaves: Iterable[tuple[tuple[str, ...], Schema]], *, required: Iterable[tuple[str, ...]] = ()) -> Schema:
    """An object with these schemas at these places; every parent of a required place is required too.

    Args:
        leaves: Places, as tokens, and their schemas. The empty place is the whole.
        required: The places that have to be there.
    """
    schema: Schema = {"type": "object", "properties": {}}
    below: dict[str, list[tuple[tuple[str, ...], Schema]]] = {}
    for place, leaf in leaves:
        if not place:
            return leaf
        below.setdefault(place[0], []).append((place[1:], leaf))
    wanted = tuple(required)
    for name, inner in below.items():
        within = [place[1:] for place in wanted if place[0] == name and len(place) > 1]
        schema["properties"][name] = nested(inner, required=within)
    if names := list(dict.fromkeys(place[0] for place in wanted)):
        schema["required"] = names
    return schema


def typed(profile: Profile, wrap: str, constants: Mapping[str, Any]) -> Schema:
    """A request body: the documented parameters below `wrap`, none of them required, and what every body carries."""
    leaves = [((*tokens(wrap), *tokens(profile.place(name))), _parameter(profile, name)) for name in UPDATABLE]
    leaves += [((name,), _constant(value)) for name, value in constants.items()]
    return nested(leaves, required=[(name,) for name in constants])


def _parameter(profile: Profile, name: str) -> Schema:
    schema: Schema = {"type": "string", "examples": [_EXAMPLES[name]]}
    if name == "identity_provider":
        schema["enum"] = [*IDENTITY_PROVIDERS]
    if name in URL_FIELDS or name == "issuer":
        document_url = name == "issuer" and profile.issuer_as == "document-url"
        schema["format"] = "issuer" if name == "issuer" and not document_url else "uri"
    if name == "client_secret":
        schema |= {"format": "password", "writeOnly": not profile.shows_secret}
    return schema


def _constant(value: object) -> Schema:
    """A member of every body: fixed, or a text that a run's variables fill in."""
    return {"type": "string"} if isinstance(value, str) and "{" in value else {"const": value}


def connection(profile: Profile) -> Schema:
    """A connection in an answer: thirteen strings, unset ones empty; strict on the documented wires alone."""
    shown = [name for name in STRING_FIELDS if _shown(profile, name)]
    leaves = [(tokens(profile.place(name)), _member(profile, name)) for name in shown]
    wanted = shown if profile.official else ["connection_id"]
    return nested(leaves, required=[tokens(profile.place(name)) for name in wanted])


def _shown(profile: Profile, name: str) -> bool:
    lacking = profile.lacking()
    return not (
        (name == "status" and Ability.STATUS in lacking)
        or (name == "organization_id" and Ability.ORGANIZATION_ID in lacking)
        or (name == "client_secret" and profile.secret_in_reads == "absent")  # noqa: S105 - a word, no secret
    )


def _member(profile: Profile, name: str) -> Schema:
    if name == "status":
        return {"enum": [profile.status_word("pending"), profile.status_word("active")]}
    if profile.official:
        return {"type": "string"}
    return {"type": ["string", "integer"]} if name in ("connection_id", "organization_id") else _loose()


def _loose() -> Schema:
    """What a wire of its own says for an unset string: "" or null."""
    return {"type": ["string", "null"]}


def error(official: Official | None) -> Schema:
    """An error's body; only the documented wires say what is in it."""
    if official is None:
        return {}
    texts = {name: {"type": "string"} for name in ("request_id", "error_type", "error_message", "error_url")}
    return {
        "type": "object",
        "properties": {"status_code": {"type": "integer"}, **texts},
        "required": ["status_code", *texts],
    }

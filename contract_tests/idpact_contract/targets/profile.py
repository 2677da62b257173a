"""Profiles: TOML files that map our terms to an implementation's wire. Knows the file's form; sends nothing."""

import enum
import json
import re
import tomllib
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import msgspec

from idpact_contract.abilities import IMPLIED, Ability
from idpact_contract.connection import STRING_FIELDS
from idpact_contract.pointer import tokens
from idpact_contract.targets.auth import Auth, fill

__all__ = [
    "Limits",
    "Official",
    "Operation",
    "Operations",
    "Poll",
    "Profile",
    "ProfileError",
    "Variable",
    "built_in_profiles",
    "load_profile",
]

_PLACEHOLDER: Final = re.compile(r"\{([a-z_]+)\}")
_BRACES: Final = re.compile(r"\{([^{}]*)\}")
"""Whatever stands in braces was meant as a placeholder, in whatever spelling."""

_STATUSES: Final = ("pending", "active")
_PER_REQUEST: Final = frozenset({"connection_id", "fresh_id"})
"""`fresh_id` is another one in every request, for a wire on which the caller chooses a new connection's id."""

_MAY_BE_UNSEEN: Final = ("client_id", "display_name", "identity_provider")
_NAMES: Final = frozenset({"display_name", "identity_provider"})
_KNOWN_FIELDS: Final = (*STRING_FIELDS, "custom_scopes", "attribute_mapping")


class ProfileError(ValueError):
    """A profile that can't be used; the message names the file, the key, the value and what would be right."""


class Official(enum.StrEnum):
    """The two documented wires."""

    FRONTEND = "frontend"
    BACKEND = "backend"


class Variable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A value that a run must be given.

    Attributes:
        about: What it is, for the message that asks for it.
        secret: It never reaches a report; an impostor's request carries a made-up one in its place.
    """

    about: str = ""
    secret: bool = False


_Count = Annotated[int, msgspec.Meta(ge=1)]


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How gently the implementation is to be treated.

    Attributes:
        per_second: Requests a second at most; None for no limit.
        retry_429: A 429 is tried again after its Retry-After (RFC 6585, section 4), once.
        longest_wait: Seconds that a Retry-After is waited for at most.
        connections: Connections that a check may have at one time; None for no limit.
        connections_in_all: Connections that it may make in all; what comes later is inconclusive.
    """

    per_second: float | None = None
    retry_429: bool = False
    longest_wait: float = 30.0
    connections: _Count | None = None
    connections_in_all: _Count | None = None


class Poll(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How an activation that takes its time is waited for: a read every so many seconds, up to a limit."""

    every: float = 0.5
    limit: float = 10.0


class Operation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One operation of the wire.

    Attributes:
        method: The request method.
        path: The path below the base URL, with `{variables}`; values are percent-encoded when filled in.
        envelope: JSON Pointer to the object that holds the answer's own members, such as `/data`; "" is the whole body.
        connection: JSON Pointer to the connection in a 2xx answer; None where there is none.
        list: JSON Pointer to a list of connections in which ours is looked up by its id; None where the answer is one connection.
        location: The new connection's id is the last segment of the answer's Location header.
        wrap: JSON Pointer below which the connection's fields stand in the body; "" puts them at its top.
        body: Members of every body, with `{variables}` in their texts.
    """

    method: str
    path: str
    envelope: str = ""
    connection: str | None = None
    list: str | None = None
    location: bool = False
    wrap: str = ""
    body: dict[str, Any] = msgspec.field(default_factory=dict)

    def target(self, variables: Mapping[str, str]) -> str:
        """The path with its variables filled in and percent-encoded."""
        return fill(self.path, variables, encode=True)


class Operations(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The operations that a check uses. Without `delete` what was created stays, without `create` there is a pool.

    `reset` empties a connection of the pool; without it an update with empty texts does.
    """

    update: Operation
    read: Operation
    create: Operation | None = None
    delete: Operation | None = None
    reset: Operation | None = None


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"schema_version": "schema"}):
    """A wire in our terms.

    Attributes:
        name: The profile's own name.
        title: One line for people.
        operations: The operations.
        auth: How requests are authenticated.
        schema_version: The form of the file; 1.
        official: Which documented wire it is, if any; the WIRE rules then apply.
        variables: What a run must be given, by name.
        fields: Our field names and where they are in a connection, as member names or JSON Pointers; those left out keep our name.
        status: Our two statuses and what the implementation says for them: a word, a number or true and false.
        warning: JSON Pointer to the warning within the envelope.
        secret_in_reads: Reads show client_secret clear, masked or not at all.
        unseen: Other fields that reads don't show, or only in part: client_id, display_name, identity_provider.
        issuer_as: An administrator types the issuer, or the URL of its document.
        activation: Complete connections are active at once, some time after the answer, or when a person says so.
        poll: How activation is waited for where it takes its time.
        limits: How gently the implementation is to be treated.
        lacks: Abilities that the implementation has not.
        headers: Extra request headers, with `{variables}`.
        pool: Ids of connections that cases borrow where none can be made, as texts with `{variables}`.
        reachable: The implementation certainly reaches the mock IdP, so that a document never asked for is a failure.
    """

    name: str
    title: str
    operations: Operations
    auth: Auth
    schema_version: Literal[1]
    official: Official | None = None
    variables: dict[str, Variable] = msgspec.field(default_factory=dict)
    fields: dict[str, str] = msgspec.field(default_factory=dict)
    status: dict[str, str | bool | int] = msgspec.field(default_factory=dict)
    warning: str = "warning"
    secret_in_reads: Literal["clear", "masked", "absent"] = "clear"  # noqa: S105 - a word, no secret
    unseen: tuple[str, ...] = ()
    issuer_as: Literal["issuer", "document-url"] = "issuer"
    activation: Literal["immediate", "polled", "manual"] = "immediate"
    poll: Poll = Poll()
    limits: Limits = Limits()
    lacks: tuple[Ability, ...] = ()
    headers: dict[str, str] = msgspec.field(default_factory=dict)
    pool: tuple[str, ...] = ()
    reachable: bool = False

    def __post_init__(self) -> None:
        self._check_fields()
        self._check_unseen()
        if len(set(map(self.status_word, _STATUSES))) < len(_STATUSES):
            raise ValueError(
                f"status: pending and active have to be two words, not {self.status_word('active')!r} both"
            )
        for name, operation in self._operations().items():
            if not operation.path.startswith("/"):
                raise ValueError(f"operations.{name}.path: {operation.path!r} has to begin with a slash")
        self._check_making()
        unknown = self._placeholders() - set(self.variables) - _PER_REQUEST
        if unknown:
            raise ValueError(f"{{{min(unknown)}}} is used, but not declared under [variables]")

    def _check_making(self) -> None:
        create = self.operations.create
        if (create is None) != bool(self.pool):
            raise ValueError(
                "operations.create makes connections, or pool names those to borrow: one of the two, not both"
            )
        if create is not None and create.connection is None and not create.location:
            raise ValueError(
                "operations.create: the answer has to tell the new connection's id, by connection or by location"
            )

    def _check_fields(self) -> None:
        for name in self.fields:
            if name not in _KNOWN_FIELDS:
                raise ValueError(f"fields.{name}: no such field; there are {', '.join(_KNOWN_FIELDS)}")
            if not tokens(self.fields[name]):
                raise ValueError(
                    f"fields.{name}: '' is the whole connection; a member's name or a JSON Pointer is needed"
                )
        for name in self.status:
            if name not in _STATUSES:
                raise ValueError(f"status.{name}: the two statuses are {' and '.join(_STATUSES)}")
        places = {name: tokens(self.place(name)) for name in _KNOWN_FIELDS}
        for name, place in places.items():
            for other, within in places.items():
                if name != other and place == within[: len(place)]:
                    raise ValueError(f"fields.{other}: {self.place(other)!r} lies at or within fields.{name}")

    def _check_unseen(self) -> None:
        for name in self.unseen:
            if name not in _MAY_BE_UNSEEN:
                raise ValueError(f"unseen: {name!r} can't be among them; there are {', '.join(_MAY_BE_UNSEEN)}")

    def status_word(self, status: str) -> str | bool | int:
        """The implementation's word for one of our two statuses."""
        return self.status.get(status, status)

    def _operations(self) -> dict[str, Operation]:
        told = {name: getattr(self.operations, name) for name in ("create", "update", "read", "delete", "reset")}
        return {name: operation for name, operation in told.items() if operation is not None}

    def _placeholders(self) -> set[str]:
        texts = [*self.auth.texts(), *self.headers.values(), *self.pool]
        texts += [operation.path for operation in self._operations().values()]
        strict = {name for text in texts for name in _BRACES.findall(text)}
        bodies = json.dumps([operation.body for operation in self._operations().values()])
        return strict | set(_PLACEHOLDER.findall(bodies))

    def lacking(self) -> frozenset[Ability]:
        """Every ability that this wire has not, the implied ones included."""
        implied = set(self.lacks)
        if self.official is None:
            implied.add(Ability.OFFICIAL_WIRE)
        if self.official is not Official.BACKEND:
            implied.add(Ability.BACKEND_WIRE)
        if self.operations.update.connection is None:
            implied.add(Ability.UPDATE_ANSWER)
        if Ability.STATUS in implied and not self.shows_secret:
            implied.add(Ability.SECRET_SHOWS)
        if self.pool:
            implied.add(Ability.FRESH)
        if "client_id" in self.unseen:
            implied.add(Ability.CLIENT_ID_SHOWS)
        if set(self.unseen) >= _NAMES:
            implied.add(Ability.NAMES_SHOW)
        if self.activation == "manual":
            implied.add(Ability.ACTIVATION)
        return frozenset(implied)

    @property
    def shows_secret(self) -> bool:
        """Reads show client_secret in clear."""
        return self.secret_in_reads == "clear"  # noqa: S105 - a word, no secret

    def place(self, field: str) -> str:
        """Where a field is within a connection."""
        return self.fields.get(field, field)


def built_in_profiles() -> tuple[str, ...]:
    """The names of the profiles that come with idpact."""
    folder = resources.files("idpact_contract.targets") / "profiles"
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")))


def load_profile(name_or_file: str) -> Profile:
    """A built-in profile by its name, or one from a TOML file.

    Raises:
        ProfileError: There is no such profile, or the file can't be read or isn't a profile.
    """
    if name_or_file in built_in_profiles():
        text = (resources.files("idpact_contract.targets") / "profiles" / f"{name_or_file}.toml").read_text("utf-8")
        return _parse(text, name_or_file)
    path = Path(name_or_file)
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        names = ", ".join(built_in_profiles())
        reason = getattr(error, "strerror", None) or str(error)
        raise ProfileError(
            f"profile {name_or_file!r}: no built-in profile ({names}), and as a file: {reason}"
        ) from error
    return _parse(text, name_or_file)


def _parse(text: str, source: str) -> Profile:
    try:
        return msgspec.convert(tomllib.loads(text), Profile)
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(f"profile {source!r}: not TOML: {error}") from error
    except msgspec.ValidationError as error:
        raise ProfileError(f"profile {source!r}: {error}{_right_words(str(error))}") from error


_WORDS: Final = {
    "`$.schema`": "1",
    "`$.official`": ", ".join(Official),
    "`$.lacks[": ", ".join(ability for ability in Ability if ability not in IMPLIED),
    "`$.auth.scheme`": "basic, bearer, header, cookie, client-credentials, login",
    "`$.activation`": "immediate, polled, manual",
    "`$.secret_in_reads`": "clear, masked, absent",
    "`$.issuer_as`": "issuer, document-url",
}


def _right_words(message: str) -> str:
    """What would be right where one of a few words is wanted; msgspec names only the wrong one."""
    right = next((words for place, words in _WORDS.items() if place in message), "")
    return f"; right would be {right}" if right and "Invalid " in message else ""

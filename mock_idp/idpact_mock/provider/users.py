"""The people who can log in at a provider, and which of their claims a scope lets out. Plain data."""

import copy
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from idpact_mock.document import checked_members
from idpact_mock.provider.shelf import LIMIT

__all__ = ["SCOPE_CLAIMS", "User", "Users", "checked_sub"]

SCOPE_CLAIMS: Final[Mapping[str, frozenset[str]]] = {
    "profile": frozenset(
        {
            "name",
            "family_name",
            "given_name",
            "middle_name",
            "nickname",
            "preferred_username",
            "profile",
            "picture",
            "website",
            "gender",
            "birthdate",
            "zoneinfo",
            "locale",
            "updated_at",
        }
    ),
    "email": frozenset({"email", "email_verified"}),
    "address": frozenset({"address"}),
    "phone": frozenset({"phone_number", "phone_number_verified"}),
}
"""OpenID Connect Core 1.0, section 5.4."""

_GUARDED: Final = frozenset().union(*SCOPE_CLAIMS.values())
_LONGEST: Final = 255
_OURS: Final = frozenset({"sub"})


def checked_sub(sub: object) -> str:
    """A subject identifier: at most 255 ASCII characters (OpenID Connect Core 1.0, section 2).

    Raises:
        ValueError: It isn't one.
    """
    if not isinstance(sub, str) or not 0 < len(sub) <= _LONGEST or not sub.isascii() or not sub.isprintable():
        raise ValueError(f"sub: {sub!r} must be 1 to {_LONGEST} printable ASCII characters")
    return sub


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Somebody who can log in.

    Attributes:
        sub: The subject identifier.
        claims: What is known of them, by claim name.
    """

    sub: str
    claims: Mapping[str, Any] = field(default_factory=dict)

    def claims_for(self, scopes: Collection[str]) -> dict[str, Any]:
        """The claims that these scopes let out; those of no standard scope always go out."""
        let_out = frozenset().union(*(SCOPE_CLAIMS[scope] for scope in scopes if scope in SCOPE_CLAIMS))
        return {name: value for name, value in self.claims.items() if name in let_out or name not in _GUARDED}

    def to_json(self) -> dict[str, Any]:
        """A JSON value."""
        return {"sub": self.sub, "claims": copy.deepcopy(dict(self.claims))}


def _alice() -> User:
    return User(
        sub="alice",
        claims={
            "name": "Alice Adams",
            "given_name": "Alice",
            "family_name": "Adams",
            "preferred_username": "alice",
            "email": "alice@example.com",
            "email_verified": True,
        },
    )


class Users:
    """The users of one issuer, in the order in which they came. At first there is `alice`."""

    def __init__(self) -> None:
        alice = _alice()
        self._by_sub: dict[str, User] = {alice.sub: alice}

    def __len__(self) -> int:
        return len(self._by_sub)

    def __iter__(self) -> Iterator[User]:
        return iter(tuple(self._by_sub.values()))

    def __contains__(self, sub: object) -> bool:
        return sub in self._by_sub

    def add(self, sub: str, claims: Mapping[str, object] | None = None) -> User:
        """Add a user, or replace the one of that name.

        Raises:
            TypeError: `claims` is no mapping with string keys.
            ValueError: `sub` is no subject, a claim can't be written as JSON, or there are too many users.
        """
        checked = checked_members({} if claims is None else claims, argument="claims")
        if _OURS & set(checked):
            raise ValueError("claims: 'sub' is an argument of its own")
        user = User(sub=checked_sub(sub), claims=checked)
        if sub not in self._by_sub and len(self._by_sub) >= LIMIT:
            raise ValueError(f"sub: {sub!r} is one user too many; {LIMIT} can be kept")
        self._by_sub[sub] = user
        return user

    def remove(self, sub: str) -> None:
        """Remove a user.

        Raises:
            LookupError: There is none of that name.
        """
        if self._by_sub.pop(sub, None) is None:
            raise LookupError(f"sub: there is no user {sub!r}")

    def get(self, sub: str) -> User:
        """The user of that name; one without claims where nobody was added under it."""
        return self._by_sub.get(sub) or User(sub=sub)

    def first(self) -> User | None:
        """The user who is logged in without being asked."""
        return next(iter(self), None)

    def hinted(self, hint: str) -> User | None:
        """Whom a `login_hint` means: a subject, or an e-mail address (OpenID Connect Core 1.0, section 3.1.2.1)."""
        if hint in self._by_sub:
            return self._by_sub[hint]
        return next((user for user in self if user.claims.get("email") == hint), None)

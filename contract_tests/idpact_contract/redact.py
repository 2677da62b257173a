"""Secrets out of everything that is written down. One placeholder per distinct secret and run, so that equality survives.

Secrets are found by value (what the run was given, what the suite made up) and by name (members and headers whose
values are secrets wherever they come from), and replaced in every form in which they travel.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, TypeVar

import msgspec

from idpact_contract.forms import encodable, forms, with_texts

__all__ = ["Redactor"]

T = TypeVar("T")

_SECRET_MEMBERS: Final = frozenset(
    {
        "clientsecret",
        "secret",
        "password",
        "sessiontoken",
        "sessionjwt",
        "accesstoken",
        "refreshtoken",
        "idtoken",
        "apikey",
    }
)
_SECRET_HEADERS: Final = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie"})
_SCHEMES: Final = ("Basic ", "Bearer ")
_SHORTEST: Final = 4
"""Shorter values can't be told from ordinary text; nobody's secret is shorter."""

_LOOSE: Final = re.compile(r'"([A-Za-z_-]*)"\s*:\s*"((?:[^"\\]|\\.)+)')
"""Members in text that only looks like JSON, such as a body cut short on purpose."""


class Redactor:
    """Replaces the secrets of one run.

    Args:
        named: Secrets that have a name of their own, such as the variables of a profile, by that name: `$IDPACT_SECRET`.
        members: Further member names whose values are secrets, such as a wire's own spelling of client_secret.
    """

    def __init__(self, named: Mapping[str, str] | None = None, *, members: Iterable[str] = ()) -> None:
        self._placeholders = {value: f"${name}" for name, value in (named or {}).items() if len(value) >= _SHORTEST}
        self._named = tuple(self._placeholders)
        self._members = _SECRET_MEMBERS | {_folded(name) for name in members}
        self._numbered = 0

    def placeholder(self, secret: str) -> str:
        """The placeholder of a secret; a new one is numbered: `$SECRET_1`."""
        if secret not in self._placeholders:
            self._numbered += 1
            self._placeholders[secret] = f"$SECRET_{self._numbered}"
        return self._placeholders[secret]

    def clean(self, record: T, *, also: Iterable[str] = ()) -> T:
        """A record, or plain JSON, without the secrets that it holds, or that are told beside it."""
        told = [secret for secret in also if len(secret) >= _SHORTEST]
        found = dict.fromkeys([*self._named, *told, *self._secrets_in(_plain(record), 0)])
        marks = {form: self.placeholder(secret) for secret in found for form in forms(secret) if len(form) >= _SHORTEST}
        if not marks:
            return with_texts(record, encodable)
        pattern = re.compile("|".join(re.escape(form) for form in sorted(marks, key=len, reverse=True)))
        return with_texts(record, lambda text: pattern.sub(lambda match: marks[match.group()], encodable(text)))

    def _secrets_in(self, plain: object, depth: int) -> Iterator[str]:
        """Values of members, and of headers written as pairs, that are secret by their name; JSON within text is looked into."""
        if depth > 100:  # noqa: PLR2004 - as deep as records are kept
            return
        if isinstance(plain, Mapping):
            for name, value in plain.items():
                if isinstance(value, str) and self._is_secret(str(name), value):
                    yield value
                yield from self._secrets_in(value, depth + 1)
        elif isinstance(plain, list | tuple):
            yield from _secret_header(plain)
            for value in plain:
                yield from self._secrets_in(value, depth + 1)
        elif isinstance(plain, str) and plain.lstrip()[:1] in {"{", "["}:
            yield from self._secrets_in_text(plain, depth)

    def _secrets_in_text(self, text: str, depth: int) -> Iterator[str]:
        try:
            parsed = json.loads(text)
        except (ValueError, RecursionError):
            parsed = None
        if parsed is not None:
            yield from self._secrets_in(parsed, depth + 1)
        # What stands deeper than is looked into, and what is no JSON at all, is still looked at as text.
        for match in _LOOSE.finditer(text):
            name, value = match.groups()
            if self._is_secret(name, value):
                yield value
                yield _unescaped(value)

    def _is_secret(self, name: str, value: str) -> bool:
        return _folded(name) in self._members and len(value) >= _SHORTEST


def _plain(record: object) -> Any:  # noqa: ANN401 - JSON is any value
    return msgspec.to_builtins(record) if isinstance(record, msgspec.Struct) else record


def _folded(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _unescaped(value: str) -> str:
    try:
        return str(json.loads(f'"{value}"'))
    except ValueError:
        return value


def _secret_header(pair: list[Any] | tuple[Any, ...]) -> Iterator[str]:
    if len(pair) == 2 and all(isinstance(part, str) for part in pair) and pair[0].lower() in _SECRET_HEADERS:  # noqa: PLR2004 - a pair
        value = pair[1]
        for scheme in _SCHEMES:
            value = value.removeprefix(scheme)
        if len(value) >= _SHORTEST:
            yield value

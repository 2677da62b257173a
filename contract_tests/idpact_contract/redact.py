"""Secrets out of everything that is written down. One placeholder per distinct secret and run, so that equality survives.

Secrets are found by value (what the run was given, what the suite made up) and by name (members and headers whose
values are secrets wherever they come from), and replaced in every form in which they travel: as they stand, as JSON
writes them, percent-encoded, and in Base64 as half of Basic credentials.
"""

import base64
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, TypeVar
from urllib.parse import quote, quote_plus

import msgspec

__all__ = ["Redactor"]

T = TypeVar("T", bound=msgspec.Struct)

_SECRET_MEMBERS: Final = frozenset(
    {"client_secret", "secret", "password", "session_token", "session_jwt", "access_token", "refresh_token", "id_token"}
)
_SECRET_HEADERS: Final = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie"})
_SCHEMES: Final = ("Basic ", "Bearer ")
_SHORTEST: Final = 4
"""Shorter values can't be told from ordinary text; nobody's secret is shorter."""


class Redactor:
    """Replaces the secrets of one run.

    Args:
        named: Secrets that have a name of their own, such as the variables of a profile, by that name: `$IDPACT_SECRET`.
    """

    def __init__(self, named: Mapping[str, str] | None = None) -> None:
        self._placeholders: dict[str, str] = {}
        for name, value in (named or {}).items():
            if len(value) >= _SHORTEST:
                self._placeholders[value] = f"${name}"
        self._named = dict(self._placeholders)
        self._numbered = 0

    def placeholder(self, secret: str) -> str:
        """The placeholder of a secret; a new one is numbered: `$SECRET_1`."""
        if secret not in self._placeholders:
            self._numbered += 1
            self._placeholders[secret] = f"$SECRET_{self._numbered}"
        return self._placeholders[secret]

    def struct(self, record: T, *, also: Iterable[str] = ()) -> T:
        """A record without the secrets that it holds, or that are told beside it."""
        plain = msgspec.to_builtins(record)
        return msgspec.convert(self.value(plain, also=also), type(record))

    def value(self, plain: Any, *, also: Iterable[str] = ()) -> Any:  # noqa: ANN401 - JSON is any value
        """JSON without the secrets that it holds, or that are told beside it."""
        found = dict.fromkeys([*also, *_secrets_in(plain)])
        forms = {form: self.placeholder(secret) for secret in [*self._named, *found] for form in _forms(secret)}
        if not forms:
            return plain
        pattern = re.compile("|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True)))

        def clean(text: str) -> str:
            return pattern.sub(lambda match: forms[match.group()], text)

        return _mapped(plain, clean)


def _forms(secret: str) -> Iterator[str]:
    yield secret
    yield json.dumps(secret)[1:-1]
    yield quote(secret, safe="")
    yield quote_plus(secret)
    yield base64.b64encode(secret.encode()).decode()


def _secrets_in(plain: object) -> Iterator[str]:
    """Values of members, and of headers written as pairs, that are secret by their name; JSON within text is looked into."""
    if isinstance(plain, Mapping):
        for name, value in plain.items():
            if isinstance(value, str) and str(name).lower() in _SECRET_MEMBERS and len(value) >= _SHORTEST:
                yield value
            yield from _secrets_in(value)
    elif isinstance(plain, list | tuple):
        yield from _secret_header(plain)
        for value in plain:
            yield from _secrets_in(value)
    elif isinstance(plain, str) and plain[:1] in "{[" and "secret" in plain:
        try:
            yield from _secrets_in(json.loads(plain))
        except (ValueError, RecursionError):
            yield from (match.group(2) for match in _LOOSE.finditer(plain) if len(match.group(2)) >= _SHORTEST)


_LOOSE: Final = re.compile(r'"([a-z_]*secret)"\s*:\s*"([^"\\]+)')
"""Secrets in text that only looks like JSON, such as a body cut short on purpose."""


def _secret_header(pair: list[Any] | tuple[Any, ...]) -> Iterator[str]:
    if len(pair) == 2 and all(isinstance(part, str) for part in pair) and pair[0].lower() in _SECRET_HEADERS:  # noqa: PLR2004 - a pair
        value = pair[1]
        for scheme in _SCHEMES:
            value = value.removeprefix(scheme)
        if len(value) >= _SHORTEST:
            yield value


def _mapped(plain: Any, clean: Any) -> Any:  # noqa: ANN401 - JSON is any value
    if isinstance(plain, str):
        return clean(plain)
    if isinstance(plain, Mapping):
        return {clean(name) if isinstance(name, str) else name: _mapped(value, clean) for name, value in plain.items()}
    if isinstance(plain, list | tuple):
        return [_mapped(value, clean) for value in plain]
    return plain

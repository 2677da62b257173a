"""The one error by which endpoints refuse a request: an OAuth error code, what was wrong, and the status it goes with."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

__all__ = ["OAuthError"]

_NONE: Final[Mapping[str, str]] = MappingProxyType({})


class OAuthError(Exception):
    """A request is refused (RFC 6749, section 5.2).

    Attributes:
        code: The `error`.
        description: The `error_description`: names what was wrong and what would be right, never a secret. Only
            characters that RFC 6749, appendix A.8, allows there.
        status: The HTTP status where the answer is no redirect.
        headers: Headers that go with it.
    """

    def __init__(
        self, code: str, description: str, *, status: int = 400, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(f"{code}: {description}")
        self.code: Final = code
        self.description: Final = _allowed(description)
        self.status: Final = status
        self.headers: Final = _NONE if headers is None else headers


def _allowed(text: str) -> str:
    quoted = text.replace('"', "'").replace("\\", "/")
    return "".join(character if " " <= character <= "~" else "?" for character in quoted)

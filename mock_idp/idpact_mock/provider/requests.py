"""A request at one of a provider's endpoints, as a value, and the parameters it carries. Pure."""

from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl

from idpact_mock.entry import BODY_KEPT
from idpact_mock.provider.errors import OAuthError

__all__ = ["FORM", "ProviderRequest", "parameters"]

FORM: Final = "application/x-www-form-urlencoded"

_MOST_FIELDS: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderRequest:
    """A request.

    Attributes:
        method: The request method.
        query: What stands after "?" in the target.
        headers: Name and value of each header, names in lower case.
        body: The body.
    """

    method: str
    query: str = ""
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    body: bytes = field(default=b"", repr=False)

    def header(self, name: str) -> str | None:
        """The value of the first header of that name."""
        for known, value in self.headers:
            if known == name:
                return value
        return None

    def cookie(self, wanted: str) -> str | None:
        """The value of a cookie (RFC 6265, section 5.4)."""
        for known, value in self.headers:
            if known == "cookie":
                for pair in value.split(";"):
                    name, _, content = pair.strip().partition("=")
                    if name == wanted:
                        return content
        return None

    def form(self) -> dict[str, str]:
        """The parameters in the body.

        Raises:
            OAuthError: It is no form (RFC 6749, section 3.2), or a parameter comes twice.
        """
        media_type = (self.header("content-type") or "").partition(";")[0].strip().lower()
        if media_type != FORM:
            raise OAuthError("invalid_request", f"the Content-Type must be {FORM}")
        if len(self.body) >= BODY_KEPT:
            raise OAuthError("invalid_request", f"the body must be shorter than {BODY_KEPT} bytes", status=413)
        try:
            return parameters(self.body.decode("ascii"))
        except UnicodeDecodeError as error:
            raise OAuthError("invalid_request", "the body must be percent-encoded, so ASCII") from error


def parameters(encoded: str) -> dict[str, str]:
    """The parameters of a query or form; one without a value counts as absent (RFC 6749, section 3.1).

    Raises:
        OAuthError: A parameter comes twice, or it can't be decoded.
    """
    if "%" not in encoded and "+" not in encoded and encoded.isascii():  # nothing to decode, as in most token requests
        fields = encoded.split("&")
        pairs = [(name, value) for name, _, value in (field.partition("=") for field in fields) if name or value]
        return _each_once(pairs[: _MOST_FIELDS + 1])
    try:
        pairs = parse_qsl(encoded, keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise OAuthError("invalid_request", "the parameters must be percent-encoded UTF-8, and not too many") from error
    return _each_once(pairs)


def _each_once(pairs: list[tuple[str, str]]) -> dict[str, str]:
    if len(pairs) > _MOST_FIELDS:
        raise OAuthError("invalid_request", f"there are more than {_MOST_FIELDS} parameters")
    found = dict(pairs)
    if len(found) != len(pairs):
        raise OAuthError("invalid_request", f"{_doubled(pairs)} comes twice; each parameter may come once")
    return {name: value for name, value in found.items() if value}


def _doubled(pairs: list[tuple[str, str]]) -> str:
    names = [name for name, _ in pairs]
    return next(name for name in names if names.count(name) > 1)

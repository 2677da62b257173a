"""For whom an access token is meant, as a client says. Pure. Sources: RFC 8707, section 2; RFC 8693, section 2.1."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from idpact_mock.provider.errors import OAuthError

__all__ = ["audience_of"]


def audience_of(form: Mapping[str, str]) -> str | None:
    """The `resource` or `audience` asked for; None where neither is.

    Raises:
        OAuthError: `resource` is no absolute URI without a fragment.
    """
    resource = form.get("resource")
    if resource is None:
        return form.get("audience")
    try:
        parts = urlsplit(resource)
    except ValueError:
        parts = None
    if parts is None or not parts.scheme or not (parts.netloc or parts.path) or "#" in resource:
        raise OAuthError("invalid_target", "resource must be an absolute URI without fragment")
    return resource

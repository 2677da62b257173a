"""What counts as a URL here, typed or read from a document. Knows RFC 3986's parts; opens no connection."""

from urllib.parse import urlsplit

__all__ = ["issuer_problem", "url_problem"]


def url_problem(url: str) -> str | None:
    """Say what keeps `url` from being a plain http(s) URL, None where nothing does. Any host will do."""
    if not url.isprintable() or " " in url:
        return "a URL has no spaces and no control characters"
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises for a port that is no number below 65536
    except ValueError:  # such as an unclosed bracket around an IPv6 address
        return "not a URL"
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return "wanted an absolute http or https URL"
    if "@" in parts.netloc:
        return "a URL here holds no user name and no password"
    return None


def issuer_problem(issuer: str) -> str | None:
    """Say it as `url_problem` does; and an issuer has neither query nor fragment (Discovery 1.0, section 3)."""
    if "?" in issuer or "#" in issuer:
        return url_problem(issuer) or "an issuer has no query and no fragment"
    return url_problem(issuer)

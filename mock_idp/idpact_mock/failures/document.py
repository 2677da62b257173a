"""Section D of the catalogue: the document's members."""

from functools import partial
from typing import Final

from idpact_mock.failures.mode import FailureMode, Outcome
from idpact_mock.failures.parameter import choice, count, flag, json_value, members

__all__ = ["ENDPOINT_MEMBERS", "MODES"]

ENDPOINT_MEMBERS: Final = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
"""The members of provider metadata that a relying party's connection is filled from."""

_METADATA: Final = "OpenID Connect Discovery 1.0, section 3"
_SAME_ISSUER: Final = "OpenID Connect Discovery 1.0, section 4.3"
_SUCCESS: Final = "OpenID Connect Discovery 1.0, section 4.2"

_document = partial(FailureMode, group="document", layer="app", endpoints=("discovery",))
_issuer = partial(_document, outcome=Outcome.NOT_STRICT, standard=_SAME_ISSUER)
_unusable = partial(_document, outcome=Outcome.YES_UNUSABLE, standard=_METADATA)
_open = partial(_document, outcome=Outcome.OPEN, standard=_METADATA)
_yes = partial(_document, outcome=Outcome.YES)

_WHICH: Final = members(ENDPOINT_MEMBERS, "which members are so")
_MEGABYTE: Final = 1024 * 1024

MODES: Final = (
    _issuer(
        id="issuer-mismatch",
        statement="`issuer` names another host, path, port or scheme than the issuer has.",
        parameters=(choice("differs", "host", "what is other about it", "host", "path", "port", "scheme"),),
    ),
    _issuer(
        id="issuer-trailing-slash",
        statement="`issuer` has a slash at its end where the issuer has none, or none where it has one.",
    ),
    _issuer(
        id="issuer-case",
        statement="`issuer` has its host, or its path, in capitals.",
        parameters=(
            choice("part", "host", "which is in capitals; scheme and host where there is no path", "host", "path"),
        ),
    ),
    _issuer(
        id="issuer-placeholder",
        statement="`issuer` ends in `/{tenantid}/v2.0`, a template that nobody filled in.",
    ),
    _issuer(id="issuer-missing", statement="The document has no `issuer`."),
    _issuer(id="issuer-null", statement="`issuer` is null."),
    _issuer(
        id="issuer-not-a-string",
        statement="`issuer` is a list that holds the right string.",
    ),
    _yes(
        id="member-missing",
        statement="The document lacks members.",
        standard=_METADATA,
        parameters=(members(["userinfo_endpoint"], "which members are missing"),),
    ),
    _unusable(id="member-null", statement="Members are null.", standard=_SUCCESS, parameters=(_WHICH,)),
    _unusable(
        id="member-wrong-type",
        statement="Members are no strings.",
        parameters=(
            _WHICH,
            json_value(
                "value",
                7,
                "in place of a URL",
                "a number, true, false, a list or an object",
                lambda value: isinstance(value, bool | int | float | list | dict),
            ),
        ),
    ),
    _unusable(
        id="member-empty",
        statement="Members are empty strings, or blank ones.",
        parameters=(_WHICH, flag("blank", "three spaces in place of nothing")),
    ),
    _open(
        id="member-relative-url",
        statement="Members are URLs without a scheme.",
        parameters=(
            _WHICH,
            choice("form", "path", "a path, a host and a path, or two slashes before those", "path", "host", "slashes"),
        ),
    ),
    _open(
        id="member-not-a-url",
        statement="Members are strings that are no URLs.",
        parameters=(
            _WHICH,
            choice("value", "hello", "in place of a URL", "hello", "https://", "http://[::1", "https://x:99999/"),
        ),
    ),
    _open(id="member-http-not-https", statement="Members have the scheme http.", parameters=(_WHICH,)),
    _open(
        id="member-javascript-scheme",
        statement="Members have a scheme that runs code, reads a file or holds data.",
        parameters=(
            _WHICH,
            choice(
                "value",
                "javascript:alert(1)",
                "in place of a URL",
                "javascript:alert(1)",
                " JaVaScRiPt:alert(1)",
                "data:text/html,<script>alert(1)</script>",
                "file:///etc/passwd",
            ),
        ),
    ),
    _open(
        id="member-private-host",
        statement="Members lead to an internal address, where a listener answers 404 and journals who came.",
        standard="",
        parameters=(members(["token_endpoint", "jwks_uri"], "which members are so"),),
        neighbour="canary",
    ),
    _open(id="member-userinfo-part", statement="Members have a user name and a password.", parameters=(_WHICH,)),
    _open(id="member-fragment", statement="Members end in `#f`.", parameters=(_WHICH,)),
    _open(id="member-crlf", statement="Members have a line end and a header line in them.", parameters=(_WHICH,)),
    _open(id="member-whitespace", statement="Members begin with a space.", parameters=(_WHICH,)),
    _open(
        id="member-nul",
        statement="Members have the character U+0000 in them.",
        standard="RFC 8259, section 8.2",
        parameters=(_WHICH,),
    ),
    _open(
        id="member-lone-surrogate",
        statement="Members have half of a surrogate pair in them.",
        standard="RFC 8259, section 8.2",
        parameters=(_WHICH,),
    ),
    _open(
        id="member-1mb",
        statement="A member is a URL of 1 MiB.",
        standard="",
        parameters=(
            members(["token_endpoint"], "which members are so"),
            count("bytes", _MEGABYTE, "of the URL", least=100, most=16 * _MEGABYTE),
        ),
    ),
    _yes(id="unknown-members", statement="The document has members that no standard names.", standard=_SUCCESS),
    _yes(id="proto-member", statement="The document has a member `__proto__`.", standard=_SUCCESS),
    _yes(id="empty-array", statement="Members that list something are empty lists.", standard=_SUCCESS),
    _yes(
        id="nested-decoy",
        statement="`mtls_endpoint_aliases` holds endpoints of the same names with other values.",
        standard="RFC 8705, section 5",
    ),
    _yes(id="other-host-endpoints", statement="Each endpoint is on a host of its own."),
    _yes(
        id="credentials-decoy",
        statement="The document has a `client_id` and a `client_secret`, which are nobody's.",
        standard=_SUCCESS,
    ),
    _yes(
        id="jwks-unreachable",
        statement="The document is good, and its `jwks_uri` names a port that refuses connections.",
        neighbour="refused",
    ),
    FailureMode(
        id="jwks-empty",
        group="document",
        layer="app",
        outcome=Outcome.YES,
        statement="The document is good, and there are no keys at its `jwks_uri`.",
        endpoints=("jwks",),
    ),
    FailureMode(
        id="jwks-html",
        group="document",
        layer="app",
        outcome=Outcome.YES,
        statement="The document is good, and a login page is at its `jwks_uri`.",
        endpoints=("jwks",),
    ),
)

"""The rule catalogue: every rule as data. Knows what is asked and where that is written; not how it is tried or judged.

Laws of this file: a rule id never changes its meaning, ids are never used again, and everything that lists rules
(reports, `idpact rules`, the suite's plan) reads them from here.
"""

import enum
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Final

__all__ = ["CATALOGUE", "FAMILIES", "Level", "Rule", "UnknownRuleError", "catalogue_digest", "rule"]


class Level(enum.StrEnum):
    """How binding a rule is. What the source leaves open has no level: it is observed, never judged."""

    MUST = "MUST"
    """Written in the source, or in the wire that its own SDKs rely on, or part of the boundary between organizations."""
    SHOULD = "SHOULD"
    """A standard that the source leans on says so, or data or secrets are at stake, or it is a figure of ours."""


class UnknownRuleError(LookupError):
    """A rule id that the catalogue does not hold; the message says which ids there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of the contract.

    Attributes:
        id: Family and number, such as `DISC-4`.
        level: The level of its cases, unless a case says otherwise.
        statement: One sentence that an implementation keeps or breaks.
        citation: Page title or standard, and section.
        since: The version of idpact that first judged it.
    """

    id: str
    level: Level
    statement: str
    citation: str
    since: str = "0.1.0"

    @property
    def family(self) -> str:
        """The part of the id before the number: `DISC`."""
        return self.id.partition("-")[0]


FAMILIES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ORG": "organization scope",
        "DISC": "when and where discovery is read",
        "INFER": "what is inferred",
        "CRED": "the credentials",
        "FALL": "fallback when the document can't be read",
        "PREC": "precedence of typed values",
        "ACT": "activation",
        "KEEP": "what an update leaves alone",
        "WIRE": "the response",
        "INPUT": "bad input",
        "SAFE": "hostile identity providers",
    }
)

_PAGE = "Update OIDC Connection (B2B)"
_ABOUT = f"{_PAGE}, description"
_BODY = f"{_PAGE}, body parameters"
_ANSWER = f"{_PAGE}, response fields"
_SDK = "Official Stytch SDKs, wire format"
_DISCOVERY = "OpenID Connect Discovery 1.0"


def _must(rule_id: str, statement: str, citation: str) -> Rule:
    return Rule(id=rule_id, level=Level.MUST, statement=statement, citation=citation)


def _should(rule_id: str, statement: str, citation: str) -> Rule:
    return Rule(id=rule_id, level=Level.SHOULD, statement=statement, citation=citation)


_RULES: Final = (
    _must(
        "ORG-1",
        "The organization comes from the session or the path; the body need not name it.",
        f"{_PAGE}, authentication",
    ),
    _must(
        "ORG-2",
        "A connection of another organization can't be updated: the answer is 4xx and its owner reads it unchanged.",
        f"{_PAGE}, authentication",
    ),
    _must(
        "ORG-3",
        "The refusal gives away no value of the other organization's connection.",
        "OWASP API Security Top 10 2023, API1 and API3",
    ),
    _must(
        "ORG-4",
        "An organization_id in the body neither moves a connection nor re-targets the update.",
        f"{_PAGE}, authentication",
    ),
    _should(
        "ORG-5",
        "The refusal for another organization's connection can't be told from the one for an unknown connection.",
        "RFC 9110, section 15.5.4 (a server may hide that a resource exists)",
    ),
    _must(
        "ORG-6",
        "Without a valid session or key the answer is 401 (or 403) and nothing changes.",
        "RFC 9110, section 15.5.2",
    ),
    _must(
        "DISC-1",
        "A first issuer makes the document be requested at ${issuer}/.well-known/openid-configuration.",
        _ABOUT,
    ),
    _must(
        "DISC-2",
        "A second, different issuer makes the document be requested again, at the new issuer, and its values are used.",
        _ABOUT,
    ),
    _must("DISC-3", "An issuer with a path keeps its path in the request.", f"{_DISCOVERY}, section 4.1"),
    _should(
        "DISC-4",
        "An issuer that ends in a slash is requested below one slash, not two, and is stored as typed.",
        f"{_DISCOVERY}, section 4.1",
    ),
    _must("DISC-5", "Without an issuer in the body no stored value changes that the body didn't name.", _ABOUT),
    _must("DISC-6", "With the same issuer in the body no stored value changes that the body didn't name.", _ABOUT),
    _should(
        "DISC-7",
        "The request is a plain GET without body, cookies, client credentials or the caller's own credentials.",
        f"{_DISCOVERY}, section 4.1",
    ),
    _must(
        "DISC-8",
        "Issuers are compared case-sensitively: a change in the case of the path is a change of issuer.",
        "Update OIDC Connection (API reference), body parameters, issuer",
    ),
    _must("INFER-1", "authorization_url comes from authorization_endpoint, exactly as written there.", _ABOUT),
    _must("INFER-2", "token_url comes from token_endpoint, exactly as written there.", _ABOUT),
    _must("INFER-3", "userinfo_url comes from userinfo_endpoint, exactly as written there.", _ABOUT),
    _must("INFER-4", "jwks_url comes from jwks_uri, exactly as written there.", _ABOUT),
    _must(
        "INFER-5",
        "From a document without one of the members the others are inferred, and nothing is invented.",
        f"{_DISCOVERY}, section 3",
    ),
    _must("INFER-6", "A new issuer's document replaces the values inferred from the old one.", _ABOUT),
    _must("INFER-7", "The stored issuer is the one that was typed, whatever the document says.", _BODY),
    _must(
        "INFER-8",
        "A member that is no string never makes the field anything but a string, nor is it stored in text form.",
        _ANSWER,
    ),
    _should(
        "INFER-9",
        "A document whose issuer differs from the typed one is not used.",
        f"{_DISCOVERY}, section 4.3",
    ),
    _must("INFER-10", "display_name and identity_provider are never inferred.", _BODY),
    _should(
        "INFER-11",
        "A new issuer's document also replaces values that were typed in an earlier update.",
        f"{_ABOUT} (precedence is spoken of one request)",
    ),
    _must("CRED-1", "client_id is never taken from the document.", _ABOUT),
    _must("CRED-2", "client_secret is never taken from the document.", _ABOUT),
    _should("CRED-3", "client_secret never reaches the identity provider during an update.", "RFC 9700, section 4"),
    _must(
        "FALL-1",
        "When the document can't be read the update still answers 200 and stores every value in the body.",
        _ABOUT,
    ),
    _must("FALL-2", "Nothing is inferred from an attempt that failed.", _ABOUT),
    _must("FALL-3", "With all seven fields in the body the connection becomes active in spite of the failure.", _ABOUT),
    _must("FALL-4", "A later change to a working issuer infers as usual.", _ABOUT),
    _should(
        "FALL-5",
        "warning is a non-empty string when the document could not be read, and absent or empty when it was.",
        _ANSWER,
    ),
    _should(
        "FALL-6",
        "The answer comes within 30 seconds whatever the identity provider does.",
        "A figure of idpact's own",
    ),
    _must("PREC-1", "Every typed URL is stored as typed, whatever the document says.", _ABOUT),
    _must("PREC-2", "Every URL that was not typed is the inferred one.", _ABOUT),
    _must(
        "PREC-3",
        "Precedence holds when the document lacks members, and on a connection that already had values.",
        _ABOUT,
    ),
    _must("PREC-4", "Typed values without a change of issuer are stored as typed.", _BODY),
    _must("ACT-1", "A new connection is pending.", _ABOUT),
    _must("ACT-2", "While one of the seven required fields is missing the connection is pending.", _ABOUT),
    _must("ACT-3", "The seventh field makes the connection active, in whatever order the fields came.", _ABOUT),
    _must("ACT-4", "Inferred values count: issuer, client_id, client_secret and a full document suffice.", _ABOUT),
    _must(
        "ACT-5",
        "A document without userinfo_endpoint leaves a new connection pending until userinfo_url is typed.",
        _ABOUT,
    ),
    _should("ACT-6", "An update of display_name alone never takes an active connection back to pending.", _ABOUT),
    _must("KEEP-1", "Fields that the body omits keep their values.", _BODY),
    _should("KEEP-2", "The same update twice gives the same connection.", "RFC 9110, section 9.2.2"),
    _must("KEEP-3", "The response equals what a read returns afterwards.", _ANSWER),
    _must(
        "KEEP-4", "connection_id, organization_id and redirect_url can't be changed by a body that names them.", _ANSWER
    ),
    _should("KEEP-5", "Two concurrent updates of different fields both survive.", _BODY),
    _must("KEEP-6", "A refused update changes nothing at all.", "RFC 9110, section 15.5"),
    _must("KEEP-7", "Only connection_id is required: each documented parameter alone is a 200 update.", _BODY),
    _must("WIRE-1", "The answer is 200 and JSON with the thirteen documented string fields.", _ANSWER),
    _must("WIRE-2", "status_code is an integer and equals the HTTP status.", _ANSWER),
    _must("WIRE-3", "request_id is a non-empty string, new each time.", _ANSWER),
    _must("WIRE-4", "status is pending or active.", _ANSWER),
    _must("WIRE-5", "An error has the documented error shape and leaks no stack trace.", "Stytch API, errors"),
    _must("WIRE-6", "A body that repeats the path's own ids is accepted, as the SDKs send it.", _SDK),
    _should(
        "WIRE-7",
        "Backend: custom_scopes is a string in every connection, and lists carry all three arrays.",
        f"{_SDK} (the Python SDK parses no less)",
    ),
    _must(
        "INPUT-1",
        "What has a wrong JSON type, is no JSON object, or names an unknown connection is never answered 5xx, and nothing"
        " of a wrong type is stored.",
        "RFC 9110, section 15.6 (5xx are the server's own errors)",
    ),
    _must(
        "INPUT-2",
        "No request to a documented operation, valid or not, is answered 5xx.",
        "RFC 9110, section 15.6",
    ),
    _should(
        "INPUT-3",
        "An issuer or URL that is no http or https URL is refused or stored inert, and never fetched.",
        "RFC 9700, section 4; OWASP API Security Top 10 2023, API7",
    ),
    _should(
        "SAFE-1",
        "A redirect that loops, or leads to another scheme, ends as not retrieved.",
        "RFC 9110, section 15.4",
    ),
    _should(
        "SAFE-2",
        "An endless document is given up within 64 MiB, and a decompression bomb infers nothing.",
        "A figure of idpact's own; OWASP API Security Top 10 2023, API4",
    ),
    _must(
        "SAFE-3",
        "After any hostile document the next request is served.",
        f"{_ABOUT} (the update goes through)",
    ),
)

CATALOGUE: Final[Mapping[str, Rule]] = MappingProxyType({entry.id: entry for entry in _RULES})
"""Every rule by its id, in the order of the contract."""


def rule(rule_id: str) -> Rule:
    """The rule of that id.

    Raises:
        UnknownRuleError: There is none; the message names the rules of that family.
    """
    try:
        return CATALOGUE[rule_id]
    except KeyError:
        family = rule_id.partition("-")[0].upper()
        near = [known for known in CATALOGUE if known.startswith(f"{family}-")] or list(FAMILIES)
        raise UnknownRuleError(f"{rule_id!r} is no rule of the catalogue; there are {', '.join(near)}") from None


def catalogue_digest() -> str:
    """SHA-256 over the catalogue's canonical JSON, as `sha256:<hex>`: two reports with one digest judged by the same rules."""
    canonical = json.dumps([asdict(entry) for entry in _RULES], sort_keys=True, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(canonical.encode()).hexdigest()

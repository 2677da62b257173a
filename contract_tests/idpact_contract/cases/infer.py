"""Cases of INFER and CRED: documents of every content, on new connections and on filled ones."""

from typing import Any, Final

from idpact_contract.cases.registry import Arrange, case, register
from idpact_contract.catalogue import Level
from idpact_contract.connection import MEMBER_OF, URL_FIELDS
from idpact_contract.lab import Lab
from idpact_contract.rules.infer import no_text_form_is_stored

__all__: list[str] = []


def _typed_issuer(lab: Lab, **options: Any) -> None:  # noqa: ANN401 - the options of Lab.issuer
    lab.update(lab.create(), {"issuer": lab.issuer(**options).url})


def _plain(lab: Lab) -> None:
    _typed_issuer(lab)


def _other_hosts(lab: Lab) -> None:
    members = {member: f"https://{host}-{lab.token()}.example/{host}" for host, member in enumerate(MEMBER_OF.values())}
    _typed_issuer(lab, members=members)


def _unusual_text(lab: Lab) -> None:
    members = {
        member: f"https://IdP-{lab.token()}.Example:8443/a/./b//{member}/?tenant=%7Bacme%7D&x=%2F"
        for member in MEMBER_OF.values()
    }
    _typed_issuer(lab, members=members)


for _number, _field in enumerate(URL_FIELDS, start=1):
    register(f"INFER-{_number}", "plain", _plain, title=f"Infer {_field} on a new connection.")
    register(
        f"INFER-{_number}", "other-host", _other_hosts, title=f"Infer {_field} where each URL is on a host of its own."
    )
    register(
        f"INFER-{_number}",
        "exact-text",
        _unusual_text,
        title=f"Infer {_field} from a URL with capitals, a port, dots, doubled slashes and percent-encoding.",
    )


def _without(*members: str) -> Arrange:
    def arrange(lab: Lab) -> None:
        _typed_issuer(lab, without=members)

    return arrange


for _field, _member in MEMBER_OF.items():
    register(
        "INFER-5",
        f"without-{_member}",
        _without(_member),
        title=f"Infer from a document without {_member}, so that {_field} can't be.",
    )
register(
    "INFER-5", "without-all-four", _without(*MEMBER_OF.values()), title="Infer from a document with none of the four."
)


@case("INFER-5", "second-issuer-lacks-one")
def _(lab: Lab) -> None:
    """Change from a full document to one without userinfo_endpoint: the old value is kept or cleared."""
    subject = lab.create()
    lab.given(subject, {"issuer": lab.issuer().url})
    lab.update(subject, {"issuer": lab.issuer(without=("userinfo_endpoint",)).url})


@case("INFER-6", "second-issuer")
def _(lab: Lab) -> None:
    """Change the issuer of a connection whose URLs were all inferred."""
    subject = lab.create()
    lab.given(subject, {"issuer": lab.issuer().url})
    lab.update(subject, {"issuer": lab.issuer().url})


@case("INFER-6", "third-issuer")
def _(lab: Lab) -> None:
    """Change the issuer twice."""
    subject = lab.create()
    lab.given(subject, {"issuer": lab.issuer().url})
    lab.given(subject, {"issuer": lab.issuer().url})
    lab.update(subject, {"issuer": lab.issuer().url})


@case("INFER-6", "one-typed-now")
def _(lab: Lab) -> None:
    """Change the issuer and type one URL in the same update: the other three are replaced."""
    subject = lab.create()
    lab.given(subject, {"issuer": lab.issuer().url})
    lab.update(subject, {"issuer": lab.issuer().url, **lab.typed_urls("jwks_url")})


@case("INFER-11", "typed-earlier")
def _(lab: Lab) -> None:
    """Change the issuer of a connection whose URLs were typed in an earlier update."""
    subject = lab.create()
    lab.given(subject, lab.typed_urls())
    lab.update(subject, {"issuer": lab.issuer().url})


@case("INFER-11", "typed-with-first-issuer")
def _(lab: Lab) -> None:
    """Change the issuer of a connection whose URLs were typed together with its first issuer."""
    subject = lab.create()
    lab.given(subject, {"issuer": lab.issuer().url, **lab.typed_urls("token_url", "jwks_url")})
    lab.update(subject, {"issuer": lab.issuer().url})


@case("INFER-7", "plain")
def _(lab: Lab) -> None:
    """Read the issuer back after a document that names it rightly."""
    _typed_issuer(lab)


@case("INFER-7", "document-names-another")
def _(lab: Lab) -> None:
    """Read the issuer back after a document that names another one."""
    _typed_issuer(lab, members={"issuer": f"https://elsewhere-{lab.token()}.example"})


@case("INFER-7", "document-adds-slash")
def _(lab: Lab) -> None:
    """Read the issuer back after a document that names it with a final slash."""
    issuer = lab.issuer()
    issuer.set_members({"issuer": f"{issuer.url}/"})
    lab.update(lab.create(), {"issuer": issuer.url})


_NO_STRINGS: Final[dict[str, object]] = {
    "null": None,
    "number": 7,
    "boolean": True,
    "list": ["https://idp.example/in-a-list"],
    "object": {"href": "https://idp.example/in-an-object"},
}


def _no_string(value: object) -> Arrange:
    def arrange(lab: Lab) -> None:
        _typed_issuer(lab, members={"userinfo_endpoint": value})

    return arrange


for _name, _value in _NO_STRINGS.items():
    register(
        "INFER-8",
        _name,
        _no_string(_value),
        title=f"Infer from a document whose userinfo_endpoint is no string: {_name}.",
    )
    register(
        "INFER-8",
        f"{_name}-not-stored",
        _no_string(_value),
        level=Level.SHOULD,
        judge=no_text_form_is_stored,
        title=f"The same, {_name}: nothing is stored in its place, and the others are inferred or left.",
    )


@case("INFER-9", "other-host")
def _(lab: Lab) -> None:
    """Type an issuer whose document names another host."""
    _typed_issuer(lab, members={"issuer": f"https://elsewhere-{lab.token()}.example"})


@case("INFER-9", "other-path")
def _(lab: Lab) -> None:
    """Type an issuer whose document names the same host and another path."""
    issuer = lab.issuer(path="/tenant-a")
    issuer.set_members({"issuer": issuer.url.replace("/tenant-a", "/tenant-b")})
    lab.update(lab.create(), {"issuer": issuer.url})


@case("INFER-9", "missing")
def _(lab: Lab) -> None:
    """Type an issuer whose document does not name one."""
    _typed_issuer(lab, without=("issuer",))


@case("INFER-9", "placeholder")
def _(lab: Lab) -> None:
    """Type an issuer whose document names it with a placeholder, as multi-tenant providers do."""
    issuer = lab.issuer(path="/common/v2.0")
    issuer.set_members({"issuer": issuer.url.replace("/common/", "/{tenantid}/")})
    lab.update(lab.create(), {"issuer": issuer.url})


def _decoys(lab: Lab) -> dict[str, object]:
    return {
        "display_name": f"Decoy {lab.token()}",
        "identity_provider": "okta",
        "client_id": f"decoy-{lab.token()}",
        "client_secret": f"decoy-{lab.token()}",
        "connection_id": f"decoy-{lab.token()}",
        "organization_id": f"decoy-{lab.token()}",
        "status": "active",
    }


@case("INFER-10", "new-connection")
def _(lab: Lab) -> None:
    """Infer from a document that holds display_name and identity_provider, on a new connection."""
    _typed_issuer(lab, members=_decoys(lab))


@case("INFER-10", "named-connection")
def _(lab: Lab) -> None:
    """Infer from a document that holds display_name and identity_provider, on a connection that has its own."""
    subject = lab.create()
    lab.given(subject, {"display_name": f"Own {lab.token()}", "identity_provider": "keycloak"})
    lab.update(subject, {"issuer": lab.issuer(members=_decoys(lab)).url})


def _decoy_on_new(lab: Lab) -> None:
    _typed_issuer(lab, members=_decoys(lab))


def _decoy_where_only_the_secret_lacks(lab: Lab) -> None:
    issuer = lab.issuer(members=_decoys(lab))
    lab.update(lab.create(), {"issuer": issuer.url, "client_id": f"client-{lab.token()}"})


def _decoy_on_filled(lab: Lab) -> None:
    subject = lab.create()
    lab.given(subject, lab.credentials())
    lab.update(subject, {"issuer": lab.issuer(members=_decoys(lab)).url})


for _rule, _field in (("CRED-1", "client_id"), ("CRED-2", "client_secret")):
    register(
        _rule, "new-connection", _decoy_on_new, title=f"Infer from a document that holds {_field}, on a new connection."
    )
    register(
        _rule,
        "own-credentials",
        _decoy_on_filled,
        title=f"Infer from a document that holds {_field}, where there is one.",
    )


register(
    "CRED-2",
    "only-the-secret-lacks",
    _decoy_where_only_the_secret_lacks,
    title="Infer from a document that holds client_secret, where everything else is there.",
)


@case("CRED-3", "typed-with-issuer")
def _(lab: Lab) -> None:
    """Type issuer and credentials together; the document's endpoints are the mock IdP's own."""
    lab.update(lab.create(), {"issuer": lab.issuer(live_endpoints=True).url, **lab.credentials()})


@case("CRED-3", "typed-later")
def _(lab: Lab) -> None:
    """Type the credentials after an issuer whose endpoints are the mock IdP's own, then change the issuer."""
    subject = lab.create()
    lab.update(subject, {"issuer": lab.issuer(live_endpoints=True).url})
    lab.update(subject, lab.credentials())
    lab.update(subject, {"issuer": lab.issuer(live_endpoints=True).url})

"""Cases of DISC: issuers of every form, typed for the first time, changed, repeated and left out."""

from idpact_contract.cases.registry import case
from idpact_contract.connection import MEMBER_OF
from idpact_contract.lab import Lab, Subject
from idpact_contract.provider import LabIssuer

__all__: list[str] = []


@case("DISC-1", "first-issuer")
def _(lab: Lab) -> None:
    """Type the first issuer of a new connection, and nothing else."""
    lab.update(lab.create(), {"issuer": lab.issuer().url})


@case("DISC-1", "with-credentials")
def _(lab: Lab) -> None:
    """Type the first issuer together with the credentials."""
    lab.update(lab.create(), {"issuer": lab.issuer().url, **lab.credentials()})


@case("DISC-1", "after-credentials")
def _(lab: Lab) -> None:
    """Type the first issuer on a connection that has its credentials already."""
    subject = lab.create()
    lab.given(subject, lab.credentials())
    lab.update(subject, {"issuer": lab.issuer().url})


@case("DISC-1", "one-url-typed")
def _(lab: Lab) -> None:
    """Type the first issuer together with one of the four URLs."""
    lab.update(lab.create(), {"issuer": lab.issuer().url, **lab.typed_urls("authorization_url")})


def _discovered(lab: Lab, issuer: LabIssuer) -> Subject:
    subject = lab.create()
    lab.given(subject, {"issuer": issuer.url, **lab.credentials()})
    return subject


@case("DISC-2", "other-issuer")
def _(lab: Lab) -> None:
    """Change the issuer of a connection whose URLs were inferred from another one."""
    subject = _discovered(lab, lab.issuer())
    lab.update(subject, {"issuer": lab.issuer().url})


@case("DISC-2", "back-again")
def _(lab: Lab) -> None:
    """Change the issuer to another one and back; meanwhile the first one's document has changed."""
    first, second = lab.issuer(), lab.issuer()
    subject = _discovered(lab, first)
    lab.given(subject, {"issuer": second.url})
    _move(lab, first)
    lab.update(subject, {"issuer": first.url})


@case("DISC-2", "after-failure")
def _(lab: Lab) -> None:
    """Change the issuer of a connection whose first issuer could not be read."""
    subject = _discovered(lab, lab.issuer(failure="http-404"))
    lab.update(subject, {"issuer": lab.issuer().url})


@case("DISC-3", "one-segment")
def _(lab: Lab) -> None:
    """Type an issuer whose path has one segment."""
    lab.update(lab.create(), {"issuer": lab.issuer(path="/tenant-a").url})


@case("DISC-3", "several-segments")
def _(lab: Lab) -> None:
    """Type an issuer whose path has several segments, as those of realms and authorization servers have."""
    lab.update(lab.create(), {"issuer": lab.issuer(path="/auth/realms/Acme").url})


@case("DISC-3", "last-segment-version")
def _(lab: Lab) -> None:
    """Type an issuer whose path ends in a version, which relative resolution would drop."""
    lab.update(lab.create(), {"issuer": lab.issuer(path="/4f1c9d3e/v2.0").url})


@case("DISC-4", "host-slash")
def _(lab: Lab) -> None:
    """Type an issuer that is a host and a final slash."""
    lab.update(lab.create(), {"issuer": lab.issuer(slash=True).url})


@case("DISC-4", "path-slash")
def _(lab: Lab) -> None:
    """Type an issuer whose path ends in a slash."""
    lab.update(lab.create(), {"issuer": lab.issuer(path="/application/o/acme", slash=True).url})


def _move(lab: Lab, issuer: LabIssuer) -> None:
    """Change all four URLs in an issuer's document."""
    issuer.set_members({member: f"https://moved-{lab.token()}.example/{member}" for member in MEMBER_OF.values()})


def _then_without_issuer(lab: Lab, *fields: str) -> None:
    issuer = lab.issuer()
    subject = _discovered(lab, issuer)
    _move(lab, issuer)
    lab.update(subject, {**_values(lab, *fields)})


def _then_same_issuer(lab: Lab, *fields: str) -> None:
    issuer = lab.issuer()
    subject = _discovered(lab, issuer)
    _move(lab, issuer)
    lab.update(subject, {"issuer": issuer.url, **_values(lab, *fields)})


def _values(lab: Lab, *fields: str) -> dict[str, str]:
    made = {"display_name": f"Renamed {lab.token()}", **lab.credentials(), **lab.typed_urls()}
    return {field: made[field] for field in fields}


@case("DISC-5", "display-name")
def _(lab: Lab) -> None:
    """Update display_name alone after the issuer's document has changed."""
    _then_without_issuer(lab, "display_name")


@case("DISC-5", "credentials")
def _(lab: Lab) -> None:
    """Update the credentials alone after the issuer's document has changed."""
    _then_without_issuer(lab, "client_id", "client_secret")


@case("DISC-5", "one-url")
def _(lab: Lab) -> None:
    """Type one URL after the issuer's document has changed."""
    _then_without_issuer(lab, "token_url")


@case("DISC-6", "alone")
def _(lab: Lab) -> None:
    """Repeat the same issuer after its document has changed."""
    _then_same_issuer(lab)


@case("DISC-6", "with-display-name")
def _(lab: Lab) -> None:
    """Repeat the same issuer beside a new display_name after its document has changed."""
    _then_same_issuer(lab, "display_name")


@case("DISC-6", "with-one-url")
def _(lab: Lab) -> None:
    """Repeat the same issuer beside one typed URL after its document has changed."""
    _then_same_issuer(lab, "userinfo_url")


@case("DISC-6", "typed-urls")
def _(lab: Lab) -> None:
    """Repeat the same issuer on a connection whose URLs were typed."""
    issuer = lab.issuer()
    subject = lab.create()
    lab.given(subject, {"issuer": issuer.url, **lab.typed_urls()})
    lab.update(subject, {"issuer": issuer.url})


@case("DISC-7", "plain")
def _(lab: Lab) -> None:
    """Type an issuer together with the credentials."""
    lab.update(lab.create(), {"issuer": lab.issuer().url, **lab.credentials()})


@case("DISC-7", "credentials-stored")
def _(lab: Lab) -> None:
    """Type an issuer on a connection that holds its credentials already."""
    subject = lab.create()
    lab.given(subject, lab.credentials())
    lab.update(subject, {"issuer": lab.issuer().url})


@case("DISC-7", "after-set-cookie")
def _(lab: Lab) -> None:
    """Change to another issuer on the same host whose earlier answer set a cookie."""
    first, second = lab.issuer(path="/a"), lab.issuer(path="/b")
    for issuer in (first, second):
        issuer.set_headers({"Set-Cookie": f"idpact={lab.token()}; Path=/"})
    subject = lab.create()
    lab.given(subject, {"issuer": first.url})
    lab.update(subject, {"issuer": second.url})


@case("DISC-8", "path-case")
def _(lab: Lab) -> None:
    """Change nothing but the case of the issuer's path, where both are issuers with documents of their own."""
    folder = f"/{lab.token()}"
    lower, upper = (lab.issuer(path=f"{folder}/{name}", shared=True) for name in ("tenant", "Tenant"))
    subject = lab.create()
    lab.given(subject, {"issuer": lower.url})
    lab.update(subject, {"issuer": upper.url})

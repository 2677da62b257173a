"""Cases of KEEP: a filled connection, and updates that name little of it."""

from typing import Any, Final

from idpact_contract.abilities import Ability
from idpact_contract.cases.registry import Arrange, case, register
from idpact_contract.connection import CREDENTIALS, UPDATABLE
from idpact_contract.evidence import Actor
from idpact_contract.lab import Lab, Subject

__all__: list[str] = []


def _values(lab: Lab) -> dict[str, str]:
    """A new value for each updatable field; the issuer can be read."""
    return {
        "display_name": f"Kept {lab.token()}",
        "identity_provider": "okta",
        "issuer": lab.issuer().url,
        **lab.credentials(),
        **lab.typed_urls(),
    }


def _filled(lab: Lab) -> Subject:
    subject = lab.create()
    lab.given(subject, _values(lab))
    return subject


def _one_field(field: str) -> Arrange:
    def arrange(lab: Lab) -> None:
        subject = _filled(lab)
        made = {**_values(lab), "identity_provider": "keycloak"}
        lab.update(subject, {field: made[field]})

    return arrange


def _one_field_on_new(*fields: str) -> Arrange:
    def arrange(lab: Lab) -> None:
        made = _values(lab)
        lab.update(lab.create(), {field: made[field] for field in fields})

    return arrange


for _field in UPDATABLE:
    register("KEEP-1", _field, _one_field(_field), title=f"Update {_field} alone on a filled connection.")
    register("KEEP-7", _field, _one_field_on_new(_field), title=f"Update {_field} alone on a new connection.")
register("KEEP-7", "credentials", _one_field_on_new(*CREDENTIALS), title="Update client_id and client_secret alone.")


@case("KEEP-1", "credentials")
def _(lab: Lab) -> None:
    """Update the credentials alone on a filled connection."""
    lab.update(_filled(lab), lab.credentials())


@case("KEEP-2", "issuer-and-credentials")
def _(lab: Lab) -> None:
    """Send the same update with issuer and credentials twice."""
    subject, typed = lab.create(), {"issuer": lab.issuer().url, **lab.credentials()}
    lab.update(subject, typed)
    lab.update(subject, typed)


@case("KEEP-2", "everything")
def _(lab: Lab) -> None:
    """Send the same update with every field twice."""
    subject, typed = lab.create(), _values(lab)
    lab.update(subject, typed)
    lab.update(subject, typed)


@case("KEEP-2", "unreadable")
def _(lab: Lab) -> None:
    """Send the same update twice while the document can't be read."""
    subject = lab.create()
    typed = {"issuer": lab.issuer(failure="http-404").url, **lab.typed_urls("token_url")}
    lab.update(subject, typed)
    lab.update(subject, typed)


@case("KEEP-3", "inferred")
def _(lab: Lab) -> None:
    """Compare response and read after values were inferred."""
    lab.update(lab.create(), {"issuer": lab.issuer().url, **lab.credentials()})


@case("KEEP-3", "typed")
def _(lab: Lab) -> None:
    """Compare response and read after every field was typed."""
    lab.update(lab.create(), _values(lab))


@case("KEEP-3", "unreadable")
def _(lab: Lab) -> None:
    """Compare response and read after the document could not be read."""
    lab.update(lab.create(), {"issuer": lab.issuer(failure="http-404").url, **lab.typed_urls("jwks_url")})


@case("KEEP-3", "partial")
def _(lab: Lab) -> None:
    """Compare response and read after an update of one field of a filled connection."""
    lab.update(_filled(lab), lab.typed_urls("authorization_url"))


_MADE_UP: Final[dict[str, Any]] = {
    "connection_id": "oidc-connection-test-11111111-1111-4111-8111-111111111111",
    "organization_id": "organization-test-11111111-1111-4111-8111-111111111111",
    "redirect_url": "https://redirected.example/callback",
}


def _server_set(field: str) -> Arrange:
    def arrange(lab: Lab) -> None:
        subject = _filled(lab)
        lab.update(subject, {"display_name": f"Renamed {lab.token()}"}, extra={field: _MADE_UP[field]})

    return arrange


for _field in _MADE_UP:
    register("KEEP-4", _field, _server_set(_field), title=f"Name another {_field} in the body of an update.")


@case("KEEP-5", "name-and-url")
def _(lab: Lab) -> None:
    """Update display_name and token_url at the same moment."""
    lab.concurrently(_filled(lab), {"display_name": f"Renamed {lab.token()}"}, lab.typed_urls("token_url"))


@case("KEEP-5", "issuer-and-credentials")
def _(lab: Lab) -> None:
    """Change the issuer and type credentials at the same moment."""
    subject, issuer = _filled(lab), lab.issuer()
    lab.concurrently(subject, {"issuer": issuer.url}, lab.credentials())


@case("KEEP-5", "credentials-and-url")
def _(lab: Lab) -> None:
    """Type credentials and jwks_url on a new connection at the same moment."""
    lab.concurrently(lab.create(), lab.credentials(), lab.typed_urls("jwks_url"))


@case("KEEP-6", "wrong-type")
def _(lab: Lab) -> None:
    """Send right values beside one of a wrong JSON type."""
    subject = _filled(lab)
    for field in ("display_name", "token_url", "client_secret"):
        made = _values(lab)
        wrong = {"issuer": made["issuer"], "client_id": made["client_id"], field: {"nested": [1]}}
        lab.update(subject, wrong)


@case("KEEP-6", "no-credentials")
def _(lab: Lab) -> None:
    """Send right values without credentials."""
    lab.update(_filled(lab), _values(lab), actor=Actor.NOBODY)


@case("KEEP-6", "malformed-json")
def _(lab: Lab) -> None:
    """Send a body that is cut in the middle of its JSON."""
    subject = _filled(lab)
    lab.update(subject, raw=f'{{"display_name": "Cut {lab.token()}", "client_id": "client-{lab.token()}", "issuer": ')


@case("KEEP-6", "other-organization", needs=(Ability.SECOND_ORGANIZATION,))
def _(lab: Lab) -> None:
    """Send right values as a member of the other organization."""
    lab.update(_filled(lab), _values(lab), actor=Actor.OTHER)

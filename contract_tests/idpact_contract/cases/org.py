"""Cases of ORG: two organizations, and callers without credentials."""

from typing import Any

from idpact_contract.abilities import Ability
from idpact_contract.cases.registry import case
from idpact_contract.cases.subjects import UNKNOWN_ID, filled
from idpact_contract.evidence import Actor
from idpact_contract.lab import Lab, Subject

__all__: list[str] = []


def _attack(lab: Lab) -> dict[str, Any]:
    return {"display_name": f"Taken {lab.token()}", **lab.credentials(), **lab.typed_urls("token_url", "jwks_url")}


@case("ORG-1", "not-named", needs=(Ability.ORGANIZATION_ID, Ability.FRESH))
def _(lab: Lab) -> None:
    """Create and update a connection with bodies that name no organization."""
    subject = lab.create({"display_name": f"Connection {lab.token()}"}, judged=True)
    lab.update(subject, {"client_id": f"client-{lab.token()}"})


@case("ORG-2", "update", needs=(Ability.SECOND_ORGANIZATION,))
def _(lab: Lab) -> None:
    """Update a filled connection as a member of the other organization."""
    lab.update(filled(lab), _attack(lab), actor=Actor.OTHER)


@case("ORG-2", "issuer", needs=(Ability.SECOND_ORGANIZATION,))
def _(lab: Lab) -> None:
    """Change the issuer of a connection as a member of the other organization."""
    lab.update(filled(lab), {"issuer": lab.issuer().url}, actor=Actor.OTHER)


@case("ORG-2", "new-connection", needs=(Ability.SECOND_ORGANIZATION,))
def _(lab: Lab) -> None:
    """Update a connection that was just created as a member of the other organization."""
    lab.update(lab.create(), _attack(lab), actor=Actor.OTHER)


@case("ORG-3", "update", needs=(Ability.SECOND_ORGANIZATION,))
def _(lab: Lab) -> None:
    """Look for the owner's values in the refusal that a member of the other organization gets."""
    lab.update(filled(lab), {"display_name": f"Taken {lab.token()}"}, actor=Actor.OTHER)


@case("ORG-3", "empty-body", needs=(Ability.SECOND_ORGANIZATION,))
def _(lab: Lab) -> None:
    """Look for the owner's values in the refusal of an update of nothing by a member of the other organization."""
    lab.update(filled(lab), {}, actor=Actor.OTHER)


@case("ORG-4", "names-other-organization", needs=(Ability.SECOND_ORGANIZATION, Ability.ORGANIZATION_ID))
def _(lab: Lab) -> None:
    """Update one's own connection with a body that names the other organization."""
    subject = filled(lab)
    other = lab.target.organization(Actor.OTHER)
    lab.update(subject, {"display_name": f"Moved {lab.token()}"}, extra={"organization_id": other})


@case("ORG-4", "names-victim", needs=(Ability.SECOND_ORGANIZATION, Ability.ORGANIZATION_ID))
def _(lab: Lab) -> None:
    """Update another organization's connection with a body that names that organization."""
    subject = filled(lab)
    owner = lab.target.organization(Actor.OWNER)
    lab.update(subject, _attack(lab), extra={"organization_id": owner}, actor=Actor.OTHER)


@case("ORG-5", "foreign-or-unknown", needs=(Ability.SECOND_ORGANIZATION,))
def _(lab: Lab) -> None:
    """Compare the refusal for another organization's connection with the one for an unknown connection."""
    subject = filled(lab)
    body = {"display_name": f"Taken {lab.token()}"}
    lab.update(subject, body, actor=Actor.OTHER)
    lab.update(Subject(UNKNOWN_ID, {}), body, actor=Actor.OTHER)


@case("ORG-6", "no-credentials")
def _(lab: Lab) -> None:
    """Update a connection without any credentials."""
    lab.update(filled(lab), _attack(lab), actor=Actor.NOBODY)


@case("ORG-6", "made-up-credentials")
def _(lab: Lab) -> None:
    """Update a connection with credentials that were never issued."""
    lab.update(filled(lab), _attack(lab), actor=Actor.IMPOSTOR)

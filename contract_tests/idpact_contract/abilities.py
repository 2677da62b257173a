"""What an implementation may lack. A closed list: each entry makes rules not applicable, and a report names it."""

import enum
from typing import Final

__all__ = ["IMPLIED", "LACKING", "Ability"]


class Ability(enum.StrEnum):
    """Something that some rules need. A profile lists under `lacks` those that an implementation has not."""

    STATUS = "status"
    WARNING = "warning"
    SECOND_ORGANIZATION = "second-organization"
    ORGANIZATION_ID = "organization-id"
    ACTIVATION = "activation"
    FRESH = "fresh-connection"
    UPDATE_ANSWER = "update-answer"
    SECRET_SHOWS = "secret-shows"  # noqa: S105 - a word, no secret
    CLIENT_ID_SHOWS = "client-id-shows"
    NAMES_SHOW = "names-show"
    OFFICIAL_WIRE = "official-wire"
    BACKEND_WIRE = "backend-wire"


IMPLIED: Final = frozenset(
    {
        Ability.ACTIVATION,
        Ability.FRESH,
        Ability.UPDATE_ANSWER,
        Ability.SECRET_SHOWS,
        Ability.CLIENT_ID_SHOWS,
        Ability.NAMES_SHOW,
        Ability.OFFICIAL_WIRE,
        Ability.BACKEND_WIRE,
    }
)
"""Those that follow from the rest of a profile, so that none lists them."""

LACKING: Final[dict[Ability, str]] = {
    Ability.STATUS: "the profile says that connections have no status",
    Ability.WARNING: "the profile says that answers carry no warning",
    Ability.SECOND_ORGANIZATION: "the profile says that there is no second organization to try it with",
    Ability.ORGANIZATION_ID: "the profile says that connections don't tell their organization",
    Ability.ACTIVATION: "the profile says that a person activates connections",
    Ability.FRESH: "connections can't be made, and one of a pool has a past, which its status may remember",
    Ability.UPDATE_ANSWER: "the answer to an update carries no connection",
    Ability.SECRET_SHOWS: "neither reads nor a status show whether there is a client secret",
    Ability.CLIENT_ID_SHOWS: "the profile says that reads don't show client_id",
    Ability.NAMES_SHOW: "the profile says that reads show neither display_name nor identity_provider",
    Ability.OFFICIAL_WIRE: "the rule is about the documented wires, and the profile's is another one",
    Ability.BACKEND_WIRE: "the rule is about the backend wire alone",
}
"""Why a rule is not applicable where that ability is lacking."""

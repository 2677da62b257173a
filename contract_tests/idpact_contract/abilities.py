"""What an implementation may lack. A closed list: each entry makes rules not applicable, and a report names it."""

import enum
from typing import Final

__all__ = ["LACKING", "Ability"]


class Ability(enum.StrEnum):
    """Something that some rules need. A profile lists under `lacks` those that an implementation has not."""

    STATUS = "status"
    WARNING = "warning"
    SECOND_ORGANIZATION = "second-organization"
    ORGANIZATION_ID = "organization-id"
    OFFICIAL_WIRE = "official-wire"
    BACKEND_WIRE = "backend-wire"


LACKING: Final[dict[Ability, str]] = {
    Ability.STATUS: "the profile says that connections have no status",
    Ability.WARNING: "the profile says that answers carry no warning",
    Ability.SECOND_ORGANIZATION: "the profile says that there is no second organization to try it with",
    Ability.ORGANIZATION_ID: "the profile says that connections don't tell their organization",
    Ability.OFFICIAL_WIRE: "the rule is about the documented wires, and the profile's is another one",
    Ability.BACKEND_WIRE: "the rule is about the backend wire alone",
}
"""Why a rule is not applicable where that ability is lacking."""

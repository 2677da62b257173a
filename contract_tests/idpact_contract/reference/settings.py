"""The credentials of one project: made fresh for each run, or kept by the database. Secrets stay out of every repr."""

import secrets
import uuid
from dataclasses import dataclass, field

__all__ = ["Organization", "Settings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    """An organization and the session of one of its members."""

    organization_id: str
    session_token: str = field(repr=False)

    @classmethod
    def fresh(cls) -> "Organization":
        """Make an organization nobody has seen before."""
        return cls(organization_id=f"organization-test-{uuid.uuid4()}", session_token=secrets.token_urlsafe(32))


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a caller needs to speak to the reference implementation.

    Attributes:
        public_token: User name on the frontend wire.
        project_id: User name on the backend wire.
        secret: Password on the backend wire.
        orgs: The organizations, each with a member's session.
    """

    public_token: str
    project_id: str
    secret: str = field(repr=False)
    orgs: tuple[Organization, ...]

    @classmethod
    def fresh(cls) -> "Settings":
        """Make random credentials and two organizations, as the rules about the boundary between them need."""
        return cls(
            public_token=f"public-token-test-{uuid.uuid4()}",
            project_id=f"project-test-{uuid.uuid4()}",
            secret=f"secret-test-{secrets.token_urlsafe(32)}",
            orgs=(Organization.fresh(), Organization.fresh()),
        )

    def announcement(self, base_url: str) -> dict[str, object]:
        """Spell it all out as JSON-able values, secrets included, for the one who started the server."""
        orgs: list[dict[str, str]] = [
            {"organization_id": org.organization_id, "session_token": org.session_token} for org in self.orgs
        ]
        return {
            "base_url": base_url,
            "public_token": self.public_token,
            "project_id": self.project_id,
            "secret": self.secret,
            "orgs": orgs,
        }

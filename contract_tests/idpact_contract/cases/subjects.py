"""Connections that cases of several families begin with, and the one that there is not."""

from typing import Final

from idpact_contract.lab import Lab, Subject

__all__ = ["UNKNOWN_ID", "filled"]

UNKNOWN_ID: Final = "oidc-connection-test-00000000-0000-4000-8000-00000000dead"
"""The id of a connection that nobody created."""


def filled(lab: Lab) -> Subject:
    """A connection with a value of its own in every field but identity_provider."""
    subject = lab.create({"display_name": f"Owner {lab.token()}"})
    lab.given(subject, {**lab.credentials(), **lab.typed_urls(), "issuer": lab.issuer().url})
    return subject

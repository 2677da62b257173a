"""The short way to a target: a URL, a profile's name and variables."""

import ssl
from collections.abc import Mapping

from idpact_contract.targets.http import HttpTarget
from idpact_contract.targets.profile import load_profile
from idpact_contract.targets.variables import gather_variables

__all__ = ["http_target"]


def http_target(
    base_url: str,
    *,
    profile: str,
    variables: Mapping[str, str] | None = None,
    tls: ssl.SSLContext | None = None,
) -> HttpTarget:
    """An implementation behind HTTP.

    Args:
        base_url: Where it is.
        profile: A built-in profile's name, or a profile file.
        variables: Values of the profile's variables; those left out come from the environment (`IDPACT_SESSION_TOKEN`).
        tls: Trust for an https base URL; the system's by default.

    Raises:
        ProfileError: The profile can't be used.
        MissingVariableError: One of its variables is missing.
        ValueError: `base_url` is no http or https URL.
    """
    told = {**gather_variables(), **(variables or {})}
    return HttpTarget(base_url, profile=load_profile(profile), variables=told, tls=tls)

"""The short way to a target: a URL, a profile's name and variables."""

import ssl
from collections.abc import Mapping

from idpact_contract.targets.base import Target
from idpact_contract.targets.http import HttpTarget
from idpact_contract.targets.pool import PooledTarget
from idpact_contract.targets.profile import load_profile
from idpact_contract.targets.variables import gather_variables

__all__ = ["as_lent", "http_target"]


def as_lent(target: HttpTarget) -> Target:
    """The implementation, whose connections are lent from its profile's pool where it has one."""
    return PooledTarget(target, target.pool()) if target.profile.pool else target


def http_target(
    base_url: str,
    *,
    profile: str,
    variables: Mapping[str, str] | None = None,
    tls: ssl.SSLContext | None = None,
) -> Target:
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
    return as_lent(HttpTarget(base_url, profile=load_profile(profile), variables=told, tls=tls))

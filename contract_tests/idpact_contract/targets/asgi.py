"""An implementation that is an ASGI application: served on a loopback port in this process, and driven over HTTP as any other."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from idpact_contract.targets.base import Target
from idpact_contract.targets.open import http_target
from idpact_mock import ThreadedServer

__all__ = ["asgi_target"]


@contextmanager
def asgi_target(
    app: Any,  # noqa: ANN401 - any ASGI application
    *,
    profile: str,
    variables: Mapping[str, str] | None = None,
) -> Iterator[Target]:
    """Serve an ASGI application while the context is open.

    Args:
        app: The application; its lifespan is honoured.
        profile: A built-in profile's name, or a profile file.
        variables: Values of the profile's variables; those left out come from the environment.

    Raises:
        ProfileError: The profile can't be used.
        MissingVariableError: One of its variables is missing.
    """
    with ThreadedServer(app) as server:
        target = http_target(server.url, profile=profile, variables=variables)
        try:
            yield target
        finally:
            target.close()

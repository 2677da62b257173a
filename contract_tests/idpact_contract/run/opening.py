"""The implementation and the mock IdP of a run, opened and closed together."""

import ssl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from idpact_contract.bench import OpenBench
from idpact_contract.run.settings import IdpSettings, RunSettings, SettingsError
from idpact_contract.targets.base import Target
from idpact_contract.targets.http import HttpTarget
from idpact_contract.targets.open import as_lent
from idpact_contract.targets.profile import load_profile
from idpact_mock import MockIdP, RemoteMockIdP, ServerTLS

__all__ = ["make_idp", "open_bench", "open_idp", "open_target"]


def open_target(settings: RunSettings) -> Target:
    """The implementation.

    Raises:
        ProfileError: The profile can't be used.
        MissingVariableError: One of its variables is missing.
        SettingsError: The CA file can't be read, or a pool, or a limit on connections, is asked for what it can't.
    """
    profile = load_profile(settings.profile)
    if profile.pool and (settings.workers or settings.keep):
        option = "-n" if settings.workers else "--keep"
        raise SettingsError(
            f"{option}: the profile's connections are borrowed from a pool, by one case at a time, and given back"
        )
    if profile.limits.connections and (settings.workers or settings.keep):
        option = "-n" if settings.workers else "--keep"
        raise SettingsError(
            f"{option}: limits.connections of the profile is kept to within one process that deletes what it made"
        )
    tls = _trust(settings.ca_file)
    return as_lent(HttpTarget(settings.base_url, profile=profile, variables=settings.variables, tls=tls))


def _trust(ca_file: str | None) -> ssl.SSLContext | None:
    if ca_file is None:
        return None
    try:
        return ssl.create_default_context(cafile=ca_file)
    except (OSError, ssl.SSLError) as error:
        raise SettingsError(f"CA file {ca_file!r}: {getattr(error, 'strerror', None) or error}") from error


def make_idp(settings: IdpSettings) -> MockIdP:
    """A mock IdP of this process's own, not started yet.

    Raises:
        SettingsError: Certificate and key can't be used.
    """
    tls = None
    if settings.cert:
        for name in filter(None, (settings.cert, settings.key)):
            if not Path(name).is_file():
                raise SettingsError(f"the mock IdP's certificate or key {name!r}: no such file")
        tls = ServerTLS.from_files(settings.cert, settings.key or settings.cert)
    elif settings.tls:
        tls = ServerTLS.throwaway()
    return MockIdP(
        host=settings.host, port=settings.port, advertise=settings.advertise, tls=tls, admin_token=settings.token
    )


@contextmanager
def open_idp(settings: IdpSettings) -> Iterator[Any]:
    """The mock IdP of a run: one of this process's own, or the one that workers share."""
    if settings.remote is not None:
        # The controller's own server on this very machine, known by its token: its certificate names other hosts.
        remote = RemoteMockIdP(settings.remote, admin_token=settings.token, verify=False)
        try:
            yield remote
        finally:
            remote.close()
        return
    with make_idp(settings) as idp:
        yield idp


@contextmanager
def open_bench(settings: RunSettings) -> Iterator[OpenBench]:
    """Implementation and mock IdP, closed again at the end."""
    with ExitStack() as stack:
        target = open_target(settings)
        stack.callback(target.close)
        idp = stack.enter_context(open_idp(settings.idp))
        yield OpenBench(
            target=target,
            idp=idp,
            seed=settings.seed,
            examples=settings.examples,
            own_ports=settings.idp.advertise is None,
            keep=settings.keep,
            blocked=settings.blocked,
        )

"""First contact: does the implementation answer, and does it reach the mock IdP? Said once, before any case."""

import ipaddress
from urllib.parse import urlsplit

import msgspec

from idpact_contract.lab import Lab, SetUpBrokeError, Subject
from idpact_contract.run.opening import open_idp, open_target
from idpact_contract.run.settings import IdpSettings, RunSettings
from idpact_contract.targets.base import Target
from idpact_contract.targets.profile import load_profile

__all__ = ["Contact", "first_contact", "is_loopback"]


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    """What first contact found.

    Attributes:
        idp: The mock IdP's settings, with the scheme that got through.
        reachability: How it is known that the implementation reaches the mock IdP; why not, where it doesn't.
        blocked: Why cases that need the mock IdP can't be judged; None where it is reached.
    """

    idp: IdpSettings
    reachability: str
    blocked: str | None = None


def is_loopback(host: str | None) -> bool:
    """The host is this machine's own loopback, by name or address."""
    if host is None:
        return False
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def first_contact(settings: RunSettings) -> Contact:
    """Create a connection, and find out whether the mock IdP is reached.

    Reached by definition when both are on loopback, or when the profile says so; otherwise it is tried, over http and
    then over https.

    Raises:
        UnreachableError: The implementation can't be reached.
        SetUpBrokeError: It answers, but no connection can be created and read with these credentials.
        ProfileError, MissingVariableError, SettingsError: As `open_target` raises them.
    """
    target = open_target(settings)
    try:
        if load_profile(settings.profile).reachable:
            _try_create(target, settings)
            return Contact(idp=settings.idp, reachability="the profile says so")
        if is_loopback(urlsplit(settings.base_url).hostname) and is_loopback(_idp_host(settings.idp)):
            _try_create(target, settings)
            return Contact(idp=settings.idp, reachability="both are on loopback")
        return _try_schemes(target, settings)
    finally:
        target.close()


def _idp_host(idp: IdpSettings) -> str | None:
    return urlsplit(idp.advertise).hostname if idp.advertise else idp.host


def _try_create(target: Target, settings: RunSettings) -> None:
    with open_idp(IdpSettings()) as idp, Lab(target, idp, case_id="first-contact", seed=settings.seed) as lab:
        _create(lab)


def _create(lab: Lab) -> Subject | None:
    """A refusal ends the check before it begins; a success in an unexpected shape is for the rules to judge."""
    try:
        return lab.create()
    except SetUpBrokeError:
        if lab.evidence().steps[-1].exchange.accepted:
            return None
        raise


def _try_schemes(target: Target, settings: RunSettings) -> Contact:
    tried = []
    for idp_settings in _candidates(settings.idp):
        with open_idp(idp_settings) as idp:
            own_ports = idp_settings.advertise is None
            lab = Lab(target, idp, case_id="first-contact", seed=settings.seed, own_ports=own_ports)
            with lab:
                issuer = lab.issuer(path="/first-contact").url
                subject = _create(lab)
                asked = () if subject is None else lab.update(subject, {"issuer": issuer}).asked
            tried.append(issuer.rsplit("/", 2)[0] if not own_ports else issuer)
            if asked:
                return Contact(
                    idp=idp_settings, reachability=f"it asked {urlsplit(issuer).scheme}://… when it was tried"
                )
    told = " and ".join(tried)
    return Contact(
        idp=settings.idp,
        reachability=f"it never asked {told}",
        blocked=f"the implementation does not reach the mock IdP: it never asked {told}; give the address at which it does"
        " with --idp-url (and bind it there with --idp-bind)",
    )


def _candidates(idp: IdpSettings) -> tuple[IdpSettings, ...]:
    if idp.advertise:
        return (idp,)
    if idp.tls or idp.cert:
        return (idp,)
    return (idp, msgspec.structs.replace(idp, tls=True))

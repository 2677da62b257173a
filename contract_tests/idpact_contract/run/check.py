"""A whole check: first contact, the suite, the document. What `idpact check` does, without its words on the screen."""

import hashlib
import platform
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path
from typing import Final

import msgspec

from idpact_contract.cases import CASES
from idpact_contract.pointer import tokens
from idpact_contract.redact import Redactor
from idpact_contract.results.ledger import Ledger
from idpact_contract.results.report import Report, RunFacts, assemble
from idpact_contract.run.contact import Contact
from idpact_contract.run.engine import run_suite
from idpact_contract.run.opening import make_idp
from idpact_contract.run.settings import IdpSettings, RunSettings
from idpact_contract.targets.auth import Basic
from idpact_contract.targets.profile import Profile, built_in_profiles, load_profile
from idpact_contract.trial import Trial

__all__ = ["Checked", "check", "environment", "profile_digest", "secrets_of", "suite_facts"]

_WHAT_COUNTS: Final = ("idpact", "pytest", "httpx", "starlette", "uvicorn")


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """A check's end.

    Attributes:
        report: The document.
        errors: What broke in the suite itself, by item; such cases did not run.
        interrupted: It was ended early.
    """

    report: Report
    errors: dict[str, str]
    interrupted: bool


def check(
    settings: RunSettings,
    contact: Contact,
    *,
    progress: Callable[[Trial], None],
    ledger: Ledger | None = None,
    today: date | None = None,
) -> Checked:
    """Run the planned cases and make the document.

    Args:
        settings: The run.
        contact: What first contact found.
        progress: Called with each trial as it comes in.
        ledger: The failures that are expected.
        today: The day for which their expiry is decided; the one on which the run begins by default.
    """
    started, began = datetime.now(UTC), time.perf_counter()
    told = msgspec.structs.replace(settings, idp=contact.idp, blocked=contact.blocked)
    with _shared_idp(told) as shared:
        outcome = run_suite(shared, progress=progress)
    profile = load_profile(settings.profile)
    facts = RunFacts(
        base_url=settings.base_url,
        profile=profile.name,
        profile_digest=profile_digest(settings.profile),
        seed=settings.seed,
        started=started.isoformat(timespec="seconds").replace("+00:00", "Z"),
        seconds=time.perf_counter() - began,
        reachability=contact.reachability,
        suite=suite_facts(),
        environment=environment(),
    )
    redactor = secrets_of(settings)
    chosen = set(settings.cases)
    planned = tuple(case for case in CASES.values() if case.id in chosen)
    report = assemble(
        planned,
        outcome.trials,
        facts,
        redactor,
        _curl_credentials(profile),
        ledger=ledger,
        today=today or started.date(),
        left_out=outcome.left_out,
    )
    return Checked(report=report, errors=outcome.errors, interrupted=outcome.interrupted)


def suite_facts() -> dict[str, str]:
    """Name and version of the suite, for a document."""
    return {"name": "idpact", "version": _version("idpact")}


def environment() -> dict[str, str]:
    """Python, platform and the versions of what a verdict rests on, for a document."""
    return {
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        **{name: _version(name) for name in _WHAT_COUNTS},
    }


def secrets_of(settings: RunSettings) -> Redactor:
    """What takes this run's secrets out of all that is written down: its variables by their names, the wire's own spelling.

    Raises:
        ProfileError: The profile can't be used.
    """
    profile = load_profile(settings.profile)
    spelling = tokens(profile.place("client_secret"))[-1]
    return Redactor(_named_secrets(profile, settings.variables), members=[spelling])


@contextmanager
def _shared_idp(settings: RunSettings) -> Iterator[RunSettings]:
    """Where the mock IdP has one address for all, this process owns it, and parallel workers share it."""
    if not (settings.workers and settings.idp.advertise):
        yield settings
        return
    with make_idp(settings.idp) as idp:
        host = "127.0.0.1" if settings.idp.host in ("0.0.0.0", "::", "") else settings.idp.host  # noqa: S104 - what it is bound to
        scheme = "https" if settings.idp.tls or settings.idp.cert else "http"
        remote = IdpSettings(
            advertise=settings.idp.advertise, remote=f"{scheme}://{host}:{idp.port}", token=idp.admin_token
        )
        yield msgspec.structs.replace(settings, idp=remote)


def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "unknown"


def profile_digest(profile: str) -> str:
    """The digest of a built-in profile, or of a profile file, for a document."""
    if profile in built_in_profiles():
        data = (files("idpact_contract.targets") / "profiles" / f"{profile}.toml").read_bytes()
    else:
        data = Path(profile).read_bytes()
    return "sha256:" + hashlib.sha256(data).hexdigest()


def _named_secrets(profile: Profile, variables: Mapping[str, str]) -> dict[str, str]:
    secret = [name for name, variable in profile.variables.items() if variable.secret]
    return {f"IDPACT_{name.upper()}": variables[name] for name in secret if variables.get(name)}


def _curl_credentials(profile: Profile) -> str:
    """Basic credentials with each variable as the shell variable that `idpact check` reads, too; other schemes need none."""
    if not isinstance(profile.auth, Basic):
        return ""
    pair = f"{profile.auth.username}:{profile.auth.password}"
    for name in profile.variables:
        pair = pair.replace(f"{{{name}}}", f"$IDPACT_{name.upper()}")
    return pair

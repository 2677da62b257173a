"""`idpact check` and `idpact report` behind the command line: from options to a run, from a run to files and a screen."""

import getpass
import shlex
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Final, NoReturn
from urllib.parse import urlsplit

import msgspec
from rich.console import Console

from idpact.verifying import read_private_key
from idpact_contract.abilities import Ability
from idpact_contract.cases import Case
from idpact_contract.catalogue import UnknownRuleError
from idpact_contract.generated import EXAMPLES
from idpact_contract.lab import SetUpBrokeError
from idpact_contract.results.badge import badge
from idpact_contract.results.ctrf import ctrf
from idpact_contract.results.html import html_page
from idpact_contract.results.junit import junit_xml
from idpact_contract.results.ledger import Ledger, LedgerError, read_ledger
from idpact_contract.results.markdown import markdown
from idpact_contract.results.report import Report, decode_report, signed, written_report
from idpact_contract.results.sarif import sarif
from idpact_contract.results.terminal import plain, print_new_entries, print_report, print_verdict, show_progress
from idpact_contract.run.budget import by_worth, seconds_of
from idpact_contract.run.check import Checked, check, secrets_of
from idpact_contract.run.contact import first_contact, is_loopback
from idpact_contract.run.dry import count_requests
from idpact_contract.run.opening import open_target
from idpact_contract.run.rehearsal import rehearse
from idpact_contract.run.settings import IdpSettings, RunSettings, plan
from idpact_contract.targets.base import UnreachableError
from idpact_contract.targets.http import MissingVariableError
from idpact_contract.targets.profile import ProfileError, load_profile
from idpact_contract.targets.variables import SettingsError, gather_variables

__all__ = ["CheckOptions", "RehearsalOptions", "run_check", "run_rehearsal", "show_report"]

_Fail = Callable[[object], NoReturn]
_BAD_USAGE = (
    SettingsError,
    UnknownRuleError,
    ProfileError,
    MissingVariableError,
    UnreachableError,
    OSError,
    ValueError,
)


class CheckOptions(msgspec.Struct, frozen=True, kw_only=True):
    """The options of `idpact check`, by the names that the command line gives them."""

    base_url: str | None
    profile: str
    pairs: tuple[str, ...]
    vars_file: str | None
    only: tuple[str, ...]
    case_ids: tuple[str, ...]
    json_path: str | None
    html_path: str | None
    junit_path: str | None
    markdown_path: str | None
    sarif_path: str | None
    ctrf_path: str | None
    badge_path: str | None
    sign_key: str | None
    workers: int
    seed: int
    examples: int | None
    quiet: bool
    dry_run: bool
    keep: bool
    yes: bool
    ca_file: str | None
    idp_host: str
    idp_port: int
    idp_url: str | None
    idp_tls: bool
    idp_cert: str | None
    idp_key: str | None
    ledger: str | None = None
    today: date | None = None
    budget: str | None = None


def run_check(options: CheckOptions, *, fail: _Fail) -> int:
    """Check an implementation; returns the exit code."""
    console = Console(soft_wrap=False, width=None if sys.stdout.isatty() else 160)
    try:
        settings, planned = _settings(options)
        ledger = _ledger(options.ledger)
        key = read_private_key(options.sign_key) if options.sign_key else None
        if options.dry_run:
            return _dry_run(console, settings, planned)
        if not options.yes and not is_loopback(urlsplit(settings.base_url).hostname):
            _confirm(settings.base_url, fail)
        contact = first_contact(settings)
        watched = Console(quiet=True) if options.quiet else console
        watched.print(
            f"checking {settings.base_url} with profile {settings.profile}: {len(planned)} cases, seed {settings.seed}",
            highlight=False,
        )
        if contact.blocked:
            console.print(plain(f"note: {contact.blocked}"), highlight=False)
        with show_progress(watched, planned) as progress:
            checked = check(settings, contact, progress=progress, ledger=ledger, today=options.today)
    except SetUpBrokeError as error:
        fail(f"the check can't begin: {error}")
    except _BAD_USAGE as error:
        fail(error)
    if key is not None:
        checked = msgspec.structs.replace(checked, report=signed(checked.report, key))
    _tell(console, options, checked)
    return checked.report.exit_code


def _settings(options: CheckOptions) -> tuple[RunSettings, tuple[Case, ...]]:
    variables = gather_variables(options.pairs, options.vars_file)
    base_url = options.base_url or variables.get("base_url")
    if not base_url:
        raise SettingsError(
            "BASE_URL: the implementation's base URL is needed, as an argument or as the variable base_url"
        )
    planned = plan(options.only, options.case_ids)
    until = None
    if options.budget is not None:
        until, planned = time.time() + seconds_of(options.budget), by_worth(planned)
    settings = RunSettings(
        base_url=base_url,
        profile=options.profile,
        variables=variables,
        cases=tuple(case.id for case in planned),
        seed=options.seed,
        examples=options.examples or EXAMPLES,
        keep=options.keep,
        workers=options.workers,
        until=until,
        ca_file=options.ca_file or variables.get("ca_file"),
        idp=IdpSettings(
            host=options.idp_host,
            port=options.idp_port,
            advertise=options.idp_url,
            tls=options.idp_tls,
            cert=options.idp_cert,
            key=options.idp_key,
        ),
    )
    load_profile(options.profile)
    return settings, planned


def _ledger(file: str | None) -> Ledger | None:
    if file is None:
        return None
    try:
        return read_ledger(Path(file).read_text("utf-8"))
    except (UnicodeDecodeError, LedgerError) as error:
        raise SettingsError(f"--ledger {file}: {error}") from error


def _base_url(told: str | None, variables: Mapping[str, str]) -> str:
    base_url = told or variables.get("base_url")
    if not base_url:
        raise SettingsError(
            "BASE_URL: the implementation's base URL is needed, as an argument or as the variable base_url"
        )
    return base_url


def _confirm(base_url: str, fail: _Fail) -> None:
    """A check creates and deletes connections: not by mistake on somebody's production."""
    told = f"{base_url} is not on this machine; a check creates, updates and deletes connections there"
    if not sys.stdin.isatty():
        fail(f"{told}: say --yes to go ahead")
    if input(f"{told}. Go ahead? [y/N] ").strip().lower() not in {"y", "yes"}:
        fail("nothing was sent")


def _dry_run(console: Console, settings: RunSettings, planned: tuple[Case, ...]) -> int:
    lacking: frozenset[Ability] = load_profile(settings.profile).lacking()
    counts: Mapping[str, int] = count_requests(planned, lacking)
    for case in planned:
        told = f"{counts[case.id]} requests"
        if reason := case.not_applicable(lacking):
            told = f"not applicable: {reason}"
        elif case.suite:
            told = f"shares the requests of {settings.examples} generated examples"
        console.print(f"{case.id:<40} {case.level:<7} {told}", markup=False, highlight=False, soft_wrap=True)
    beside = ", and those of generated examples" if any(case.suite for case in planned) else ""
    console.print(f"{len(planned)} cases, {sum(counts.values())} requests{beside}; nothing was sent", highlight=False)
    return 0


def _tell(console: Console, options: CheckOptions, checked: Checked) -> None:
    if options.quiet:
        print_verdict(console, checked.report)
    else:
        print_report(console, checked.report, rerun=_rerun(options))
    print_new_entries(console, checked.report, owner=_user())
    for item, error in checked.errors.items():
        console.print(plain(f"idpact's own fault in {item}:\n{error}"), highlight=False, soft_wrap=True)
    if checked.interrupted:
        console.print("The check was interrupted; what it had created was deleted.", highlight=False)
    _write(
        Console(quiet=True) if options.quiet else console,
        checked.report,
        {name: getattr(options, name) for name in _FORMATS},
    )


def _user() -> str:
    """Whoever runs this, as the first owner of what they found."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # no such user in a container
        return ""


def _rerun(options: CheckOptions) -> str:
    """The command that runs one case again; `{case}` stands for its id, and variables come from where they came from."""
    words = ["idpact", "check", *([options.base_url] if options.base_url else []), "--profile", options.profile]
    if options.vars_file:
        words += ["--vars", options.vars_file]
    for pair in options.pairs:
        name = pair.partition("=")[0]
        words += ["--var", f"{name}=$IDPACT_{name.upper()}"]
    if options.seed:
        words += ["--seed", str(options.seed)]
    if options.examples:
        words += ["--examples", str(options.examples)]
    told = " ".join(word if word.startswith("--") or "$" in word else shlex.quote(word) for word in words)
    return told.replace("{", "{{").replace("}", "}}") + " --case {case}"


_FORMATS: Final[Mapping[str, Callable[[Report], bytes]]] = {
    "json_path": written_report,
    "html_path": html_page,
    "junit_path": junit_xml,
    "markdown_path": markdown,
    "sarif_path": sarif,
    "ctrf_path": ctrf,
    "badge_path": badge,
}
"""What writes each file, by the name of its option."""


def _write(console: Console, report: Report, paths: Mapping[str, str | None]) -> None:
    for name, render in _FORMATS.items():
        if path := paths.get(name):
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            Path(path).write_bytes(render(report))
            console.print(f"wrote {path}", markup=False, highlight=False, soft_wrap=True)


def show_report(file: str, paths: Mapping[str, str | None], *, fail: _Fail) -> int:
    """Show a result document, or make its other formats; returns the exit code that its verdict has."""
    try:
        report = decode_report(Path(file).read_bytes())
    except (OSError, ValueError, msgspec.MsgspecError) as error:
        fail(f"{file}: no result document: {error}")
    console = Console(width=None if sys.stdout.isatty() else 160)
    if any(paths.values()):
        _write(console, report, paths)
    else:
        print_report(console, report)
    return report.exit_code


class RehearsalOptions(msgspec.Struct, frozen=True, kw_only=True):
    """The options of `idpact profile check`, by the names that the command line gives them."""

    file: str
    base_url: str | None
    pairs: tuple[str, ...]
    vars_file: str | None
    ca_file: str | None
    yes: bool


def run_rehearsal(options: RehearsalOptions, *, fail: _Fail) -> int:
    """Try a profile step by step; returns the exit code."""
    console = Console(width=None if sys.stdout.isatty() else 160)
    wrong = 0
    try:
        variables = gather_variables(options.pairs, options.vars_file)
        base_url = _base_url(options.base_url, variables)
        if not options.yes and not is_loopback(urlsplit(base_url).hostname):
            _confirm(base_url, fail)
        settings = RunSettings(
            base_url=base_url,
            profile=options.file,
            variables=variables,
            cases=(),
            ca_file=options.ca_file or variables.get("ca_file"),
        )
        redactor = secrets_of(settings)
        target = open_target(settings)
        with closing(target):
            for step in rehearse(target):
                wrong += step.problem is not None
                mark, told = ("wrong", step.problem) if step.problem else ("ok", step.told)
                line = redactor.clean(f"{mark:<7}{step.step}: {told}", also=target.credentials)
                console.print(plain(line), highlight=False, soft_wrap=True)
    except _BAD_USAGE as error:
        fail(error)
    return 2 if wrong else 0

"""The command line. Reads arguments, calls the packages, turns their errors into one sentence and an exit code.

Each command imports what it needs when it runs: `idpact serve` loads no suite, and `--help` loads nothing.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, NoReturn

import click

if TYPE_CHECKING:
    from datetime import date

    from idpact_mock import MockIdP, ServerTLS
    from idpact_mock.config import Settings

__all__ = ["main"]

_CANNOT: Final = 2
"""The exit code for what could not be done: bad usage, unreachable, inconclusive."""

_LISTED: Final = 20
"""Issuers that `serve` names as it starts."""


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@click.version_option(package_name="idpact", prog_name="idpact")
def main() -> None:
    """Contract tests and a mock identity provider for endpoints that update OIDC connections."""


def _fail(message: object) -> NoReturn:
    click.echo(f"idpact: {message}", err=True)
    sys.exit(_CANNOT)


@contextmanager
def _needs(extra: str) -> Iterator[None]:
    """What a command imports may come with an extra only; say which, in place of a traceback."""
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name and error.name.partition(".")[0] in {"idpact", "idpact_contract", "idpact_mock"}:
            raise
        _fail(f"this command needs {error.name}: pip install 'idpact[{extra}]'")


def _address(told: str, option: str) -> tuple[str, int]:
    """HOST:PORT, with an IPv6 host in brackets."""
    host, colon, port = told.rpartition(":")
    if not colon or not port.isdecimal() or int(port) > 65535:  # noqa: PLR2004 - the highest port
        raise click.BadParameter(
            f"{told!r}: an address is given as HOST:PORT, such as 127.0.0.1:9000", param_hint=option
        )
    return host.removeprefix("[").removesuffix("]"), int(port)


def _server_tls(told: "Settings") -> "ServerTLS | None":
    """The TLS that a configuration asks for; the CA of a throw-away certificate is written where that is asked for."""
    from pathlib import Path

    from idpact_mock import ServerTLS

    if told.cert:
        return ServerTLS.from_files(told.cert, told.key or told.cert)
    if not told.tls:
        return None
    tls = ServerTLS.throwaway()
    if told.ca_out and tls.ca_pem is not None:
        Path(told.ca_out).write_bytes(tls.ca_pem)
    return tls


@main.command()
@click.option(
    "--config",
    type=click.Path(exists=True, dir_okay=False),
    envvar="IDPACT_SERVE_CONFIG",
    help="TOML file with the server's settings and its issuers. IDPACT_SERVE_<OPTION> beats it, and options beat both.",
)
@click.option("--host", help="Address to bind; 127.0.0.1 by default.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to bind; 0, the default, takes a free one.")
@click.option("--url", help="Base URL at which clients reach the server, where that is another.")
@click.option("--tls/--no-tls", default=None, help="Serve https with a CA of its own.")
@click.option("--cert", type=click.Path(exists=True, dir_okay=False), help="PEM certificate chain to serve https with.")
@click.option("--key", type=click.Path(exists=True, dir_okay=False), help="PEM private key of --cert.")
@click.option("--ca-out", type=click.Path(dir_okay=False, writable=True), help="Write the CA of --tls to this file.")
@click.option(
    "--allow-origin",
    "allow_origins",
    multiple=True,
    metavar="ORIGIN",
    help="Its web pages may use the control interface.",
)
@click.option("--admin-token", envvar="IDPACT_ADMIN_TOKEN", help="Token that the control interface asks for.")
@click.option(
    "--workers", type=click.IntRange(1, 256), help="Processes that serve, as one; more than one need --store."
)
@click.option("--store", metavar="URL", help="Redis in which workers and replicas keep what they share.")
@click.option("--preset", metavar="NAME", help="Make the issuer like a vendor's; `idpact presets` lists them.")
@click.option(
    "--preset-parameter", "preset_parameters", multiple=True, metavar="NAME=VALUE", help="A parameter of the preset."
)
@click.option("--verbatim/--no-verbatim", default=None, help="Its document names the vendor's own hosts and issuer.")
@click.option("--quirks/--no-quirks", default=None, help="Its document is as wrong as the vendor's.")
@click.option("--log/--no-log", default=None, help="Write a line for each request to stderr.")
@click.option(
    "--identity",
    type=click.Choice(["pinned", "host", "forwarded"]),
    help="Where issuers get their address from: pinned (the default), the request's Host, or what proxies say.",
)
def serve(
    config: str | None,
    admin_token: str | None,
    **options: Any,  # noqa: ANN401 - click's options, read by name
) -> None:
    """Run the mock identity provider, with the issuers of --config, or else one named `default`."""
    import gc
    import os
    from pathlib import Path

    gc.disable()  # nothing that is loaded from here on is garbage

    from idpact_mock import serve as run
    from idpact_mock.config import settings
    from idpact_mock.server_words import pairs

    options["allow_origins"] = options["allow_origins"] or None
    try:
        options["preset_parameters"] = pairs(options["preset_parameters"]) or None
        told = settings(None if config is None else Path(config), environment=os.environ, command_line=options)
        tls = _server_tls(told)
    except (OSError, ValueError) as error:
        _fail(error)

    def ready(idp: "MockIdP") -> None:
        for issuer in list(idp.issuers.values())[:_LISTED]:
            click.echo(f"issuer   {issuer.url}")
        if len(idp.issuers) > _LISTED:
            click.echo(f"         and {len(idp.issuers) - _LISTED} more")
        click.echo(f"control  {idp.url}/_idpact/")
        if idp.admin_token:
            click.echo(f"token    {idp.admin_token}")
        if told.ca_out:
            click.echo(f"CA       {told.ca_out}")

    from idpact_mock.errors import StoreError

    gc.enable()
    try:
        with _needs("redis"):
            run(
                host=told.host,
                port=told.port,
                workers=told.workers,
                store=told.store,
                tls=tls,
                advertise=told.url,
                admin_token=admin_token,
                allow_origins=told.allow_origins,
                issuers=told.issuers,
                identity=told.identity,
                preset=told.preset,
                preset_parameters=told.preset_parameters,
                verbatim=told.verbatim,
                quirks=told.quirks,
                log=told.log,
                on_ready=ready,
            )
    except (OSError, ValueError, StoreError) as error:
        _fail(error)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to bind.")
@click.option("--port", default=0, type=click.IntRange(0, 65535), help="Port to bind; 0 takes a free one.")
@click.option("--tls", is_flag=True, help="Serve https with a CA of its own, whose file is in the JSON line.")
@click.option("--db", default=":memory:", show_default=True, help="SQLite file; in memory by default.")
@click.option(
    "--discovery-timeout", default=3.0, show_default=True, type=click.FloatRange(0.05), help="Seconds in all."
)
@click.option("--trust", type=click.Path(exists=True, dir_okay=False), help="PEM file of a CA to trust for discovery.")
def reference(host: str, port: int, tls: bool, db: str, discovery_timeout: float, trust: str | None) -> None:
    """Run the reference implementation of both documented wires; prints one JSON line."""
    with _needs("pytest"):
        from idpact_contract.reference import run

    run(host=host, port=port, tls=tls, db=db, discovery_timeout=discovery_timeout, trust=trust)


@main.command()
@click.option(
    "--json", "as_json", is_flag=True, help="As JSON, with parameters, sources, unverified members and quirks."
)
def presets(*, as_json: bool) -> None:
    """List the vendors whose issuers the mock identity provider can be like."""
    from idpact_mock.presets.listing import as_json_value, as_text

    if as_json:
        import json

        click.echo(json.dumps(as_json_value(), indent=1))
        return
    click.echo(as_text())


@main.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def rules(*, as_json: bool) -> None:
    """List the rules that a check judges."""
    from dataclasses import asdict

    from idpact_contract.catalogue import CATALOGUE, FAMILIES

    if as_json:
        import json

        click.echo(json.dumps([asdict(rule) for rule in CATALOGUE.values()], indent=1))
        return
    family = ""
    for rule in CATALOGUE.values():
        if rule.family != family:
            family = rule.family
            click.echo(f"\n{family}  {FAMILIES[family]}")
        click.echo(f"  {rule.id:<9}{rule.level:<7}{rule.statement}\n{'':18}{rule.citation}")


@main.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def failures(*, as_json: bool) -> None:
    """List the failures that the mock identity provider can show."""
    from idpact.listing import failures_text
    from idpact_mock.failures import FAILURES

    if as_json:
        import json

        click.echo(json.dumps([mode.to_json() for mode in FAILURES.values()], indent=1))
        return
    click.echo(failures_text(FAILURES.values()))


def _split(_context: click.Context, _parameter: click.Parameter, told: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(part.strip() for text in told for part in text.split(",") if part.strip())


def _day(_context: click.Context, _parameter: click.Parameter, told: str | None) -> "date | None":
    from datetime import date

    try:
        return None if told is None else date.fromisoformat(told)
    except ValueError:
        raise click.BadParameter(f"{told!r}: a day is given as YYYY-MM-DD, such as 2027-01-31") from None


@main.command()
@click.option("--profile", required=True, metavar="P", help="A built-in profile's name, or a TOML file.")
@click.option(
    "--out", type=click.Path(dir_okay=False), metavar="FILE", help="Write it there; to standard output by default."
)
def openapi(profile: str, out: str | None) -> None:
    """Print the OpenAPI 3.1 document of the endpoint behind a profile."""
    from pathlib import Path

    with _needs("pytest"):
        from idpact_contract.openapi import rendered
        from idpact_contract.targets.profile import load_profile

    try:
        text = rendered(load_profile(profile))
        if out is None:
            click.echo(text, nl=False)
        else:
            Path(out).write_text(text, "utf-8")
    except (OSError, ValueError) as error:
        _fail(error)


@main.command()
@click.argument("base_url", required=False)
@click.option("--profile", required=True, help="A built-in profile's name, or a TOML file.")
@click.option(
    "--var", "pairs", multiple=True, metavar="NAME=VALUE", help="A variable of the profile; beats the others."
)
@click.option(
    "--vars", "vars_file", metavar="FILE", help="JSON file of variables; IDPACT_<NAME> beats it. - is standard input."
)
@click.option("--only", multiple=True, callback=_split, metavar="RULE[,RULE]", help="Only these rules or families.")
@click.option("--case", "case_ids", multiple=True, metavar="ID", help="Only this case, such as FALL-2/http-404.")
@click.option("--json", "json_path", type=click.Path(dir_okay=False), help="Write the result document.")
@click.option("--html", "html_path", type=click.Path(dir_okay=False), help="Write the report as one HTML page.")
@click.option("--junit", "junit_path", type=click.Path(dir_okay=False), help="Write JUnit XML.")
@click.option("--markdown", "markdown_path", type=click.Path(dir_okay=False), help="Write a summary as Markdown.")
@click.option("--sarif", "sarif_path", type=click.Path(dir_okay=False), help="Write SARIF 2.1.0.")
@click.option("--ctrf", "ctrf_path", type=click.Path(dir_okay=False), help="Write CTRF, a JSON of test results.")
@click.option("--badge", "badge_path", type=click.Path(dir_okay=False), help="Write the verdict as an SVG badge.")
@click.option("--sign-key", type=click.Path(dir_okay=False), help="PEM file of an Ed25519 key; sign the document.")
@click.option("-n", "workers", default=0, type=click.IntRange(0), metavar="N", help="Parallel workers.")
@click.option("--seed", default=0, show_default=True, help="Seed of all made-up values, and of generated sequences.")
@click.option("--examples", type=click.IntRange(1), help="How many examples each generated suite tries.")
@click.option("-q", "--quiet", is_flag=True, help="Say the verdict, and nothing else unless it went wrong.")
@click.option(
    "--ledger",
    type=click.Path(exists=True, dir_okay=False),
    help="TOML file of expected failures: they don't fail the exit code, and it fails where one of them passes.",
)
@click.option(
    "--today",
    callback=_day,
    envvar="IDPACT_TODAY",
    metavar="YYYY-MM-DD",
    help="The day for which the ledger's expiry is decided.",
)
@click.option(
    "--budget", metavar="TIME", help="Begin no case after that time, such as 90s or 10m; says what it left out."
)
@click.option("--dry-run", is_flag=True, help="Say which cases would run and how many requests they send; send none.")
@click.option("--keep", is_flag=True, help="Leave the connections that the check creates.")
@click.option("--yes", is_flag=True, help="Go ahead although the target is not on loopback.")
@click.option(
    "--ca", "ca_file", type=click.Path(exists=True, dir_okay=False), help="PEM file to trust for an https target."
)
@click.option(
    "--idp-bind", default="127.0.0.1:0", show_default=True, metavar="HOST:PORT", help="Where the mock IdP listens."
)
@click.option("--idp-url", metavar="URL", help="How the target reaches the mock IdP, where that is another address.")
@click.option("--idp-tls", is_flag=True, help="The mock IdP serves https with a CA of its own.")
@click.option("--idp-cert", type=click.Path(exists=True, dir_okay=False), help="PEM certificate chain of the mock IdP.")
@click.option("--idp-key", type=click.Path(exists=True, dir_okay=False), help="PEM private key of --idp-cert.")
def check(**options: Any) -> None:  # noqa: ANN401 - click's options, read by name in one place
    """Check the implementation at BASE_URL against the contract.

    Exit code 0: conforming, or every failure is excused by the ledger; 1: not conforming, or the ledger excuses what
    passes; 2: inconclusive, or the check could not be run.
    """
    with _needs("pytest"):
        from idpact.checking import CheckOptions, run_check

    host, port = _address(options.pop("idp_bind"), "--idp-bind")
    sys.exit(run_check(CheckOptions(idp_host=host, idp_port=port, **options), fail=_fail))


@main.command()
@click.argument("rules", nargs=-1, required=True, metavar="RULE...")
def explain(*, rules: tuple[str, ...]) -> None:
    """Explain rules: what each asks, why, its source, the commonest wrong code and the right one, and its cases.

    RULE is a rule (PREC-1), a family (PREC) or a case (PREC-1/atuj).
    """
    with _needs("pytest"):
        from idpact.explaining import explained, wanted_rules
        from idpact_contract.catalogue import UnknownRuleError

    try:
        click.echo("\n\n".join(explained(known) for known in wanted_rules(rules)))
    except UnknownRuleError as error:
        _fail(error)


@main.command()
@click.argument("file", type=click.Path(dir_okay=False))
@click.option("--html", "html_path", type=click.Path(dir_okay=False), help="Write the report as one HTML page.")
@click.option("--junit", "junit_path", type=click.Path(dir_okay=False), help="Write JUnit XML.")
@click.option("--markdown", "markdown_path", type=click.Path(dir_okay=False), help="Write a summary as Markdown.")
@click.option("--sarif", "sarif_path", type=click.Path(dir_okay=False), help="Write SARIF 2.1.0.")
@click.option("--ctrf", "ctrf_path", type=click.Path(dir_okay=False), help="Write CTRF, a JSON of test results.")
@click.option("--badge", "badge_path", type=click.Path(dir_okay=False), help="Write the verdict as an SVG badge.")
def report(file: str, **paths: str | None) -> None:
    """Show the result document FILE, or make its other formats; `schema` as FILE prints its JSON Schema."""
    with _needs("pytest"):
        from idpact.checking import show_report
        from idpact_contract.results.schema import report_schema

    if file == "schema":
        import json

        click.echo(json.dumps(report_schema(), indent=1))
        return
    sys.exit(show_report(file, paths, fail=_fail))


@main.command()
@click.argument("file", type=click.Path(dir_okay=False))
@click.option("--public-key", type=click.Path(dir_okay=False), help="PEM file; the report must carry its signature.")
@click.option("-v", "--verbose", is_flag=True, help="Name every case that can't be judged again, and why.")
def verify(*, file: str, public_key: str | None, verbose: bool) -> None:
    """Say whether the result document FILE can be believed: schema, digest, signature, and every verdict judged again.

    Exit code 0: verified; 1: refused; 2: it can't be read, or this version of idpact does not know all that it tells of.
    """
    with _needs("pytest"):
        from idpact.verifying import run_verify

    sys.exit(run_verify(file, public_key=public_key, verbose=verbose, fail=_fail))


@main.command()
@click.argument("file", type=click.Path(dir_okay=False))
@click.option("--key", required=True, type=click.Path(dir_okay=False), help="PEM file of an Ed25519 private key.")
def sign(*, file: str, key: str) -> None:
    """Sign the result document FILE, in place; refuse where its digest or a verdict does not hold."""
    with _needs("pytest"):
        from idpact.verifying import run_sign

    run_sign(file, key=key, fail=_fail)


@main.command()
@click.argument("files", nargs=-1, required=True, metavar="[NAME=]FILE...")
@click.option(
    "--baseline",
    metavar="[NAME=]FILE",
    help="Say what changed since this report, and exit with 1 where it is for the worse.",
)
@click.option("--html", "html_path", type=click.Path(dir_okay=False), help="Write the comparison as one HTML page.")
@click.option("--markdown", "markdown_path", type=click.Path(dir_okay=False), help="Write it as Markdown.")
def compare(*, files: tuple[str, ...], baseline: str | None, html_path: str | None, markdown_path: str | None) -> None:
    """Compare result documents: implementations by rules, or one with its baseline.

    Exit code 0; 1 where something is worse than in the baseline; 2 where a file can't be read.
    """
    with _needs("pytest"):
        from idpact.comparing import run_compare

    sys.exit(run_compare(files, baseline=baseline, html_path=html_path, markdown_path=markdown_path, fail=_fail))


@main.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("-o", "--output", "out", required=True, type=click.Path(dir_okay=False), help="Where the whole goes.")
@click.option("--only", multiple=True, callback=_split, metavar="RULE[,RULE]", help="What was planned, where not all.")
def merge(*, files: tuple[str, ...], out: str, only: tuple[str, ...]) -> None:
    """Merge result documents of one implementation: the parts of a check that ran on several machines.

    Every planned case has to be in one of them. Exit code 0: conforming; 1: not conforming; 2: inconclusive, such as where a
    part is missing, or they can't be merged.
    """
    with _needs("pytest"):
        from idpact.merging import run_merge

    sys.exit(run_merge(files, out=out, only=only, fail=_fail))


@main.group()
def profile() -> None:
    """Write a profile for an implementation, and try it."""


@profile.command("new")
@click.argument("file", type=click.Path(dir_okay=False))
def profile_new(file: str) -> None:
    """Write a commented profile to FILE, to be filled in."""
    from importlib.resources import files
    from pathlib import Path

    text = (files("idpact_contract.targets") / "template.toml").read_text("utf-8")
    try:
        with Path(file).open("x", encoding="utf-8") as new:
            new.write(text)
    except OSError as error:
        _fail(f"{file}: {error.strerror}")
    click.echo(f"wrote {file}; try it with: idpact profile check {file} BASE_URL")


@profile.command("check")
@click.argument("file")
@click.argument("base_url", required=False)
@click.option(
    "--var", "pairs", multiple=True, metavar="NAME=VALUE", help="A variable of the profile; beats the others."
)
@click.option("--vars", "vars_file", metavar="FILE", help="JSON file of variables. - is standard input.")
@click.option(
    "--ca", "ca_file", type=click.Path(exists=True, dir_okay=False), help="PEM file to trust for an https target."
)
@click.option("--yes", is_flag=True, help="Go ahead although the target is not on loopback.")
def profile_check(**options: Any) -> None:  # noqa: ANN401 - click's options, read by name in one place
    """Try the profile FILE, or a built-in one, on the implementation at BASE_URL, step by step.

    Exit code 0: every step came out as the profile says; 2: one did not.
    """
    with _needs("pytest"):
        from idpact.checking import RehearsalOptions, run_rehearsal

    sys.exit(run_rehearsal(RehearsalOptions(**options), fail=_fail))

"""Secrets planted in every place of a real check, and looked for in everything that it writes."""

import json
from collections.abc import Iterator

import pytest
from tests.processes import idpact
from tests.results.echoing import CANARIES, echoing, forms_of

FORMATS = ("json", "html", "junit", "markdown", "sarif", "ctrf", "badge")
JSONS = ("report.json", "report.sarif", "report.ctrf")
RULES = "ORG-2,ORG-6,DISC-1,DISC-7,CRED,PREC-4,KEEP-7,WIRE-1,WIRE-5"


@pytest.fixture(scope="module", params=["stytch-frontend", "stytch-backend"])
def outputs(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Everything that a check of the echoing implementation writes, by name; and the secrets, as a list in JSON."""
    folder = tmp_path_factory.mktemp("canaries")
    with echoing() as target:
        command = ["check", "--profile", request.param, "--vars", "-", "--only", RULES, "--examples", "3"]
        files = [word for name in FORMATS for word in (f"--{name}", f"report.{name}")]
        checked = idpact(*command, *files, cwd=folder, told=json.dumps(target.told))
        assert checked.returncode in (0, 1), checked.stdout + checked.stderr
        pages = ["--html", "compare.html", "--markdown", "compare.md"]
        compared = idpact("compare", "a=report.json", "b=report.json", *pages, cwd=folder)
        pages = ["--html", "changes.html", "--markdown", "changes.md"]
        since = idpact("compare", "--baseline", "report.json", "report.json", *pages, cwd=folder)
        verified = idpact("verify", "report.json", cwd=folder)
        assert verified.returncode == 0, verified.stdout + verified.stderr
    told = {file.name: file.read_text("utf-8") for file in folder.iterdir() if file.is_file()}
    for name, done in {"check": checked, "compare": compared, "changes": since, "verify": verified}.items():
        told[f"terminal of {name}"] = done.stdout + done.stderr
    planted = {*target.typed, CANARIES.secret, *(org.session_token for org in CANARIES.orgs)}
    return {**told, "secrets": json.dumps(sorted(planted))}


def _texts(value: object) -> Iterator[str]:
    """Every text in a JSON value, without the escapes that JSON itself puts into it."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, member in value.items():
            yield from (name, *_texts(member))
    elif isinstance(value, list):
        for member in value:
            yield from _texts(member)


def test_no_secret_is_in_any_output_in_any_form(outputs: dict[str, str]) -> None:
    """Neither the caller's own nor the connection's, as it stands or as JSON, URLs, HTML and Base64 write it."""
    secrets = json.loads(outputs["secrets"])
    texts = {name: list(_texts(json.loads(outputs[name]))) for name in JSONS}
    leaks = [
        f"{name}: {form} of {secret!r}"
        for name, text in outputs.items()
        if name != "secrets"
        for secret in secrets
        for form, written in forms_of(secret).items()
        if written in text or any(written in part for part in texts.get(name, ()))
    ]

    assert len(secrets) > 10, "the check typed secrets"
    assert not leaks, "\n".join(leaks[:20])


def test_the_report_holds_what_was_echoed(outputs: dict[str, str]) -> None:
    """Placeholders stand where secrets stood: the answers were kept, and equal secrets stay equal."""
    assert "could not log in with $IDPACT_S" in outputs["report.json"]
    assert (
        "could not log in with $SECRET_1 or $SECRET_1" in outputs["report.json"]
        or "$SECRET_1" in outputs["report.json"]
    )
    assert outputs["report.json"].count("x-seen-") > 10

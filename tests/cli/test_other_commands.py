"""The other commands: `idpact serve`, `idpact reference`, `idpact rules`."""

import gc
import json
import re
import ssl
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
import trustme
from click.testing import CliRunner

from idpact.cli import main
from idpact_contract.catalogue import CATALOGUE
from idpact_mock import PRESETS
from tests.processes import announced, idpact, running


def test_serve_prints_the_default_issuer_which_answers() -> None:
    """An issuer `default` is there from the start, at /default; its document names it."""
    with running("idpact", "serve", "--port", "0") as process:
        assert process.stdout is not None
        issuer = process.stdout.readline().split()[-1]
        document = httpx.get(f"{issuer}/.well-known/openid-configuration", trust_env=False).json()

    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/default", issuer)
    assert document["issuer"] == issuer


def test_serve_loads_no_suite() -> None:
    """The light server imports neither the contract package nor any test library."""
    code = "import sys, idpact.cli, idpact_mock; idpact_mock.MockIdP, idpact_mock.serve; print(sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    for name in ("idpact_contract", "httpx", "pytest", "hypothesis", "schemathesis", "msgspec", "rich", "jinja2"):
        assert f"'{name}'" not in loaded


@pytest.mark.parametrize("arguments", [[], ["--workers", "2", "--store", "redis://127.0.0.1:1/0"]], ids=["one", "many"])
def test_serve_looks_for_garbage_while_it_serves(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what is loaded at the start is spared; a server that runs for days isn't, nor is any of its workers."""
    found: list[bool] = []
    monkeypatch.setattr("idpact_mock.serve", lambda **_: found.append(gc.isenabled()))

    ran = CliRunner().invoke(main, ["serve", "--port", "0", *arguments])

    assert ran.exit_code == 0, ran.output
    assert found == [True]


def test_serve_on_a_busy_port_is_one_sentence(tmp_path: Path) -> None:
    """Exit code 2, and the address."""
    with running("idpact", "serve", "--port", "0") as process:
        assert process.stdout is not None
        port = process.stdout.readline().rsplit(":", 1)[1].split("/")[0]
        second = idpact("serve", "--port", port, cwd=tmp_path)

    assert second.returncode == 2
    assert port in second.stderr
    assert "Traceback" not in second.stderr


def test_serve_with_tls_hands_out_its_ca(tmp_path: Path) -> None:
    """A client that trusts the CA written by --ca-out reads the document over https."""
    ca = tmp_path / "ca.pem"
    with running("idpact", "serve", "--port", "0", "--tls", "--ca-out", str(ca)) as process:
        assert process.stdout is not None
        issuer = process.stdout.readline().split()[-1]
        trust = ssl.create_default_context(cafile=ca)
        document = httpx.get(f"{issuer}/.well-known/openid-configuration", verify=trust, trust_env=False).json()

    assert issuer.startswith("https://")
    assert document["issuer"] == issuer


def test_check_over_tls_both_ways(tmp_path: Path) -> None:
    """The reference serves https with a CA that its JSON line names, and trusts a certificate given to the mock IdP."""
    ca = trustme.CA()
    cert = ca.issue_cert("127.0.0.1", "localhost")
    ca.cert_pem.write_to_path(tmp_path / "ca.pem")
    for blob in [cert.private_key_pem, *cert.cert_chain_pems]:
        blob.write_to_path(tmp_path / "idp.pem", append=True)
    with running("idpact", "reference", "--port", "0", "--tls", "--trust", str(tmp_path / "ca.pem")) as process:
        told = announced(process)
        command = ["--vars", "-", "--idp-cert", "idp.pem", "--only", "DISC,ACT-4", "--examples", "1"]
        checked = idpact("check", "--profile", "stytch-backend", *command, cwd=tmp_path, told=json.dumps(told))

    assert told["base_url"].startswith("https://")
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_rules_are_the_catalogue(tmp_path: Path) -> None:
    """As text and as JSON, every rule is there with its level."""
    told = idpact("rules", cwd=tmp_path).stdout
    data = json.loads(idpact("rules", "--json", cwd=tmp_path).stdout)

    assert [entry["id"] for entry in data] == list(CATALOGUE)
    assert re.findall(r"^  ([A-Z]+-\d+) ", told, re.MULTILINE) == list(CATALOGUE)


def test_serve_a_preset() -> None:
    """The issuer `default` is the vendor's form, with the parameter given."""
    command = ["--preset", "keycloak", "--preset-parameter", "realm=Blue"]
    with running("idpact", "serve", "--port", "0", *command) as process:
        assert process.stdout is not None
        issuer = process.stdout.readline().split()[-1]
        document = httpx.get(f"{issuer}/.well-known/openid-configuration", trust_env=False).json()

    assert issuer.endswith("/default/realms/Blue")
    assert document["jwks_uri"] == f"{issuer}/protocol/openid-connect/certs"


def test_serve_by_host() -> None:
    """With --identity host the document names the host that was asked."""
    with running("idpact", "serve", "--port", "0", "--identity", "host") as process:
        assert process.stdout is not None
        issuer = process.stdout.readline().split()[-1]
        url = f"{issuer}/.well-known/openid-configuration"
        document = httpx.get(url, headers={"Host": "idp.test"}, trust_env=False).json()

    assert document["issuer"] == "http://idp.test/default"


def test_serve_an_unknown_preset_is_one_sentence(tmp_path: Path) -> None:
    """Exit code 2, and the name that was meant; a parameter without a value is told too."""
    unknown = idpact("serve", "--preset", "octa", cwd=tmp_path)
    unpaired = idpact("serve", "--preset", "okta", "--preset-parameter", "org", cwd=tmp_path)

    assert (unknown.returncode, unpaired.returncode) == (2, 2)
    assert "did you mean okta" in unknown.stderr
    assert "NAME=VALUE" in unpaired.stderr
    assert "Traceback" not in unknown.stderr + unpaired.stderr


def test_presets_are_the_data(tmp_path: Path) -> None:
    """As text and as JSON, every preset is there, and every vendor without one."""
    told = idpact("presets", cwd=tmp_path).stdout
    data = json.loads(idpact("presets", "--json", cwd=tmp_path).stdout)

    assert [entry["name"] for entry in data["presets"]] == list(PRESETS)
    assert [line.split()[0] for line in told.splitlines()[1 : len(PRESETS) + 1]] == list(PRESETS)
    assert set(data["no_preset"]) == {"miniorange", "rippling"}
    assert all(f"no preset for {name}: " in told for name in data["no_preset"])


def test_presets_load_no_server() -> None:
    """Who lists the presets waits for neither server nor cryptography."""
    code = (
        "import sys, idpact.cli; from idpact_mock.presets.listing import as_text; as_text(); print(sorted(sys.modules))"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    for name in ("starlette", "uvicorn", "joserfc", "httptools", "idpact_contract"):
        assert f"'{name}'" not in loaded


def test_serve_with_a_configuration(tmp_path: Path) -> None:
    """The file's issuers are there and no other; the environment beats its server settings."""
    file = tmp_path / "idpact.toml"
    file.write_text('[server]\nurl = "https://file.example"\n[[issuers]]\nname = "acme"\nfailure = "http-404"\n')
    told = {"IDPACT_SERVE_CONFIG": str(file), "IDPACT_SERVE_URL": "https://environment.example"}
    with running("idpact", "serve", env=told) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline().split() for _ in range(2)]

    assert lines == [
        ["issuer", "https://environment.example/acme"],
        ["control", "https://environment.example/_idpact/"],
    ]


def test_serve_with_a_wrong_configuration_is_one_sentence(tmp_path: Path) -> None:
    """Exit code 2, the file, the key, the value, and what would be right."""
    (tmp_path / "idpact.toml").write_text('[[issuers]]\n[[issuers]]\nfailure = "http-40"\n')
    ran = idpact("serve", "--config", "idpact.toml", cwd=tmp_path)

    assert ran.returncode == 2
    assert ran.stderr.startswith(
        "idpact: idpact.toml: issuers[1].failure: 'http-40' is no failure of the catalogue; did you"
    )
    assert ran.stderr.count("\n") == 1

"""The wheel: our three packages and nothing else."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import idpact
import idpact_mock
from tests.processes import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the project as it is."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


def test_only_names_of_our_own_reach_site_packages(wheel: Path) -> None:
    """A user's contract_tests, plugins, mock_idp or tests never meet ours."""
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.partition("/")[0] for name in archive.namelist()}

    assert {top for top in tops if not top.endswith(".dist-info")} == {"idpact", "idpact_contract", "idpact_mock"}


def test_what_is_no_code_is_there_too(wheel: Path) -> None:
    """Type marks, profiles, the check's pytest settings, the report's page."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()

    for name in (
        "idpact/py.typed",
        "idpact_contract/py.typed",
        "idpact_mock/config.schema.json",
        "idpact_mock/console/index.html",
        "idpact_mock/console/console.css",
        "idpact_mock/console/console.js",
        "idpact_mock/console/icon.svg",
        "idpact_mock/py.typed",
        "idpact_contract/targets/profiles/stytch-frontend.toml",
        "idpact_contract/targets/profiles/stytch-backend.toml",
        "idpact_contract/suite/check.ini",
        "idpact_mock/presets/vendors/okta.toml",
    ):
        assert name in names
    assert [name for name in names if name.startswith("idpact_contract/results/page/") and name.endswith(".html.j2")]


def test_the_unpacked_wheel_works_alone(wheel: Path, tmp_path: Path) -> None:
    """Every rule is listed from the wheel's own files."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import idpact_contract.suite as s; print(s.__file__)"
    ran = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)

    assert ran.stdout.strip().startswith(str(tmp_path))


def test_public_names_can_all_be_had() -> None:
    """Each name in `__all__` of the three packages imports, and `__all__` is sorted."""
    for package in (idpact, idpact_mock):
        assert list(package.__all__) == sorted(package.__all__, key=lambda name: (not name.isupper(), name))
        assert [name for name in package.__all__ if getattr(package, name, None) is None] == []

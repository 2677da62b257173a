"""Projects of somebody else's, that own folders of the same names as ours."""

from collections.abc import Callable
from pathlib import Path

import pytest

Project = Callable[..., Path]

CONFTEST = """
import idpact
import pytest
from idpact_contract.reference import build
{imports}

@pytest.fixture(scope="session")
def oidc_target():
    implementation = build(discovery_timeout=2.0{parts})
    settings = implementation.settings
    first, second = settings.orgs
    variables = dict(
        public_token=settings.public_token,
        organization_id=first.organization_id, session_token=first.session_token,
        other_organization_id=second.organization_id, other_session_token=second.session_token,
    )
    with idpact.asgi_target(implementation.app, profile="stytch-frontend", variables=variables) as target:
        yield target
"""


@pytest.fixture
def project(pytester: pytest.Pytester) -> Project:
    """Make a project with its own contract_tests, plugins, mock_idp and tests packages, and one short test file."""

    def make(*, suite: str = "ContractSuite", mutant: str = "") -> Path:
        for name in ("contract_tests", "plugins", "mock_idp", "tests"):
            package = pytester.path / name
            package.mkdir()
            (package / "__init__.py").write_text(f"MINE = {name!r}\n")
        module, _, name = mutant.rpartition(".")
        imports = f"from {module} import {name}" if mutant else ""
        parts = f", connections_class={name}" if mutant else ""
        (pytester.path / "conftest.py").write_text(CONFTEST.format(imports=imports, parts=parts))
        (pytester.path / "tests" / "test_ours.py").write_text(
            "import contract_tests, mock_idp, plugins\n"
            f"from idpact import {suite}\n\n\n"
            f"class TestOurEndpoint({suite}):\n"
            "    def test_our_own_packages_are_ours(self):\n"
            "        assert [contract_tests.MINE, mock_idp.MINE, plugins.MINE] == ['contract_tests', 'mock_idp', 'plugins']\n"
        )
        return pytester.path

    return make

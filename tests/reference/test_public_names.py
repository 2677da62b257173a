"""The package's surface: names are there, in order, and cost nothing before they are used."""

import subprocess
import sys

import pytest

from idpact_contract import reference


def test_every_public_name_is_there_and_in_order() -> None:
    """Adding a name is a decision."""
    assert list(reference.__all__) == sorted(reference.__all__)
    assert [name for name in reference.__all__ if not hasattr(reference, name)] == []
    assert set(reference.__all__) <= set(dir(reference))


def test_an_unknown_name_is_an_attribute_error() -> None:
    """As with any module."""
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = reference.nonsense


def test_importing_the_package_imports_no_server() -> None:
    """Whoever only looks around pays nothing."""
    code = (
        "import sys, idpact_contract.reference; print({'httpx', 'starlette', 'uvicorn', 'sqlite3'} & set(sys.modules))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "set()\n"


def test_the_reference_is_independent_of_what_judges_it() -> None:
    """A mistake in a rule must not be shared by what the rule is tried on."""
    code = (
        "import sys; from idpact_contract.reference import build, run\n"
        "print(sorted(name for name in sys.modules if name.startswith('idpact') and 'reference' not in name))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "['idpact_contract']\n"

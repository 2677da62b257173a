"""The plugin's settings: each is an option of the command line and a name in pytest's configuration file. Imports pytest alone."""

from typing import Final

import pytest

__all__ = ["OPTIONS", "add_options", "setting"]

OPTIONS: Final = (
    ("mock-idp", "URL", "Use the mock IdP that runs there; IDPACT_ADMIN_TOKEN opens its control interface."),
    ("target", "URL", "Add the packaged contract suite, for the implementation there."),
    ("profile", "PROFILE", "The implementation's wire: a built-in profile's name, or a TOML file."),
    ("vars", "FILE", "JSON file of the profile's variables; IDPACT_<NAME> beats it."),
    ("ca", "FILE", "PEM file to trust for an https implementation."),
    ("only", "RULE[,RULE]", "Only these rules, families or cases of the contract; other tests run as ever."),
    ("report", "FILE", "Write the contract's result document, of all pytest-xdist workers together."),
)
"""Name, what it is given, and what it does. `--idpact-mock-idp` is `idpact_mock_idp` in a file."""


def add_options(parser: pytest.Parser) -> None:
    """Declare all of them."""
    group = parser.getgroup("idpact", "mock identity provider and contract suite (idpact)")
    for name, metavar, told in OPTIONS:
        group.addoption(f"--idpact-{name}", metavar=metavar, default=None, help=told)
        if name == "only":  # a list in native TOML
            parser.addini(_in_file(name), told, type="args", default=[])
        else:
            parser.addini(_in_file(name), told, type="string", default="")
    told = "Go ahead although the implementation is not on this machine: connections are created and deleted there."
    group.addoption("--idpact-yes", action="store_true", help=told)
    parser.addini("idpact_yes", told, type="bool", default=False)


def setting(config: pytest.Config, name: str) -> str | None:
    """What an option says, or else the configuration file; None where neither does."""
    told = config.getoption(f"--idpact-{name}") or config.getini(_in_file(name))
    return ",".join(told) if isinstance(told, list) else str(told or "") or None


def _in_file(name: str) -> str:
    return f"idpact_{name.replace('-', '_')}"

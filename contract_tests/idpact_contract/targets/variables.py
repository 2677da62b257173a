"""The variables of a run: tokens and ids from a file, the environment and the command line. Knows no wire."""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

__all__ = ["SettingsError", "gather_variables"]

_PREFIX: Final = "IDPACT_"


class SettingsError(ValueError):
    """A run that can't be started as it was asked for; the message names what was given and what would be right."""


def gather_variables(
    pairs: Sequence[str] = (), file: str | None = None, environ: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Variables from a JSON file, the environment and `name=value` pairs; later ones beat earlier ones.

    The file `-` is standard input. In the file an `orgs` list of two fills organization_id, session_token and their
    twins with other_.

    Raises:
        SettingsError: A pair has no `=`, or the file can't be read as a JSON object of strings.
    """
    variables = _from_file(file) if file else {}
    for name, value in (os.environ if environ is None else environ).items():
        if name.startswith(_PREFIX) and value:
            variables[name.removeprefix(_PREFIX).lower()] = value
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            # What was given may be a secret whose name was forgotten: it isn't repeated.
            raise SettingsError(
                "--var: a variable is given as name=value; one was given without a name or without the ="
            )
        variables[name] = value
    return variables


def _from_file(file: str) -> dict[str, str]:
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text("utf-8")
        told: Any = json.loads(text)
    except OSError as error:
        raise SettingsError(f"--vars {file!r}: {error.strerror}") from error
    except ValueError as error:
        raise SettingsError(f"--vars {file!r}: not JSON: {error}") from error
    if not isinstance(told, dict):
        raise SettingsError(f"--vars {file!r}: a JSON object of names and strings is needed")
    organizations = _organizations(file, told.pop("orgs", []))
    flat = {**told, **organizations}
    for name, value in flat.items():
        if not isinstance(value, str):
            raise SettingsError(f"--vars {file!r}: {name} has to be a string, not {type(value).__name__}")
    return flat


def _organizations(file: str, orgs: object) -> dict[str, str]:
    flat: dict[str, str] = {}
    if not isinstance(orgs, list) or not all(isinstance(entry, dict) for entry in orgs):
        raise SettingsError(f"--vars {file!r}: orgs has to be a list of objects")
    for prefix, organization in zip(("", "other_"), orgs, strict=False):
        flat |= {f"{prefix}{name}": value for name, value in organization.items()}
    return flat

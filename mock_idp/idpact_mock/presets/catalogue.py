"""The presets by name, read from the vendors' files when first looked at."""

import difflib
import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final, Generic, TypeVar

from idpact_mock.presets.model import Preset

__all__ = ["NO_PRESET", "PRESETS", "preset_of"]

_Value = TypeVar("_Value")


@cache
def _vendors() -> dict[str, dict[str, Any]]:
    found = sorted((files(__package__ or "") / "vendors").iterdir(), key=lambda file: file.name)
    read = [tomllib.loads(file.read_text(encoding="utf-8")) for file in found if file.name.endswith(".toml")]
    return {vendor["identity_provider"]: vendor for vendor in read}


@cache
def _presets() -> dict[str, Preset]:
    return {name: Preset.read(name, vendor) for vendor in _vendors().values() for name in vendor.get("forms", {})}


@cache
def _reasons() -> dict[str, str]:
    return {name: vendor["none"] for name, vendor in _vendors().items() if "none" in vendor}


class _Lazily(Mapping[str, _Value], Generic[_Value]):
    """A read-only mapping that is made when first looked at."""

    def __init__(self, make: Callable[[], dict[str, _Value]]) -> None:
        self._make = make

    def __getitem__(self, name: str) -> _Value:
        return self._make()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._make())

    def __len__(self) -> int:
        return len(self._make())


PRESETS: Final[Mapping[str, Preset]] = _Lazily(_presets)
"""All presets by name; `generic` is the mock IdP's own form."""

NO_PRESET: Final[Mapping[str, str]] = _Lazily(_reasons)
"""The vendors that connections have a name for and that have no preset, and why."""


def preset_of(name: str) -> Preset:
    """The preset of that name.

    Raises:
        TypeError: `name` is no string.
        ValueError: There is none; the message says why, or lists names that are near.
    """
    if not isinstance(name, str):
        raise TypeError(f"preset: {name!r} must be a preset's name")
    preset = PRESETS.get(name)
    if preset is not None:
        return preset
    if name in NO_PRESET:
        raise ValueError(f"preset: there is none for {name!r}; use 'generic'. {NO_PRESET[name]}")
    near = difflib.get_close_matches(name, PRESETS, n=3)
    hint = f"did you mean {', '.join(near)}?" if near else f"known are {', '.join(PRESETS)}"
    raise ValueError(f"preset: {name!r} is none; {hint}")

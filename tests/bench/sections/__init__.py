"""The sections of the report: each module here is one, and its name is what `--only` knows it by."""

from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, cast

from tests.bench.figures import Result

__all__ = ["Section", "sections"]


class Section(Protocol):
    """A module that measures something. Its docstring says how, in the report, too.

    Attributes:
        TITLE: Its heading.
        ORDER: Its place among the sections.
    """

    TITLE: str
    ORDER: int
    __name__: str
    __doc__: str | None

    def measure(self) -> Result:
        """Measure."""


def sections() -> dict[str, Section]:
    """Every section by its name, in order."""
    found = {
        module.name: cast("Section", import_module(f"{__name__}.{module.name}")) for module in iter_modules(__path__)
    }
    return dict(sorted(found.items(), key=lambda item: item[1].ORDER))

"""The reference implementation: a real server of both official wires that follows the contract to the letter.

It stands alone: it is judged by the rules and shares no code with them. Names are imported when first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from idpact_contract.reference.discovery import Discovery, Metadata, Unreadable
    from idpact_contract.reference.errors import RequestRefusedError
    from idpact_contract.reference.model import Connection
    from idpact_contract.reference.running import run
    from idpact_contract.reference.server import Reference, build
    from idpact_contract.reference.service import Connections, Updated
    from idpact_contract.reference.settings import Organization, Settings
    from idpact_contract.reference.store import Store
    from idpact_contract.reference.wire import Wire

__all__ = [
    "Connection",
    "Connections",
    "Discovery",
    "Metadata",
    "Organization",
    "Reference",
    "RequestRefusedError",
    "Settings",
    "Store",
    "Unreadable",
    "Updated",
    "Wire",
    "build",
    "run",
]

_HOMES: Final = {
    "Connection": "model",
    "Connections": "service",
    "Discovery": "discovery",
    "Metadata": "discovery",
    "Organization": "settings",
    "Reference": "server",
    "RequestRefusedError": "errors",
    "Settings": "settings",
    "Store": "store",
    "Unreadable": "discovery",
    "Updated": "service",
    "Wire": "wire",
    "build": "server",
    "run": "running",
}


def __getattr__(name: str) -> object:
    try:
        home = _HOMES[name]
    except KeyError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
    value: object = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

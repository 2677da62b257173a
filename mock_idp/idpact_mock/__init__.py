"""A mock OpenID provider for tests: many issuers in one server, failures on demand, and a journal of what was asked.

Names are imported when first used: `import idpact_mock` alone loads no server, no client and no cryptography.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from idpact_mock.entry import Entry
    from idpact_mock.failures import FAILURES, Failing, FailureMode, FailureWish, Outcome, Schedule
    from idpact_mock.issuer import Issuer
    from idpact_mock.journal import Journal
    from idpact_mock.mock import MockIdP
    from idpact_mock.presets import NO_PRESET, PRESETS, Preset
    from idpact_mock.remote import RemoteIssuer, RemoteJournal, RemoteMockIdP
    from idpact_mock.serving import serve
    from idpact_mock.switches import SWITCHES, Switch
    from idpact_mock.threaded import ThreadedServer
    from idpact_mock.tls import ServerTLS

__all__ = [
    "FAILURES",
    "NO_PRESET",
    "PRESETS",
    "SWITCHES",
    "Entry",
    "Failing",
    "FailureMode",
    "FailureWish",
    "Issuer",
    "Journal",
    "MockIdP",
    "Outcome",
    "Preset",
    "RemoteIssuer",
    "RemoteJournal",
    "RemoteMockIdP",
    "Schedule",
    "ServerTLS",
    "Switch",
    "ThreadedServer",
    "serve",
]

_HOMES: Final = {
    "FAILURES": "failures",
    "NO_PRESET": "presets",
    "PRESETS": "presets",
    "SWITCHES": "switches",
    "Entry": "entry",
    "Failing": "failures",
    "FailureMode": "failures",
    "FailureWish": "failures",
    "Issuer": "issuer",
    "Journal": "journal",
    "MockIdP": "mock",
    "Outcome": "failures",
    "Preset": "presets",
    "RemoteIssuer": "remote",
    "RemoteJournal": "remote",
    "RemoteMockIdP": "remote",
    "Schedule": "failures",
    "ServerTLS": "tls",
    "Switch": "switches",
    "ThreadedServer": "threaded",
    "serve": "serving",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a module attribute may be anything; type checkers see the imports above
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

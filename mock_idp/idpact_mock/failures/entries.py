"""The whole catalogue: the failures of all sections, in the sections' order."""

from collections.abc import Mapping
from typing import Final

from idpact_mock.failures import address, body, connection, document, status
from idpact_mock.failures.mode import FailureMode, catalogue

__all__ = ["FAILURES"]

FAILURES: Final[Mapping[str, FailureMode]] = catalogue(
    *connection.MODES, *status.MODES, *body.MODES, *document.MODES, *address.MODES
)

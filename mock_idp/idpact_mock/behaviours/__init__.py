"""What each failure does: a table from id to a small function. Whether it counts as a failure is `failures`' business.

A behaviour is handed the exchange, whose request has been read and journalled, and a scene: the answer that a working
endpoint would give, from which it may borrow, and its parameters. Each must end the exchange: by an answer, by a reset, or
by waiting for the client to leave.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from idpact_mock.behaviours.address import ADDRESS, DECOYS, decoy
from idpact_mock.behaviours.body import BODY
from idpact_mock.behaviours.connection import CONNECTION
from idpact_mock.behaviours.document import DOCUMENT
from idpact_mock.behaviours.scene import Behaviour, Scene
from idpact_mock.behaviours.status import STATUS

__all__ = ["BEHAVIOURS", "DECOYS", "Behaviour", "Scene", "decoy"]

BEHAVIOURS: Final[Mapping[str, Behaviour]] = MappingProxyType({**CONNECTION, **STATUS, **BODY, **DOCUMENT, **ADDRESS})
"""All failures but those of the address that no request can reach."""

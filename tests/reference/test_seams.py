"""The seams: a faulty implementation is a subclass that decides one thing otherwise."""

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING

from idpact_contract.reference import Connection, Connections, Discovery, Reference, Store, Wire, build
from tests.reference import conftest

if TYPE_CHECKING:
    from tests.reference.conftest import Idp

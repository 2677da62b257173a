"""Which changes made which issuers, so that the log can forget them once the issuer is gone. Knows no Redis.

The word that an issuer was dropped stays for a while, for servers that are behind; then whoever is asked for a change takes it out.
"""

import json
import time
from collections import deque
from typing import Final

from idpact_mock.shared.backing import SharedBacking
from idpact_mock.shared.log import LIMIT, Operation
from idpact_mock.shared.passing import Answered, below

__all__ = ["STALE", "TRIMMED", "Ledger"]

STALE: Final = 60.0
"""Seconds without a look after which a server no longer knows whether it has missed a change."""

TRIMMED: Final = 2 * STALE
"""Seconds after which no server needs the word that an issuer was dropped."""

_AT_ONCE: Final = 1_000


class Ledger:
    """The issuers of one server, and the changes that made them what they are."""

    def __init__(self) -> None:
        self._backings: dict[str, SharedBacking] = {}
        self._fresh: dict[str, SharedBacking] = {}
        self._made: dict[str, list[str]] = {}
        self._dropped: deque[tuple[float, str]] = deque(maxlen=LIMIT)

    def backing(self, name: str) -> SharedBacking | None:
        """What is behind the issuer of that name, if there is one."""
        return self._backings.get(name)

    def backings(self) -> list[SharedBacking]:
        """What is behind all of them."""
        return list(self._backings.values())

    def configured(self, name: str, backing: SharedBacking) -> None:
        """An issuer of the configuration is made: whoever joins makes it by itself."""
        self._backings[name] = backing

    def begun(self, name: str, backing: SharedBacking) -> None:
        """An issuer is being made by a change; whether it comes to be, `kept` is told."""
        self._fresh[name] = backing

    def kept(self, position: str, operation: Operation, answered: Answered) -> tuple[list[str], SharedBacking | None]:
        """The changes that nobody who joins later has to make, and what was behind an issuer that is gone."""
        fresh, self._fresh = self._fresh, {}
        if answered.status >= 400:  # noqa: PLR2004 - HTTP's classes: nothing was changed
            return [position], None
        match below(operation.path):
            case ["issuers"]:
                name = json.loads(answered.body)["name"]
                self._backings[name] = fresh[name]
                self._made[name] = [position]
            case ["issuers", name] if operation.method == "DELETE":
                return self._drop(position, name), self._backings.pop(name, None)
            case ["issuers", name, *_] if name in self._made:
                self._made[name].append(position)
        return [], None

    def trimmed(self) -> list[str]:
        """The words of drops that all have heard; nobody minds if another server takes them out, too."""
        old, now = list[str](), time.monotonic()
        while self._dropped and now - self._dropped[0][0] > TRIMMED and len(old) < _AT_ONCE:
            old.append(self._dropped.popleft()[1])
        return old

    def _drop(self, position: str, name: str) -> list[str]:
        made = self._made.pop(name, None)
        if made is None:  # of the configuration: whoever joins makes it again, and has to drop it
            return []
        self._dropped.append((time.monotonic(), position))
        return made

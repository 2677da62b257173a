"""The bookkeeping of one exchange in its journal entry: bytes, end and seconds. Told by the server; sends nothing."""

import logging
import time
from typing import TYPE_CHECKING

from idpact_mock.requestlog import LOGGER, line

if TYPE_CHECKING:
    from idpact_mock.entry import Ended, Entry
    from idpact_mock.journal import Journal

__all__ = ["Tally"]


class Tally:
    """What becomes of one request.

    Args:
        entry: Its journal entry, which is filled in as things happen.
        journal: The entry's journal.
    """

    __slots__ = ("_began", "_logged", "entry", "journal", "last")

    def __init__(self, entry: "Entry", journal: "Journal") -> None:
        self.entry = entry
        self.journal = journal
        self.last = False
        """The next bytes written are the answer's last."""
        self._began = time.perf_counter()
        self._logged = False

    def sending(self, count: int) -> None:
        """That many bytes are about to be written."""
        entry = self.entry
        entry.bytes_sent += count
        if self.last:
            # Before the bytes leave and not after, so that whoever has read the whole answer finds the entry complete.
            entry.seconds = time.perf_counter() - self._began
            entry.ended = "complete"

    def stalled(self) -> None:
        """The bytes written wait in a buffer: the exchange isn't complete after all."""
        entry = self.entry
        if entry.ended == "complete":
            entry.ended, entry.seconds = "pending", None

    def end(self, ended: "Ended") -> None:
        """The exchange has ended; what ended it first stays."""
        entry = self.entry
        if entry.ended == "pending":
            entry.seconds = time.perf_counter() - self._began
            entry.ended = ended
        self.journal.changed()
        if not self._logged and LOGGER.isEnabledFor(logging.INFO):
            self._logged = True
            LOGGER.info(line(entry))

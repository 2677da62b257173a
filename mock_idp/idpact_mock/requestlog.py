"""A line for each request, by Python's logging: for those who watch a process. The journal knows more, and forgets less.

Lines are logfmt: pairs of a name and a value, the value in quotes where it has anything unusual. No header, no body and no token,
which are secrets.
"""

import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, TextIO

from idpact_mock.entry import Entry

__all__ = ["LOGGER", "line", "written_to"]

LOGGER: Final = logging.getLogger("idpact_mock.requests")
"""Logs at INFO, once a request has ended; silent until somebody listens."""
LOGGER.addHandler(logging.NullHandler())

_PLAIN: Final = re.compile(r"[!#-<>-\[\]-~]+")
_FORMAT: Final = "%(asctime)s %(message)s"


def line(entry: Entry) -> str:
    """What is told of a request that has ended."""
    told = {
        "issuer": entry.issuer,
        "kind": entry.kind,
        "method": entry.method,
        "target": entry.shown_target,
        "status": entry.status,
        "outcome": entry.outcome.value,
        "failure": entry.failure,
        "identity": entry.identity,
        "ended": entry.ended,
        "seconds": None if entry.seconds is None else f"{entry.seconds:.4f}",
        "bytes": entry.bytes_sent,
        "client": entry.client,
    }
    return " ".join(f"{name}={_value(value)}" for name, value in told.items() if value is not None)


@contextmanager
def written_to(stream: TextIO) -> Iterator[None]:
    """Write the lines there, each after its time, as long as this lasts."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter(_FORMAT))
    before = LOGGER.level
    LOGGER.addHandler(handler)
    LOGGER.setLevel(logging.INFO)
    try:
        yield
    finally:
        LOGGER.setLevel(before)
        LOGGER.removeHandler(handler)


def _value(value: object) -> str:
    text = str(value)
    return text if _PLAIN.fullmatch(text) else json.dumps(text)

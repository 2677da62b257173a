"""What the query of a control request asks for, beyond `wishes`: which issuers to list, how to follow a journal. No HTTP here."""

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Self

from idpact_mock.issuer import Issuer
from idpact_mock.wishes import Look

__all__ = ["LONGEST_STREAM", "Follow", "Listing"]

LONGEST_STREAM: Final = 3600.0
"""Seconds that one stream of events may last; who wants more comes again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A wish to list issuers.

    Attributes:
        search: Only those with this in their name or URL.
        limit: So many at most; None for all.
    """

    search: str = ""
    limit: int | None = None

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Self:
        """Read a request's query.

        Raises:
            ValueError: A parameter is unknown or wrong; the message names it.
        """
        _only(query, {"search", "limit"})
        limit = query.get("limit")
        if limit is not None and not (limit.isascii() and limit.isdigit() and len(limit) <= 18):  # noqa: PLR2004 - as in `Look`
            raise ValueError(f"limit: {limit!r} must be a whole number from 0")
        return cls(search=query.get("search", ""), limit=None if limit is None else int(limit))

    def of(self, issuers: Iterable[Issuer]) -> tuple[list[Issuer], int]:
        """Those to list, and how many match in all."""
        found = [issuer for issuer in issuers if self.search in issuer.name or self.search in issuer.url]
        return found[: self.limit], len(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Follow:
    """A wish to follow a journal.

    Attributes:
        since: A mark; None for the newest entry's.
        timeout: The stream ends after so many seconds.
    """

    since: int | None = 0
    timeout: float = 300.0

    @classmethod
    def read(cls, query: Mapping[str, str], *, last_event_id: str | None = None) -> Self:
        """Read a request's query, and its Last-Event-ID, which wins over `since`.

        Raises:
            ValueError: A parameter is unknown or wrong; the message names it.
        """
        _only(query, {"since", "timeout"})
        since = Look.read({"since": query.get("since", "0")}).since
        if last_event_id is not None:
            try:
                since = Look.read({"since": last_event_id}).since
            except ValueError as error:
                raise ValueError(f"Last-Event-ID: {error}") from error
        timeout = query.get("timeout", "300")
        try:
            seconds = float(timeout)
        except ValueError:
            seconds = math.nan
        if not 0 <= seconds <= LONGEST_STREAM:
            raise ValueError(f"timeout: {timeout!r} must be seconds from 0 to {LONGEST_STREAM:g}")
        return cls(since=since, timeout=seconds)


def _only(query: Mapping[str, str], known: Collection[str]) -> None:
    unknown = sorted(set(query) - set(known))
    if unknown:
        raise ValueError(f"query: {unknown[0]!r} is unknown; known are {', '.join(sorted(known))}")

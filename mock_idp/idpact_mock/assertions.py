"""Assertions about what was asked of an issuer, whose failures show what was wanted, what was seen and what came closest.

Knows entries of journals and no test runner. Raises by itself: an `assert` would say nothing under `python -O`.
"""

import time
from collections.abc import Iterable, Sequence
from typing import Final, Protocol
from urllib.parse import urlsplit

from idpact_mock.entry import Entry, Kind

__all__ = ["Assertions"]

_SHOWN: Final = 10


class _Journal(Protocol):
    def since(self, mark: int) -> tuple[Entry, ...]:
        """The entries numbered above `mark`, oldest first."""

    def wait(self, count: int, *, since: int = 0, timeout: float = 5.0, ended: bool = False) -> tuple[Entry, ...]:
        """Wait until that many requests came."""


class _Issuer(Protocol):
    @property
    def url(self) -> str:
        """The issuer as it is typed."""

    @property
    def discovery_url(self) -> str:
        """Where its document is."""

    @property
    def journal(self) -> _Journal:
        """The requests that reached it."""

    @property
    def strays(self) -> _Journal | None:
        """The requests that matched no issuer of its server."""

    @property
    def known_since(self) -> float:
        """Unix time from which on the test knows it: earlier strays were not meant for it."""

    def assert_requested(
        self,
        kind: Kind,
        *,
        times: int | None = None,
        method: str | None = None,
        since: int = 0,
        timeout: float = 0.0,
    ) -> tuple[Entry, ...]:
        """As below."""


class Assertions:
    """What a test can assert of an issuer; a base of `Issuer` and `RemoteIssuer`."""

    __slots__ = ()

    def assert_discovered(
        self: _Issuer, *, times: int | None = None, since: int = 0, timeout: float = 0.0
    ) -> tuple[Entry, ...]:
        """The discovery document was requested; see `assert_requested`. `times=0` asserts that it was not.

        Raises:
            AssertionError: It was not, or not that often.
        """
        __tracebackhide__ = True  # pytest shows the test's own line
        return self.assert_requested("discovery", times=times, since=since, timeout=timeout)

    def assert_requested(
        self: _Issuer,
        kind: Kind,
        *,
        times: int | None = None,
        method: str | None = None,
        since: int = 0,
        timeout: float = 0.0,
    ) -> tuple[Entry, ...]:
        """One of the issuer's endpoints was requested.

        Args:
            kind: The endpoint, such as "discovery", "jwks", "token" or "userinfo"; see `Entry.kind`.
            times: Exactly so often; at least once by default.
            method: Only requests of this method count.
            since: A mark of the journal: only what came later counts.
            timeout: Seconds to wait for the requests, where somebody sends them in the background.

        Returns:
            The requests that count, oldest first.

        Raises:
            AssertionError: It was not, or not that often; the message shows the closest of the other requests.
        """
        __tracebackhide__ = True  # pytest shows the test's own line
        least = 1 if times is None else times
        deadline = time.monotonic() + timeout
        entries = self.journal.since(since)
        counting = _counting(entries, kind, method)
        while len(counting) < least and (left := deadline - time.monotonic()) > 0:
            try:
                entries = self.journal.wait(len(entries) + 1, since=since, timeout=left)
            except TimeoutError:
                entries = self.journal.since(since)
            counting = _counting(entries, kind, method)
        enough = len(counting) == times if times is not None else bool(counting)
        if not enough:
            strays = () if self.strays is None else self.strays.since(0)
            later = [entry for entry in strays if entry.at >= self.known_since]
            raise AssertionError(_Wish(self, kind, method, times).refused(counting, entries, later))
        return counting


def _counting(entries: Iterable[Entry], kind: Kind, method: str | None) -> tuple[Entry, ...]:
    return tuple(entry for entry in entries if entry.kind == kind and method in (None, entry.method))


class _Wish:
    """What was asserted, in words."""

    def __init__(self, issuer: _Issuer, kind: Kind, method: str | None, times: int | None) -> None:
        self._issuer = issuer
        self._kind = kind
        self._method = method or ("GET" if kind == "discovery" else None)
        self._times = times

    @property
    def _request(self) -> str:
        if self._kind == "discovery":
            return f"{self._method} {urlsplit(self._issuer.discovery_url).path}"
        return f"{self._method or 'a request'} to the {self._kind} endpoint"

    def refused(self, counting: Sequence[Entry], entries: Sequence[Entry], strays: Sequence[Entry]) -> str:
        """The message: wanted, seen, and what came closest."""
        wanted = "at least once" if self._times is None else _times(self._times)
        lines = [
            f"issuer {self._issuer.url}",
            f"  wanted   {self._request}, {wanted}",
            f"  saw      it {_times(len(counting))}, among {_requests(len(entries))}",
            *(f"           {entry.summary()}" for entry in entries[-_SHOWN:]),
        ]
        few = len(counting) < (1 if self._times is None else self._times)
        others = [(entry, "") for entry in entries if entry not in counting]
        others += [(entry, ", which matched no issuer") for entry in strays]
        if few and others:
            entry, where = max(others, key=lambda other: self._likeness(other[0]))
            lines.append(f"  closest  {entry.method} {entry.shown_target} -> {entry.status}{where}")
        return "\n".join(lines)

    def _likeness(self, entry: Entry) -> float:
        from difflib import SequenceMatcher  # noqa: PLC0415 - for those that fail alone

        return SequenceMatcher(None, self._request, f"{entry.method} {entry.target[:500]}", autojunk=False).ratio()


def _times(count: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(count, f"{count} times")


def _requests(count: int) -> str:
    return "1 request" if count == 1 else f"{count or 'no'} requests"

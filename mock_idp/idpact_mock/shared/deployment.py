"""One server's part in a deployment of many: it makes every change that any of them was asked for, before it answers anybody.

A request waits for one look at the log, which it shares with all that wait at the time. So a request that comes after a change was
answered sees it, at whatever server, and no server has to know which others there are.
"""

import asyncio
import base64
import hmac
import logging
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from starlette.requests import Request
from starlette.responses import Response

from idpact_mock.errors import StoreError
from idpact_mock.shared.backing import SharedBacking
from idpact_mock.shared.journal import Outbox, SharedJournal
from idpact_mock.shared.ledger import STALE, Ledger
from idpact_mock.shared.link import IDLE, Link
from idpact_mock.shared.log import Log, Operation
from idpact_mock.shared.passing import PASSED_ON, Answered, answered_by, below, is_for_all, operation_of
from idpact_mock.shared.rounds import Rounds

if TYPE_CHECKING:
    from starlette.types import ASGIApp

__all__ = ["Deployment"]

_STORE_AWAY: Final = 503

_LOGGER: Final = logging.getLogger("idpact_mock.shared")

_START: Final = "start"
"""The making of the configuration's issuers, as if it were a change."""

_SEEN: Final = 1_000
"""Changes that are recognized where one was written down twice."""

_LOOKS: Final = 5.0
_LOOKS_AGAIN: Final = 0.5
_TOUCHES: Final = IDLE / 24

_SHELVES: Final = (
    "codes",
    "access",
    "refresh",
    "devices",
    "user_codes",
    "sessions",
    "assertions",
    "taken",
    "revoked",
)


class Deployment:
    """What a server shares; see `idpact_mock.backing.Sharing`.

    Args:
        link: The way to Redis.
        lost: Called when Redis has lost what was there, so that this server has to begin anew.

    Attributes:
        admin_token: The same at all servers, for those that weren't given one.

    Raises:
        StoreError: Redis can't be used.
    """

    def __init__(self, link: Link, *, lost: Callable[[], None]) -> None:
        self._link = link
        self._log = Log(link)
        self._life = self._log.secret()
        self._secret = self._life.encode("ascii")
        self._lost = lost
        self.admin_token: Final = base64.urlsafe_b64encode(
            hmac.digest(self._secret, b"admin token", "sha256")[:24]
        ).decode()
        self.outbox: Final = Outbox(link, look=self._look_now)
        self._opened: asyncio.Event | None = None
        self._nudged = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._looking: asyncio.Task[None] | None = None
        self._looks = Rounds(self._catch_up)
        self._flushes = Rounds(self._flush)
        self._control: Callable[[], ASGIApp] | None = None
        self._position = "0-0"
        self._change = _START
        self._seen: deque[str] = deque(maxlen=_SEEN)
        self._asked: dict[str, Answered | None] = {}
        self._ledger = Ledger()
        self._loss: StoreError | None = None
        self._looked: float | None = None
        self._away = False

    # -- the change that is being made ---------------------------------------------------------------------------------

    @property
    def change(self) -> str:
        """The name of the change that is being made."""
        return self._change

    @property
    def at(self) -> float | None:
        """When it was asked for, unix time."""
        milliseconds = self._change.partition("-")[0]
        return int(milliseconds) / 1000 if milliseconds.isdigit() else None

    # -- what issuers ask for ------------------------------------------------------------------------------------------

    def backing(self, name: str) -> SharedBacking:
        """What is behind the issuer of that name, which is just being made."""
        issuer = f"{name}@{self._change}"
        backing = SharedBacking(self._link, self.outbox, secret=self._secret, issuer=issuer, now=self)
        if self._change == _START:
            self._ledger.configured(name, backing)
        else:
            self._ledger.begun(name, backing)
        return backing

    def strays(self) -> SharedJournal:
        """The journal of requests that match no issuer."""
        return self.outbox.journal(self._link.key("strays"))

    # -- what the server asks for --------------------------------------------------------------------------------------

    def around(self, app: "ASGIApp", *, control: "Callable[[], ASGIApp]") -> "ASGIApp":
        """The application as requests are to reach it."""
        from idpact_mock.shared.app import SharedApp  # noqa: PLC0415 - it builds on this module

        self._control = control
        return SharedApp(app, self)

    def begin(self, loop: asyncio.AbstractEventLoop) -> None:
        """The server's loop runs; no request is answered before `open`. Called in the loop."""
        self._loop, self._opened = loop, asyncio.Event()
        self.outbox.begin()

    def open(self) -> None:
        """All issuers of the configuration are there: changes can be made, and requests answered. From any thread."""
        assert self._loop is not None  # noqa: S101 - the server has been started
        self._loop.call_soon_threadsafe(self._open)

    def close(self) -> None:
        """Tell the others what is left to tell, and let go of Redis. Once the server has stopped."""
        self.outbox.close()
        self._link.close()

    async def catch_up(self) -> None:
        """Return once every change is made that was written down before.

        Raises:
            StoreError: Redis can't be used, or has lost them.
        """
        assert self._opened is not None  # noqa: S101 - requests come to a server that has been started
        await self._opened.wait()
        await self._looks.join()

    async def flush(self) -> None:
        """Return once the others know of every request that was journalled here.

        Raises:
            StoreError: Redis can't be used.
        """
        await self._flushes.join()

    async def refresh(self, path: str) -> None:
        """Bring the journals up to date that a control request is about.

        Raises:
            StoreError: Redis can't be used.
        """
        match below(path):
            case ["strays", *_]:
                await self._refresh(self._link.key("strays"))
            case ["issuers", name, "journal" | "events"] if (found := self._ledger.backing(name)) is not None:
                await self._refresh(found.keys[0])
            case ["issuers", name] if (found := self._ledger.backing(name)) is not None:
                await asyncio.to_thread(self._hear_totals, found.keys[0])
            case ["issuers"]:
                await asyncio.to_thread(self._hear_totals)

    def told(self, error: StoreError | None) -> None:
        """Log once that Redis is away, and once that it is back."""
        if error is not None and not self._away:
            _LOGGER.warning("%s; requests are answered 503 meanwhile", error)
        if error is None and self._away:
            _LOGGER.warning("%s is back", self._link.shown)
        self._away = error is not None

    # -- changes -------------------------------------------------------------------------------------------------------

    def passes_on(self, request: Request) -> bool:
        """Whether all servers have to make this change."""
        return is_for_all(request)

    def is_passed_on(self, request: Request) -> bool:
        """Whether this is such a change, which was admitted where it came in."""
        return PASSED_ON in request.scope

    async def pass_on(self, request: Request) -> Response:
        """Write a change down, make it with all that came before, and answer.

        Raises:
            BusyError: The log is full.
            StoreError: Redis can't be used.
        """
        operation = await operation_of(request)
        self._asked[operation.token] = None
        try:
            await asyncio.to_thread(self._log.append, operation)
            await self._looks.join()
            answered = self._asked[operation.token]
        finally:
            del self._asked[operation.token]
        assert answered is not None  # noqa: S101 - a look that begins after the writing finds it
        response = Response(answered.body, status_code=answered.status)
        response.raw_headers = answered.headers
        return response

    # -- inside --------------------------------------------------------------------------------------------------------

    def _open(self) -> None:
        assert self._opened is not None  # noqa: S101 - the loop runs
        self._opened.set()
        self._looking = asyncio.get_running_loop().create_task(self._look())

    def _look_now(self) -> None:
        """Somebody has written a change down: make it before it is needed. From any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._nudged.set)

    async def _look(self) -> None:
        """Look also while nobody asks, so that no server falls behind, and keep what is kept."""
        touched = time.monotonic()
        while True:
            try:
                await self._looks.join()
                self.told(None)
                if time.monotonic() - touched > _TOUCHES:
                    await asyncio.to_thread(self._touch)
                    touched = time.monotonic()
            except StoreError as error:
                self.told(error)
            with suppress(TimeoutError):
                async with asyncio.timeout(_LOOKS_AGAIN if self._away else _LOOKS):
                    await self._nudged.wait()
            self._nudged.clear()

    async def _flush(self) -> None:
        await asyncio.to_thread(self.outbox.flush)

    async def _catch_up(self) -> None:
        while True:
            began = time.monotonic()
            life, batch = await asyncio.to_thread(self._log.after, self._position)
            if self._loss is not None:
                raise self._loss
            if life != self._life:
                raise self._at_a_loss("has lost what was there")
            if self._looked is not None and began - self._looked > STALE:
                raise self._at_a_loss("wasn't there for long")
            self._looked = began
            for position, operation in batch:
                if operation.token not in self._seen:
                    self._seen.append(operation.token)
                    await self._make(position, operation)
                self._position = position
            if not batch:
                return

    async def _make(self, position: str, operation: Operation) -> None:
        answered = await self._answered(position, operation)
        superfluous, gone = self._ledger.kept(position, operation, answered)
        if operation.token in self._asked:
            self._asked[operation.token] = answered
            superfluous = [*superfluous, *self._ledger.trimmed()]
            if superfluous or gone is not None:
                with suppress(StoreError):  # the change is made all the same, and what is left expires
                    await asyncio.to_thread(self._forget, superfluous, gone)

    async def _answered(self, position: str, operation: Operation) -> Answered:
        """What the control interface of this server makes of a change.

        Raises:
            StoreError: Redis went away meanwhile: nobody knows how much of it was made.
        """
        assert self._control is not None  # noqa: S101 - `around` comes first
        self._change = position
        try:
            answered = await answered_by(self._control(), operation)
        except Exception:  # an error of ours, which is to stop no other change
            _LOGGER.exception("%s %s can't be made", operation.method, operation.path)
            return Answered(500, [], b"")
        finally:
            self._change = _START
        if answered.status == _STORE_AWAY:
            raise self._at_a_loss("went away while a change was made")
        return answered

    def _at_a_loss(self, what: str) -> StoreError:
        """Have this server begin anew; returns what to raise."""
        error = self._loss = StoreError(f"{self._link.shown} {what}; this server begins anew")
        self.told(None)
        self.told(error)
        self._lost()
        return error

    def _forget(self, superfluous: list[str], gone: SharedBacking | None) -> None:
        self._log.forget(*superfluous)
        if gone is not None:
            with self._link.talking():
                self._link.client.unlink(*gone.all_keys(_SHELVES))

    async def _refresh(self, key: str) -> None:
        for journal in self.outbox.journals():
            if journal.key == key:
                await asyncio.to_thread(journal.refresh)

    def _hear_totals(self, *keys: str) -> None:
        journals = [journal for journal in self.outbox.journals() if not keys or journal.key in keys]
        with self._link.talking(), self._link.client.pipeline(transaction=False) as pipe:
            for journal in journals:
                pipe.hget(journal.key, "n")
            for journal, total in zip(journals, pipe.execute(), strict=True):
                journal.hear(int(total or 0))

    def _touch(self) -> None:
        self._log.touch()
        backings = self._ledger.backings()
        with self._link.talking(), self._link.client.pipeline(transaction=False) as pipe:
            pipe.expire(self._link.key("strays"), IDLE)
            for key in (key for backing in backings for key in backing.all_keys(_SHELVES)):
                pipe.expire(key, IDLE)
            pipe.execute()

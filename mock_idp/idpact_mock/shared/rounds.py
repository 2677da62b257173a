"""Work that many wait for is done once for all of them: whoever joins gets a round that begins after that. Knows no Redis."""

import asyncio
from collections.abc import Awaitable, Callable

__all__ = ["Rounds"]


class Rounds:
    """Rounds of one piece of work, one at a time. Lives in one event loop.

    Args:
        run: One round.
    """

    def __init__(self, run: Callable[[], Awaitable[None]]) -> None:
        self._run = run
        self._now: asyncio.Task[None] | None = None
        self._next: asyncio.Task[None] | None = None

    async def join(self) -> None:
        """Return once a round has ended that began after this call; raises what it raised."""
        if self._next is None:
            self._next = asyncio.get_running_loop().create_task(self._round(self._now))
            self._next.add_done_callback(_seen)
        await asyncio.shield(self._next)

    async def _round(self, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait([before])
        self._now, self._next = self._next, None
        await self._run()


def _seen(task: asyncio.Task[None]) -> None:
    """Whoever waited may have left: then nobody is to be told of an error that nobody retrieved."""
    if not task.cancelled():
        task.exception()

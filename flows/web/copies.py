"""What people read, asked by many readers at once without keeping the event loop from its work.

rows(ask) ─▶ a place ─▶ a thread ─▶ a cursor of the newest copy ─▶ what `ask` returns
                        too slow: interrupted, TimeoutError
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TypeVar

from warehouse.database.bounds import Bounds
from warehouse.desk import Desk
from warehouse.published.newest import LOOK_EVERY, Ask, Freshness, Newest, Question

T = TypeVar("T")

AT_ONCE = 8
"""Questions answered at once; the next wait for a place."""
SECONDS = 10.0
"""Time that a question may take, waiting for its place included."""
BOUNDS = Bounds(memory="512MB")
_NUDGE = 0.05


class Copies:
    """The newest copy of what people read at a desk, for coroutines."""

    def __init__(
        self, desk: Desk, *, seconds: float = SECONDS, look_every: float = LOOK_EVERY
    ) -> None:
        self._newest = Newest(desk, BOUNDS, look_every=look_every)
        self._seconds = seconds
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="copies")
        self._ending: set[asyncio.Task[None]] = set()

    @property
    def fresh_at(self) -> datetime | None:
        """When what is shown was published; None before the first question."""
        freshness = self._newest.freshness
        return freshness.at if freshness else None

    async def freshness(self) -> Freshness | None:
        """Which state of what people read is the newest, which is looked for now and then. Raises
        as `rows` does."""
        if self._newest.due:
            await self.rows(lambda _: None)
        return self._newest.freshness

    @property
    def trouble(self) -> str | None:
        """What is wrong with what is published now; None where nothing is."""
        return self._newest.trouble

    async def rows(self, ask: Ask[T]) -> T:
        """What `ask` returns of a connection to the newest copy, or the lake.

        Raises TimeoutError where it takes too long; Quarantine("no_warehouse") where nothing is
        published yet, and other errors of ours where what is there can't be read.
        """
        question = Question(self._newest, ask)
        work = asyncio.wrap_future(self._threads.submit(question.answer))
        try:
            async with asyncio.timeout(self._seconds):
                return await asyncio.shield(work)
        finally:
            if not work.done():
                # Nobody waits for it any more.
                ending = asyncio.create_task(_end(question, work))
                self._ending.add(ending)
                ending.add_done_callback(self._ending.discard)

    async def close(self) -> None:
        """End what is asked, and let go of what is open."""
        await asyncio.gather(*self._ending, return_exceptions=True)
        self._threads.shutdown(wait=False, cancel_futures=True)
        await asyncio.to_thread(self._newest.close)


async def _end(question: Question[T], work: asyncio.Future[T]) -> None:
    while not work.done():
        question.end()
        await asyncio.wait({work}, timeout=_NUDGE)
    if not work.cancelled():
        work.exception()  # looked at, or asyncio complains that nobody did

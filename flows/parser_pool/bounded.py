"""Work of people who wait for a page, in processes that may take so much time and memory.

run ─▶ a place: some wait for one, more are sent away ─▶ a process ─▶ what it returns
                                                         ended where it takes too long
"""

from __future__ import annotations

import asyncio
import resource
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable
from concurrent.futures import TimeoutError as PoolTimeout
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import TypeVar
from weakref import WeakValueDictionary

from pebble import ProcessExpired, ProcessPool

from flows.parser_pool.process import WorkerContext
from flows.parser_pool.workers import Workers, WorkersLost
from parsers.errors import Drop, Retry

T = TypeVar("T")

MOST_WAITING = 16
MOST_OF_ONE = 4
"""Tasks of one reader that wait, or are at work: one is, so that a place is left for others."""
WAIT = 30.0
"""Seconds that somebody may wait for a place. With what work takes then it is less than the minute
that proxies wait."""
MAX_DATA = 800_000_000
"""Bytes that a process may allocate (RLIMIT_DATA)."""


@dataclass(frozen=True, slots=True)
class PoolMessages:
    """How a pool says what it can't do."""

    too_many: str
    yours: str
    """There are too many of the same reader's."""
    busy: str
    too_slow: str
    too_much_memory: str
    lost: str


class BoundedPool:
    """Runs functions in processes; those who ask take turns."""

    def __init__(
        self,
        messages: PoolMessages,
        *,
        at_once: int,
        seconds: float,
        preload: list[str],
        written: int | None = None,
    ) -> None:
        """`seconds` is what a task may take once it has its place, `written` how many bytes of a
        file it may write (None: any). Each has a process of its own; what `preload` names is
        imported in it already."""
        context = WorkerContext()
        context.set_forkserver_preload(preload)
        new_pool = partial(
            ProcessPool,
            max_workers=at_once,
            max_tasks=1,
            initializer=partial(_keep_within, written),
            context=context,
        )
        # Its processes are started with the first task.
        self._workers = Workers(new_pool, count=at_once, timeout=seconds)
        self._messages = messages
        self._places = asyncio.Semaphore(at_once)
        self._most = at_once + MOST_WAITING
        self._asked: Counter[str] = Counter()
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def run(self, reader: str, function: Callable[..., T], args: tuple[object, ...]) -> T:
        """What `function` returns, for `reader`.

        Raises Drop("too_slow") and Drop("too_much_memory") where it takes too much, Retry("busy")
        where no place became free, Retry("too_many") where too many wait, Retry("no_worker"), and
        what `function` raises.
        """
        if self._asked[reader] >= MOST_OF_ONE:
            raise Retry("too_many", self._messages.yours)
        if self._asked.total() >= self._most:
            raise Retry("too_many", self._messages.too_many)
        self._asked[reader] += 1
        turn = self._turns.setdefault(reader, asyncio.Lock())
        try:
            async with (
                self._place(turn, self._messages.yours),
                self._place(self._places, self._messages.busy),
            ):
                return await self._workers.run(function, args)
        except PoolTimeout as error:
            raise Drop("too_slow", self._messages.too_slow) from error
        except WorkersLost as error:
            raise Retry("no_worker", self._messages.lost) from error
        except (ProcessExpired, MemoryError) as error:
            raise Drop("too_much_memory", self._messages.too_much_memory) from error
        finally:
            self._asked[reader] -= 1
            self._asked += Counter()  # those of nobody go

    @asynccontextmanager
    async def _place(
        self, place: asyncio.Lock | asyncio.Semaphore, busy: str
    ) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(WAIT):
                await place.acquire()
        except TimeoutError as error:
            raise Retry("busy", busy) from error
        try:
            yield
        finally:
            place.release()

    async def close(self) -> None:
        """End all that is at work."""
        await self._workers.stop()


def _keep_within(written: int | None) -> None:
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_DATA, (MAX_DATA, MAX_DATA))
        if written is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (written, written))

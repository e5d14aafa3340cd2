"""Workers that stay at work whatever happens to them: killed, stuck, or not to be started at all.

pebble replaces a worker that dies at work. What it does not survive: a worker killed while all are
idle, or while it takes a task or holds the lock on the pipe they share, and a forkserver that is
gone. Then a task may never end, or all of them; so no task is waited for longer than it can take
where all is well, and a crew that let one down is given up for a new one.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pebble import ProcessExpired, ProcessPool

log = logging.getLogger(__name__)
Result = TypeVar("Result")

CREWS_PER_TASK = 3
"""How many crews a task is given to, one after the other, before it is given up."""
DEATHS_PER_TASK = 2
"""Whoever is short of memory kills processes, not pages; so one death says little of a page."""
TASKS_PER_WORKER = 2
"""Tasks handed over at once: one at work, and one that waits for it. More wait here."""
MARGIN = 30.0
"""Seconds that starting a worker, or stopping one, takes at most on a machine that is busy."""


class WorkersLost(Exception):  # noqa: N818  # named by what happened, as pebble's own are
    """A task was given to several crews, and none of them saw it through."""


class _Lost(Exception):  # noqa: N818
    """This crew can't be relied on."""


@dataclass(eq=False, slots=True)
class _Crew:
    """A pool of pebble's."""

    pool: ProcessPool
    started: bool = False
    answers: set[asyncio.Future[Any]] = field(default_factory=set)
    """What is waited for; cancelled where the crew is given up."""


class Workers:
    """Runs functions in processes of a pool that is made anew where need be."""

    def __init__(
        self,
        new_pool: Callable[[], ProcessPool],
        *,
        count: int,
        timeout: float,
        margin: float = MARGIN,
    ) -> None:
        """`count` is how many workers a pool has, `timeout` how many seconds a task may take."""
        self._new_pool = new_pool
        self._timeout = timeout
        self._longest = TASKS_PER_WORKER * timeout + margin
        self._crew = _Crew(new_pool())
        self._stopped = False
        self._free = asyncio.Semaphore(TASKS_PER_WORKER * count)
        self._ending: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Starts the workers, which takes a second. Tasks wait for it, so nobody has to call it."""
        crew = self._crew
        try:
            await _start(crew)
        except _Lost:
            self._give_up(crew)

    async def stop(self) -> None:
        """Ends all workers, whatever they are at; what still waits for them is let down."""
        self._stopped = True
        self._end(self._crew)
        await asyncio.gather(*self._ending, return_exceptions=True)

    async def run(self, function: Callable[..., Result], args: tuple[object, ...]) -> Result:
        """What `function` returns, in a worker.

        Raises TimeoutError where it took too long, ProcessExpired where its worker died and that of
        a second try too, WorkersLost, after `stop` too, and what `function` raises.
        """
        deaths = losses = 0
        async with self._free:
            while not self._stopped:
                crew = self._crew
                try:
                    return await self._ask(crew, function, args)
                except ProcessExpired:
                    deaths += 1
                    if deaths == DEATHS_PER_TASK:
                        raise
                except _Lost as error:
                    self._give_up(crew)
                    losses += 1
                    if losses == CREWS_PER_TASK:
                        raise WorkersLost(f"{losses} times in a row") from error
        raise WorkersLost("since the run ended")

    async def _ask(
        self, crew: _Crew, function: Callable[..., Result], args: tuple[object, ...]
    ) -> Result:
        await _start(crew)
        # A crew that was ended meanwhile may still take a task, and never answers.
        if self._stopped or crew is not self._crew:
            raise _Lost
        try:
            future = crew.pool.schedule(function, args=args, timeout=self._timeout)
        except RuntimeError as error:
            raise _Lost from error
        answer: asyncio.Future[Result] = asyncio.wrap_future(future)
        crew.answers.add(answer)
        try:
            await asyncio.wait((answer,), timeout=self._longest)
            if answer.done() and not answer.cancelled():
                return answer.result()
        except BrokenProcessPool as error:
            raise _Lost from error
        finally:
            crew.answers.discard(answer)
            answer.cancel()
        raise _Lost

    def _give_up(self, crew: _Crew) -> None:
        """Lets a new crew take the place of this one, if none has yet."""
        if self._crew is crew and not self._stopped:
            log.warning("the processes of a pool were lost; others take their place")
            self._crew = _Crew(self._new_pool())
            self._end(crew)

    def _end(self, crew: _Crew) -> None:
        for answer in tuple(crew.answers):
            answer.cancel()
        ending = asyncio.create_task(asyncio.to_thread(_end_pool, crew.pool))
        self._ending.add(ending)
        ending.add_done_callback(self._ending.discard)


async def _start(crew: _Crew) -> None:
    if crew.started:
        return
    try:
        # Asking whether the pool is active is what starts it.
        crew.started = await asyncio.to_thread(lambda: crew.pool.active)
    except BrokenProcessPool as error:
        raise _Lost from error


def _end_pool(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]  # pebble has no types here
    pool.join()

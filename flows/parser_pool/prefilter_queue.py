"""The prefilter: the cheap test of many pages in one task of the parser pool.

Most pages of a harvest are off topic, and the test that says so takes less time than a task takes
to be handed over. While the workers are busy, pages that come in wait here, and go on together.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from flows.concurrency import drop_traceback
from flows.wording import how_many
from parsers.errors import PressclipError
from parsers.records import Entry, Page, Rejection

log = logging.getLogger(__name__)

MOST_PAGES = 16
MOST_BYTES = 2_000_000
"""Of the pages in one task, together; a larger page goes alone."""

Prefilter = Callable[[Sequence[tuple[Page, Entry | None]]], Awaitable[Sequence[Rejection | None]]]


@dataclass(frozen=True, slots=True)
class _Waiting:
    page: Page
    hint: Entry | None
    answer: asyncio.Future[Rejection | None]


class PrefilterQueue:
    """Gathers pages for `prefilter`, which looks at some of them at once in another process."""

    def __init__(self, prefilter: Prefilter, at_once: int) -> None:
        """`at_once` tasks are handed over before pages begin to wait for each other."""
        self._prefilter = prefilter
        self._free = at_once
        self._waiting: deque[_Waiting] = deque()
        self._tasks: set[asyncio.Task[None]] = set()

    async def look(self, page: Page, hint: Entry | None) -> Rejection | None:
        """`parsers.parse.prefilter_page` of one page. None, too, where the test could not be made:
        what is wrong with a page shows when it is parsed alone."""
        answer: asyncio.Future[Rejection | None] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(page, hint, answer))
        self._hand_over()
        return await answer

    def _hand_over(self) -> None:
        while self._free and self._waiting:
            self._free -= 1
            task = asyncio.create_task(self._look_at(self._next()))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _next(self) -> list[_Waiting]:
        taken, size = [self._waiting.popleft()], 0
        while self._waiting and len(taken) < MOST_PAGES:
            size += len(taken[-1].page.body)
            if size + len(self._waiting[0].page.body) > MOST_BYTES:
                break
            taken.append(self._waiting.popleft())
        return taken

    async def _look_at(self, taken: list[_Waiting]) -> None:
        found: Sequence[Rejection | None] = ()
        try:
            found = await self._prefilter([(waiting.page, waiting.hint) for waiting in taken])
        except PressclipError as error:
            log.warning("%s not prefiltered, and parsed: %s", how_many(len(taken), "page"), error)
            drop_traceback(error)
        finally:
            self._free += 1
            for waiting, rejection in zip_longest(taken, found):
                if not waiting.answer.done():
                    waiting.answer.set_result(rejection)
            self._hand_over()

"""The buffer that a harvest fills, and lands as a batch whenever it is full."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial

from flows.archive.writing import RawPage
from flows.decisions.outcomes import Harvested, batched
from flows.decisions.same_texts import as_known, known_as
from flows.run.context import Run
from flows.steps.publish import load_and_publish
from parsers.errors import Retry
from warehouse.queue.articles import SameText, same_texts

MAX_AGE = 30.0
"""Seconds that a buffer is filled at most: one that fills slowly is news all the same."""

MAX_SIZE = 20_000_000
"""Bytes of raw pages, and of texts, that a buffer holds."""


class HarvestBuffer:
    """Collects what all chunks of a round harvest and lands it as a batch whenever it is full: a
    batch takes a fixed time to load, so there is one buffer, not one for each chunk. Made by
    `open_buffer`."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._held: list[Harvested] = []
        self._raw: list[RawPage] = []
        self._size = 0
        self._since = 0.0
        self._compared: dict[int, SameText | None] = {}
        self.counts: Counter[str] = Counter()

    async def add(self, harvested: Harvested, raw: Sequence[RawPage] = ()) -> None:
        """Takes one outcome, and the pages it was read from where they are to be kept; lands the
        buffer where it is full now."""
        self._raw += raw
        self._size += sum(len(page.fetched.packed) for page in raw)
        if harvested.article:
            self._size += len(harvested.article.text)
        clock = asyncio.get_running_loop().time
        if not self._held:
            self._since = clock()
        self._held.append(harvested)
        self.counts[harvested.outcome.state.value] += 1
        self._run.listener.entry_decided(harvested.outcome)
        full = len(self._held) >= self._run.settings.batch_size
        if full or self._size >= MAX_SIZE or clock() - self._since >= MAX_AGE:
            await self.empty()

    async def empty(self) -> None:
        """Lands whatever is in the buffer; loads it, and lets readers see it, now and then."""
        await self._compare()
        if await self.land():
            await load_and_publish(self._run)

    async def land(self) -> bool:
        """Makes whatever is in the buffer durable; False where it is empty."""
        held, self._held = self._held, []
        raw, self._raw, self._size = self._raw, [], 0
        if not held:
            return False
        compared, self._compared = self._compared, {}
        known = {number: one for number, one in compared.items() if one is not None}
        held = [as_known(each, known) for each in held]
        await self._run.land(self._run.batch("harvest", **batched(held)), raw)
        return True

    async def _compare(self) -> None:
        """Looks for articles in the buffer that are known under other addresses. Where the
        warehouse is held by someone for long they are landed as they are: nothing is lost."""
        while read := [
            (each.outcome.entry_id, each.article)
            for each in self._held
            if each.article and each.article.article_id not in self._compared
        ]:
            articles = {article.article_id: article for _, article in read}
            self._compared |= dict.fromkeys(articles)
            try:
                stored = await self._run.in_warehouse(partial(same_texts, read=read))
            except Retry as error:
                self._run.listener.held_up(f"{error.message} What pages say is not compared.")
                return
            for number, found in stored.items():
                self._compared[number] = known_as(articles[number], found)


@asynccontextmanager
async def open_buffer(run: Run) -> AsyncIterator[HarvestBuffer]:
    """A buffer to fill, which is emptied at the end. Where a signal or an error comes first, what
    is in hand is landed all the same, and the next run loads it."""
    buffer = HarvestBuffer(run)
    try:
        yield buffer
    except BaseException:
        await buffer.land()
        raise
    await buffer.empty()

"""Ingest: the whole walk of an article in one process.

    poll ──▶ load ──▶ harvest ──▶ load ──▶ publish
    due feeds         waiting entries      the copy that people read

The same steps run as flows of their own on a Prefect server (`flows.prefect_flows`); there,
`run` wraps a chunk as a task.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Collection, Coroutine, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from flows.concurrency import together
from flows.decisions.plan import already_stored, link_article_id, plan_chunks
from flows.run.context import Tools
from flows.steps.buffer import filled_crate
from flows.steps.due import feeds_to_ask
from flows.steps.harvest import HarvestChunk, harvest_chunk
from flows.steps.poll import PollChunk, PollCounts, chunks_of, poll_chunk
from flows.steps.rematch import rejudge
from warehouse.published.publish import Published
from warehouse.queue.entries import known_articles, waiting_entries
from warehouse.records import Feed, WaitingEntry

Result = TypeVar("Result")

FEEDS_PER_CHUNK = 50
LINKS_PER_CHUNK = 200
ENTRIES_PER_ROUND = 5000
"""How many waiting entries are held in memory at once."""
CHUNKS_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What a run did."""

    feeds_polled: int = 0
    feeds_failed: int = 0
    entries_found: int = 0
    """Entries in the feeds that were read, new or not."""
    harvested: Counter[str] | None = None
    """Entries by the state they were left in."""
    published: Published | None = None
    behind: bool = False
    """Whether some of it is landed only, since another process held the warehouse."""

    @property
    def entries_harvested(self) -> int:
        """Entries that were tried."""
        return self.harvested.total() if self.harvested else 0


async def ingest(
    tools: Tools, run_poll: PollChunk = poll_chunk, run_harvest: HarvestChunk = harvest_chunk
) -> IngestReport:
    """Polls every due feed, harvests every waiting entry, loads and publishes.

    Raises Retry("warehouse_locked") where the queue can't be read because another process holds
    the private file for longer than the settings allow.
    """
    await tools.load()
    report = await poll(tools, run_poll)
    report = replace(report, harvested=await harvest(tools, run_harvest))
    if tools.behind:
        # Whoever held the warehouse has let go of it since: the harvest could read its queue.
        await tools.load()
    published = await tools.publish()
    return replace(report, published=published, behind=tools.behind)


async def poll(
    tools: Tools, run: PollChunk = poll_chunk, only: Collection[int] | None = None
) -> IngestReport:
    """Asks every due feed, or `only` those with these ids, and loads what they answered."""
    async with tools.alone("poll" if only is None else "poll of some feeds"):
        feeds = await feeds_to_ask(tools, only)
        return await _poll(tools, feeds, run)


async def _poll(tools: Tools, feeds: Sequence[Feed], run: PollChunk) -> IngestReport:
    tools.listener.feeds_due(len(feeds))
    if not feeds:
        return IngestReport()
    starting = asyncio.create_task(tools.pool.start())
    counts = PollCounts()
    for one in await _gated(run(tools, chunk) for chunk in chunks_of(feeds, FEEDS_PER_CHUNK)):
        counts += one
    await starting
    await tools.load()
    return IngestReport(counts.polled, counts.failed, counts.entries)


async def _gated(chunks: Iterable[Coroutine[Any, Any, Result]]) -> list[Result]:
    """The results of all chunks, a few of which are under way at any time."""
    gate = asyncio.Semaphore(CHUNKS_AT_ONCE)

    async def in_turn(chunk: Coroutine[Any, Any, Result]) -> Result:
        async with gate:
            return await chunk

    return await together(in_turn(chunk) for chunk in chunks)


async def harvest(tools: Tools, run: HarvestChunk = harvest_chunk) -> Counter[str]:
    """Harvests every entry that waits, in rounds, and counts entries by the state they got."""
    async with tools.alone("harvest"):
        return await _harvest(tools, run)


async def _harvest(tools: Tools, run: HarvestChunk) -> Counter[str]:
    counts: Counter[str] = Counter()
    tried: set[int] = set()
    tools.host_times.clear()
    owns = tools.settings.shard.owns if tools.settings.shard else None
    await rejudge(tools)
    while True:
        waiting = await tools.in_warehouse(
            lambda wh: waiting_entries(wh, tools.now(), ENTRIES_PER_ROUND, owns)
        )
        # What was tried in this run may wait still: its batch is landed but could not be loaded.
        waiting = tuple(one for one in waiting if one.entry.entry_id not in tried)
        if not waiting:
            await tools.prune()
            return counts
        tried.update(one.entry.entry_id for one in waiting)
        tools.listener.entries_waiting(len(waiting))
        counts += await _round(tools, waiting, run)
        await tools.load()


async def _round(tools: Tools, waiting: Sequence[WaitingEntry], run: HarvestChunk) -> Counter[str]:
    ids = tuple({link_article_id(one) for one in waiting})
    known = await tools.in_warehouse(lambda wh: known_articles(wh, ids))
    to_fetch, outcomes = already_stored(waiting, known, now=tools.now(), digest=tools.topics.digest)
    counts: Counter[str] = Counter(outcome.state.value for outcome in outcomes)
    if outcomes:
        for outcome in outcomes:
            tools.listener.entry_decided(outcome)
        await tools.land(tools.batch("harvest", outcomes=outcomes))
        await tools.load()
    async with filled_crate(tools) as crate:
        await _gated(run(tools, one, crate) for one in plan_chunks(to_fetch, LINKS_PER_CHUNK))
    return counts + crate.counts

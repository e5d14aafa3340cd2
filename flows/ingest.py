"""Ingest: the whole walk of an article in one process.

    poll ──▶ load ──▶ harvest ──▶ load ──▶ publish
    due feeds         waiting entries      the copy that people read

The same steps run as flows of their own on a Prefect server (`flows.prefect_flows`); there,
`run` wraps a chunk as a task.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from flows.harvest import HarvestChunk, harvest_chunk
from flows.plan import Chunk, already_stored, link_article_id, plan_chunks
from flows.poll import PollChunk, chunks_of, poll_chunk
from flows.rejudge import rejudge
from flows.together import together
from flows.tools import Tools
from warehouse.entries import known_articles, waiting_entries
from warehouse.feeds import due_feeds
from warehouse.publish import Published
from warehouse.records import WaitingEntry

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
    return replace(report, published=await tools.publish())


async def poll(tools: Tools, run: PollChunk = poll_chunk) -> IngestReport:
    """Asks every due feed, and loads what they answered."""
    async with tools.alone("poll"):
        return await _poll(tools, run)


async def _poll(tools: Tools, run: PollChunk) -> IngestReport:
    feeds = await tools.in_warehouse(lambda wh: due_feeds(wh, tools.now()))
    tools.listener.feeds_due(len(feeds))
    if not feeds:
        return IngestReport()
    starting = asyncio.create_task(tools.pool.start())
    chunks = chunks_of(feeds, FEEDS_PER_CHUNK)
    polls = [
        one for chunk in await together(run(tools, chunk) for chunk in chunks) for one in chunk
    ]
    await starting
    await tools.load()
    return IngestReport(
        feeds_polled=len(polls),
        feeds_failed=sum(1 for one in polls if one.feed.failures),
        entries_found=sum(len(one.entries) for one in polls),
    )


async def harvest(tools: Tools, run: HarvestChunk = harvest_chunk) -> Counter[str]:
    """Harvests every entry that waits, in rounds, and counts entries by the state they got."""
    async with tools.alone("harvest"):
        return await _harvest(tools, run)


async def _harvest(tools: Tools, run: HarvestChunk) -> Counter[str]:
    counts: Counter[str] = Counter()
    tried: set[int] = set()
    await rejudge(tools)
    while True:
        waiting = await tools.in_warehouse(
            lambda wh: waiting_entries(wh, tools.now(), ENTRIES_PER_ROUND)
        )
        # What was tried in this run may wait still: its batch is landed but could not be loaded.
        waiting = tuple(one for one in waiting if one.entry.entry_id not in tried)
        if not waiting:
            return counts
        tried.update(one.entry.entry_id for one in waiting)
        tools.listener.entries_waiting(len(waiting))
        counts += await _round(tools, waiting, run)


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
    gate = asyncio.Semaphore(CHUNKS_AT_ONCE)

    async def in_turn(chunk: Chunk) -> Counter[str]:
        async with gate:
            return await run(tools, chunk)

    chunks = plan_chunks(to_fetch, LINKS_PER_CHUNK)
    for harvested in await together(in_turn(chunk) for chunk in chunks):
        counts += harvested
    return counts

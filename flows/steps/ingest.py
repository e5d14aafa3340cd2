"""Ingest: the whole walk of an article in one process.

    poll ──▶ load ──▶ harvest ──▶ load ──▶ publish
    due feeds         waiting entries      the copy that people read

The same steps run as flows of their own on a Prefect server (`flows.prefect_flows`); there,
`ask_chunk` and `take_chunk` wrap a chunk as a task.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Collection, Coroutine, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from flows.concurrency import run_all
from flows.decisions.plan import already_stored, link_article_id, plan_chunks
from flows.discovery.resolve import resolve_headlines, try_unresolved_again
from flows.run.context import Run
from flows.steps.buffer import open_buffer
from flows.steps.due import feeds_to_ask
from flows.steps.harvest import HarvestChunk, harvest_chunk
from flows.steps.maintain import prune_archive
from flows.steps.outlets import ask_home_pages, follow_outlets
from flows.steps.poll import Answers, PollChunk, chunks_of, poll_chunk
from flows.steps.publish import publish_copy
from flows.steps.rematch import rematch_topics
from parsers.errors import Retry
from warehouse.published.publish import Published
from warehouse.queue.articles import renamed_articles
from warehouse.queue.entries import known_articles, waiting_entries
from warehouse.queue.health import RestingHost, resting_hosts
from warehouse.records import Feed, WaitingEntry

log = logging.getLogger(__name__)

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
    """Feeds that were asked."""
    feeds_failed: int = 0
    """Of these, those that could not be read."""
    entries_found: int = 0
    """Entries in the feeds that were read, new or not."""
    feeds_waiting: int = 0
    """Feeds that were not asked, since their host rests."""
    harvested: Counter[str] | None = None
    """Entries by the state they were left in."""
    published: Published | None = None
    resting: tuple[RestingHost, ...] = ()
    """Hosts that feeds and pages wait for."""
    behind: bool = False
    """Whether some of it is landed only, since another process held the warehouse."""

    @property
    def entries_harvested(self) -> int:
        """Entries that were tried."""
        return self.harvested.total() if self.harvested else 0


async def ingest(
    run: Run, ask_chunk: PollChunk = poll_chunk, take_chunk: HarvestChunk = harvest_chunk
) -> IngestReport:
    """Polls every due feed, harvests every waiting entry, loads and publishes.

    Raises Retry("warehouse_locked") where the queue can't be read because another process holds
    the private file for longer than the settings allow.
    """
    await run.load()
    report = await poll(run, ask_chunk)
    report = replace(report, harvested=await harvest(run, take_chunk))
    if run.behind:
        # Whoever held the warehouse has let go of it since: the harvest could read its queue.
        await run.load()
    published = await publish_copy(run)
    resting = await hosts_waited_for(run)
    return replace(report, published=published, resting=resting, behind=run.behind)


async def hosts_waited_for(run: Run) -> tuple[RestingHost, ...]:
    """The hosts that feeds and pages wait for; none where the warehouse is held by someone else."""
    try:
        return await run.in_warehouse(lambda wh: resting_hosts(wh, run.now()))
    except Retry as error:
        log.info("%s", error.message)
        return ()


async def poll(
    run: Run, ask_chunk: PollChunk = poll_chunk, only: Collection[int] | None = None
) -> IngestReport:
    """Asks every due feed, or `only` those with these ids, and loads what they answered."""
    async with run.alone("poll" if only is None else "poll of some feeds"):
        feeds = await feeds_to_ask(run, only)
        return await _poll(run, feeds, ask_chunk)


async def _poll(run: Run, feeds: Sequence[Feed], ask_chunk: PollChunk) -> IngestReport:
    run.listener.feeds_due(len(feeds))
    if not feeds:
        return IngestReport()
    unchanged = Answers(run)
    chunks = chunks_of(feeds, FEEDS_PER_CHUNK)
    asked = await _gated(ask_chunk(run, chunk, unchanged) for chunk in chunks)
    await unchanged.land()
    counts = sum(asked, unchanged.counts)
    await run.load()
    return IngestReport(counts.polled, counts.failed, counts.entries, counts.waiting)


async def _gated(chunks: Iterable[Coroutine[Any, Any, Result]]) -> list[Result]:
    """The results of all chunks, a few of which are under way at any time."""
    gate = asyncio.Semaphore(CHUNKS_AT_ONCE)

    async def in_turn(chunk: Coroutine[Any, Any, Result]) -> Result:
        async with gate:
            return await chunk

    return await run_all(in_turn(chunk) for chunk in chunks)


async def harvest(run: Run, take_chunk: HarvestChunk = harvest_chunk) -> Counter[str]:
    """Harvests every entry that waits, in rounds, and counts entries by the state they got."""
    async with run.alone("harvest"):
        return await _harvest(run, take_chunk)


async def _harvest(run: Run, take_chunk: HarvestChunk) -> Counter[str]:
    counts: Counter[str] = Counter()
    tried: set[int] = set()
    run.host_budgets.clear()
    owns = run.settings.shard.owns if run.settings.shard else None
    await rematch_topics(run)
    await try_unresolved_again(run)
    while True:
        waiting = await run.in_warehouse(
            lambda wh: waiting_entries(wh, run.now(), ENTRIES_PER_ROUND, owns)
        )
        # What was tried in this run may wait still: its batch is landed but could not be loaded.
        waiting = tuple(item for item in waiting if item.entry.entry_id not in tried)
        if not waiting:
            await ask_home_pages(run)
            await follow_outlets(run)
            await prune_archive(run)
            return counts
        tried.update(item.entry.entry_id for item in waiting)
        run.listener.entries_waiting(len(waiting))
        counts += await _round(run, waiting, take_chunk)
        await run.load()


async def _round(
    run: Run, waiting: Sequence[WaitingEntry], take_chunk: HarvestChunk
) -> Counter[str]:
    waiting, unresolved = await resolve_headlines(run, waiting)
    ids = tuple({link_article_id(item) for item in waiting})
    links = {item.entry.link for item in waiting if item.entry.link}
    known, renamed = await run.in_warehouse(
        lambda wh: (known_articles(wh, ids), renamed_articles(wh, links))
    )
    to_fetch, outcomes = already_stored(
        waiting, known, now=run.now(), digest=run.topics.digest, renamed=renamed
    )
    counts: Counter[str] = Counter(outcome.state.value for outcome in outcomes)
    counts.update(each.outcome.state.value for each in unresolved)
    if outcomes:
        for outcome in outcomes:
            run.listener.entry_decided(outcome)
        await run.land(run.batch("harvest", outcomes=outcomes))
        await run.load()
    async with open_buffer(run) as buffer:
        await _gated(
            take_chunk(run, chunk, buffer) for chunk in plan_chunks(to_fetch, LINKS_PER_CHUNK)
        )
    return counts + buffer.counts

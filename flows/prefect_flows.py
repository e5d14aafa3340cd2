"""The steps of the walk as Prefect flows: scheduled, triggered, retried and seen on a server.

    poll ─(pressclip.entries.found)─▶ harvest ─(pressclip.articles.loaded)─▶ publish
    load: for batches that a run left behind      submit: single links and files
    watch: what an operator wants to know         maintain: what a desk needs once a day
    ingest: all of them in one run

Each wraps a function of `flows.steps` that the command line calls without Prefect. A task is a unit
of retry and of visibility (a chunk of feeds, a chunk of links, the landed batches), never an
article: a thousand task runs would take the server longer to record than us to do.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

from prefect import Flow, flow, get_run_logger, task
from prefect.cache_policies import NO_CACHE

from flows import clock
from flows.decisions.plan import Chunk
from flows.run.context import Run, open_run
from flows.server.artifacts import rename_run, show_counts, show_link, show_stories
from flows.server.events import batches_waiting, feed_failing, outlet_gap, volume_low
from flows.server.parameters import (
    FeedIds,
    Links,
    Paths,
    ShardName,
    TopicsPath,
    WarehousePath,
    explained,
)
from flows.server.reporting import Reporter, tell, tell_end
from flows.server.stopping import cancellable, cancelled_by_sigterm
from flows.settings import Settings, read_settings
from flows.shards import read_shard
from flows.steps import ingest as steps
from flows.steps.add import file_articles
from flows.steps.buffer import HarvestBuffer
from flows.steps.harvest import harvest_chunk
from flows.steps.health import check_health
from flows.steps.maintain import maintain as maintain_warehouse
from flows.steps.poll import Answers, PollCounts, poll_chunk
from flows.steps.publish import publish_all, what_is_published
from flows.wording import how_many, waiting_for, what_waits
from parsers.errors import Drop, Quarantine, Retry
from warehouse.loading.load import LoadReport
from warehouse.published.publish import Published
from warehouse.queue.health import RestingHost
from warehouse.records import EntryState, Feed

Result = TypeVar("Result")
VERSION = version("pressclip")
MOST_NAMED = 100
"""Resting hosts, or outlets with a gap, that a table names."""


def in_task(
    name: str, label: str, work: Callable[[], Awaitable[Result]], *, retries: int = 0
) -> Awaitable[Result]:
    """Runs `work` as a task run. Its input is closed over, not passed: Prefect would walk through
    every feed and entry of a parameter to look for futures. Chunks are not retried as tasks, which
    would fetch again what is landed already: the flow's own retry reads the queue anew."""

    @task(
        name=name,
        task_run_name=label,
        retries=retries,
        retry_delay_seconds=5,
        cache_policy=NO_CACHE,
    )
    async def step() -> Result:
        return await work()

    return step()


async def _poll_chunk(run: Run, feeds: Sequence[Feed], unchanged: Answers) -> PollCounts:
    return await in_task(
        "poll-feeds", how_many(len(feeds), "feed"), lambda: poll_chunk(run, feeds, unchanged)
    )


async def _harvest_chunk(run: Run, chunk: Chunk, buffer: HarvestBuffer) -> None:
    await in_task(
        "harvest-links", how_many(chunk.links, "link"), lambda: harvest_chunk(run, chunk, buffer)
    )
    if isinstance(run.listener, Reporter):
        await run.listener.tell_progress()
        await run.listener.tell_stories(run)


async def _load(run: Run) -> LoadReport:
    async def work() -> LoadReport:
        report = await run.load()
        if report is None:
            raise Retry("warehouse_locked", "The warehouse is held; the batches stay landed.")
        return report

    return await in_task("load-batches", "landed batches", work, retries=2)


async def _publish(run: Run) -> Published | None:
    return await in_task("publish-copy", "published copy", lambda: publish_all(run), retries=2)


def _settings(
    warehouse: str | None, topics: str | None = None, shard: str | None = None
) -> Settings:
    return read_settings(
        warehouse=warehouse or None,
        topics=Path(topics) if topics else None,
        shard=read_shard(shard) if shard else None,
    )


@asynccontextmanager
async def _at_work(settings: Settings) -> AsyncIterator[tuple[Run, Reporter]]:
    """A run that ends well: stopped by SIGTERM, it loads what it has landed and tells
    of it. So it does after SystemExit, which Rich raises from the next log line where the worker
    that read a run's output was killed."""
    for package in ("flows", "parsers", "warehouse"):
        # What they log goes to the server too: PREFECT_LOGGING_EXTRA_LOGGERS.
        logging.getLogger(package).setLevel(logging.INFO)
    news = Reporter(get_run_logger())
    with cancelled_by_sigterm():
        async with open_run(settings, news) as run:
            try:
                yield run, news
            except (asyncio.CancelledError, SystemExit):
                await run.load()
                await news.tell_articles(run)
                raise


@flow(
    name="poll", version=VERSION, flow_run_name="poll due feeds", retries=1, retry_delay_seconds=30
)
@cancellable
@explained
async def poll(
    warehouse: WarehousePath = None, shard: ShardName = None, feeds: FeedIds = ()
) -> None:
    """Asks every due feed what is new and queues the entries found."""
    async with _at_work(_settings(warehouse, shard=shard)) as (run, news):
        report = await steps.poll(run, _poll_chunk, only=set(map(int, feeds)) or None)
        resting = await steps.hosts_waited_for(run)
        await news.tell_entries(run)
    polled, new = report.feeds_polled, news.loaded.new_entries
    await rename_run(f"poll {how_many(polled, 'feed')}, {how_many(new, 'new entry')}")
    await show_counts(
        "poll-summary",
        "Feeds asked by this run",
        {
            "feeds polled": report.feeds_polled,
            "feeds failed": report.feeds_failed,
            "feeds waiting for their host": report.feeds_waiting,
            "entries read": report.entries_found,
            "entries new": news.loaded.new_entries,
            **_waiting(resting),
        },
    )


@flow(
    name="harvest",
    version=VERSION,
    flow_run_name="harvest waiting entries",
    retries=1,
    retry_delay_seconds=30,
)
@cancellable
@explained
async def harvest(
    warehouse: WarehousePath = None, topics: TopicsPath = None, shard: ShardName = None
) -> None:
    """Fetches and parses the pages of every entry that waits."""
    async with _at_work(_settings(warehouse, topics, shard)) as (run, news):
        counts = await steps.harvest(run, _harvest_chunk)
        await news.tell_progress(done=True)
        resting = await steps.hosts_waited_for(run)
        await news.tell_articles(run)
    await rename_run(
        f"harvest {how_many(counts.total(), 'entry')}, "
        f"{how_many(news.loaded.new_articles, 'new article')}, "
        f"{how_many(len(news.stories), 'new story')}"
    )
    await show_counts(
        "harvest-summary",
        "Entries harvested by this run",
        {**_funnel(counts, news), **_waiting(resting)},
    )
    await show_stories("new-stories", news.stories)


def _waiting(resting: Sequence[RestingHost]) -> dict[str, str]:
    """What waits for which hosts, until when."""
    return {waiting_for(host): what_waits(host) for host in resting[:MOST_NAMED]}


def _funnel(counts: Counter[str], news: Reporter) -> dict[str, int | str]:
    """Where the entries of a harvest ended, and what came of it."""
    states = {state.value.replace("_", " "): counts[state.value] for state in EntryState}
    return {
        "harvested": counts.total(),
        **states,
        "new articles": news.loaded.new_articles,
        "new revisions": news.loaded.new_revisions,
        "new stories on topic": len(news.stories),
        **news.followed,
    }


@flow(
    name="load",
    version=VERSION,
    flow_run_name="load landed batches",
    retries=3,
    retry_delay_seconds=60,
)
@cancellable
@explained
async def load(warehouse: WarehousePath = None) -> None:
    """Loads every batch that is landed and not yet in the warehouse."""
    async with _at_work(_settings(warehouse)) as (run, news):
        report = await _load(run)
        await news.tell_articles(run)
    await rename_run(f"load {how_many(len(report.batches), 'batch')}")
    await show_counts(
        "load-summary",
        "Batches loaded by this run",
        {
            "batches": len(report.batches),
            "batches set aside": report.quarantined,
            "new entries": report.new_entries,
            "new articles": report.new_articles,
        },
    )


@flow(
    name="publish",
    version=VERSION,
    flow_run_name="publish the read copy",
    retries=1,
    retry_delay_seconds=30,
)
@cancellable
@explained
async def publish(warehouse: WarehousePath = None) -> None:
    """Brings the copy that people read up to date, if anything changed."""
    async with _at_work(_settings(warehouse)) as (run, _):
        published = await _publish(run)
    if published is None:
        await rename_run(f"publish: {what_is_published(run.desk)}")
        return
    megabytes = published.size / 1e6
    await rename_run(f"publish {how_many(published.changes, 'change')}, {megabytes:.1f} MB")
    await show_counts(
        "publish-summary",
        "The published copy",
        {
            "path": str(published.path),
            "changes": published.changes,
            "megabytes": f"{megabytes:.1f}",
        },
    )
    if run.settings.feeds_folder and run.settings.feeds_url:
        await show_link("outgoing-feeds", "Feeds of new stories", run.settings.feeds_url)


@flow(name="maintain", version=VERSION, flow_run_name="maintain the warehouse")
@explained
async def maintain(warehouse: WarehousePath = None) -> None:
    """Checks that the warehouse is whole, removes what is old, and compacts the file where it
    pays. Fails where a rule does not hold."""
    settings, log = _settings(warehouse), get_run_logger()
    report = await asyncio.to_thread(maintain_warehouse, settings, on_wait=log.warning)
    if report.doubt:
        log.warning(report.doubt)
    await show_counts(
        "maintain-summary",
        "What maintenance found and did",
        {
            "rules checked": report.checked,
            "rules broken": len(report.broken),
            "files removed": report.files_removed,
            "compacted": report.compaction is not None,
        },
    )
    if report.broken:
        rules = "; ".join(
            f"{violation.rule} ({how_many(violation.count, 'time')})" for violation in report.broken
        )
        raise Quarantine("not_whole", f"The warehouse is not whole: {rules}")


@flow(name="watch", version=VERSION, flow_run_name="watch the desk")
@explained
async def watch(warehouse: WarehousePath = None) -> None:
    """Looks for what an operator wants to be told of: feeds that have failed for a day, languages
    and feeds that brought far less than usual, outlets whose articles no longer come, batches that
    nobody loads."""
    settings = _settings(warehouse)
    report = await asyncio.to_thread(check_health, settings, clock.now())
    tell([feed_failing(feed) for feed in report.failing])
    tell([volume_low(volume) for volume in report.low])
    tell([outlet_gap(gap) for gap in report.gaps])
    if report.waiting:
        tell([batches_waiting(settings.desk().name, report.waiting)])
    counts = {
        "feeds failing for a day": len(report.failing),
        "volumes far below usual": len(report.low),
        "outlets with a gap": len(report.gaps),
        "batches waiting too long": report.waiting.count if report.waiting else 0,
    }
    await rename_run(f"watch: {how_many(sum(counts.values()), 'concern')}")
    named = {f"{gap.outlet} is {gap.gap}": gap.reason for gap in report.gaps[:MOST_NAMED]}
    await show_counts("watch-summary", "What is not as it should be", {**counts, **named})


@flow(name="submit", version=VERSION, flow_run_name="submit links and files")
@cancellable
@explained
async def submit(
    links: Links = (), paths: Paths = (), warehouse: WarehousePath = None, topics: TopicsPath = None
) -> None:
    """Files single articles: links, saved HTML pages, plain-text documents.

    They are kept also where they are on none of the topics. Fails where any could not be filed,
    after the others were.
    """
    names = [*map(str, links), *paths]
    if not names:
        raise Drop("nothing_to_submit", "Give at least one link or path.")
    async with _at_work(_settings(warehouse, topics)) as (run, news):
        filed = await file_articles(run, names)
        await news.tell_articles(run)
    failed = [filing for filing in filed if filing.harvested.outcome.state is not EntryState.STORED]
    await rename_run(f"submit {len(filed) - len(failed)} of {len(filed)}: {names[0]}")
    await show_counts(
        "submit-summary",
        "What became of what was submitted",
        {filing.name: filing.harvested.outcome.reason or "stored" for filing in filed},
        said="outcome",
    )
    await show_stories("new-stories", news.stories)
    if failed:
        failure = failed[0].harvested.failure
        raise Drop("not_filed", failure.message if failure else f"{failed[0].name} was not filed.")


@flow(name="ingest", version=VERSION, flow_run_name="ingest", retries=1, retry_delay_seconds=30)
@cancellable
@explained
async def ingest(warehouse: WarehousePath = None, topics: TopicsPath = None) -> steps.IngestReport:
    """The whole walk in one run: poll, harvest, load, publish."""
    async with _at_work(_settings(warehouse, topics)) as (run, news):
        report = await steps.ingest(run, _poll_chunk, _harvest_chunk)
        await news.tell_progress(done=True)
        await news.tell_stories(run)
    counts = {f"entries {state}": count for state, count in (report.harvested or {}).items()}
    await rename_run(
        f"ingest {how_many(report.feeds_polled, 'feed')}, "
        f"{how_many(report.entries_harvested, 'entry')}, "
        f"{how_many(len(news.stories), 'new story')}"
    )
    await show_counts(
        "ingest-summary",
        "What this run did",
        {
            "feeds polled": report.feeds_polled,
            "feeds failed": report.feeds_failed,
            "feeds waiting for their host": report.feeds_waiting,
            **counts,
            "copy refreshed": report.published is not None,
            **news.followed,
            **_waiting(report.resting),
        },
    )
    await show_stories("new-stories", news.stories)
    return report


def _have_their_ends_told(*ours: Flow[..., Any]) -> None:
    for each in ours:
        for when in (each.on_completion, each.on_failure, each.on_crashed):
            when(tell_end)


_have_their_ends_told(poll, harvest, load, publish, maintain, watch, submit, ingest)

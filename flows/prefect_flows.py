"""The steps of the walk as Prefect flows: scheduled, triggered, retried and seen on a server.

    poll ──▶ harvest ──▶ publish        load: for batches that a run left behind
    ingest: all of them in one run

Each wraps the function of `flows.ingest` that the command line calls without Prefect. A task is a
unit of retry and of visibility (a chunk of feeds, a chunk of links, the landed batches), never an
article: a thousand task runs would take the server longer to record than us to do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Annotated, TypeVar

from prefect import flow, get_run_logger, task
from prefect.artifacts import acreate_table_artifact
from prefect.cache_policies import NO_CACHE
from pydantic import Field

from flows import ingest as steps
from flows.harvest import harvest_chunk
from flows.plan import Chunk
from flows.poll import PollCounts, poll_chunk
from flows.settings import Settings, read_settings
from flows.shards import read_shard
from flows.tools import LogListener, Tools, open_tools
from parsers.errors import Retry
from warehouse.load import LoadReport
from warehouse.records import Feed

Result = TypeVar("Result")
WarehousePath = Annotated[
    str | None,
    Field(
        description="The DuckDB file that people open, or a DuckLake; "
        "empty: as PRESSCLIP_WAREHOUSE says."
    ),
]
TopicsPath = Annotated[
    str | None,
    Field(description="The topics file; empty: as PRESSCLIP_TOPICS says."),
]
ShardName = Annotated[
    str | None,
    Field(
        description="The part of the press to ask, such as 2/3; empty: as PRESSCLIP_SHARD says.",
        pattern=r"^[1-9][0-9]*/[1-9][0-9]*$",
    ),
]


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


async def _poll_chunk(tools: Tools, feeds: Sequence[Feed]) -> PollCounts:
    return await in_task("poll-feeds", f"{len(feeds)} feeds", lambda: poll_chunk(tools, feeds))


async def _harvest_chunk(tools: Tools, chunk: Chunk) -> Counter[str]:
    return await in_task(
        "harvest-links", f"{chunk.links} links", lambda: harvest_chunk(tools, chunk)
    )


async def _load(tools: Tools) -> LoadReport:
    async def work() -> LoadReport:
        report = await tools.load()
        if report is None:
            raise Retry("warehouse_locked", "The warehouse is held; the batches stay landed.")
        return report

    return await in_task("load-batches", "landed batches", work, retries=2)


async def _publish(tools: Tools) -> bool:
    async def work() -> bool:
        return await tools.publish() is not None

    return await in_task("publish-copy", "published copy", work, retries=2)


async def _summary(key: str, title: str, rows: dict[str, int | bool]) -> None:
    """The run's artifact: what it did, as a table in the UI."""
    await acreate_table_artifact(
        key=key,
        table=[{"what": name, "count": str(value)} for name, value in rows.items()],
        description=title,
    )


def _settings(
    warehouse: str | None, topics: str | None = None, shard: str | None = None
) -> Settings:
    return read_settings(
        warehouse=warehouse or None,
        topics=Path(topics) if topics else None,
        shard=read_shard(shard) if shard else None,
    )


def _listener() -> LogListener:
    return LogListener(get_run_logger())


@flow(name="poll", flow_run_name="poll due feeds", retries=1, retry_delay_seconds=30)
async def poll(warehouse: WarehousePath = None, shard: ShardName = None) -> None:
    """Asks every due feed what is new and queues the entries found."""
    async with open_tools(_settings(warehouse, shard=shard), _listener()) as tools:
        report = await steps.poll(tools, _poll_chunk)
    await _summary(
        "poll-summary",
        "Feeds asked by this run",
        {
            "feeds polled": report.feeds_polled,
            "feeds failed": report.feeds_failed,
            "entries read": report.entries_found,
        },
    )


@flow(name="harvest", flow_run_name="harvest waiting entries", retries=1, retry_delay_seconds=30)
async def harvest(
    warehouse: WarehousePath = None, topics: TopicsPath = None, shard: ShardName = None
) -> None:
    """Fetches and parses the pages of every entry that waits."""
    async with open_tools(_settings(warehouse, topics, shard), _listener()) as tools:
        counts = await steps.harvest(tools, _harvest_chunk)
    await _summary("harvest-summary", "Entries harvested by this run", dict(counts))


@flow(name="load", flow_run_name="load landed batches", retries=3, retry_delay_seconds=60)
async def load(warehouse: WarehousePath = None) -> None:
    """Loads every batch that is landed and not yet in the warehouse."""
    async with open_tools(_settings(warehouse), _listener()) as tools:
        report = await _load(tools)
    await _summary("load-summary", "Batches loaded by this run", {"batches": len(report.batches)})


@flow(name="publish", flow_run_name="publish the read copy", retries=1, retry_delay_seconds=30)
async def publish(warehouse: WarehousePath = None) -> None:
    """Brings the copy that people read up to date, if anything changed."""
    async with open_tools(_settings(warehouse), _listener()) as tools:
        published = await _publish(tools)
    await _summary("publish-summary", "The published copy", {"refreshed": published})


@flow(name="ingest", flow_run_name="ingest", retries=1, retry_delay_seconds=30)
async def ingest(warehouse: WarehousePath = None, topics: TopicsPath = None) -> steps.IngestReport:
    """The whole walk in one run: poll, harvest, load, publish."""
    async with open_tools(_settings(warehouse, topics), _listener()) as tools:
        report = await steps.ingest(tools, _poll_chunk, _harvest_chunk)
    counts = {f"entries {state}": count for state, count in (report.harvested or {}).items()}
    await _summary(
        "ingest-summary",
        "What this run did",
        {
            "feeds polled": report.feeds_polled,
            "feeds failed": report.feeds_failed,
            **counts,
            "copy refreshed": report.published is not None,
        },
    )
    return report

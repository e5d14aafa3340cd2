"""What every step of a run works with: client, parsers, clock, warehouse, and who is listening."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from flows import clock
from flows.archive.retention import believable, prune
from flows.archive.writing import RawPage, archive
from flows.decisions.host_budget import HostTime
from flows.fetch.client import HttpClient
from flows.fetch.host_cache import Memory
from flows.fetch.host_locks import Turns
from flows.fetch.robots import Robots
from flows.parser_pool.pool import ParserPool
from flows.run.lock import alone, alone_in_shard
from flows.settings import Settings
from flows.steps.outgoing import write_feeds
from flows.websub.store import Subscriptions, open_subscriptions
from parsers.errors import PressclipError, Retry
from parsers.topics.topics import Topics, read_topics
from warehouse.database.open import open_warehouse
from warehouse.database.warehouse import Warehouse
from warehouse.desk import Desk
from warehouse.loading.landing import land
from warehouse.loading.load import LoadReport, load_landed
from warehouse.published.publish import Budget, Published, publish
from warehouse.published.search_index import refresh_index
from warehouse.records import Batch, EntryOutcome, new_batch_id

if TYPE_CHECKING:
    from flows.decisions.feed_state import Poll

log = logging.getLogger(__name__)
Result = TypeVar("Result")


class Listener(Protocol):
    """Who wants to know how a run gets on: a progress bar, a log, a Prefect artifact."""

    def feeds_due(self, count: int) -> None:
        """So many feeds are about to be asked."""

    def feed_polled(self, poll: Poll) -> None:
        """One of them answered, or failed to."""

    def entries_waiting(self, count: int) -> None:
        """So many entries are about to be harvested."""

    def entry_decided(self, outcome: EntryOutcome) -> None:
        """One of them has an outcome."""

    def batch_loaded(self, report: LoadReport) -> None:
        """Landed batches became rows."""

    def copy_published(self, published: Published) -> None:
        """People read a newer copy from now on."""

    def held_up(self, message: str) -> None:
        """Something has to be waited for, and what."""


class LogListener:
    """Tells a log what a run does."""

    def __init__(self, log: logging.Logger | logging.LoggerAdapter[logging.Logger] = log) -> None:
        self._log = log

    def feeds_due(self, count: int) -> None:
        self._log.info("%d feeds are due", count)

    def feed_polled(self, poll: Poll) -> None:
        if poll.failure:
            self._log.warning("%s", poll.failure.message)
        else:
            self._log.info("polled %s: %d entries", poll.feed.url, len(poll.entries))

    def entries_waiting(self, count: int) -> None:
        self._log.info("%d entries are waiting", count)

    def entry_decided(self, outcome: EntryOutcome) -> None:
        self._log.debug("entry %d: %s %s", outcome.entry_id, outcome.state, outcome.reason or "")

    def batch_loaded(self, report: LoadReport) -> None:
        if report.batches:
            self._log.info(
                "loaded %d batches: %d entries, %d articles and %d revisions are new",
                len(report.batches),
                report.new_entries,
                report.new_articles,
                report.new_revisions,
            )

    def copy_published(self, published: Published) -> None:
        self._log.info("published %d changes, %d bytes", published.changes, published.size)

    def held_up(self, message: str) -> None:
        self._log.warning("%s", message)


@dataclass(frozen=True, slots=True)
class Tools:
    """Everything a step needs beside its input."""

    settings: Settings
    desk: Desk
    topics: Topics
    client: HttpClient
    robots: Robots
    pool: ParserPool
    listener: Listener
    now: Callable[[], datetime]
    hosts: asyncio.Semaphore
    """Held for each host that is being harvested."""
    unparsed: asyncio.Semaphore
    """Held for each page that was fetched and is not parsed yet; `client.room` bounds how large
    they are together."""
    subscriptions: Subscriptions | None = None
    """Where hubs push to this desk: what they pushed."""
    host_times: dict[str, HostTime] = field(default_factory=dict)
    """What each host has had of this harvest."""
    _one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)
    _loads: list[float] = field(default_factory=list)
    """When the last load began, on the event loop's clock."""
    _refused: list[Retry] = field(default_factory=list)
    """Why the last load could not be, where it could not."""

    @property
    def behind(self) -> bool:
        """Whether what was landed waits for another load, since the last one could not be."""
        return bool(self._refused)

    def batch(self, kind: str, *, at: datetime | None = None, **records: Any) -> Batch:
        """A new batch of `records`, created now or `at` a moment; its id sorts by that time."""
        created_at = at or self.now()
        return Batch(batch_id=new_batch_id(created_at), kind=kind, created_at=created_at, **records)

    def alone(self, step: str) -> AbstractAsyncContextManager[None]:
        """Held while `step` runs, so that no second run of it asks every page twice; raises
        Retry("already_running"). Runs for different shards do not exclude each other."""
        path, wait = self.desk.lock.with_suffix(f".{step}.lock"), self.settings.lock_wait
        if self.settings.shard is None:
            return alone(path, step, wait=wait, on_wait=self.listener.held_up)
        return alone_in_shard(
            path, step, self.settings.shard, wait=wait, on_wait=self.listener.held_up
        )

    async def land(self, batch: Batch, raw: Sequence[RawPage] = ()) -> str:
        """Makes `batch` durable: from here on it will be loaded, whatever happens to us. The pages
        it was read from are put into the archive before, so that none is missing there."""

        def write() -> str:
            if raw:
                archive(self.desk, batch, raw, software=self.settings.fetch().user_agent_header)
            return land(self.desk, batch)

        return await asyncio.to_thread(write)

    async def prune(self) -> None:
        """Deletes raw pages that are older, or take more room, than the settings allow; none where
        someone else holds the warehouse, since only that knows whether the clock can be right."""
        settings = self.settings
        with suppress(Retry):
            now, doubt = await self.in_warehouse(lambda wh: believable(wh, self.desk, self.now()))
            if doubt:
                self.listener.held_up(doubt)
            await asyncio.to_thread(
                prune, self.desk, now=now, days=settings.raw_days, most=settings.raw_bytes
            )

    async def in_warehouse(self, work: Callable[[Warehouse], Result]) -> Result:
        """Runs `work` with the warehouse open, in a thread, one at a time; raises
        Retry("warehouse_locked") where another process holds it too long."""

        def opened() -> Result:
            with open_warehouse(
                self.desk, wait=self.settings.lock_wait, on_wait=self.listener.held_up
            ) as wh:
                return work(wh)

        async with self._one_at_a_time:
            return await asyncio.to_thread(opened)

    async def load(self, *, pause: float = 0.0) -> LoadReport | None:
        """Loads every landed batch; None where the last load began less than `pause` seconds ago,
        or where the warehouse is held by someone else: then the batches stay where they are, and
        the next load takes them, and until then the tools are `behind`."""
        clock = asyncio.get_running_loop().time
        if self._loads and clock() - self._loads[-1] < pause:
            return None
        self._loads[:] = [clock()]
        try:
            report = await self.in_warehouse(
                lambda wh: load_landed(wh, self.desk, loaded_at=self.now())
            )
        except Retry as error:
            self._refused[:] = [error]
            self.listener.held_up(
                f"{error.message} What was collected is safe in the landing folder; the next run "
                "loads it."
            )
            return None
        self._refused.clear()
        self.listener.batch_loaded(report)
        return report

    async def publish(self, pause: float = 0.0) -> Published | None:
        """Brings the copy that people read up to date; None where nothing changed or the last one
        is younger than `pause` seconds, or where someone else holds the warehouse: the next run
        publishes what this one loaded. The feeds that tell of new stories follow it."""
        try:
            published = await asyncio.to_thread(
                publish,
                self.desk,
                now=self.now(),
                budget=Budget(pause, self.settings.publish_share),
                wait=self.settings.lock_wait,
                on_wait=self.listener.held_up,
            )
        except Retry as error:
            self.listener.held_up(f"{error.message} The next run publishes what is loaded.")
            return None
        if published:
            self.listener.copy_published(published)
            await asyncio.to_thread(self._index_for_search)
        await asyncio.to_thread(self._tell_of_stories, fresh=published is not None)
        return published

    async def publish_all(self) -> Published | None:
        """Publishes until nothing was loaded meanwhile. On a server, what is loaded while a publish
        run is at work starts no other, and would be seen only after the next schedule."""
        latest = None
        while published := await self.publish():
            latest = published
        return latest

    def _index_for_search(self) -> None:
        try:
            refresh_index(self.desk)
        except PressclipError as error:
            self.listener.held_up(f"{error} The next search brings it up to date.")

    def _tell_of_stories(self, *, fresh: bool) -> None:
        folder = self.settings.feeds_folder
        if folder is None or not (fresh or not any(folder.glob("*.atom"))):
            return
        try:
            write_feeds(self.desk, self.settings, self.topics.names)
        except Exception as error:  # the copy is published; only the feeds are behind
            if not isinstance(error, PressclipError | OSError):
                log.exception("writing the feeds in %s failed", folder)
            self.listener.held_up(
                f"The feeds in {folder} are not up to date: {error}. The next publish tries again."
            )


@asynccontextmanager
async def open_tools(
    settings: Settings,
    listener: Listener | None = None,
    now: Callable[[], datetime] = clock.now,
) -> AsyncIterator[Tools]:
    """Tools for one run, closed at its end. Raises Drop where the topics file is wrong."""
    topics = read_topics(settings.topics_toml())
    pool = ParserPool(
        topics,
        workers=settings.workers,
        timeout=settings.parse_timeout,
        tasks=settings.pages_per_worker,
    )
    desk = settings.desk()
    desk.create()
    with (
        Memory(desk.folder / "manners.sqlite") as memory,
        Turns(desk.folder / "turns", clock.now) as turns,
        open_subscriptions(desk.folder) as subscriptions,
    ):
        client = HttpClient(settings.fetch(), clock=now, memory=memory, turns=turns)
        async with client, pool:
            yield Tools(
                settings=settings,
                desk=desk,
                topics=topics,
                client=client,
                robots=Robots(client),
                pool=pool,
                listener=listener or LogListener(),
                now=now,
                hosts=asyncio.Semaphore(settings.hosts_at_once),
                unparsed=asyncio.Semaphore(settings.pages_in_flight),
                subscriptions=subscriptions,
            )

"""What every step of a run works with: client, parsers, clock, warehouse, and who is listening."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from flows import clock
from flows.archive.writing import RawPage, archive, file_of
from flows.decisions.host_budget import HostBudget
from flows.fetch.client import HttpClient
from flows.fetch.fetched import require_body
from flows.fetch.host_cache import HostCache
from flows.fetch.host_locks import HostLocks
from flows.fetch.robots import Robots
from flows.parser_pool.pool import ParserPool
from flows.run.listener import Listener, LogListener
from flows.run.lock import alone, alone_in_shard
from flows.settings import Settings
from flows.websub.store import Subscriptions, open_subscriptions
from parsers.errors import Retry
from parsers.records import Failure, Page
from parsers.topics.topics import Topics
from warehouse.database.open import open_warehouse
from warehouse.database.warehouse import Warehouse
from warehouse.desk import Desk
from warehouse.loading.landing import land, landed
from warehouse.loading.load import LoadReport, load_landed
from warehouse.queue.clock import ClockEpoch, clock_epoch
from warehouse.records import Batch, new_batch_id

Result = TypeVar("Result")


class Run:
    """Everything a step needs beside its input. Made by `open_run`."""

    def __init__(  # noqa: PLR0913 - all by name, in the one place that makes it
        self,
        *,
        settings: Settings,
        desk: Desk,
        topics: Topics,
        client: HttpClient,
        pool: ParserPool,
        subscriptions: Subscriptions | None,
        listener: Listener,
        now: Callable[[], datetime],
    ) -> None:
        self.settings = settings
        self.desk = desk
        self.topics = topics
        self.client = client
        self.robots = Robots(client)
        self.pool = pool
        self.subscriptions = subscriptions
        """Where hubs push to this desk: what they pushed."""
        self.listener = listener
        self.now = now
        self.began = now()
        self.hosts = asyncio.Semaphore(settings.hosts_at_once)
        """Held for each host that is being harvested."""
        self.unparsed = asyncio.Semaphore(settings.pages_in_flight)
        """Held for each page that was fetched and is not parsed yet; `client.budget` bounds how
        large they are together."""
        self.host_budgets: dict[str, HostBudget] = {}
        """What each host has had of this harvest."""
        self.behind = False
        """Whether what was landed waits for another load, since the last one could not be."""
        self._epoch = ClockEpoch()
        """As of the last look into the warehouse."""
        self._one_at_a_time = asyncio.Lock()
        self._last_load: float | None = None
        """When it began, on the event loop's clock."""

    def batch(self, kind: str, *, at: datetime | None = None, **records: Any) -> Batch:
        """A new batch of `records`, created now or `at` a moment; its id sorts by that time."""
        created_at = at or self.now()
        return Batch(
            batch_id=new_batch_id(created_at),
            kind=kind,
            created_at=created_at,
            clock_epoch=self._epoch.number,
            **records,
        )

    @property
    def clock_epoch(self) -> int:
        """The epoch of the clock, as of the last look into the warehouse."""
        return self._epoch.number

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
        it was read from are put into the archive before, so that none is missing there; where the
        archive has no room, their loss is a failure in the batch."""
        kept = await self._archived(batch, raw) if raw else batch
        return await asyncio.to_thread(land, self.desk, kept)

    async def _archived(self, batch: Batch, raw: Sequence[RawPage]) -> Batch:
        software = self.settings.fetch().user_agent_header
        try:
            await asyncio.to_thread(archive, self.desk, batch, raw, software=software)
        except Retry as error:
            message = f"{error.message} {len(raw)} raw pages were not kept; their articles were."
            self.listener.held_up(message)
            lost = Failure("archive", file_of(batch), error.name, message, "drop", self.now())
            return replace(batch, failures=(*batch.failures, lost))
        return batch

    @asynccontextmanager
    async def page_at(self, url: str) -> AsyncIterator[Page]:
        """What an outlet answers at `url`, in one try; its body counts against the memory for
        bodies for as long as it is read. Raises what `Robots.check`, `HttpClient.get_traced` and
        `require_body` raise."""
        await self.robots.check(url)
        with self.client.budget.reservation() as held:
            fetched = await self.client.get_traced(
                url, check=self.robots.check, patient=False, reservation=held
            )
            require_body(fetched.page)
            yield fetched.page

    async def in_warehouse(self, work: Callable[[Warehouse], Result]) -> Result:
        """Runs `work` with the warehouse open, in a thread, one at a time; raises
        Retry("warehouse_locked") where another process holds it too long."""

        def opened() -> Result:
            with open_warehouse(
                self.desk, wait=self.settings.lock_wait, on_wait=self.listener.held_up
            ) as wh:
                self._look_at_clock(wh)
                return work(wh)

        async with self._one_at_a_time:
            return await asyncio.to_thread(opened)

    def _look_at_clock(self, wh: Warehouse) -> None:
        epoch = clock_epoch(wh, self.now())
        if epoch.number <= self._epoch.number:
            return
        self._epoch = epoch
        if epoch.ahead_until:
            self.listener.held_up(
                f"The clock says {self.now():%Y-%m-%d %H:%M} UTC, and was at "
                f"{epoch.ahead_until:%Y-%m-%d %H:%M} UTC before. What was decided then counts no "
                "more; feeds and pages that wait for that time are asked now."
            )

    async def load(self, *, pause: float = 0.0) -> LoadReport | None:
        """Loads every landed batch; None where the last load began less than `pause` seconds ago,
        or where the warehouse is held by someone else: then the batches stay where they are, and
        the next load takes them, and until then the run is `behind`."""
        clock = asyncio.get_running_loop().time
        if self._last_load is not None and clock() - self._last_load < pause:
            return None
        self._last_load = clock()
        try:
            report = await self._load_landed()
        except Retry as error:
            self.behind = True
            self.listener.held_up(
                f"{error.message} What was collected is safe in the landing folder; the next run "
                "loads it."
            )
            return None
        self.behind = False
        self.listener.batch_loaded(report)
        return report

    async def _load_landed(self) -> LoadReport:
        # Opening the warehouse is most of the work where nothing has landed.
        if not await asyncio.to_thread(landed, self.desk):
            return LoadReport()
        return await self.in_warehouse(
            lambda wh: load_landed(wh, self.desk, loaded_at=self.now(), tells=self.listener.tells)
        )


@asynccontextmanager
async def open_client(
    settings: Settings, now: Callable[[], datetime] = clock.now
) -> AsyncIterator[HttpClient]:
    """A client that knows what earlier runs of the desk learnt of hosts, and waits for the runs
    beside it."""
    folder = settings.desk().folder
    with (
        HostCache(folder / "manners.sqlite") as cache,
        HostLocks(folder / "turns", clock.now) as locks,
    ):
        async with HttpClient(settings.fetch(), clock=now, cache=cache, locks=locks) as client:
            yield client


@asynccontextmanager
async def open_run(
    settings: Settings,
    listener: Listener | None = None,
    now: Callable[[], datetime] = clock.now,
) -> AsyncIterator[Run]:
    """A run, closed at its end. Raises Drop where the topics file is wrong."""
    with garbage_of_its_own():
        async with _opened(settings, listener, now) as run:
            yield run


@contextmanager
def garbage_of_its_own() -> Iterator[None]:
    """Within, the garbage collector leaves alone what was made before: to look through the modules
    of the program again and again takes a fifteenth of a poll's processor time. Where somebody
    told it so before, that stays, which it would not if it were undone here."""
    if gc.get_freeze_count():
        yield
        return
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


@asynccontextmanager
async def _opened(
    settings: Settings, listener: Listener | None, now: Callable[[], datetime]
) -> AsyncIterator[Run]:
    topics = settings.read_topics()
    pool = ParserPool(
        topics,
        workers=settings.workers,
        timeout=settings.parse_timeout,
        tasks=settings.pages_per_worker,
    )
    desk = settings.desk()
    desk.create()
    with open_subscriptions(desk.folder) as subscriptions:
        async with open_client(settings, now) as client, pool:
            yield Run(
                settings=settings,
                desk=desk,
                topics=topics,
                client=client,
                pool=pool,
                subscriptions=subscriptions,
                listener=listener or LogListener(),
                now=now,
            )

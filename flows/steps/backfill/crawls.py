"""Articles from the WARC files of crawls, such as Common Crawl's CC-NEWS.

    file ─ stretches ─ read, tested, parsed in processes ─▶ staged batches ─ in order ─▶ landing
                       stretches.py                                                      │
                                                   loads beside it, now and then ◀───────┘

A file whose records can't be found from its middle is one stretch. Batches are landed in the order
of the file, when it is known that their stretch began where a record begins: a page may look like a
record within, and nobody else's page shall come in with it.
"""

from __future__ import annotations

import asyncio
import shutil
from array import array
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from time import monotonic

from flows.archive.recorded_pages import can_be_split
from flows.concurrency import run_all
from flows.run.context import Run
from flows.steps.backfill.one_by_one import SOME_PAGES, read_one_by_one
from flows.steps.backfill.report import Backfilled
from flows.steps.backfill.several import SeveralPages, file_several
from flows.steps.backfill.stretches import Stretch, Terms, Told, read_stretch, unpacked_ids
from flows.steps.publish import LOAD_PAUSE, load_and_publish
from parsers.errors import Drop, PressclipError
from warehouse.desk import Desk
from warehouse.loading.landing import forget, move_staged, stage
from warehouse.queue.revisions import settled_backfills, whole_articles

STRETCH = 16_000_000
"""Bytes of a file that are read as one, where it can be split."""
AHEAD = 2
"""Stretches for each worker that are read before those before them are landed."""
LAND_PAUSE = 10.0
"""Seconds after which what was read is landed, as one batch: merging one takes a quarter of a
second of a processor, however little is in it. Who kills a backfill loses as much of it."""
MOST_BYTES = 10_000_000
"""Packed, of what is landed as one: about 3,000 articles."""

Progress = Callable[["Done"], None]


@dataclass(slots=True)
class Done:
    """How far a backfill has come."""

    size: int
    """Bytes of its files."""
    read: int = 0
    """Of these."""
    pages: int = 0
    stored: int = 0


@dataclass(slots=True)
class _Crawl:
    """A file of a crawl that is being read."""

    path: Path
    terms: Terms
    in_one: bool
    """Whether its records can't be found from its middle."""
    several: SeveralPages
    report: Backfilled = field(default_factory=Backfilled)
    upto: int | None = 0
    """Where the next record begins; None at the end."""
    records: int = 0


@dataclass(slots=True)
class _Together:
    """What the files of one backfill have in common."""

    done: Done
    progress: Progress
    seen: set[int] = field(default_factory=set)
    """Entries that were landed, or are in a batch that is ready."""
    ready: list[str] = field(default_factory=list)
    """Staged batches that may be landed."""
    size: int = 0
    """Of these, in bytes."""
    landed_at: float = field(default_factory=monotonic)


async def backfill_crawls(
    run: Run, paths: Sequence[Path], since: datetime | None, progress: Progress
) -> tuple[Backfilled, ...]:
    """Takes the articles from WARC files, of pages recorded at or after `since`; what each brought.
    Killed and started again, it goes on where it was.

    Raises Drop("not_warc") for a file that is none.
    """
    await run.load()
    together = _Together(Done(sum(path.stat().st_size for path in paths)), progress)
    at_once = asyncio.Semaphore(run.settings.workers)
    async with _terms(run, since) as terms, _loads_beside(run):
        try:
            reports = await run_all(
                _backfill(run, path, terms, together, at_once) for path in paths
            )
        finally:
            await _land_ready(run, terms, together)
    await run.load()
    return tuple(reports)


async def backfill_crawl(
    run: Run, path: Path, since: datetime | None, progress: Progress
) -> Backfilled:
    """`backfill_crawls` of one file."""
    return (await backfill_crawls(run, [path], since, progress))[0]


async def _backfill(
    run: Run, path: Path, terms: Terms, together: _Together, at_once: asyncio.Semaphore
) -> Backfilled:
    async with at_once:
        whole = not await asyncio.to_thread(_can_be_split, path)
        crawl = _Crawl(path, terms, whole, SeveralPages(path))
        await _read(run, crawl, together)
        if not crawl.records:
            raise Drop("not_warc", f"{path} holds no WARC record. Name a .warc or .warc.gz file.")
        await file_several(run, crawl.several, crawl.report)
    return crawl.report


@asynccontextmanager
async def _loads_beside(run: Run) -> AsyncIterator[None]:
    """Loads what is landed, now and then, beside what else is done."""
    # Not cancelled: its thread would keep the warehouse, for which the next load then waits long.
    done = asyncio.Event()
    loading = asyncio.create_task(_load_until(run, done))
    try:
        yield
    finally:
        done.set()
        await loading


@asynccontextmanager
async def _terms(run: Run, since: datetime | None) -> AsyncIterator[Terms]:
    """What all stretches are read by; what is known of earlier backfills is in files."""
    digest = run.topics.digest
    settled, stored = await run.in_warehouse(
        lambda wh: (settled_backfills(wh, digest), whole_articles(wh))
    )
    staged = await asyncio.to_thread(stage, run.desk)
    try:
        yield Terms(
            settings=run.settings,
            since=since,
            now=run.now(),
            digest=digest,
            clock_epoch=run.clock_epoch,
            settled=_written(staged, "settled.ids", settled),
            stored=_written(staged, "stored.ids", stored),
            staged=staged,
        )
    finally:
        await asyncio.to_thread(shutil.rmtree, staged.folder, ignore_errors=True)


def _written(staged: Desk, name: str, ids: array[int]) -> Path:
    path = staged.folder / name
    with path.open("wb") as file:
        ids.tofile(file)
    return path


async def _load_until(run: Run, done: asyncio.Event) -> None:
    while not done.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(done.wait(), LOAD_PAUSE)
        if not done.is_set():
            await load_and_publish(run)


async def _read(run: Run, crawl: _Crawl, together: _Together) -> None:
    """Reads all stretches, some at once, and lands what they bring in their order."""
    waiting = _stretches(crawl)
    under_way: deque[tuple[Stretch, asyncio.Task[list[Told]]]] = deque()
    try:
        while True:
            for stretch in islice(waiting, AHEAD * run.settings.workers - len(under_way)):
                reading = asyncio.create_task(_read_stretch(run, crawl, stretch))
                under_way.append((stretch, reading))
            if not under_way:
                return
            stretch, reading = under_way.popleft()
            await _take(run, crawl, stretch, await reading, together)
    finally:
        for _, reading in under_way:
            reading.cancel()


def _stretches(crawl: _Crawl) -> Iterator[Stretch]:
    size = crawl.path.stat().st_size
    step = max(1, size) if crawl.in_one else STRETCH
    for start in range(0, size, step):
        yield Stretch(crawl.path, start, min(size, start + step), exact=start == 0)


def _can_be_split(path: Path) -> bool:
    with path.open("rb") as file:
        return can_be_split(file)


async def _read_stretch(run: Run, crawl: _Crawl, stretch: Stretch) -> list[Told]:
    """What came of all of a stretch: it is read in parts of some seconds."""
    if crawl.in_one:
        return [part async for part in read_one_by_one(run, stretch, crawl.terms)]
    parts: list[Told] = []
    while True:
        parts += await _read_part(run, crawl, stretch)
        upto = parts[-1].upto
        if upto is None or upto >= stretch.end:
            return parts
        stretch = replace(stretch, start=upto, exact=True)


async def _read_part(run: Run, crawl: _Crawl, stretch: Stretch) -> list[Told]:
    try:
        return [await run.pool.under_topics(str(stretch.path), read_stretch, stretch, crawl.terms)]
    except PressclipError:
        if not stretch.exact:
            # Where its first record begins is told by the stretch before.
            return [Told(None)]
        # A page has ended its parser, or would not end: read alone it costs that page only.
        reading = read_one_by_one(run, stretch, crawl.terms, most=SOME_PAGES)
        return [part async for part in reading]


async def _take(
    run: Run, crawl: _Crawl, stretch: Stretch, parts: list[Told], together: _Together
) -> None:
    """Lands what a stretch brought, if it began where the one before it ended."""
    if parts[0].first != crawl.upto and not stretch.exact:
        parts = []
        if crawl.upto is not None and crawl.upto < stretch.end:
            again = replace(stretch, start=crawl.upto, exact=True)
            parts = await _read_stretch(run, crawl, again)
    for part in parts:
        if part.batch:
            await _land(run, crawl, part, part.batch, together)
        crawl.records += part.records
        crawl.report.add(part.report)
        crawl.several.waiting += part.several
        crawl.several.places |= part.places
        together.done.pages += part.report.found
        together.done.stored += part.report.states["stored"]
    if parts:
        crawl.upto = parts[-1].upto
    together.done.read += stretch.end - stretch.start
    together.progress(together.done)


async def _land(run: Run, crawl: _Crawl, part: Told, batch: str, together: _Together) -> None:
    """Has a staged batch landed, soon, without entries that one before it had: the first counts."""
    staged, ids = crawl.terms.staged, set(unpacked_ids(part.entry_ids))
    if known := ids & together.seen:
        states = await asyncio.to_thread(forget, staged, batch, known)
        part.report.found -= len(known)
        part.report.states -= states
    together.seen |= ids
    together.ready.append(batch)
    together.size += sum(file.size for file in staged.landing.files(batch))
    if together.size >= MOST_BYTES or monotonic() - together.landed_at >= LAND_PAUSE:
        await _land_ready(run, crawl.terms, together)


async def _land_ready(run: Run, terms: Terms, together: _Together) -> None:
    ready, together.ready, together.size = together.ready, [], 0
    together.landed_at = monotonic()
    if ready:
        await asyncio.to_thread(move_staged, terms.staged, ready, run.desk)

"""Articles from sitemaps: their addresses become entries that wait for the harvest."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from flows.decisions.speaking import among_sites
from flows.discovery.sitemaps import sitemap_at
from flows.run.context import Run
from flows.steps.backfill.report import Backfilled, backfill_entry
from flows.steps.ingest import harvest
from parsers.errors import PressclipError
from parsers.feeds.sitemaps import SitemapEntry
from warehouse.queue.revisions import known_entries

ENTRIES_PER_BATCH = 1000
MAX_SITEMAPS = 5000
"""Sitemaps read of one index: more than papers with a century of archives have."""


async def backfill_sitemap(
    run: Run, url: str, since: datetime | None, progress: Callable[[int, int, int], None]
) -> Backfilled:
    """Queues the pages that the sitemap at `url`, or those in its index, list as changed or
    published at or after `since` (or without a date), and harvests what waits.

    Raises what kept the sitemap itself from being read; one of an index that can't be read is
    counted and passed over. `progress` is told how many sitemaps are read, of how many, and how
    many pages those list.
    """
    report = Backfilled()
    waiting, seen = deque([url]), {url}
    while waiting:
        address = waiting.popleft()
        try:
            sitemap, _ = await sitemap_at(run, address)
        except PressclipError as error:
            if address == url:
                raise
            report.pass_over("sitemap", error.message)
            continue
        pages = (_own_word(page, url) for page in _recent(sitemap.entries, since))
        await _queue(run, pages, report)
        for further in _recent(sitemap.sitemaps, since):
            if further.url not in seen and len(seen) < MAX_SITEMAPS:
                seen.add(further.url)
                waiting.append(further.url)
        progress(len(seen) - len(waiting), len(seen), report.found)
    await run.load()
    report.states = await harvest(run)
    return report


def _recent(entries: Iterable[SitemapEntry], since: datetime | None) -> Iterator[SitemapEntry]:
    for entry in entries:
        told = entry.told_at
        if since is None or told is None or told >= since:
            yield entry


def _own_word(page: SitemapEntry, sitemap: str) -> SitemapEntry:
    """What the sitemap that somebody named says of a page: of another site's, its address only."""
    return page if among_sites(page.url, (sitemap,)) else SitemapEntry(page.url)


async def _queue(run: Run, pages: Iterable[SitemapEntry], report: Backfilled) -> None:
    entries = [backfill_entry(page) for page in pages]
    for start in range(0, len(entries), ENTRIES_PER_BATCH):
        some = tuple(entries[start : start + ENTRIES_PER_BATCH])
        report.found += len(some)
        report.known += await _known(run, [entry.entry_id for entry in some])
        await run.land(run.batch("backfill", entries=some))
    await run.load()


async def _known(run: Run, ids: Sequence[int]) -> int:
    return len(await run.in_warehouse(lambda wh: known_entries(wh, ids)))

"""Articles from the WARC files of crawls, such as Common Crawl's CC-NEWS."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from flows.archive.reading import (
    PAGES_PER_CHUNK,
    RecordedPage,
    SkippedRecord,
    next_chunk,
    read_warc,
)
from flows.concurrency import run_all
from flows.decisions.outcomes import Harvested, as_copy, batched, decide_entry
from flows.decisions.plan import already_stored, link_article_id
from flows.fetch.addresses import AddressRules
from flows.fetch.client import read_url
from flows.fetch.decompress import Limits
from flows.fetch.fetched import Fetched
from flows.run.context import Run
from flows.steps.backfill.report import Backfilled, backfill_entry
from flows.steps.further_pages import Ask, whole_article
from flows.steps.publish import load_and_publish
from flows.wording import how_many
from parsers.errors import Drop, PressclipError, Quarantine, Retry
from parsers.feeds.sitemaps import SitemapEntry
from parsers.parse import is_readable
from parsers.records import Article, Entry, Page, Rejection
from warehouse.queue.entries import known_articles
from warehouse.queue.revisions import KnownEntry, known_entries
from warehouse.records import EntryState, WaitingEntry

CLOCKS_APART = timedelta(days=1)
"""How far a crawler's clock may be ahead of ours."""


async def backfill_crawl(
    run: Run, path: Path, since: datetime | None, progress: Callable[[str], None]
) -> Backfilled:
    """Takes the articles from the WARC file `path`, of pages recorded at or after `since`. Killed
    and started again, it goes on where it was.

    Raises Drop("not_warc") for a file that is none.
    """
    report, size = Backfilled(), max(1, path.stat().st_size)
    await run.load()
    pages, several = _pages(run, path, since, report), _SeveralPages(path)
    while chunk := await asyncio.to_thread(next_chunk, pages):
        await _file_chunk(run, chunk, report, several)
        progress(
            f"{path.name}: {chunk[-1].position / size:.0%} read, {how_many(report.found, 'page')}"
        )
        await load_and_publish(run)
    await _file_several(run, several, report)
    await run.load()
    return report


@dataclass(slots=True)
class _SeveralPages:
    """Articles on several pages, which may be anywhere in a crawl: their turn comes at its end."""

    path: Path
    places: dict[str, int] = field(default_factory=dict)
    """Where in the file the page at an address is."""
    waiting: list[tuple[WaitingEntry, Article]] = field(default_factory=list)


def _pages(
    run: Run, path: Path, since: datetime | None, report: Backfilled
) -> Iterator[RecordedPage]:
    fetch = run.settings.fetch()
    limits = Limits(run.settings.max_body, fetch.max_unpack_ratio)
    rules = AddressRules.read(fetch.allowed_networks, fetch.allowed_hosts)
    latest = run.now() + CLOCKS_APART
    with path.open("rb") as file:
        for record in read_warc(file, str(path), limits, latest=latest):
            if isinstance(record, SkippedRecord):
                report.pass_over(
                    record.reason, record.message if record.reason == "broken_record" else None
                )
            elif refused := _refused(record.page.url, rules):
                report.pass_over(refused.name)
            elif not is_readable(record.page):
                report.pass_over("not_html")
            elif since is not None and record.page.fetched_at < since:
                report.pass_over("too_old")
            else:
                yield record


def _refused(url: str, rules: AddressRules) -> Drop | None:
    """Why an address can't be one that a page of the press had; None where it can."""
    try:
        # As behind a proxy: nobody looks the name up, so its form has to tell.
        rules.check_host(read_url(url).host, proxied=True)
    except Drop as error:
        return error
    return None


async def _file_chunk(
    run: Run, chunk: Sequence[RecordedPage], report: Backfilled, several: _SeveralPages
) -> None:
    """Parses the pages of a chunk and lands what becomes of them as one batch."""
    # One moment for all of it: an outcome older than its entry would have it looked at again.
    now, digest = run.now(), run.topics.digest
    pages = {recorded.page.final_url: recorded.page for recorded in chunk}
    several.places |= {recorded.page.final_url: recorded.position for recorded in chunk}
    waiting = [WaitingEntry(backfill_entry(SitemapEntry(url)), attempts=0) for url in pages]
    ids = [item.entry.entry_id for item in waiting]
    articles = tuple({link_article_id(item) for item in waiting})
    decided, stored = await run.in_warehouse(
        lambda wh: (known_entries(wh, ids), known_articles(wh, articles))
    )
    new = [item for item in waiting if not _settled(decided.get(item.entry.entry_id), digest)]
    report.found += len(waiting)
    report.known += len(waiting) - len(new)
    if not new:
        return
    to_read, outcomes = already_stored(new, stored, now=now, digest=digest)
    found = await run_all(_parse(run, pages[item.entry.link or ""]) for item in to_read)
    read = list(zip(to_read, found, strict=True))
    later = [(item, what) for item, what in read if isinstance(what, Article) and what.paging]
    several.waiting += later
    harvested = [Harvested(outcome) for outcome in outcomes] + [
        decide_entry(item, what, now=now, digest=digest, settings=run.settings)
        for item, what in read
        if not (isinstance(what, Article) and what.paging)
    ]
    held = {item.entry.entry_id for item, _ in later}
    entries = tuple(item.entry for item in new if item.entry.entry_id not in held)
    await _land(run, now, entries, harvested, report)


async def _land(
    run: Run,
    now: datetime,
    entries: tuple[Entry, ...],
    harvested: Sequence[Harvested],
    report: Backfilled,
) -> None:
    if harvested:
        report.states.update(result.outcome.state.value for result in harvested)
        await run.land(run.batch("backfill", at=now, entries=entries, **batched(harvested)))


async def _file_several(run: Run, several: _SeveralPages, report: Backfilled) -> None:
    """Lands the articles on several pages, with those of their pages that the crawl has."""
    ask = partial(_recorded, run, several)
    stored: set[int] = set()
    for start in range(0, len(several.waiting), PAGES_PER_CHUNK):
        some = several.waiting[start : start + PAGES_PER_CHUNK]
        now, harvested = run.now(), []
        for item, page in some:
            whole = await _whole(run, page, ask)
            decided = decide_entry(
                item, whole, now=now, digest=run.topics.digest, settings=run.settings
            )
            harvested.append(as_copy(decided) if page.article_id in stored else decided)
            stored.add(page.article_id)
        await _land(run, now, tuple(item.entry for item, _ in some), harvested, report)
    several.waiting.clear()


async def _whole(run: Run, page: Article, ask: Ask) -> Article | PressclipError:
    try:
        return (await whole_article(run, page, ask, last_try=True)).article
    except PressclipError as error:
        return Quarantine(error.name, error.message) if isinstance(error, Retry) else error


async def _recorded(run: Run, several: _SeveralPages, url: str) -> Fetched | PressclipError:
    """The page at an address, where the crawl has it."""
    if url not in several.places:
        return Drop("not_in_crawl", f"{several.path} has no page {url}.")
    record = await asyncio.to_thread(_record_at, run, several.path, several.places[url])
    if isinstance(record, SkippedRecord):
        return Drop(record.reason, record.message)
    return Fetched(record.page)


def _record_at(run: Run, path: Path, position: int) -> RecordedPage | SkippedRecord:
    limits = Limits(run.settings.max_body, run.settings.fetch().max_unpack_ratio)
    latest = run.now() + CLOCKS_APART
    with path.open("rb") as file:
        return next(read_warc(file, str(path), limits, latest=latest, first=position))


def _settled(known: KnownEntry | None, digest: str) -> bool:
    """Whether an earlier backfill has decided an entry, by today's topics if it was off topic."""
    if known is None:
        return False
    return known.state is not EntryState.OFF_TOPIC or known.topics_digest == digest


async def _parse(run: Run, page: Page) -> Article | Rejection | PressclipError:
    try:
        return await run.pool.page(page, None)
    except Retry as error:
        # Tried again, it would be asked of its site, and its page is here.
        return Quarantine(error.name, error.message)
    except PressclipError as error:
        return error

"""Articles of a crawl on several pages, which may be anywhere in its file: their turn comes when it
was read to its end."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from flows.archive.reading import PAGES_PER_CHUNK, RecordedPage, SkippedRecord, read_warc
from flows.decisions.outcomes import Harvested, as_copy, batched, decide_entry
from flows.fetch.decompress import Limits
from flows.fetch.fetched import Fetched
from flows.run.context import Run
from flows.steps.backfill.report import Backfilled
from flows.steps.backfill.stretches import CLOCKS_APART
from flows.steps.further_pages import Ask, whole_article
from parsers.errors import Drop, PressclipError, Quarantine, Retry
from parsers.records import Article
from warehouse.records import WaitingEntry


@dataclass(slots=True)
class SeveralPages:
    """What was found of them in a file."""

    path: Path
    places: dict[str, int] = field(default_factory=dict)
    """Where in the file the pages are."""
    waiting: list[tuple[WaitingEntry, Article]] = field(default_factory=list)


async def file_several(run: Run, several: SeveralPages, report: Backfilled) -> None:
    """Lands the articles on several pages, with those of their pages that the crawl has."""
    ask = partial(_recorded, run, several)
    stored: set[int] = set()
    for start in range(0, len(several.waiting), PAGES_PER_CHUNK):
        some = several.waiting[start : start + PAGES_PER_CHUNK]
        now, harvested = run.now(), list[Harvested]()
        for item, page in some:
            whole = await _whole(run, page, ask)
            decided = decide_entry(
                item, whole, now=now, digest=run.topics.digest, settings=run.settings
            )
            harvested.append(as_copy(decided) if page.article_id in stored else decided)
            stored.add(page.article_id)
        report.states.update(result.outcome.state.value for result in harvested)
        entries = tuple(item.entry for item, _ in some)
        await run.land(run.batch("backfill", at=now, entries=entries, **batched(harvested)))
    several.waiting.clear()


async def _whole(run: Run, page: Article, ask: Ask) -> Article | PressclipError:
    try:
        return (await whole_article(run, page, ask, last_try=True)).article
    except PressclipError as error:
        return Quarantine(error.name, error.message) if isinstance(error, Retry) else error


async def _recorded(run: Run, several: SeveralPages, url: str) -> Fetched | PressclipError:
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

"""A crawl's file read page by page in this process, each parsed in one of its own: for files that
have to be read from their beginning, and for stretches in which a page ends whoever parses it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from flows.archive.reading import next_chunk, pages_of
from flows.archive.recorded_pages import warc_records
from flows.concurrency import run_all
from flows.run.context import Run
from flows.steps.backfill.stretches import CLOCKS_APART, Patience, Reader, Stretch, Terms, Told
from parsers.errors import PressclipError, Quarantine, Retry
from parsers.records import Article, Page, Rejection

SOME_PAGES = 50
"""Of a stretch in which one ends its parser: the rest of it is read in one go again."""


async def read_one_by_one(
    run: Run, stretch: Stretch, terms: Terms, most: int | None = None
) -> AsyncIterator[Told]:
    """What comes of a stretch, or of its first pages, `most` of them."""
    reader = Reader(stretch, terms, Patience(pages=most))
    with stretch.path.open("rb") as file:
        records = reader.within(warc_records(file, str(stretch.path), stretch.start))
        pages = pages_of(records, reader.limits, latest=terms.now + CLOCKS_APART)
        while chunk := await asyncio.to_thread(next_chunk, pages):
            wanted = [page for item in chunk if (page := reader.wanted(item))]
            found = await run_all(_parse(run, page.recorded.page) for page in wanted)
            for page, what in zip(wanted, found, strict=True):
                reader.decide(page, what)
            yield await asyncio.to_thread(reader.told)
    yield reader.told()


async def _parse(run: Run, page: Page) -> Article | Rejection | PressclipError:
    try:
        return await run.pool.page(page, None)
    except Retry as error:
        # Tried again, it would be asked of its site, and its page is here.
        return Quarantine(error.name, error.message)
    except PressclipError as error:
        return error

"""Filing single articles by hand: links, saved pages, plain-text documents.

They take the walk of every other article, but for two things: they are not found in a feed
(their entries have the feed id 0), and they are kept also where they are off topic, since
somebody chose them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from pathlib import Path

from flows.archive.writing import RawPage
from flows.decisions.outcomes import Harvested, batched, decide_entry
from flows.fetch.fetched import Fetched
from flows.run.context import Run
from flows.settings import read_file
from flows.steps.further_pages import whole_article
from flows.steps.harvest import fetch_entry, fetch_link, raw_pages
from parsers.errors import PressclipError
from parsers.identity import entry_id
from parsers.records import Article, Entry, Rejection
from warehouse.records import BY_HAND, WaitingEntry


@dataclass(frozen=True, slots=True)
class Filed:
    """What became of one thing that was filed."""

    name: str
    harvested: Harvested


async def file_articles(run: Run, names: list[str]) -> tuple[Filed, ...]:
    """Files each of `names` (a link or a path) and loads them as one batch.

    Raises Drop for a file that can't be read, before anything is filed.
    """
    bodies = {name: read_file(Path(name), "document") for name in names if not is_link(name)}
    found: list[tuple[str, Entry, Article | Rejection | PressclipError]] = []
    raw: list[RawPage] = []
    for name in dict.fromkeys(names):
        entry = _entry(name, bodies.get(name))
        result, pages = await _read(run, entry, name, bodies.get(name))
        found.append((name, entry, result))
        raw += pages
    # One moment for all of it: an outcome older than its entry would have it looked at again.
    now = run.now()
    filed = tuple(
        Filed(
            name,
            decide_entry(
                WaitingEntry(entry, attempts=0),
                result,
                now=now,
                digest=run.topics.digest,
                settings=run.settings,
            ),
        )
        for name, entry, result in found
    )
    entries = [
        _named(entry, filing.harvested.article)
        for filing, (_, entry, _) in zip(filed, found, strict=True)
    ]
    harvested = batched([each.harvested for each in filed])
    await run.land(run.batch("add", at=now, entries=tuple(entries), **harvested), raw)
    await run.load()
    return filed


def is_link(name: str) -> bool:
    """Whether `name` is a link; everything else is a path."""
    return name.lower().startswith(("http://", "https://"))


def _entry(name: str, body: bytes | None) -> Entry:
    link = name if body is None else None
    guid = link or f"urn:sha256:{sha256(body or b'').hexdigest()}"
    return Entry(entry_id(BY_HAND, guid), BY_HAND, guid, link, title=Path(name).name)


def _named(entry: Entry, article: Article | None) -> Entry:
    return replace(entry, title=article.title) if article else entry


async def _read(
    run: Run, entry: Entry, name: str, body: bytes | None
) -> tuple[Article | Rejection | PressclipError, tuple[RawPage, ...]]:
    """What was filed under `name`, and the pages to keep if it was fetched."""
    fetched: Fetched | PressclipError | None = None
    further: tuple[Fetched, ...] = ()
    found: Article | Rejection | PressclipError
    try:
        if body is not None:
            return await run.pool.document(body, name), ()
        fetched = await fetch_entry(run, entry)
        if not isinstance(fetched, Fetched):
            return fetched, ()
        found = await run.pool.page(fetched.page, None, keep_off_topic=True)
        if isinstance(found, Article) and found.paging:
            whole = await whole_article(run, found, partial(fetch_link, run), last_try=True)
            found, further = whole.article, whole.further
    except PressclipError as error:
        found = error
    return found, raw_pages(run, [entry], fetched, found, further) if fetched else ()

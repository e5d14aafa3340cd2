"""Running the walk in tests: settings for the made-up press, and what came out as plain rows."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from flows import clock
from flows.newsstand import ServedPress
from flows.run.context import open_run
from flows.settings import Settings
from flows.steps.ingest import IngestReport, ingest
from flows.steps.subscriptions import newsstand_feeds, subscribe
from parsers.feeds.opml import OpmlFeed
from tests.settings import settings as of_tests
from warehouse.published.read import read

Rows = list[tuple[Any, ...]]

STABLE = {
    "feeds": "SELECT url, title, language, category, format, health, error, etag, body_hash "
    "FROM feeds ORDER BY ALL",
    "entries": "SELECT entry_id, feed_id, guid, link, title, state, reason, article_id, attempts "
    "FROM entries ORDER BY ALL",
    "articles": "SELECT article_id, canonical_url, title, text, authors, published_at, language, "
    "min(article_id) OVER (PARTITION BY story_id) AS story FROM articles ORDER BY ALL",
    "mentions": 'SELECT article_id, topic, alias, place, "offset", count, salience '
    "FROM mentions ORDER BY ALL",
    "revisions": "SELECT article_id, title, text FROM article_revisions ORDER BY ALL",
    "stories": "SELECT original_id, articles, hosts, languages, topics, wire FROM stories "
    "ORDER BY ALL",
    "failures": "SELECT stage, url, error, attempts FROM failures ORDER BY ALL",
}
"""Everything that must come out the same, whenever and however often it was collected. A story's id
is that of its first article to be loaded, so which articles stand together is compared instead."""


def run(
    settings: Settings,
    later: timedelta = timedelta(0),
    feeds: Iterable[OpmlFeed] | None = None,
) -> IngestReport:
    """One whole walk in this process, so much later than now; over all feeds of the made-up press,
    unless some are given."""
    subscribe(settings, newsstand_feeds() if feeds is None else feeds)

    async def walk() -> IngestReport:
        async with open_run(settings, now=lambda: clock.now() + later) as run:
            return await ingest(run)

    return asyncio.run(walk())


def rows(path: Path, sql: str) -> Rows:
    """The rows of a query on the published copy."""
    return [
        tuple(tuple(value) if isinstance(value, list) else value for value in row)
        for row in read(path, sql).rows
    ]


def stable_rows(path: Path) -> dict[str, Rows]:
    """All rows that must not depend on when or how often they were collected."""
    return {name: rows(path, sql) for name, sql in STABLE.items()}


@dataclass(frozen=True)
class Undisturbed:
    """A whole walk, and what came of it."""

    path: Path
    report: IngestReport
    asked: tuple[str, ...]
    """The addresses that the press was asked for."""
    seconds: float
    rows: dict[str, Rows]
    """Those that must not depend on when or how often they were collected."""

    @classmethod
    def walked(cls, newsstand: ServedPress, folder: Path) -> Undisturbed:
        """One that begins here and now."""
        path = folder / "press.duckdb"
        newsstand.forget_requests()
        started = time.monotonic()
        report = run(of_tests(path, proxy=newsstand.proxy_url))
        seconds = time.monotonic() - started
        asked = tuple(line.url for line in newsstand.requests)
        return cls(path, report, asked, seconds, stable_rows(path))

    def copied(self, folder: Path) -> Path:
        """A warehouse in `folder`, with all of its desk, that goes on from there."""
        shutil.copytree(self.path.parent, folder, dirs_exist_ok=True)
        return folder / self.path.name

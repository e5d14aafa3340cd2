"""Running the walk in tests: settings for the made-up press, and what came out as plain rows."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

from flows import clock
from flows.run.context import open_run
from flows.settings import Settings
from flows.steps.ingest import IngestReport, ingest
from flows.steps.subscriptions import newsstand_feeds, subscribe
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


def run(settings: Settings, later: timedelta = timedelta(0)) -> IngestReport:
    """One whole walk in this process, so much later than now."""
    subscribe(settings, newsstand_feeds())

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

"""Which feeds are watched: from OPML files and by hand into the warehouse, and out again."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

from flows import clock
from flows.settings import Settings, read_file
from flows.tools import new_batch_id
from parsers.identity import feed_id
from parsers.opml import OpmlFeed, read_opml
from warehouse.connection import open_warehouse
from warehouse.feeds import all_feeds
from warehouse.landing import land
from warehouse.load import load_landed
from warehouse.publish import publish
from warehouse.reading import named
from warehouse.records import Batch, Feed
from warehouse.rows import record


def read_feeds(path: Path) -> tuple[OpmlFeed, ...]:
    """The feeds of an OPML file; raises Drop where it can't be read or is no OPML."""
    return read_opml(read_file(path, "feed list"))


def shipped_feeds() -> tuple[OpmlFeed, ...]:
    """The feeds that ship with pressclip."""
    return read_opml(files("seeds").joinpath("feeds.opml").read_bytes())


def newsstand_feeds() -> tuple[OpmlFeed, ...]:
    """The feeds of the made-up press."""
    return read_opml(files("seeds").joinpath("newsstand").joinpath("feeds.opml").read_bytes())


def published_feeds(settings: Settings) -> tuple[Feed, ...]:
    """The feeds of the published copy, by category and title; none where there is no copy yet.
    Waits for nobody and writes nothing."""
    desk = settings.desk()
    if not desk.published.exists():
        return ()
    table = named(desk, "feeds")
    return tuple(record(Feed, dict(zip(table.columns, row, strict=True))) for row in table.rows)


def subscribed(settings: Settings) -> tuple[Feed, ...]:
    """The feeds of the warehouse itself, by category and title: for those about to write to it."""
    with open_warehouse(settings.desk(), wait=settings.lock_wait) as wh:
        return all_feeds(wh)


def subscribe(settings: Settings, feeds: Iterable[OpmlFeed]) -> int:
    """Adds feeds to the warehouse and returns how many it did not have yet. What is known of a
    feed that is there already stays; what is given here only fills gaps (see `feeds` in
    warehouse/load.sql), and where it fills none, nothing is written."""
    desk, now = settings.desk(), clock.now()
    wanted = {feed_id(feed.url): feed for feed in feeds}
    known = {feed.feed_id: feed for feed in subscribed(settings)}
    changed = tuple(
        row
        for number, feed in wanted.items()
        if _is_news(row := _row(number, feed), known.get(number))
    )
    if not changed:
        return 0
    land(desk, Batch(new_batch_id(now), "feeds", now, feeds=changed))
    with open_warehouse(desk, wait=settings.lock_wait) as wh:
        load_landed(wh, desk, loaded_at=now)
    publish(desk, now=now, wait=settings.lock_wait)
    return len(wanted.keys() - known.keys())


def _row(number: int, feed: OpmlFeed) -> Feed:
    return Feed(
        feed_id=number,
        url=feed.url,
        title=feed.title,
        site_url=feed.site_url,
        language=feed.language,
        category=feed.category,
    )


def _is_news(row: Feed, known: Feed | None) -> bool:
    """Whether `row` is a new feed, or fills a gap in what is known of it."""
    if known is None:
        return True
    fields = ("title", "site_url", "language", "category")
    return any(getattr(known, name) is None and getattr(row, name) for name in fields)

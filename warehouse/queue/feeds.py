"""Feeds: which are due, which there are."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, datetime

from parsers.errors import Quarantine
from warehouse.database.warehouse import Warehouse
from warehouse.desk import Desk
from warehouse.published.read import named
from warehouse.queries import queries, record
from warehouse.records import REMOVED, SAME_FEED, Feed


def due_feeds(wh: Warehouse, now: datetime) -> tuple[Feed, ...]:
    """Feeds to ask at `now`, the longest overdue first; retired ones never."""
    rows = wh.records(queries("queue/feeds")["due"], {"now": now})
    return tuple(record(Feed, row) for row in rows)


def some_feeds(wh: Warehouse, feed_ids: Collection[int]) -> tuple[Feed, ...]:
    """These feeds, due or not; retired ones never."""
    if not feed_ids:
        return ()
    rows = wh.records(queries("queue/feeds")["some"], {"feed_ids": list(feed_ids)})
    return tuple(record(Feed, row) for row in rows)


def all_feeds(wh: Warehouse) -> tuple[Feed, ...]:
    """Every feed, retired ones too, by category and title."""
    return tuple(record(Feed, row) for row in wh.records(queries("queue/feeds")["all"]))


def feeds_beside(wh: Warehouse, feed_ids: Iterable[int]) -> tuple[Feed, ...]:
    """Those of these feeds beside which there are others of their hosts that may be the same feed,
    and these others, retired ones too; the one known longest first."""
    rows = wh.records(queries("queue/feeds")["beside"], {"feed_ids": list(feed_ids)})
    return tuple(record(Feed, row) for row in rows)


def next_due(wh: Warehouse) -> datetime | None:
    """When the next feed wants to be asked (it may be past); None when there is none to ask."""
    ((when,),) = wh.execute(queries("queue/feeds")["next_due"])
    return when.astimezone(UTC) if isinstance(when, datetime) else None


def published_feeds(desk: Desk) -> tuple[Feed, ...]:
    """The feeds of the published copy, by category and title; none where there is no copy yet.
    Waits for nobody and writes nothing."""
    try:
        table = named(desk, "feeds")
    except Quarantine as error:
        if error.name != "no_warehouse":
            raise
        return ()
    return tuple(record(Feed, dict(zip(table.columns, row, strict=True))) for row in table.rows)


def published_healths(desk: Desk) -> dict[int, str]:
    """How each feed of the published copy is doing, as `sources` says: silent ones too."""
    try:
        rows = named(desk, "healths").rows
    except Quarantine as error:
        if error.name != "no_warehouse":
            raise
        return {}
    return {int(str(feed_id)): str(health) for feed_id, health in rows}


def watched(feeds: Iterable[Feed]) -> tuple[Feed, ...]:
    """Those of `feeds` that nobody removed, and that are none of the others."""
    return tuple(feed for feed in feeds if feed.error not in {REMOVED, SAME_FEED})

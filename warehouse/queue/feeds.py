"""Feeds: which are due, which there are."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime

from warehouse.database.warehouse import Warehouse
from warehouse.queries import queries, record
from warehouse.records import Feed


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


def next_due(wh: Warehouse) -> datetime | None:
    """When the next feed wants to be asked (it may be past); None when there is none to ask."""
    ((when,),) = wh.execute(queries("queue/feeds")["next_due"])
    return when.astimezone(UTC) if isinstance(when, datetime) else None

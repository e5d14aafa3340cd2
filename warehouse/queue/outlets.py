"""Outlets: whose home page may tell a name, and whether there is such a one."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from warehouse.database.warehouse import Warehouse
from warehouse.queries import queries, record

ASK_EVERY = timedelta(days=30)
"""How often a home page is asked at most."""
FOLLOW = "follow"
"""The kind of batches with feeds that the desk subscribed to by itself."""


@dataclass(frozen=True, slots=True)
class UnnamedOutlet:
    """An outlet whose home page may be asked what it is called."""

    site: str
    home_url: str


@dataclass(frozen=True, slots=True)
class SearchedHeadline:
    """A headline that a news search showed."""

    outlet_url: str
    """Where who published it is."""
    outlet_name: str | None
    title: str
    on_topic: bool
    """Whether its article was found and is on topic; else nobody has read it."""
    language: str | None
    """What the search was asked in."""


def unnamed_outlets(
    wh: Warehouse, now: datetime, most: int, owns: Callable[[str], bool] | None = None
) -> tuple[UnnamedOutlet, ...]:
    """At most so many outlets to ask at `now`, the newest first; `owns` says which home pages this
    run may ask."""
    rows = wh.records(queries("queue/outlets")["unnamed"], {"now": now, "since": now - ASK_EVERY})
    found = (record(UnnamedOutlet, row) for row in rows)
    return tuple(one for one in found if owns is None or owns(one.home_url))[:most]


def is_outlet(wh: Warehouse, site: str) -> bool:
    """Whether anything is known of an outlet at `site`."""
    return wh.execute(queries("queue/outlets")["is_known"], {"site": site}) == [(True,)]


def searched_headlines(
    wh: Warehouse, feed_ids: Collection[int], since: datetime
) -> tuple[SearchedHeadline, ...]:
    """What these feeds of news searches showed since then and what is not off topic."""
    asked = {"feed_ids": sorted(feed_ids), "since": since}
    rows = wh.records(queries("queue/outlets")["searched"], asked)
    return tuple(record(SearchedHeadline, row) for row in rows)


def has_followed(wh: Warehouse, since: datetime, now: datetime) -> bool:
    """Whether the desk has looked since then for feeds to subscribe to by itself."""
    asked = {"kind": FOLLOW, "since": since, "now": now}
    return wh.execute(queries("queue/outlets")["followed"], asked) != [(0,)]

"""What an operator wants to be told of: feeds that fail, volumes that fall, batches that wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from warehouse.database.warehouse import Warehouse
from warehouse.desk import Desk
from warehouse.loading.landing import landed
from warehouse.published.read import Table, read
from warehouse.queries import queries, record


@dataclass(frozen=True, slots=True)
class FailingFeed:
    """A feed that has not answered well for long."""

    feed_id: int
    title: str
    url: str
    error: str
    since: datetime
    """When it last did, or else was added."""


@dataclass(frozen=True, slots=True)
class LowVolume:
    """A language or source that brought far less than is usual on that day of the week."""

    kind: str
    """language or source."""
    key: str
    day: date
    observed: int
    usual: float


@dataclass(frozen=True, slots=True)
class OutletGap:
    """An outlet whose own feed shows no more what it publishes, or whose pages can't be read."""

    site: str
    outlet: str
    gap: str
    """muted or unread: see the view `gaps`."""
    since: datetime
    headlines: int
    reason: str
    """In words."""


@dataclass(frozen=True, slots=True)
class RestingHost:
    """A host that is left alone for a while, and what waits for it."""

    host: str
    until: datetime
    """When the first of them is asked again."""
    feeds: int
    pages: int
    reason: str
    """`host_paused`: it asked for it; `host_down`: it could not be reached."""


@dataclass(frozen=True, slots=True)
class WaitingBatches:
    """Landed batches that nobody has loaded."""

    count: int
    oldest: timedelta
    """How long the oldest has waited."""


def failing_feeds(wh: Warehouse, before: datetime) -> tuple[FailingFeed, ...]:
    """Feeds that have not answered well since `before`, the longest failing first."""
    rows = wh.records(queries("queue/health")["failing_feeds"], {"before": before})
    return tuple(record(FailingFeed, row) for row in rows)


def resting_hosts(wh: Warehouse, now: datetime) -> tuple[RestingHost, ...]:
    """Hosts that are left alone at `now`, those that most waits for first."""
    rows = wh.records(queries("queue/health")["resting"], {"now": now})
    return tuple(record(RestingHost, row) for row in rows)


def shown_resting_hosts(desk: Desk, now: datetime) -> Table:
    """The same as a table, out of the published copy; raises as `read` does."""
    return read(desk, queries("queue/health")["resting"], {"now": now})


def outlet_gaps(wh: Warehouse) -> tuple[OutletGap, ...]:
    """Outlets of which less is got than they publish, as of the last load; the longest first."""
    return tuple(record(OutletGap, row) for row in wh.records(queries("queue/health")["gaps"]))


def low_volumes(wh: Warehouse, day: date) -> tuple[LowVolume, ...]:
    """Languages and sources that brought far less than usual on `day` (UTC, over by now)."""
    rows = wh.records(queries("queue/health")["low_volumes"], {"day": day})
    return tuple(record(LowVolume, row) for row in rows)


def waiting_batches(desk: Desk, now: datetime, longer_than: timedelta) -> WaitingBatches | None:
    """The batches that have waited for `longer_than`, by their files' times; None without any."""
    ages = (now - batch.changed_at for batch in landed(desk))
    late = [age for age in ages if age > longer_than]
    return WaitingBatches(len(late), max(late)) if late else None

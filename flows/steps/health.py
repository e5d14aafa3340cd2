"""Watching the desk itself: what an operator wants to be told of, looked for now and then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flows.settings import Settings
from warehouse.database.open import open_warehouse
from warehouse.queue.health import (
    FailingFeed,
    LowVolume,
    OutletGap,
    WaitingBatches,
    failing_feeds,
    low_volumes,
    outlet_gaps,
    waiting_batches,
)

FAILING_FOR = timedelta(days=1)
WAITING_FOR = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class HealthReport:
    """What is not as it should be."""

    failing: tuple[FailingFeed, ...] = ()
    """Feeds that have failed for a day."""
    low: tuple[LowVolume, ...] = ()
    """What brought far less than usual yesterday."""
    gaps: tuple[OutletGap, ...] = ()
    """Outlets of which less is got than they publish."""
    waiting: WaitingBatches | None = None
    """Batches that were landed half an hour ago or more, and not loaded."""


def check_health(settings: Settings, now: datetime) -> HealthReport:
    """What is not as it should be at `now`. Raises Retry("warehouse_locked")."""
    desk = settings.desk()
    waiting = waiting_batches(desk, now, WAITING_FOR)
    with open_warehouse(desk, wait=settings.lock_wait) as wh:
        return HealthReport(
            failing=failing_feeds(wh, now - FAILING_FOR),
            low=low_volumes(wh, (now - timedelta(days=1)).date()),
            gaps=outlet_gaps(wh),
            waiting=waiting,
        )

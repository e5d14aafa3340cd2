"""Letting go of what nobody will ask for (see retention.sql for what that is)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from warehouse.handle import Warehouse
from warehouse.queries import queries
from warehouse.stories import WINDOW_DAYS

FINGERPRINT_DAYS = 4 * WINDOW_DAYS
"""Copies are looked for within the window; the rest is for batches that are loaded late."""


@dataclass(frozen=True, slots=True)
class Retention:
    """How many days to keep what may go."""

    feed_states: float
    failures: float
    off_topic: float
    """What feeds said in entries that were off topic."""


@dataclass(frozen=True, slots=True)
class Removed:
    """Rows that went."""

    feed_states: int
    failures: int
    off_topic: int
    """Entries that lost their summary and content, not the entries themselves."""
    fingerprints: int
    bands: int


def apply_retention(wh: Warehouse, retention: Retention, now: datetime) -> Removed:
    """Remove what is older than `retention` allows, in one transaction."""

    def rows(query: str, days: float, *, by_day: bool = False) -> int:
        before = now - timedelta(days=days)
        params = {"before": before.astimezone(UTC).date() if by_day else before}
        return int(str(wh.execute(queries("retention")[query], params)[0][0]))

    with wh.transaction():
        return Removed(
            feed_states=rows("feed_states", retention.feed_states),
            failures=rows("failures", retention.failures),
            off_topic=rows("off_topic", retention.off_topic),
            fingerprints=rows("fingerprints", FINGERPRINT_DAYS, by_day=True),
            bands=rows("bands", FINGERPRINT_DAYS, by_day=True),
        )

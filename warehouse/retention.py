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
    """Remove what is older than `retention` allows. Each kind goes in a transaction of its own,
    and fingerprints day by day: a year of them at once would not fit into memory."""
    fingerprints, bands = _forget_fingerprints(wh, now - timedelta(days=FINGERPRINT_DAYS))
    return Removed(
        feed_states=_rows(wh, "feed_states", before=now - timedelta(days=retention.feed_states)),
        failures=_rows(wh, "failures", before=now - timedelta(days=retention.failures)),
        off_topic=_rows(wh, "off_topic", before=now - timedelta(days=retention.off_topic)),
        fingerprints=fingerprints,
        bands=bands,
    )


def _forget_fingerprints(wh: Warehouse, before: datetime) -> tuple[int, int]:
    old = wh.execute(queries("retention")["old_days"], {"before": before.astimezone(UTC).date()})
    fingerprints = bands = 0
    for (day,) in old:
        # Bands first: a kill in between leaves the day among the old ones.
        bands += _rows(wh, "bands", day=day)
        fingerprints += _rows(wh, "fingerprints", day=day)
    return fingerprints, bands


def _rows(wh: Warehouse, query: str, **params: object) -> int:
    """How many rows a query of retention.sql removed."""
    return wh.change(lambda: int(str(wh.execute(queries("retention")[query], params)[0][0])))

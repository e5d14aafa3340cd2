"""Letting go of what nobody will ask for (see retention.sql for what that is)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from warehouse.database.warehouse import Warehouse
from warehouse.loading.stories import AGAIN_DAYS, WINDOW_DAYS
from warehouse.queries import queries

FINGERPRINT_DAYS = AGAIN_DAYS + WINDOW_DAYS
"""Equal texts are looked for so far apart; the rest is for batches that are loaded late."""


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


NOTHING_REMOVED = Removed(0, 0, 0, 0, 0)


PROVEN = timedelta(days=30)
"""For how long a desk has to be at work under a clock that jumped ahead, before it is believed."""


def believed(now: datetime, days: Iterable[date]) -> datetime:
    """The moment to reckon ages from, given the `days` (UTC) on which the desk was at work. Pure.

    It is `now`, unless there is a gap of more than thirty days before it: then the desk was at
    rest, or the clock jumped ahead and what looks old is not. So it is the last day before that
    gap, until work has gone on for thirty days behind it.
    """
    known = (datetime.combine(day, time(), UTC) for day in sorted(days, reverse=True))
    since = now
    for moment in known:
        if moment > now:
            continue
        if since - moment > PROVEN:
            return now if now - since >= PROVEN else moment
        since = moment
    return now


def doubt(now: datetime, instead: datetime) -> str:
    """What to tell people where a clock is not believed."""
    return (
        f"The clock says {now:%Y-%m-%d}, but the desk was not at work for long after "
        f"{instead:%Y-%m-%d}. In case the clock is wrong, only what was old then is removed, until "
        f"the desk has been at work for {PROVEN.days} days."
    )


JUMP = timedelta(days=1)
"""How far the clock may stand beyond the last batch of an earlier run before it may have jumped."""


def jumped(wh: Warehouse, now: datetime, began: datetime) -> str | None:
    """What to tell people where `now` is more than a day beyond the last batch of a run before the
    one at hand, which `began` then: in case the clock jumped, nothing is to be removed."""
    ((newest,),) = wh.execute(queries("upkeep/retention")["newest_before"], {"began": began})
    if not isinstance(newest, datetime) or now - newest <= JUMP:
        return None
    return (
        f"The clock says {now:%Y-%m-%d %H:%M} UTC, and the run before loaded its last batch on "
        f"{newest.astimezone(UTC):%Y-%m-%d %H:%M} UTC. In case the clock is wrong, nothing is "
        "removed for its age; the next run within a day removes it."
    )


def days_at_work(wh: Warehouse) -> tuple[date, ...]:
    """The days (UTC) on which batches were loaded."""
    rows = wh.execute(queries("upkeep/retention")["days_at_work"])
    return tuple(day for (day,) in rows if isinstance(day, date))


def apply_retention(wh: Warehouse, retention: Retention, now: datetime) -> Removed:
    """Remove what is older than `retention` allows at `now`, which has to be `believed`. Each kind
    goes in a transaction of its own, and fingerprints day by day: a year of them at once would not
    fit into memory."""
    fingerprints, bands = _forget_fingerprints(wh, now - timedelta(days=FINGERPRINT_DAYS))
    return Removed(
        feed_states=_rows(wh, "feed_states", before=now - timedelta(days=retention.feed_states)),
        failures=_rows(wh, "failures", before=now - timedelta(days=retention.failures)),
        off_topic=_rows(wh, "off_topic", before=now - timedelta(days=retention.off_topic)),
        fingerprints=fingerprints,
        bands=bands,
    )


def _forget_fingerprints(wh: Warehouse, before: datetime) -> tuple[int, int]:
    old = wh.execute(
        queries("upkeep/retention")["old_days"], {"before": before.astimezone(UTC).date()}
    )
    fingerprints = bands = 0
    for (day,) in old:
        # Bands first: a kill in between leaves the day among the old ones.
        bands += _rows(wh, "bands", day=day)
        fingerprints += _rows(wh, "fingerprints", day=day)
    return fingerprints, bands


def _rows(wh: Warehouse, query: str, **params: object) -> int:
    """How many rows a query of retention.sql removed."""
    return wh.change(lambda: int(str(wh.execute(queries("upkeep/retention")[query], params)[0][0])))

"""Whether the clock was ahead: in which epoch of it a batch is made.

A batch from the future was made under a clock that was wrong. Whoever finds one begins a new epoch,
and what belongs to an earlier one ranks below, whatever its times say. So all is decided by what
batches say of themselves, in whatever order they are loaded.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from warehouse.database.warehouse import Warehouse
from warehouse.queries import queries

AHEAD = timedelta(hours=1)
"""How far a moment may lie in the future and still be believed: the clocks of two machines differ.
(SQL says `INTERVAL 1 HOUR`.)"""


@dataclass(frozen=True, slots=True)
class ClockEpoch:
    """An epoch of the clock."""

    number: int = 0
    """0 until a clock was found to have been ahead."""
    ahead_until: datetime | None = None
    """The latest moment that the clock of the epoch before was at, where this one begins now."""


def clock_epoch(wh: Warehouse, now: datetime) -> ClockEpoch:
    """The epoch of a batch that is made at `now`."""
    for number, latest in wh.execute(queries("queue/clock")["latest_epoch"]):
        known = int(str(number))
        if isinstance(latest, datetime) and latest > now + AHEAD:
            return ClockEpoch(known + 1, latest.astimezone(UTC))
        return ClockEpoch(known)
    return ClockEpoch()

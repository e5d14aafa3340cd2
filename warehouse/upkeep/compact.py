"""Giving dead space back.

DuckDB uses again the blocks that deleted and changed rows leave, but never makes its file
smaller. So what is alive is copied into a new file now and then, which takes the old one's name
when it is complete: a kill at any moment leaves one whole warehouse or the other. A DuckLake does
it itself when it is asked (see compact.sql).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from warehouse.database.locks import OnWait
from warehouse.database.open import at_rest, copy_rows, opened_file
from warehouse.database.warehouse import Warehouse
from warehouse.desk import Desk
from warehouse.files import put
from warehouse.queries import queries


@dataclass(frozen=True, slots=True)
class Compaction:
    """What a compaction did to the private file."""

    before: int
    """Bytes."""
    after: int


WORTH = 0.5
"""The share of free blocks from which compaction pays (docs/operations.md): less than that is
used again by the next days' loads."""
SMALL = 64 << 20
"""Bytes of a file whose size nobody minds."""

KEPT_STATES = timedelta(days=7)
"""For how long a lake can be asked what it was, and its old files stay."""


def pays(wh: Warehouse) -> bool:
    """Whether a compaction would give back enough to be worth a rewrite of the whole file."""
    return free_share(wh) >= WORTH and wh.desk.private.stat().st_size >= SMALL


def compact(desk: Desk, *, wait: float = 0.0, on_wait: OnWait | None = None) -> Compaction:
    """Copy what is alive into a new private file. Loads wait as long as it takes.

    Raises Retry("warehouse_locked") or Retry("disk_full"), Quarantine("bad_copy") where the new
    file is not like the old one; then the old one stays.
    """
    with at_rest(desk, lambda _: None, wait=wait, on_wait=on_wait):
        before = desk.private.stat().st_size
        put(desk.private, lambda path: _rewrite(desk, path))
    return Compaction(before, desk.private.stat().st_size)


def _rewrite(desk: Desk, target: Path) -> None:
    # Read-only: it keeps writers out all the same, and leaves no log that the new file would meet.
    with opened_file(desk, desk.private, read_only=True) as connection:
        copy_rows(Warehouse(desk, connection), target)


def free_share(wh: Warehouse) -> float:
    """The share of the file that holds nothing alive: 0 to 1."""
    sql = "SELECT free_blocks, total_blocks FROM pragma_database_size() WHERE database_name = 'wh'"
    ((free, total),) = wh.execute(sql)
    return int(str(free)) / max(1, int(str(total)))


def tidy(wh: Warehouse, now: datetime) -> int:
    """Merge the small files that loads leave, and let states older than a week go; returns how
    many files went.

    Safe beside loads of other machines, with which each step takes turns. Raises
    Retry("warehouse_locked") where they are at work for too long; what was done stays done.
    """
    removed = 0
    for name, sql in queries("upkeep/compact").items():
        params = {"before": now - KEPT_STATES} if "$before" in sql else None
        rows = wh.execute_in_turn(sql, params)
        removed += len(rows) if name == "clean" else 0
    return removed

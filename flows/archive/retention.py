"""How long raw pages are kept."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from flows.archive.writing import SUFFIX
from warehouse.database.warehouse import Warehouse
from warehouse.desk import Desk
from warehouse.upkeep.retention import believed, days_at_work, doubt, jumped


@dataclass(frozen=True, slots=True)
class ArchiveFile:
    """A file of the archive."""

    name: str
    day: date
    size: int
    """Bytes."""


def archived(desk: Desk, since: date | None = None) -> tuple[ArchiveFile, ...]:
    """The files of the archive, from the day `since` on (UTC), the earliest first."""
    found = []
    for file in desk.raw.files(f"*/[!.]*{SUFFIX}"):
        with suppress(ValueError):
            day = date.fromisoformat(file.name.partition("/")[0])
            if since is None or day >= since:
                found.append(ArchiveFile(file.name, day, file.size))
    return tuple(found)


def outdated(
    files: tuple[ArchiveFile, ...], *, today: date, days: float, most: int
) -> tuple[ArchiveFile, ...]:
    """Those of `files` (the earliest first) that are older than `days`, and as many of the earliest
    as bring the rest down to `most` bytes. Pure."""
    oldest = today - timedelta(days=min(days, 100_000))
    left = sum(kept.size for kept in files if kept.day >= oldest)
    gone = []
    for kept in files:
        if kept.day < oldest:
            gone.append(kept)
        elif left > most:
            gone.append(kept)
            left -= kept.size
    return tuple(gone)


def prune(desk: Desk, *, now: datetime | None, days: float, most: int) -> int:
    """Deletes the files that need not be kept any longer at `now`, which has to be `believable`;
    where that is None, only those that there is no room for. Returns how many."""
    today = now.astimezone(UTC).date() if now else date.min
    gone = outdated(archived(desk), today=today, days=days if now else 0, most=most)
    for kept in gone:
        desk.raw.remove(kept.name)
    return len(gone)


def believable(
    wh: Warehouse, desk: Desk, now: datetime, began: datetime
) -> tuple[datetime | None, str | None]:
    """`now`, or the earlier moment that is believed after all that warehouse and archive know of,
    or None where nothing is old for certain; and then what to tell people. The run at hand
    `began` then."""
    if doubtful := jumped(wh, now, began):
        return None, doubtful
    moment = believed(now, {*days_at_work(wh), *(kept.day for kept in archived(desk))})
    return moment, doubt(now, moment) if moment < now else None

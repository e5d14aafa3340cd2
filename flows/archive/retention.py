"""How long raw pages are kept."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from flows.archive.writing import SUFFIX
from warehouse.desk import Desk


@dataclass(frozen=True, slots=True)
class Kept:
    """A file of the archive."""

    path: Path
    day: date
    size: int
    """Bytes."""


def archived(desk: Desk, since: date | None = None) -> tuple[Kept, ...]:
    """The files of the archive, from the day `since` on (UTC), the earliest first."""
    found = []
    for path in desk.raw.glob(f"*/[!.]*{SUFFIX}"):
        with suppress(ValueError, FileNotFoundError):
            day = date.fromisoformat(path.parent.name)
            if since is None or day >= since:
                found.append(Kept(path, day, path.stat().st_size))
    return tuple(sorted(found, key=lambda kept: (kept.day, kept.path.name)))


def outdated(files: tuple[Kept, ...], *, today: date, days: float, most: int) -> tuple[Kept, ...]:
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


def prune(desk: Desk, *, now: datetime, days: float, most: int) -> int:
    """Deletes the files that need not be kept any longer, and the folders of days that are empty
    then; returns how many files."""
    gone = outdated(archived(desk), today=now.astimezone(UTC).date(), days=days, most=most)
    for kept in gone:
        kept.path.unlink(missing_ok=True)
    for folder in {kept.path.parent for kept in gone}:
        with suppress(OSError):  # not empty
            folder.rmdir()
    return len(gone)

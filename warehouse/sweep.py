"""Files that a killed process left half-made."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from warehouse.desk import Desk
from warehouse.files import TEMPORARY

UNFINISHED = timedelta(days=1)
"""Nothing of ours takes so long to write."""


def sweep(desk: Desk, now: datetime, quarantined_days: float) -> tuple[Path, ...]:
    """Remove temporary files that nobody writes any more, and batches set aside so many days ago;
    returns what went."""
    folders = [desk.folder, desk.landing, *desk.raw.glob("*/")]
    if not desk.lake:
        folders += [desk.backups, desk.published.parent]
    half_made = [
        path
        for folder in folders
        if folder.is_dir()
        for path in folder.glob(TEMPORARY)
        if desk.lake or _ours(desk, path)
    ]
    gone = _older(half_made, now - UNFINISHED)
    set_aside = desk.quarantine.glob("*.parquet") if desk.quarantine.is_dir() else ()
    gone += _older(list(set_aside), now - timedelta(days=quarantined_days))
    for path in gone:
        path.unlink(missing_ok=True)
    return gone


def _ours(desk: Desk, path: Path) -> bool:
    """The folder of the published copy may hold other people's files."""
    return path.parent != desk.published.parent or path.name.startswith(f".{desk.published.name}.")


def _older(paths: list[Path], than: datetime) -> tuple[Path, ...]:
    old = []
    for path in paths:
        with suppress(FileNotFoundError):  # finished in the meantime
            if path.stat().st_mtime < than.timestamp():
                old.append(path)
    return tuple(old)

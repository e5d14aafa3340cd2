"""Files that a killed process left half-made."""

from __future__ import annotations

import glob
from datetime import datetime, timedelta

from warehouse.desk import Desk
from warehouse.files import TEMPORARY
from warehouse.folders import Folder, LocalFolder
from warehouse.loading.landing import QUARANTINE

UNFINISHED = timedelta(days=1)
"""Nothing of ours takes so long to write."""


def sweep(desk: Desk, now: datetime, quarantined_days: float) -> tuple[str, ...]:
    """Remove temporary files that nobody writes any more, and batches set aside so many days ago;
    returns the names of what went."""
    places: list[tuple[Folder, str]] = [
        (LocalFolder(desk.folder), TEMPORARY),
        (desk.landing, TEMPORARY),
        (desk.raw, f"*/{TEMPORARY}"),
    ]
    if not desk.lake:
        # The folder of the published copy may hold other people's files.
        ours = f".{glob.escape(desk.published.name)}{TEMPORARY.removeprefix('.')}"
        places += [
            (LocalFolder(desk.backups), TEMPORARY),
            (LocalFolder(desk.published.parent), ours),
        ]
    gone = [_remove_older(*place, now - UNFINISHED) for place in places]
    set_aside = now - timedelta(days=quarantined_days)
    gone.append(_remove_older(desk.landing, f"{QUARANTINE}*.parquet", set_aside))
    return tuple(name for names in gone for name in names)


def _remove_older(folder: Folder, pattern: str, than: datetime) -> list[str]:
    old = [file.name for file in folder.files(pattern) if file.changed_at < than]
    for name in old:
        folder.remove(name)
    return old

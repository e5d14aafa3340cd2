"""The read copy: what people open, swapped in whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from parsers.errors import Retry
from warehouse.connection import open_for_copy
from warehouse.desk import Desk
from warehouse.files import clone, put, sync
from warehouse.locks import OnWait
from warehouse.published import published_state


@dataclass(frozen=True, slots=True)
class Published:
    """A fresh read copy."""

    path: Path
    published_at: datetime
    changes: int
    """Changes of the warehouse that it holds, counted from its beginning."""
    size: int
    """Bytes."""


def publish(
    desk: Desk,
    *,
    now: datetime,
    min_interval: float = 0.0,
    wait: float = 60.0,
    on_wait: OnWait | None = None,
) -> Published | None:
    """Refresh what readers see; None when nothing changed, or less than `min_interval` seconds
    after the last time.

    Readers who have the old copy open keep it, undisturbed; who opens the path next gets the
    new one. Raises Retry when someone holds the private file for longer than `wait` seconds or
    the disk is full, Quarantine when something else stands at the published path.
    """
    last = published_state(desk)
    if last and last.published_at and (now - last.published_at).total_seconds() < min_interval:
        return None
    with open_for_copy(desk, now=now, than=last, wait=wait, on_wait=on_wait) as changes:
        if changes is None:
            return None
        put(desk.published, lambda path: _copy(desk.private, path), mode=0o444)
        # Left by someone who opened the old copy for writing; the new one must not replay it.
        desk.published.with_name(desk.published.name + ".wal").unlink(missing_ok=True)
        sync(desk.published.parent)
    return Published(desk.published, now, changes, desk.published.stat().st_size)


def _copy(private: Path, target: Path) -> None:
    """Copy the closed private file, making sure that nobody wrote into it meanwhile."""
    before = _stamp(private)
    clone(private, target)
    if _stamp(private) != before or private.with_name(private.name + ".wal").exists():
        raise Retry(
            "warehouse_locked",
            f"{private} was opened by another program while it was being published; the old copy "
            "stays. Open the published copy instead.",
        )


def _stamp(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_mtime_ns, status.st_size

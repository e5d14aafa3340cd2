"""Backups of the private file, and the way back to one.

A backup is a copy of the closed file, made while the writer lock is held, so that it is the
state between two loads. It is opened and counted before it gets its name.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from parsers.errors import Drop, Quarantine
from warehouse.connection import at_rest, attached, close, row_counts
from warehouse.desk import Desk
from warehouse.files import behind_links, copy_at_rest, is_stream, put, sync
from warehouse.handle import Warehouse
from warehouse.locks import OnWait, held, patiently
from warehouse.migrate import applied, refuse_newer
from warehouse.published import published_state


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy of the whole warehouse."""

    path: Path
    size: int
    """Bytes."""
    rows: dict[str, int]
    """By table."""


def backup(desk: Desk, target: Path, *, wait: float = 0.0, on_wait: OnWait | None = None) -> Backup:
    """Copy the warehouse to the file `target`. Loads wait as long as the copy takes.

    Raises Retry("warehouse_locked") or Retry("disk_full"), Quarantine("bad_copy") where the copy
    can't be read back; then it does not get its name. Drop("no_file") where something that is no
    file has it.
    """
    if is_stream(target):
        raise Drop("no_file", f"{target} is no file, and a backup is one: name another place.")
    target = behind_links(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    with at_rest(desk, row_counts, wait=wait, on_wait=on_wait) as rows:

        def copy_and_count(path: Path) -> None:
            copy_at_rest(desk.private, path)
            if _rows_of(path, desk) != rows:
                raise Quarantine(
                    "bad_copy", f"{target} could not be read back as it was written; try again."
                )

        put(target, copy_and_count, mode=0o444)
    return Backup(target, target.stat().st_size, rows)


def backup_name(desk: Desk, now: datetime) -> str:
    """What a backup taken `now` is called."""
    return f"{desk.published.stem}-{now:%Y%m%dT%H%M%SZ}.duckdb"


def backups(desk: Desk) -> tuple[Path, ...]:
    """The backups among the desk's files, the latest first."""
    found = desk.backups.glob("*.duckdb") if desk.backups.is_dir() else ()
    return tuple(
        sorted(
            (path for path in found if not path.name.startswith(".")),
            key=lambda path: path.stat().st_mtime_ns,
            reverse=True,
        )
    )


def prune_backups(desk: Desk, keep: int) -> int:
    """Remove all but the latest `keep` backups; returns how many went."""
    old = backups(desk)[keep:]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def restore(
    desk: Desk,
    source: Path,
    *,
    now: datetime,
    wait: float = 0.0,
    on_wait: OnWait | None = None,
) -> Path | None:
    """Make a backup (or a published copy) the warehouse; returns where the one before was kept.

    Batches that wait in the landing folder are loaded into it next. It counts as changed, so that
    the next publish shows it. Raises Quarantine("not_a_warehouse") or
    Quarantine("newer_warehouse") for a `source` that can't serve; then nothing has changed.
    """
    desk.create()
    desk.backups.mkdir(exist_ok=True)
    aside = desk.backups / f"before-restore-{now:%Y%m%dT%H%M%SZ}.duckdb"
    with held(desk.writer_lock, wait=wait, on_wait=on_wait):
        _settle(desk, wait, on_wait)
        had = desk.private.exists()

        def copy_and_mark(path: Path) -> None:
            copy_at_rest(source, path)
            path.chmod(0o644)
            _mark_changed(path, desk, source)
            if had:
                # Last, when nothing can be wrong with the source any more: until the file is
                # replaced this is another name of it, and would change with every load.
                aside.unlink(missing_ok=True)
                os.link(desk.private, aside)
                sync(desk.backups)

        with _gone_on_failure(aside):
            put(desk.private, copy_and_mark)
    if not had:
        return None
    aside.touch()  # the latest of the backups, not as old as its last row
    return aside


@contextmanager
def _gone_on_failure(aside: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


def _settle(desk: Desk, wait: float, on_wait: OnWait | None) -> None:
    """Bring what is in the private file's log into the file, where it can still be opened; a log
    beside a file that can't be goes with it, lest it be replayed into another one."""
    log = desk.private.with_name(desk.private.name + ".wal")
    if not desk.private.exists():
        log.unlink(missing_ok=True)
        return
    try:
        close(patiently(lambda: attached(desk, desk.private), wait=wait, on_wait=on_wait))
    except Quarantine:
        if log.exists():
            log.replace(desk.backups / log.name)


def _rows_of(path: Path, desk: Desk) -> dict[str, int]:
    connection = attached(desk, path, read_only=True)
    try:
        return row_counts(Warehouse(desk, connection))
    finally:
        close(connection)


def _mark_changed(path: Path, desk: Desk, source: Path) -> None:
    """Count one change more than either the restored warehouse or the published copy knows of."""
    published = published_state(desk)
    not_ours = Quarantine(
        "not_a_warehouse", f"{source} is not a warehouse of pressclip's; nothing was changed."
    )
    try:
        connection = attached(desk, path)
    except Quarantine as error:
        raise not_ours from error
    try:
        wh = Warehouse(desk, connection)
        version = applied(wh)
        if not version:
            raise not_ours
        refuse_newer(version, str(source))
        wh.execute(
            "UPDATE writer_lock SET changes = greatest(changes, $seen) + 1",
            {"seen": published.changes if published else 0},
        )
    finally:
        close(connection)

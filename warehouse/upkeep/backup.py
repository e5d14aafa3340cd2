"""Backups of the private file, and the way back to one.

A backup is a copy of the closed file, made while the writer lock is held, so that it is the
state between two loads. It is read in full before it gets its name, and before it is restored.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path

from parsers.errors import Drop, Quarantine
from warehouse.database.locks import OnWait, held, patiently
from warehouse.database.migrate import applied, refuse_newer
from warehouse.database.open import at_rest, opened_file, row_counts
from warehouse.database.published_state import published_state, refused
from warehouse.database.warehouse import Warehouse
from warehouse.desk import Desk
from warehouse.files import behind_links, copy_at_rest, is_duckdb, is_stream, put, sync
from warehouse.upkeep.checksums import rows_read

_BEFORE = ("before-restore", "before-migration")
"""How the names begin of backups that nobody asked for."""


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
    file has it, Drop("same_file") where the warehouse itself or its published copy does.
    """
    if is_stream(target):
        raise Drop("no_file", f"{target} is no file, and a backup is one: name another place.")
    target = behind_links(target)
    if any(
        own.exists() and target.exists() and target.samefile(own)
        for own in (desk.private, desk.published)
    ):
        raise Drop("same_file", f"{target} is the warehouse itself: name another place.")
    target.parent.mkdir(parents=True, exist_ok=True)
    with at_rest(desk, row_counts, wait=wait, on_wait=on_wait) as rows:

        def copy_and_count(path: Path) -> None:
            copy_at_rest(desk.private, path)
            if _rows_of(path, desk) != rows:
                raise Quarantine(
                    "bad_copy",
                    f"{target} could not be read back as it was written; try again. If that stays "
                    "so, the warehouse itself is damaged: go back to an earlier backup with "
                    "`pressclip warehouse restore`.",
                )

        put(target, copy_and_count, mode=0o444)
    return Backup(target, target.stat().st_size, rows)


def backup_name(desk: Desk, now: datetime) -> str:
    """What a backup taken `now` is called: as none among the desk's files is."""
    return _unused(desk.backups, f"{desk.published.stem}-{now:%Y%m%dT%H%M%SZ}").name


def _unused(folder: Path, stem: str) -> Path:
    """A name that no file has: two may be made within a second."""
    names = (f"{stem}.duckdb" if n == 1 else f"{stem}-{n}.duckdb" for n in count(1))
    return next(path for name in names if not (path := folder / name).exists())


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
    """Remove all but the latest `keep` backups of each kind; returns how many went. Those that
    restores and migrations leave must not push out those that somebody took."""
    kinds: dict[str, list[Path]] = {}
    for path in backups(desk):
        kinds.setdefault(_kind(path), []).append(path)
    old = [path for paths in kinds.values() for path in paths[keep:]]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _kind(path: Path) -> str:
    return next((kind for kind in _BEFORE if path.name.startswith(kind)), "taken")


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
    the next publish shows it. Raises Quarantine("not_a_warehouse"), Quarantine("damaged") or
    Quarantine("newer_warehouse") for a `source` that can't serve; then nothing has changed.
    """
    desk.create()
    desk.backups.mkdir(exist_ok=True)
    aside = _unused(desk.backups, f"before-restore-{now:%Y%m%dT%H%M%SZ}")
    with held(desk.writer_lock, wait=wait, on_wait=on_wait):
        _settle(desk, wait, on_wait)
        had = desk.private.exists()

        def copy_and_mark(path: Path) -> None:
            copy_at_rest(source, path)
            path.chmod(0o644)
            _read_and_mark(path, desk, source)
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

    def open_and_close() -> None:
        with opened_file(desk, desk.private):
            pass

    try:
        patiently(open_and_close, wait=wait, on_wait=on_wait)
    except Quarantine:
        if log.exists():
            log.replace(desk.backups / log.name)


def _rows_of(path: Path, desk: Desk) -> dict[str, int] | None:
    """How many rows each table has; None where they can't all be read."""
    try:
        with opened_file(desk, path, read_only=True) as connection:
            return rows_read(Warehouse(desk, connection))
    except Quarantine:
        return None


def _read_and_mark(path: Path, desk: Desk, source: Path) -> None:
    """Read the copy of `source` at `path` in full, and count one change more than either it or the
    published copy knows of."""
    seen = _published_changes(desk)
    try:
        with opened_file(desk, path) as connection:
            wh = Warehouse(desk, connection)
            _refuse_others(wh, source)
            rows_read(wh)
            wh.execute(
                "UPDATE writer_lock SET changes = greatest(changes, $seen) + 1",
                {"seen": seen},
            )
    except Quarantine as error:
        raise _not_restored(error, source) from error


def _published_changes(desk: Desk) -> int:
    """What the published copy has seen; a damaged one is about to be replaced."""
    try:
        published = published_state(desk)
    except Quarantine as error:
        if error.name != "damaged":
            raise
        return 0
    return published.changes if published else 0


def _refuse_others(wh: Warehouse, source: Path) -> None:
    schema = applied(wh)
    if not schema.version:
        raise refused(str(source))
    refuse_newer(schema, str(source))


def _not_restored(error: Quarantine, source: Path) -> Quarantine:
    """What `error` on opening or reading a copy of `source` means for whoever restores it."""
    if error.name == "damaged" and is_duckdb(source):
        return Quarantine(
            "damaged", f"{source} is damaged; nothing was changed. Name an earlier backup."
        )
    if error.name == "newer_warehouse":
        return error
    return Quarantine(
        "not_a_warehouse", f"{source} is not a warehouse of pressclip's; nothing was changed."
    )

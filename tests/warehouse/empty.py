"""Warehouses by the dozen: to make an empty one takes 0.3 s of a processor and thirteen waits for
the disk, to load a batch 0.2 s; to copy one takes neither. How they are made and loaded is tested
in `database/` and `loading/`."""

from __future__ import annotations

import atexit
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path

from warehouse.database.open import open_warehouse
from warehouse.desk import Desk
from warehouse.loading.landing import land
from warehouse.loading.load import load_landed
from warehouse.records import Batch


@cache
def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="pressclip-empty-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def _file() -> Path:
    desk = Desk.at(_folder() / "empty.duckdb")
    with open_warehouse(desk):
        pass
    return desk.private


@cache
def _filled(batches: tuple[Batch, ...], loaded_at: datetime) -> Path:
    """The same with what these batches bring."""
    desk = Desk.at(Path(tempfile.mkdtemp(dir=_folder())) / "filled.duckdb")
    put_warehouse(desk)
    for batch in batches:
        land(desk, batch)
    with open_warehouse(desk) as wh:
        load_landed(wh, desk, loaded_at=loaded_at)
    return desk.private


@cache
def _lake() -> Path:
    """The SQLite catalogue of a lake without rows, which has no files yet."""
    catalogue = _folder() / "empty.sqlite"
    with open_warehouse(Desk.at(f"ducklake:sqlite:{catalogue}?data={_folder()}/data", _folder())):
        pass
    return catalogue


def put_warehouse(desk: Desk) -> None:
    """An empty warehouse in a file, unless there is one."""
    _put(desk, _file)


def copying(adopt: Callable[[Desk], None]) -> Callable[[Desk], None]:
    """What the program looks for before it makes a warehouse, and then a copy of an empty one."""

    def adopt_or_copy(desk: Desk) -> None:
        adopt(desk)
        if not desk.lake and not desk.folder.is_relative_to(_folder()):
            put_warehouse(desk)

    return adopt_or_copy


def put_filled(desk: Desk, batches: tuple[Batch, ...], loaded_at: datetime) -> None:
    """One with what the batches bring, unless there is one."""
    _put(desk, lambda: _filled(batches, loaded_at))


def _put(desk: Desk, made: Callable[[], Path]) -> None:
    if desk.private.exists() or desk.published.exists():
        return
    desk.create()
    shutil.copyfile(made(), desk.private)


def put_lake(catalogue: Path, data: Path) -> None:
    """An empty lake with its catalogue in an SQLite file and its rows in the folder `data`."""
    catalogue.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(_lake(), catalogue)
    with sqlite3.connect(catalogue) as connection:
        connection.execute(
            "UPDATE ducklake_metadata SET value = ? WHERE key = 'data_path'", (f"{data}/",)
        )
    connection.close()

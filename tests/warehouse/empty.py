"""Warehouses by the dozen: to make an empty one takes 0.3 s of a processor and thirteen waits for
the disk, to load a batch 0.2 s; to copy one takes neither. How they are made and loaded is tested
in `database/` and `loading/`."""

from __future__ import annotations

import atexit
import fcntl
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path

import duckdb

from warehouse.database.open import ATTACH, open_warehouse
from warehouse.desk import Desk
from warehouse.loading.landing import land
from warehouse.loading.load import load_landed
from warehouse.records import Batch

SMALL = "BLOCK_SIZE 16384"
"""The blocks of a file are of one size for ever. The usual ones are sixteen times as large, and to
prepare one for each column that a load touched takes longer than to write what tests store."""


SHARED = "PRESSCLIP_TESTS_EMPTY"
"""The variable that names the folder which all processes of a test run share (`share_folder`)."""


@contextmanager
def share_folder() -> Iterator[None]:
    """What is made once is made once for all processes that are started in the block."""
    with tempfile.TemporaryDirectory(prefix="pressclip-empty-") as folder:
        os.environ[SHARED] = folder
        try:
            yield
        finally:
            del os.environ[SHARED]


@cache
def _folder() -> Path:
    if shared := os.environ.get(SHARED):
        return Path(shared)
    folder = Path(tempfile.mkdtemp(prefix="pressclip-empty-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _made(name: str, make: Callable[[Path], Path]) -> Path:
    """The file that `make` makes in a folder, which it gets; made here or in another process."""
    made = _folder() / name
    with made.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            make(Path(tempfile.mkdtemp(dir=_folder()))).rename(made)
    return made


@cache
def _file() -> Path:
    return _made("file", _make_file)


def _make_file(folder: Path) -> Path:
    desk = Desk.at(folder / "empty.duckdb")
    desk.create()
    with duckdb.connect() as connection:
        connection.execute(ATTACH.format(file=f"'{desk.private}'").replace(")", f", {SMALL})"))
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
    return _made("lake", _make_lake)


def _make_lake(folder: Path) -> Path:
    catalogue = folder / "empty.sqlite"
    with open_warehouse(Desk.at(f"ducklake:sqlite:{catalogue}?data={folder}/data", folder)):
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

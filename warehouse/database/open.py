"""Opening the private warehouse: locked, created, adopted or migrated as needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TypeVar

import duckdb

from parsers.errors import PressclipError, Quarantine, Retry
from warehouse.database.engines import Idle, keep_engine, take_engine
from warehouse.database.errors import duckdb_errors, no_warehouse
from warehouse.database.lakes import attach_lake, open_lake
from warehouse.database.locks import OnWait, held, patiently
from warehouse.database.migrate import Upgrade, migrate, newest
from warehouse.database.published_state import published_state
from warehouse.database.warehouse import Warehouse
from warehouse.desk import Desk
from warehouse.files import clone, mark_of, put
from warehouse.queries import quoted

T = TypeVar("T")

ATTACH = "ATTACH {file} AS wh (STORAGE_VERSION 'v1.5.0', ROW_GROUP_SIZE 16384)"
"""The format that DuckDB 1.5 and 2.0 both read. The row-group size is not stored in the file,
and opening it without would merge the groups: a third of the cost of closing after a small load
depends on it, so nothing else may open the file for writing."""

MARK = "unfinished_move"
"""The table that an unfinished move leaves (see `warehouse.upkeep.move`)."""

MEMORY = "256MB"
"""What DuckDB may hold in memory while loading; beyond that it spills into the desk's folder. A run
whose pages are all as big as they may be stays below 600 MB with it, and did not with half more."""

THREADS = 1
"""How many threads a load has. Nearly all of its statements are done before a second one is awake,
which then only looks for work: with two of them a load takes a third more of the processor, and one
of a lake, whose catalogue is asked at each statement, twice as much."""


@contextmanager
def open_warehouse(
    desk: Desk, *, wait: float = 0.0, on_wait: OnWait | None = None
) -> Iterator[Warehouse]:
    """The desk's warehouse, open for writing and up to date.

    Creates it where there is none; starts from the published copy where only that exists.
    While someone else has the private file, tries for `wait` seconds, telling `on_wait` once
    who it is, and then raises Retry("warehouse_locked"). In a lake others may write meanwhile:
    see `Warehouse.change`. Raises Quarantine("not_a_warehouse") when something else stands in
    its place, Quarantine("newer_warehouse") when a newer version made it; for a lake also as
    `warehouse.database.lakes.open_lake` does.
    """
    desk.create()
    with held(desk.writer_lock, wait=wait, on_wait=on_wait):
        _adopt(desk)
        with _opened(desk, wait, on_wait) as wh:
            yield wh


@contextmanager
def at_rest(
    desk: Desk, work: Callable[[Warehouse], T], *, wait: float, on_wait: OnWait | None
) -> Iterator[T]:
    """What `work` returns of the open warehouse. In the block the private file is closed,
    complete and kept from others, so that it can be copied or replaced.

    Raises as `open_warehouse` does, and Quarantine("no_warehouse") where there is none yet.
    """
    if not desk.private.exists():
        raise Quarantine(
            "no_warehouse", f"There is no warehouse at {desk.private} yet: run `pressclip ingest`."
        )
    with held(desk.writer_lock, wait=wait, on_wait=on_wait):
        with _opened(desk, wait, on_wait) as wh:
            result = work(wh)
        yield result


def migrate_now(desk: Desk, *, wait: float = 0.0, on_wait: OnWait | None = None) -> Upgrade:
    """Bring the warehouse up to date. Before the first migration a backup is taken; opening a
    warehouse for anything else does the same.

    Raises as `open_warehouse` does.
    """
    desk.create()
    with held(desk.writer_lock, wait=wait, on_wait=on_wait):
        _adopt(desk)
        with _connected(desk, wait, on_wait) as wh:
            return _up_to_date(wh)


@contextmanager
def held_for_moving(desk: Desk, *, wait: float, on_wait: OnWait | None) -> Iterator[Warehouse]:
    """The warehouse, open for writing and up to date, also if a move left it unfinished; with as
    much of the machine as DuckDB takes of itself. Raises as `open_warehouse` does."""
    desk.create()
    with held(desk.writer_lock, wait=wait, on_wait=on_wait):
        _adopt(desk)
        with _connected(desk, wait, on_wait) as wh:
            _up_to_date(wh)
            take_whole_machine(wh)
            yield wh


def attach_source(wh: Warehouse, desk: Desk) -> None:
    """Attach another warehouse beside the open one, as `source`, for reading. Its writer lock is
    held. Raises Quarantine("no_warehouse") where there is none."""
    if desk.lake:
        attach_lake(wh.connection, desk.lake, "source", read_only=True)
        return
    path = desk.private if desk.private.exists() else desk.published
    if not path.exists():
        raise no_warehouse(desk.name)
    wh.execute(f"ATTACH {_quoted(path)} AS source (READ_ONLY)")


@contextmanager
def _opened(desk: Desk, wait: float, on_wait: OnWait | None) -> Iterator[Warehouse]:
    """The warehouse, open and up to date; the writer lock is held.

    A file that is as this process left it, after it was found to be up to date, is not looked into
    again: that takes as long as all else at opening.
    """
    with _connected(desk, wait, on_wait) as wh:
        stands = _standing(desk)
        known = stands is not None and stands == _left.get(desk.private)
        if not known and MARK in _up_to_date(wh).tables:
            raise _unfinished(desk)
        yield wh
    if left := _standing(desk):
        _left[desk.private] = left


_left: dict[Path, tuple[object, ...]] = {}
"""Private files that this process brought up to date, and how it left each."""


def _standing(desk: Desk) -> tuple[object, ...] | None:
    """What tells whether a private file was changed, and what brings it up to date; None for a
    lake, and where a log beside the file may hold changes."""
    mark = None if desk.lake else mark_of(desk.private)
    if mark is None or desk.private.with_name(desk.private.name + ".wal").exists():
        return None
    return (*mark, newest())


def _unfinished(desk: Desk) -> Quarantine:
    return Quarantine(
        "unfinished_move",
        f"{desk.name} is what a stopped `pressclip warehouse migrate --to` left. Run it again: it "
        "starts over.",
    )


@contextmanager
def _connected(desk: Desk, wait: float, on_wait: OnWait | None) -> Iterator[Warehouse]:
    with ExitStack() as stack:
        connection = patiently(
            lambda: stack.enter_context(_current(desk)), wait=wait, on_wait=on_wait
        )
        yield Warehouse(desk, connection, wait, on_wait)


@contextmanager
def _current(desk: Desk) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the warehouse as its current database, `wh`."""
    if desk.lake:
        with open_lake(desk.lake, "wh") as connection:
            configure(connection, desk)
            yield connection
        return
    with opened_file(desk, desk.private) as connection:
        yield connection


def _up_to_date(wh: Warehouse) -> Upgrade:
    """Apply what is missing. Migrations may rewrite whole tables in one transaction, for which what
    is enough for loads is not: they get what DuckDB takes of itself."""

    def prepare(version: int) -> None:
        _back_up(wh, version)
        take_whole_machine(wh)

    done = patiently(lambda: migrate(wh, before=prepare), wait=wh.wait, on_wait=wh.on_wait)
    if not done.nothing:
        _bound(wh.connection)
    return done


def take_whole_machine(wh: Warehouse) -> None:
    """Let the connection take as much of the machine as DuckDB does of itself: for work on whole
    tables that holds much in memory."""
    _take_usual(wh, "memory_limit", "threads")


def take_all_threads(wh: Warehouse) -> None:
    """The same, but for memory: for work that reads whole tables."""
    _take_usual(wh, "threads")


def _take_usual(wh: Warehouse, *settings: str) -> None:
    # RESET changes what is shown, not what holds (DuckDB 1.5.5).
    with duckdb.connect() as another:
        for setting in settings:
            ((usual,),) = another.execute(f"SELECT current_setting('{setting}')").fetchall()
            wh.execute(f"SET {setting} = '{usual}'")


def _adopt(desk: Desk) -> None:
    """Start from the published copy where the private file is missing."""
    if desk.lake:
        return
    try:
        state = published_state(desk)
    except (Retry, Quarantine) as error:
        # Open for writing in some client, or damaged: ours, if we have published there before.
        if not desk.private.exists() or error.name not in {"warehouse_locked", "damaged"}:
            raise
        return
    if state and not desk.private.exists():
        put(desk.private, lambda path: clone(desk.published, path))


@contextmanager
def opened_file(
    desk: Desk, path: Path, *, read_only: bool = False
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the warehouse file at `path` as its current database. The writer lock is
    held, and what spills goes into the desk's folder. At the end everything is written into the
    file itself, which is let go of.

    An error in the block is the one that is raised: what failed in a transaction, or in a damaged
    file, lets nothing else succeed either.
    """
    with duckdb_errors(f"open {path}"):
        engine = take_engine(_idle)
    before = mark_of(_spill(desk))
    try:
        with engine.cursor() as connection:
            with duckdb_errors(f"open {path}"):
                _attach(connection, desk, path, read_only=read_only)
            try:
                yield connection
            except BaseException:
                with suppress(duckdb.Error):
                    connection.execute("ROLLBACK")
                with suppress(duckdb.Error):
                    _detach(connection)
                raise
            with duckdb_errors("close the warehouse"):
                _detach(connection)
    except BaseException:
        engine.close()
        raise
    # What has spilled is not to be told another folder, which the next one may need. The folder
    # may be there all along, left by a process that was killed: only what is in it changes then.
    if mark_of(_spill(desk)) != before:
        engine.close()
    else:
        keep_engine(engine, _idle)


_idle: Idle = []


def _attach(
    connection: duckdb.DuckDBPyConnection, desk: Desk, path: Path, *, read_only: bool
) -> None:
    configure(connection, desk)
    attach = ATTACH.replace(")", ", READ_ONLY)") if read_only else ATTACH
    connection.execute(attach.format(file=_quoted(path)))
    connection.execute("USE wh")


def _detach(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("USE memory")
    connection.execute("DETACH wh")


def _spill(desk: Desk) -> Path:
    return desk.folder / "spill"


def configure(connection: duckdb.DuckDBPyConnection, desk: Desk) -> None:
    """How a connection works that writes: within bounds, and in UTC."""
    _bound(connection)
    # DuckDB refuses this once it has spilled, also where nothing would change.
    spill = str(_spill(desk))
    ((now,),) = connection.execute("SELECT current_setting('temp_directory')").fetchall()
    if now != spill:
        connection.execute("SET temp_directory = $spill", {"spill": spill})
    connection.execute("SET TimeZone = 'UTC'")


def _bound(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(f"SET memory_limit = '{MEMORY}'; SET threads = {THREADS}")


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _back_up(wh: Warehouse, version: int) -> None:
    """Keep a copy of the warehouse as it was before a migration; a lake keeps its earlier states
    itself, and can be asked for them (AT (VERSION => …)).

    Copied by DuckDB itself: reading an open file behind its back would drop its lock (POSIX
    locks end with the first close of the file in the process).
    """
    if wh.desk.lake:
        return
    wh.desk.backups.mkdir(exist_ok=True)
    target = wh.desk.backups / f"before-migration-from-{version}.duckdb"
    put(target, lambda path: copy_rows(wh, path), mode=0o444)


def copy_rows(wh: Warehouse, target: Path) -> None:
    """Copy everything in the open warehouse, and nothing dead, into a new file.

    Raises Quarantine("bad_copy") where a table of the copy has another number of rows.
    """
    target.unlink(missing_ok=True)
    take_all_threads(wh)
    wh.execute(ATTACH.format(file=_quoted(target)).replace(" AS wh ", " AS copy "))
    try:
        wh.execute("COPY FROM DATABASE wh TO copy")
        _compare(wh, target)
    except BaseException:
        wh.rollback()
        with suppress(PressclipError):
            wh.execute("DETACH copy")
        raise
    wh.execute("DETACH copy")


def _compare(wh: Warehouse, target: Path) -> None:
    if row_counts(wh, "copy") != row_counts(wh, "wh"):
        raise Quarantine(
            "bad_copy", f"{target} has other rows than its original. Nothing was changed."
        )


def row_counts(wh: Warehouse, database: str = "wh") -> dict[str, int]:
    """How many rows each table of an attached database has. Asked in one statement, which on a
    lake costs a fifth of what one for each table does."""
    names = wh.tables(database)
    counts = (
        f"SELECT {place}, count(*) FROM {database}.{quoted(name)}"  # noqa: S608
        for place, name in enumerate(names)
    )
    rows = wh.execute(" UNION ALL ".join(counts)) if names else []
    found = {int(str(place)): int(str(count)) for place, count in rows}
    return {name: found[place] for place, name in enumerate(names)}

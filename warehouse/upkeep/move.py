"""Moving a whole warehouse to another place: from a file into a lake, and back.

    empty target ──▶ marked ──▶ rows, table by table ──▶ proof ──▶ mark taken away
                     nobody else opens it                counts and checksums

The source is only read. A move that was stopped leaves the mark, and the next one starts over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from parsers.errors import Drop, Quarantine, Retry
from warehouse.database.locks import OnWait, held
from warehouse.database.migrate import applied, refuse_newer
from warehouse.database.open import MARK, attach_source, held_for_moving, row_counts
from warehouse.database.warehouse import Warehouse
from warehouse.desk import Desk
from warehouse.folders import copy_stored
from warehouse.loading.landing import landed
from warehouse.published.read import refuse_absent
from warehouse.queries import quoted
from warehouse.upkeep.checksums import ReadTable, read_in_full

OWN = ("schema_definitions", "schema_migrations", "writer_lock")
"""What an empty warehouse has rows in."""


@dataclass(frozen=True, slots=True)
class Move:
    """What was moved, and proved to be the same in both places."""

    tables: tuple[ReadTable, ...]
    landed_batches: int
    """Batches that waited to be loaded, and now do so at both desks."""


def move(
    source: Desk,
    target: Desk,
    *,
    wait: float = 0.0,
    on_wait: OnWait | None = None,
    on_table: Callable[[str, int], None] = lambda _name, _rows: None,
) -> Move:
    """Copy everything from `source` to `target`, and prove that it arrived.

    `on_table` is told each table's name and number of rows once it is copied. Raises
    Drop("same_place"), Quarantine("no_warehouse") where there is no source, before anything is
    made, Drop("not_empty") where the target has rows already, Quarantine("older_warehouse") where
    the source is not up to date, Retry("source_changed") where somebody wrote to it meanwhile; and
    what opening either raises.
    """
    if source.folder == target.folder:
        raise Drop("same_place", f"{source.name} is there already; name another place.")
    refuse_absent(source)
    source.create()
    with (
        held(source.writer_lock, wait=wait, on_wait=on_wait),
        held_for_moving(target, wait=wait, on_wait=on_wait) as wh,
        _attached(wh, source),
    ):
        names = _tables(wh, source)
        _make_room(wh)
        for name in names:
            on_table(name, _copy(wh, name))
        tables = tuple(_proved(wh, name, source) for name in names)
        batches = _copy_landed(source, target)
        wh.execute(f"DROP TABLE {MARK}")
    return Move(tables, batches)


@contextmanager
def _attached(wh: Warehouse, source: Desk) -> Iterator[None]:
    attach_source(wh, source)
    yield
    wh.execute("DETACH source")


def _tables(wh: Warehouse, source: Desk) -> list[str]:
    """The tables to copy, the same ones on both sides."""
    there = applied(wh, "source")
    if not there.version:
        raise Quarantine("not_a_warehouse", f"{source.name} is not a warehouse of pressclip's.")
    refuse_newer(there, source.name)
    if there != applied(wh):
        raise Quarantine(
            "older_warehouse",
            f"{source.name} is not up to date with this pressclip: run `pressclip warehouse "
            "migrate` on it first. Nothing was moved.",
        )
    return wh.tables("source")


def _make_room(wh: Warehouse) -> None:
    """Mark the target as unfinished, if it is empty or what an earlier move left."""
    counts = row_counts(wh)
    unfinished = counts.pop(MARK, None) is not None
    if not unfinished and any(count for name, count in counts.items() if name not in OWN):
        raise Drop(
            "not_empty",
            f"{wh.desk.name} holds a warehouse already. Name an empty place, or move that one "
            "away; nothing was changed.",
        )
    wh.execute(f"CREATE TABLE IF NOT EXISTS {MARK} (here BOOLEAN)")


def _copy(wh: Warehouse, name: str) -> int:
    """Replace what the target has in one table (an earlier move may have left some)."""
    table = quoted(name)
    wh.execute("BEGIN TRANSACTION")
    try:
        wh.execute(f"DELETE FROM wh.{table}")  # noqa: S608 - names can't be bound
        ((rows,),) = wh.execute(
            f"INSERT INTO wh.{table} BY NAME SELECT * FROM source.{table}"  # noqa: S608
        )
        wh.execute("COMMIT")
    except BaseException:
        wh.rollback()
        raise
    return int(str(rows))


def _proved(wh: Warehouse, name: str, source: Desk) -> ReadTable:
    here, there = (read_in_full(wh, name, database) for database in ("wh", "source"))
    if here != there:
        raise Retry(
            "source_changed",
            f"The table {name} is not the same in both places: {there.rows} rows in "
            f"{source.name}, {here.rows} in {wh.desk.name}. Somebody wrote to the source "
            "meanwhile: stop what fills it, and move again.",
        )
    return here


def _copy_landed(source: Desk, target: Desk) -> int:
    """Batches that wait are loaded where the flows go on, in either place."""
    batches = landed(source)
    for batch in batches:
        copy_stored(source.landing, batch.name, target.landing)
    return len(batches)

"""The open warehouse, as the functions by subject take it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

import duckdb

from warehouse.database.errors import duckdb_errors
from warehouse.database.locks import OnWait, patiently
from warehouse.database.writer_queue import writers_turn
from warehouse.desk import Desk

if TYPE_CHECKING:
    import pyarrow as pa

T = TypeVar("T")
Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Warehouse:
    """A warehouse, open for writing. Made by `warehouse.database.open`."""

    desk: Desk
    connection: duckdb.DuckDBPyConnection
    wait: float = 0.0
    """How many seconds a change tries to get past the changes of others."""
    on_wait: OnWait | None = None
    """Told once why it has to."""

    def execute(self, sql: str, params: Mapping[str, object] | None = None) -> list[Row]:
        """Run one statement and fetch all its rows; `params` are bound by name."""
        with duckdb_errors("use the warehouse"):
            result = self.connection.execute(sql, dict(params) if params else None)
            rows: list[Row] = result.fetchall()
            return rows

    def tables(self, database: str = "wh") -> list[str]:
        """The tables of an attached database, in the order of their names. A lake takes 15 ms to
        tell them."""
        rows = self.execute(
            "SELECT table_name FROM duckdb_tables() WHERE database_name = $database ORDER BY 1",
            {"database": database},
        )
        return [str(name) for (name,) in rows]

    def count(self, sql: str, params: Mapping[str, object] | None = None) -> int:
        """Run one statement that makes or changes rows, or counts them; returns how many."""
        ((count,),) = self.execute(sql, params)
        return int(str(count))

    def records(
        self, sql: str, params: Mapping[str, object] | None = None
    ) -> list[dict[str, object]]:
        """Rows as dictionaries by column name, times in UTC: for building records."""
        with duckdb_errors("read the warehouse"):
            result = self.connection.execute(sql, dict(params) if params else None)
            names = [column[0] for column in result.description]
            return [
                {name: _utc(value) for name, value in zip(names, row, strict=True)}
                for row in result.fetchall()
            ]

    @contextmanager
    def registered(self, name: str, table: pa.Table) -> Iterator[None]:
        """Let SQL see an Arrow table under `name` while in the block."""
        self.connection.register(name, table)
        try:
            yield
        except BaseException:
            # DuckDB 2.0 refuses it in a transaction that has failed, and that is not the error
            # to tell of; the next table of that name takes the place of this one.
            with suppress(duckdb.Error):
                self.connection.unregister(name)
            raise
        self.connection.unregister(name)

    def change(self, work: Callable[[], T]) -> T:
        """What `work` returns, done in one transaction; and done again from the start where
        somebody wrote to the same lake meanwhile (the second of two is refused as a whole).

        Raises as `transaction` does, and Retry("warehouse_busy") when others always come first.
        """

        def once() -> T:
            with self.transaction():
                return work()

        return patiently(once, wait=self.wait, on_wait=self.on_wait)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything in the block, or nothing of it. Writers of a lake take turns.

        The writer-lock row comes first: where somebody writes to a lake out of turn, the slower one
        fails here or at the commit instead of storing an article twice.

        Raises Retry("warehouse_locked") where others are at work for too long.
        """
        with self.turn():
            self.execute("BEGIN TRANSACTION")
            try:
                self.execute("UPDATE writer_lock SET changes = changes + 1")
                yield
                self.execute("COMMIT")
            except BaseException:
                self.rollback()
                raise

    @contextmanager
    def one_state(self) -> Iterator[None]:
        """Every question in the block is asked of the same state, whatever others write. Of a lake
        they then cost half as much, whose catalogue is asked for it once."""
        self.execute("BEGIN TRANSACTION READ ONLY")
        try:
            yield
        finally:
            self.rollback()

    def execute_in_turn(self, sql: str, params: Mapping[str, object] | None = None) -> list[Row]:
        """Run one statement that changes nothing people read, so that it is no change of the
        warehouse, while no other writer is at work; again where somebody wrote out of turn.

        Raises as `change` does.
        """

        def once() -> list[Row]:
            with self.turn():
                return self.execute(sql, params)

        return patiently(once, wait=self.wait, on_wait=self.on_wait)

    def turn(self) -> AbstractContextManager[None]:
        """To be the only writer in the block; a file has one anyway."""
        lake = self.desk.lake
        if lake is None:
            return nullcontext()
        return writers_turn(self.connection, lake, wait=self.wait, on_wait=self.on_wait)

    def rollback(self) -> None:
        """End the transaction in hand, if a failed commit has not ended it already."""
        with suppress(duckdb.Error):
            self.connection.execute("ROLLBACK")


def _utc(value: object) -> object:
    """DuckDB hands out pytz times in the session's zone; records carry the standard UTC."""
    return value.astimezone(UTC) if isinstance(value, datetime) else value

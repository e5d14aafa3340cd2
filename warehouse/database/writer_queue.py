"""One writer of a lake at a time; the others queue, and are told for whom they wait.

Two changes of a lake that meet do no harm: the second is refused as a whole (see
`Warehouse.transaction`), but only once it is complete, and where one writer is always the faster
one, the other does its work again and again. So they take turns, by a lock that ends with its
holder, however that ends: one of the catalogue's PostgreSQL server, which goes with the connection,
or one on a file beside an SQLite catalogue.

Whoever has many changes to make asks for its next turn at once, and must not pass those who wait.
PostgreSQL serves in the order of asking. A lock on a file goes to whoever looks first, so the one
who is next holds a second file meanwhile, and who comes after waits for that one.
"""

from __future__ import annotations

import os
import platform
import re
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import duckdb

from parsers.errors import Retry
from warehouse.database.errors import mapped
from warehouse.database.locks import OnWait, command_line, held
from warehouse.location import Lake
from warehouse.queries import queries

SLICE = 1.0
"""Seconds that the server is asked to wait at a time; in between this process hears signals."""
_CATALOGUE = "__ducklake_metadata_wh"
"""The name under which DuckLake itself attaches the catalogue of `wh`."""
_LONGEST_NAME = 63
"""Bytes that PostgreSQL keeps of a name."""


@contextmanager
def writers_turn(
    connection: duckdb.DuckDBPyConnection,
    lake: Lake,
    *,
    wait: float,
    on_wait: OnWait | None = None,
) -> Iterator[None]:
    """Be the only writer of the lake that `connection` has open, once all before us are done.

    Raises Retry("warehouse_locked") that names who is at work where that takes more than `wait`
    seconds.
    """
    if lake.kind == "sqlite":
        with ExitStack() as turn:
            with held(Path(f"{lake.catalogue}.next"), wait=wait, on_wait=on_wait):
                lock = Path(f"{lake.catalogue}.lock")
                turn.enter_context(held(lock, wait=wait, on_wait=on_wait))
            yield
        return
    # Another connection to the same server, whose transaction lasts as long as the turn.
    with connection.cursor() as other:
        _queue(other, lake, wait, on_wait)
        try:
            yield
        finally:
            with suppress(duckdb.Error):
                other.execute("ROLLBACK")


def _queue(
    connection: duckdb.DuckDBPyConnection, lake: Lake, wait: float, on_wait: OnWait | None
) -> None:
    deadline = time.monotonic() + wait
    told = False
    while not _locked(connection, min(SLICE, max(0.01, deadline - time.monotonic()))):
        message = (
            f"{lake} is at work for {_holder(connection)}. Nothing is lost; wait for it to finish, "
            "or try again later."
        )
        if time.monotonic() >= deadline:
            raise Retry("warehouse_locked", message)
        if on_wait and not told:
            on_wait(message)
            told = True


def _locked(connection: duckdb.DuckDBPyConnection, seconds: float) -> bool:
    """Whether the lock was got within so many seconds; the transaction that holds it is open."""
    sql = queries("database/writer_queue")
    settings = sql["settings"].replace("$name", _who())
    began = time.monotonic()
    try:
        connection.execute("BEGIN TRANSACTION")
        _ask(connection, settings.replace("$milliseconds", str(int(seconds * 1000))))
        _ask(connection, sql["lock"])
    except duckdb.Error as error:
        with suppress(duckdb.Error):
            connection.execute("ROLLBACK")
        # The server refuses in its own language; a refusal for want of time takes that time.
        if time.monotonic() - began < seconds:
            raise mapped(error, "wait for other writers of the lake") from error
        return False
    return True


def _holder(connection: duckdb.DuckDBPyConnection) -> str:
    try:
        rows = _ask(connection, queries("database/writer_queue")["holder"])
    except duckdb.Error as error:
        raise mapped(error, "ask who writes to the lake") from error
    return str(rows[0][0]) if rows else "another process"


def _ask(connection: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = connection.execute(
        "FROM postgres_query($catalogue, $sql)", {"catalogue": _CATALOGUE, "sql": sql}
    ).fetchall()
    return rows


def _who() -> str:
    """This process, as others are told of it."""
    text = f"process {os.getpid()} on {platform.node()} ({command_line()})"
    return re.sub(r"[^\w .()/-]", "", text, flags=re.ASCII)[:_LONGEST_NAME]

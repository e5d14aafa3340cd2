"""One writer of a lake at a time; the others queue, and are told for whom they wait.

Two changes of a lake that meet do no harm: the second is refused as a whole (`Warehouse.transaction`
sees to that), but only when it is complete, and where one writer is always the faster one, the other
does its work again and again. So they take turns, by a lock that ends with its holder however that
ends: a lock of the catalogue's PostgreSQL server, which goes with the connection, or one on a file
beside an SQLite catalogue.
"""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from parsers.errors import Retry
from warehouse.database.errors import mapped
from warehouse.database.locks import OnWait, command_line, held
from warehouse.location import Lake

KEY = int.from_bytes(b"clip", "big")
"""The number of our lock in a PostgreSQL database, which holds one lake."""
SLICE = 1.0
"""Seconds that the server is asked to wait at most; in between this process hears signals. The server
serves those who wait in their order, so nobody who comes back at once is passed over."""

_CATALOGUE = "__ducklake_metadata_wh"
"""The name under which DuckLake itself attaches the catalogue of `wh`."""
# A holder whose machine vanished is let go of within a minute; one that is at work, never. Settings
# that a server does not know are left out.
_SETTINGS = """
SELECT set_config(name, value, true) FROM pg_settings JOIN (VALUES
    ('application_name', '{name}'), ('lock_timeout', '{milliseconds}'),
    ('statement_timeout', '0'), ('idle_in_transaction_session_timeout', '0'),
    ('transaction_timeout', '0'), ('tcp_keepalives_idle', '20'),
    ('tcp_keepalives_interval', '10'), ('tcp_keepalives_count', '3')
) AS wanted(name, value) USING (name)
"""
_LOCK = f"SELECT 1 AS held FROM pg_advisory_xact_lock({KEY})"
_HOLDER = f"""
SELECT coalesce(nullif(application_name, ''), 'connection ' || pid) AS holder
FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE locktype = 'advisory' AND classid = 0 AND objid = {KEY} AND granted
    AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


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
        with held(Path(f"{lake.catalogue}.lock"), wait=wait, on_wait=on_wait):
            yield
        return
    # A connection of its own to the same server, which holds the lock as long as its transaction.
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
        holder = _holder(connection)
        message = (
            f"{lake} is at work for {holder}. Nothing is lost; wait for it to finish, or try again "
            "later."
        )
        if time.monotonic() >= deadline:
            raise Retry("warehouse_locked", message)
        if on_wait and not told:
            on_wait(message)
            told = True


def _locked(connection: duckdb.DuckDBPyConnection, seconds: float) -> bool:
    """Whether the lock was got within so many seconds; the transaction that holds it is open."""
    began = time.monotonic()
    settings = _SETTINGS.format(name=_who(), milliseconds=max(1, int(seconds * 1000)))
    try:
        connection.execute("BEGIN TRANSACTION")
        _ask(connection, settings)
        _ask(connection, _LOCK)
    except duckdb.Error as error:
        with suppress(duckdb.Error):
            connection.execute("ROLLBACK")
        # What the server says is in its own language; a refusal for want of time takes that time.
        if time.monotonic() - began < seconds * 0.9:
            raise mapped(error, "wait for other writers of the lake") from error
        return False
    return True


def _holder(connection: duckdb.DuckDBPyConnection) -> str:
    try:
        rows = _ask(connection, _HOLDER)
    except duckdb.Error as error:
        raise mapped(error, "ask who writes to the lake") from error
    return str(rows[0][0]) if rows else "another process"


def _ask(connection: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = connection.execute(
        "FROM postgres_query($catalogue, $sql)", {"catalogue": _CATALOGUE, "sql": sql}
    ).fetchall()
    return rows


def _who() -> str:
    """This process, as others are told of it: 63 letters at most of what PostgreSQL takes."""
    text = f"process {os.getpid()} on {platform.node()} ({command_line()})"
    plain = text.encode("ascii", "replace").decode().replace("'", "")
    return plain[:63]

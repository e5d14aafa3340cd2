"""Engines of DuckDB that wait for their next use, with nothing attached to them.

To start one and to end it takes ten milliseconds of a processor, more than to open a warehouse and
close it again does otherwise. A run opens its warehouse a dozen times.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import duckdb

Idle = list[duckdb.DuckDBPyConnection]

KEPT_BYTES = 64 << 20
"""What may be left in an engine that is kept. DuckLake leaves two megabytes of a catalogue at each
opening, which count as memory in use until a load has none left and spills."""


def take_engine(
    idle: Idle, start: Callable[[], duckdb.DuckDBPyConnection] = duckdb.connect
) -> duckdb.DuckDBPyConnection:
    """One of those that wait, or else a new one, which `start` starts. Whoever takes it works with
    a cursor of it, with which goes what is temporary; then detaches what was attached, and gives it
    to `keep_engine`, or else closes it."""
    with suppress(IndexError):
        return idle.pop()
    return start()


def keep_engine(engine: duckdb.DuckDBPyConnection, idle: Idle) -> None:
    """Let it wait for its next use, where little is left in it."""
    if _held(engine) > KEPT_BYTES:
        engine.close()
    else:
        idle.append(engine)


def _held(engine: duckdb.DuckDBPyConnection) -> int:
    """Bytes that are left in an engine."""
    ((held,),) = engine.execute("SELECT sum(memory_usage_bytes) FROM duckdb_memory()").fetchall()
    return int(held)


def settings_of(engine: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """What is set for a whole engine."""
    rows = engine.execute("SELECT name, value FROM duckdb_settings()").fetchall()
    return {str(name): str(value) for name, value in rows}


def is_used(engine: duckdb.DuckDBPyConnection) -> bool:
    """Whether something is attached to an engine, or left in it that the next one would meet."""
    return bool(engine.execute(_LEFT).fetchall())


_LEFT = """
    SELECT database_name FROM duckdb_databases() WHERE NOT internal AND database_name <> 'memory'
    UNION ALL SELECT schema_name FROM duckdb_schemas() WHERE NOT internal AND schema_name <> 'main'
    UNION ALL SELECT table_name FROM duckdb_tables() WHERE NOT internal
    UNION ALL SELECT view_name FROM duckdb_views() WHERE NOT internal
    UNION ALL SELECT type_name FROM duckdb_types() WHERE NOT internal
    UNION ALL SELECT name FROM duckdb_secrets()
"""

"""Engines of DuckDB that wait for their next use, with nothing attached to them.

To start one and to end it takes ten milliseconds of a processor, more than to open a warehouse and
close it again does otherwise; to load the extensions that a lake needs takes half a second. A run
opens its warehouse a dozen times.
"""

from __future__ import annotations

from contextlib import suppress

import duckdb

Idle = list[duckdb.DuckDBPyConnection]

KEPT_BYTES = 64 << 20
"""What may be left in an engine that is kept. DuckLake leaves two megabytes of a catalogue at each
opening, which count as memory in use until a load has none left and spills."""


def take_engine(idle: Idle) -> duckdb.DuckDBPyConnection:
    """One of those that wait, or else a new one. Whoever takes it works with a cursor of it, with
    which goes what is temporary; then detaches what was attached, and gives it to `keep_engine`, or
    else closes it."""
    with suppress(IndexError):
        return idle.pop()
    return duckdb.connect(":memory:")


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

"""Upkeep of a DuckLake (see tidy.sql): bigger files, and fewer earlier states."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from warehouse.database.locks import patiently
from warehouse.database.warehouse import Warehouse
from warehouse.queries import queries

KEPT_STATES = timedelta(days=7)
"""For how long a lake can be asked what it was, and its old files stay."""


def tidy(wh: Warehouse, now: datetime) -> int:
    """Merge the small files that loads leave, and let states older than a week go; returns how
    many files went.

    Safe beside loads of other machines: a step that meets one is tried again. Raises
    Retry("warehouse_busy") where they always come first; what was done stays done.
    """
    removed = 0
    for name, sql in queries("tidy").items():
        params = {"before": now - KEPT_STATES} if "$before" in sql else None
        step = partial(wh.execute, sql, params)
        rows = patiently(step, wait=wh.wait, on_wait=wh.on_wait)
        removed += len(rows) if name == "clean" else 0
    return removed

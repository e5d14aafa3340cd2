"""DuckDB's errors, turned into what happens next (see `parsers.errors`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from parsers.errors import PressclipError, Quarantine, Retry

_HOLDER = re.compile(r"Conflicting lock is held in (?P<command>.*?) ?\(PID (?P<pid>\d+)\)")

_BAD_DATA = (duckdb.DataError, duckdb.IntegrityError, duckdb.InvalidInputException)
"""Errors that lie in what was to be stored, not in the warehouse."""


def lock_holder(error: duckdb.Error) -> str | None:
    """Who holds the file, as DuckDB names it; None if the error is not about a lock."""
    text = str(error)
    if "Could not set lock on file" not in text:
        return None
    found = _HOLDER.search(text)
    return f"process {found['pid']} ({found['command']})" if found else "another process"


def mapped(error: duckdb.Error, what: str) -> PressclipError:
    """The error of ours for DuckDB's `error` while doing `what` (a verb phrase)."""
    holder = lock_holder(error)
    if holder:
        return Retry(
            "warehouse_locked",
            f"Could not {what}: {holder} has the file open. Nothing is lost; close it there, "
            "or try again later. (People read the published copy, which is never locked.)",
        )
    text = str(error).strip()
    if "No space left" in text or "not enough disk space" in text.lower():
        return Retry("disk_full", f"Could not {what}: the disk is full. Free some space. ({text})")
    if isinstance(error, duckdb.OutOfMemoryException):
        return Retry("out_of_memory", f"Could not {what}: out of memory. ({text})")
    if isinstance(error, duckdb.TransactionException) or "database is locked" in text:
        return Retry(
            "warehouse_busy",
            f"Could not {what}: another writer changed it at the same time. Nothing is lost; it is "
            f"tried again. ({text})",
        )
    if isinstance(error, _BAD_DATA):
        return Quarantine("bad_data", f"Could not {what}: {text}")
    return Quarantine("warehouse_error", f"Could not {what}: {text}")


def no_warehouse(name: str) -> Quarantine:
    """There is nothing to read under `name`."""
    return Quarantine(
        "no_warehouse",
        f"There is no warehouse at {name} yet: run `pressclip ingest`, or name another one.",
    )


@contextmanager
def duckdb_errors(what: str) -> Iterator[None]:
    """Let no error of DuckDB's leave the block."""
    try:
        yield
    except duckdb.Error as error:
        raise mapped(error, what) from error

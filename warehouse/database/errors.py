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

_DAMAGE = ("Corrupt database file", "Could not read enough bytes")
_NO_DATABASE = "not a valid DuckDB database file"


def lock_holder(error: duckdb.Error) -> str | None:
    """Who holds the file, as DuckDB names it; None if the error is not about a lock."""
    text = str(error)
    if "Could not set lock on file" not in text:
        return None
    found = _HOLDER.search(text)
    return f"process {found['pid']} ({found['command']})" if found else "another process"


def tells_of_damage(error: Exception) -> bool:
    """Whether a file of DuckDB's was cut or has changed on the disk, as the checksums of its blocks
    tell; a file that never was one may give the same error."""
    return any(sign in str(error) for sign in _DAMAGE)


def is_no_database(error: duckdb.Error) -> bool:
    """Whether a file does not even begin like one of DuckDB's: it never was one, or its head is
    gone."""
    return _NO_DATABASE in str(error)


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
    return _of_the_machine(error, what, text) or _of_the_data(error, what, text)


def _of_the_machine(error: duckdb.Error, what: str, text: str) -> Retry | None:
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
    return None


def _of_the_data(error: duckdb.Error, what: str, text: str) -> Quarantine:
    if tells_of_damage(error) or is_no_database(error):
        return damaged(what, error)
    if isinstance(error, _BAD_DATA):
        return Quarantine("bad_data", f"Could not {what}: {text}")
    return Quarantine("warehouse_error", f"Could not {what}: {text}")


def damaged(what: str, error: Exception) -> Quarantine:
    """Doing `what` (a verb phrase) failed with `error` since the file is damaged."""
    return Quarantine(
        "damaged",
        f"Could not {what}: the file is damaged. Go back to a backup with `pressclip warehouse "
        "restore`; without one, the copy that people read is the way back: `pressclip warehouse "
        f"restore` takes it too. ({error})",
    )


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

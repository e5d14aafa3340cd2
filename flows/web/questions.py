"""Questions in SQL of whoever reads the pages, each answered in a process of its own.

question ─▶ one of two places; some wait, more are sent away ─▶ a process ─▶ a page, or a file
                                                                 ended where it takes too long

The process may allocate so much and no more, and is ended whatever it is at: see
`warehouse.published.strangers`.
"""

from __future__ import annotations

import asyncio
import csv
import io
import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import TimeoutError as PoolTimeout
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from typing import TypeVar

from pebble import ProcessExpired, ProcessPool

from flows.cells import as_json, cell, csv_cell, objects
from flows.parser_pool.process import WorkerContext
from flows.parser_pool.workers import Workers, WorkersLost
from parsers.errors import Drop, Retry
from warehouse.desk import Desk
from warehouse.published.read import Table
from warehouse.published.strangers import AnswerLimits, parquet_for, table_for, too_slow

T = TypeVar("T")

AT_ONCE = 2
"""Questions answered at once; the next wait."""
MOST_WAITING = 16
SECONDS = 15.0
"""Time that a question may take, once it has its place."""
GRACE = 5.0
"""Seconds more until its process is ended."""
WAIT = 60.0
"""Seconds that it may wait for its place, and be answered."""
MAX_DATA = 800_000_000
"""Bytes that its process may allocate (RLIMIT_DATA)."""
MAX_LOCKS = 1_000_000
"""Bytes of each file that may be written beside a lake: SQLite keeps a catalogue's locks in one.
Beside a copy nothing is written."""
LONGEST = 10_000
"""Characters of a question."""
MOST_SENT = 8
"""Files that are sent at once."""
SHOWN = AnswerLimits(rows=200, size=500_000, seconds=SECONDS)
"""What a page shows of an answer."""
TAKEN = AnswerLimits(rows=100_000, size=20_000_000, seconds=SECONDS)
"""What can be downloaded of it."""


Texts = tuple[tuple[str, ...], ...]


class FileForm(StrEnum):
    """What an answer can be downloaded as; the name is the file's suffix."""

    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


@dataclass(frozen=True, slots=True)
class AnswerRows:
    """An answer to read."""

    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    """In what JSON knows; ids are texts, since programs round numbers beyond 2^53."""
    cut: bool
    """Whether there are more."""
    seconds: float
    plan: bool
    """Whether it is a drawing of how DuckDB would answer."""


@dataclass(frozen=True, slots=True)
class AnswerFile:
    """An answer to download."""

    form: FileForm
    body: bytes
    rows: int
    cut: bool
    """Whether there are more."""


class Questions:
    """Answers what is asked of a desk."""

    def __init__(self, desk: Desk, *, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        self._desk = desk
        context = WorkerContext()
        context.set_forkserver_preload([__name__])
        new_pool = partial(
            ProcessPool,
            max_workers=AT_ONCE,
            max_tasks=1,
            initializer=partial(_keep_within, MAX_LOCKS if desk.lake else 0),
            context=context,
        )
        # Its processes are started with the first question.
        self._workers = Workers(new_pool, count=AT_ONCE, timeout=seconds + GRACE)
        self._asked = 0
        self._sending = 0

    async def rows(self, sql: str) -> tuple[AnswerRows, Texts]:
        """The answer to `sql`, as much of it as a page shows, and its cells as texts.

        Raises Drop("not_a_query"), Drop("bad_sql"), Drop("too_slow"), Drop("too_much_memory") for
        what is asked, Retry("too_many") where too many wait, and as
        `warehouse.published.read.reading` does.
        """
        return await self._run(_rows, sql, SHOWN)

    async def file(self, sql: str, form: FileForm) -> AnswerFile:
        """The same as a file."""
        return await self._run(_file, sql, TAKEN, form)

    async def _run(
        self, answer: Callable[..., T], sql: str, limits: AnswerLimits, *more: object
    ) -> T:
        if len(sql) > LONGEST:
            raise Drop("bad_sql", f"A question has at most {LONGEST} characters.")
        if self._asked >= AT_ONCE + MOST_WAITING:
            raise Retry("too_many", "Too many questions wait for an answer; ask again in a minute.")
        self._asked += 1
        try:
            args = (self._desk, sql, replace(limits, seconds=self.seconds), *more)
            async with asyncio.timeout(WAIT):
                return await self._workers.run(answer, args)
        except PoolTimeout as error:
            raise too_slow(self.seconds) from error
        except WorkersLost as error:
            raise Retry("no_worker", "Questions can't be answered now; try again.") from error
        except (ProcessExpired, MemoryError) as error:
            raise Drop(
                "too_much_memory",
                "That takes more memory than a question may. Ask for fewer rows, or less of each.",
            ) from error
        finally:
            self._asked -= 1

    @contextmanager
    def sending(self) -> Iterator[None]:
        """While a file is sent to somebody, who may take long, and it is kept in memory. Raises
        Retry("too_many") where too many are."""
        if self._sending >= MOST_SENT:
            raise Retry("too_many", "Too many files are being downloaded; try again in a minute.")
        self._sending += 1
        try:
            yield
        finally:
            self._sending -= 1

    async def close(self) -> None:
        """End all that is asked."""
        await self._workers.stop()


def _keep_within(written: int) -> None:
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_DATA, (MAX_DATA, MAX_DATA))
        resource.setrlimit(resource.RLIMIT_FSIZE, (written, written))


def _rows(desk: Desk, sql: str, limits: AnswerLimits) -> tuple[AnswerRows, Texts]:
    began = time.monotonic()
    table = table_for(desk, sql, limits)
    rows = AnswerRows(
        columns=table.columns,
        types=table.types,
        rows=tuple(tuple(_exact(as_json(value)) for value in row) for row in table.rows),
        cut=table.cut,
        seconds=time.monotonic() - began,
        plan=table.columns == ("explain_key", "explain_value"),
    )
    return rows, tuple(tuple(map(cell, row)) for row in table.rows)


def _exact(value: object) -> object:
    if isinstance(value, int) and abs(value) > 2**53:
        return str(value)
    if isinstance(value, list):
        return [_exact(one) for one in value]
    if isinstance(value, dict):
        return {name: _exact(one) for name, one in value.items()}
    return value


def _file(desk: Desk, sql: str, limits: AnswerLimits, form: FileForm) -> AnswerFile:
    if form is FileForm.PARQUET:
        found = parquet_for(desk, sql, limits)
        return AnswerFile(form, found.parquet, found.rows, found.cut)
    table = table_for(desk, sql, limits)
    text = _csv(table) if form is FileForm.CSV else _json(table)
    return AnswerFile(form, text.encode("utf-8", "replace"), len(table.rows), table.cut)


def _csv(table: Table) -> str:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(map(csv_cell, table.columns))
    writer.writerows(map(csv_cell, row) for row in table.rows)
    return file.getvalue()


def _json(table: Table) -> str:
    return json.dumps(as_json(objects(table)), ensure_ascii=False, allow_nan=False)

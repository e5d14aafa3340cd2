"""Questions in SQL of whoever reads the pages, each answered in a process of its own.

question ─▶ one of two places; some wait, more are sent away ─▶ a process ─▶ a page, or a file
                                                                 ended where it takes too long

The process may allocate so much and no more, and is ended whatever it is at: see
`warehouse.published.strangers`.
"""

from __future__ import annotations

import csv
import io
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from flows.cells import cell, csv_cell, json_rows, objects
from flows.parser_pool.bounded import BoundedPool, PoolMessages
from parsers.errors import Drop, Retry
from warehouse.desk import Desk
from warehouse.published.read import Table
from warehouse.published.strangers import AnswerLimits, parquet_for, table_for, too_slow

T = TypeVar("T")

AT_ONCE = 2
"""Questions answered at once; the next wait."""
SECONDS = 15.0
"""Time that a question may take, once it has its place."""
GRACE = 5.0
"""Seconds more until its process is ended."""
MAX_LOCKS = 1_000_000
"""Bytes of each file that may be written beside a lake: SQLite keeps a catalogue's locks in one.
Beside a copy nothing is written."""
LONGEST = 10_000
"""Characters of a question."""
MOST_SENT = 8
"""Files that are sent at once."""
SHOWN = AnswerLimits(rows=200, size=500_000, cells=20_000, seconds=SECONDS)
"""What a page shows of an answer."""
TAKEN = AnswerLimits(rows=100_000, size=20_000_000, cells=3_000_000, seconds=SECONDS)
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
    skipped: int
    """Rows before these."""
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
        self._pool = BoundedPool(
            PoolMessages(
                too_many="Too many questions wait for an answer; ask again in a minute.",
                yours="Your questions before this one are still running; wait for their answers.",
                busy="Two questions are running, which others asked; try again.",
                too_slow=too_slow(seconds).message,
                too_much_memory="That takes more memory than a question may. Ask for fewer rows, "
                "or less of each.",
                lost="Questions can't be answered now; try again.",
            ),
            at_once=AT_ONCE,
            seconds=seconds + GRACE,
            preload=[__name__],
            written=MAX_LOCKS if desk.lake else 0,
        )
        self._sending = 0

    async def rows(self, sql: str, reader: str, skip: int = 0) -> tuple[AnswerRows, Texts]:
        """The answer to `sql` after so many rows, as much of it as a page shows, and its cells as
        texts.

        Raises Drop("not_a_query") and Drop("bad_sql") for what is asked, and as
        `BoundedPool.run` and `warehouse.published.read.reading` do.
        """
        return await self._run(reader, _rows, sql, replace(SHOWN, skip=skip))

    async def file(self, sql: str, reader: str, form: FileForm) -> AnswerFile:
        """The same as a file."""
        return await self._run(reader, _file, sql, TAKEN, form)

    async def _run(
        self,
        reader: str,
        answer: Callable[..., T],
        sql: str,
        limits: AnswerLimits,
        *more: object,
    ) -> T:
        if len(sql) > LONGEST:
            raise Drop("bad_sql", f"A question has at most {LONGEST} characters.")
        args = (self._desk, sql, replace(limits, seconds=self.seconds), *more)
        return await self._pool.run(reader, answer, args)

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
        await self._pool.close()


def _rows(desk: Desk, sql: str, limits: AnswerLimits) -> tuple[AnswerRows, Texts]:
    began = time.monotonic()
    table = table_for(desk, sql, limits)
    rows = AnswerRows(
        columns=table.columns,
        types=table.types,
        skipped=limits.skip,
        rows=tuple(map(tuple, json_rows(table))),
        cut=table.cut,
        seconds=time.monotonic() - began,
        plan=table.columns == ("explain_key", "explain_value"),
    )
    return rows, tuple(tuple(map(cell, row)) for row in table.rows)


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
    return json.dumps(objects(table), ensure_ascii=False, allow_nan=False)

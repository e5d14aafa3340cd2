"""What a person sees: tables, messages, and nothing that could drive their terminal.

Titles and texts come from other people's servers; control characters in them are replaced before
anything is shown, so that a headline can't move the cursor or forge a line.
"""

from __future__ import annotations

import json
import logging
import math
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from itertools import count
from typing import Literal

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from flows.wording import how_many
from parsers.text.characters import C0, C1
from warehouse.published.read import Table

_CONTROL = re.compile(f"[{C0}{C1}\r\x85\u200e\u200f\u202a-\u202e\u2066-\u2069]")
WIDE = 160
"""Columns of a table that is not shown on a terminal (a file, a pipe)."""
READABLE = 24
"""Characters of a text that say something; a column cut to fewer is left out instead."""
WRAPPED = 16
"""The same for a text that goes on in the next line."""


def console(*, to_stderr: bool = False) -> Console:
    """A console on standard output or error; without colour where NO_COLOR says so."""
    stream = sys.stderr if to_stderr else sys.stdout
    return Console(
        file=stream, width=None if stream.isatty() else WIDE, highlight=False, soft_wrap=False
    )


def plain(value: object) -> str:
    """`value` as a cell shows it: times to the minute, unknown as a dash, one line."""
    if value is None:
        return "–"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, float):
        return f"{value:.2f}"
    if isinstance(value, list | tuple):
        return ", ".join(plain(item) for item in value)
    return _CONTROL.sub("�", str(value)).replace("\n", " ").replace("\t", " ")


def say(message: str, *, style: str | None = None) -> None:
    """A line on standard output."""
    console().print(Text(_CONTROL.sub("�", message), style=style or ""), soft_wrap=True)


def complain(message: str) -> None:
    """A line on standard error."""
    console(to_stderr=True).print(Text(_CONTROL.sub("�", f"pressclip: {message}")), soft_wrap=True)


class PlainLog(logging.Formatter):
    """Log lines that can't drive a terminal: addresses and error texts in them are strangers'."""

    def format(self, record: logging.LogRecord) -> str:
        return _CONTROL.sub("�", super().format(record))


def show(
    table: Table,
    *,
    title: str | None = None,
    wrap: bool = False,
    more: str = "widen the window or use --json",
) -> None:
    """`table` for a person, its columns in order of importance: where there is no room for all of
    them, the last ones are left out, and a line that ends with `more` says which.

    Times and numbers are shown whole; long texts are cut, or broken into lines where `wrap`.
    """
    screen = console()
    cells = [[plain(value) for value in row] for row in table.rows]
    wanted = [
        max(cell_len(text) for text in column)
        for column in zip(map(plain, table.columns), *cells, strict=True)
    ]
    kinds = [_kind(row[place] for row in table.rows) for place in range(len(wanted))]
    least = WRAPPED if wrap else READABLE
    widths = fit(wanted, [kind != "text" for kind in kinds], screen.width, least)
    grid = RichTable(title=title, title_justify="left", title_style="bold", header_style="bold")
    for name, kind, width in zip(table.columns, kinds, widths, strict=False):
        grid.add_column(
            plain(name),
            justify="right" if kind == "number" else "left",
            overflow="fold" if wrap else "ellipsis",
            no_wrap=not wrap,
            width=width,
        )
    for row in cells:
        grid.add_row(*map(Text, row[: len(widths)]))
    screen.print(grid)
    if left_out := table.columns[len(widths) :]:
        names = ", ".join(map(plain, left_out))
        say(f"{how_many(len(left_out), 'column')} left out: {names}; {more}.")
    if table.cut:
        say(f"… more rows than the {len(table.rows)} shown; raise --limit to see them.")


def _kind(values: Iterable[object]) -> Literal["number", "time", "text"]:
    """What a column holds, going by all of its values but the unknown ones."""
    known = [value for value in values if value is not None]
    if not known or any(isinstance(value, bool) for value in known):
        return "text"
    if all(isinstance(value, int | float | Decimal) for value in known):
        return "number"
    return "time" if all(isinstance(value, date | time) for value in known) else "text"


def fit(wanted: Sequence[int], whole: Sequence[bool], screen: int, least: int) -> list[int]:
    """The widths of the columns that a screen of `screen` characters has room for, from the left.

    Columns that are `whole` get what they want; others at least `least`, if they want that much,
    and a first one up to half of the screen, since it names the row. The last columns are left out
    until this holds, but never the first two.
    """
    floors = [
        want if uncut else min(want, least) for want, uncut in zip(wanted, whole, strict=True)
    ]
    if not whole[0]:
        floors[0] = min(wanted[0], max(least, screen // 2))
    kept = len(floors)
    while kept > 2 and sum(floors[:kept]) + _borders(kept) > screen:
        kept -= 1
    spare = screen - _borders(kept) - sum(floors[:kept])
    missing = [want - floor for want, floor in zip(wanted, floors, strict=True)][:kept]
    return [
        max(1, floor + more)
        for floor, more in zip(floors[:kept], share_out(missing, spare), strict=True)
    ]


def _borders(columns: int) -> int:
    return 3 * columns + 1


def share_out(wanted: Sequence[int], room: int) -> list[int]:
    """The width of each column, where they want `wanted` and there is `room` for all together:
    those that want little get it, and the others share what is left evenly."""
    widths = [0] * len(wanted)
    left = max(room, 0)
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    for place, index in enumerate(order):
        widths[index] = min(wanted[index], left // (len(order) - place))
        left -= widths[index]
    return widths


def show_json(table: Table, *, as_asked: bool = False) -> None:
    """`table` for a machine: one JSON array of objects, keys as the columns are named. That there
    are more rows is said beside it, unless so many were `as_asked`: the array does not tell."""
    names = distinct(table.columns)
    print_json([dict(zip(names, row, strict=True)) for row in table.rows])
    if table.cut and not as_asked:
        complain(f"more rows than these {len(table.rows)}; --limit says how many you want.")


def print_json(value: object) -> None:
    """`value` as JSON on standard output: times in ISO 8601, UTF-8 as it is."""
    text = json.dumps(as_json(value), ensure_ascii=False, allow_nan=False, indent=1)
    sys.stdout.write(text + "\n")


def columns(names: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """A table of what is not in the warehouse."""
    kept = tuple(tuple(row) for row in rows)
    return Table(tuple(names), tuple("VARCHAR" for _ in names), kept)


def as_json(value: object) -> object:
    """`value` in what JSON knows: times in ISO 8601, and null for a number that is none (RFC 8259
    has neither NaN nor infinity, and parsers refuse them)."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float | Decimal):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {_key(key): as_json(inner) for key, inner in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, bytes):
        return [as_json(item) for item in value]
    return str(value)


def _key(key: object) -> str:
    return key if isinstance(key, str) else str(as_json(key))


def distinct(names: Sequence[str]) -> tuple[str, ...]:
    """`names` with a number behind those that come again, as DuckDB names the columns of a table:
    a key of an object can be there once only."""
    given: list[str] = []
    for name in names:
        numbered = (f"{name}_{number}" for number in count(1))
        free = (one for one in numbered if one not in {*names, *given})
        given.append(next(free) if name in given else name)
    return tuple(given)

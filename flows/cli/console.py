"""What a person sees: tables, messages, and nothing that could drive their terminal.

Titles and texts come from other people's servers; control characters in them are replaced before
anything is shown, so that a headline can't move the cursor or forge a line.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from warehouse.reading import Table

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
WIDE = 160
"""Columns of a table that is not shown on a terminal (a file, a pipe)."""


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
        return ", ".join(plain(one) for one in value)
    return _CONTROL.sub("�", str(value)).replace("\n", " ").replace("\t", " ")


def say(message: str, *, style: str | None = None) -> None:
    """A line on standard output."""
    console().print(Text(_CONTROL.sub("�", message), style=style or ""), soft_wrap=True)


def complain(message: str) -> None:
    """A line on standard error."""
    console(to_stderr=True).print(Text(_CONTROL.sub("�", f"pressclip: {message}")), soft_wrap=True)


def show(table: Table, *, title: str | None = None) -> None:
    """`table` for a person: long texts are cut before short ones."""
    screen = console()
    grid = RichTable(title=title, title_justify="left", title_style="bold", header_style="bold")
    cells = [[plain(value) for value in row] for row in table.rows]
    wanted = [
        max(cell_len(text) for text in column)
        for column in zip(map(plain, table.columns), *cells, strict=True)
    ]
    borders = 3 * len(wanted) + 1
    widths = share_out(wanted, screen.width - borders)
    for name, kind, width in zip(table.columns, table.types, widths, strict=True):
        number = any(part in kind for part in ("INT", "DOUBLE", "DECIMAL"))
        justify: Literal["right", "left"] = "right" if number else "left"
        grid.add_column(
            plain(name), justify=justify, overflow="ellipsis", no_wrap=True, width=width
        )
    for row in cells:
        grid.add_row(*map(Text, row))
    screen.print(grid)
    if table.cut:
        say(f"… more rows than the {len(table.rows)} shown; raise --limit to see them.")


def share_out(wanted: Sequence[int], room: int) -> list[int]:
    """The width of each column, where they want `wanted` and there is `room` for all together:
    those that want little get it, and the others share what is left evenly."""
    widths = [0] * len(wanted)
    left = max(room, len(wanted))
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    for place, index in enumerate(order):
        widths[index] = max(1, min(wanted[index], left // (len(order) - place)))
        left -= widths[index]
    return widths


def show_json(table: Table) -> None:
    """`table` for a machine: one JSON array of objects, keys as the columns are named."""
    print_json([dict(zip(table.columns, row, strict=True)) for row in table.rows])


def print_json(value: object) -> None:
    """`value` as JSON on standard output: times in ISO 8601, UTF-8 as it is."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=_encoded, indent=1) + "\n")


def _encoded(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        return list(value)
    return str(value)


def columns(names: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """A table of what is not in the warehouse."""
    kept = tuple(tuple(row) for row in rows)
    return Table(tuple(names), tuple("VARCHAR" for _ in names), kept)

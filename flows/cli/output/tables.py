"""Tables for people: as wide as their terminal, headlines first. Where nobody watches, the same
rows whole, a line each, for programs and logs."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Literal

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.table import Table as RichTable
from rich.text import Text

from flows.cells import in_one_line
from flows.cli.output.console import console, remark, say
from flows.cli.output.forms import write_lines
from flows.wording import how_many
from warehouse.published.read import Table

READABLE = 24
"""Characters of a text that say something; a column cut to fewer is left out instead."""
WRAPPED = 16
"""The same for a text that goes on in the next line."""
GAP = 2
"""Blanks between two columns."""
NAMED = 8
"""Columns left out that are named."""
_HEADLINES = ("title", "headline")


@dataclass(frozen=True, slots=True)
class Wish:
    """What a column needs of a screen."""

    wanted: int
    """Characters, to be shown whole."""
    least: int
    """Characters, to say anything."""
    leaves: int = 0
    """Columns that leave for want of room: those with the highest number first, then from the
    right."""
    headline: bool = False
    """Whether it says what a row is about: it stays, and gets what room there is first."""


def columns(names: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """A table of what is not in the warehouse."""
    kept = tuple(tuple(row) for row in rows)
    return Table(tuple(names), tuple("VARCHAR" for _ in names), kept)


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
    return in_one_line(str(value))


def show(
    table: Table,
    *,
    title: str | None = None,
    wrap: bool = False,
    more: str = "widen the window or use --json",
) -> None:
    """`table` for a person.

    On a terminal, columns that say least are left out where there is no room for all of them, and a
    line that ends with `more` says which; times and numbers are shown whole, long texts cut, or
    broken into lines where `wrap`. Elsewhere each row is a whole line, its cells parted by tabs;
    names of columns stand only under a `title`.
    """
    if sys.stdout.isatty():
        _draw(table, title=title, wrap=wrap, more=more)
    else:
        if title is not None:
            say(title)
        write_lines(table, names=title is not None)
        if title is not None:
            say("")
    if table.cut:
        remark(f"… more rows than the {len(table.rows)} shown; raise --limit to see them.")


def _draw(table: Table, *, title: str | None, wrap: bool, more: str) -> None:
    screen = console()
    cells = [[plain(value) for value in row] for row in table.rows]
    kinds = [_kind(row[place] for row in table.rows) for place in range(len(table.columns))]
    widths = fit(_wishes(table, cells, kinds, screen.width, wrap=wrap), screen.width)
    grid = RichTable(
        title=title,
        title_justify="left",
        title_style="bold",
        header_style="bold",
        box=SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        padding=(0, GAP - 1, 0, 0),
    )
    for name, kind, width in zip(table.columns, kinds, widths, strict=True):
        if width:
            grid.add_column(
                plain(name),
                justify="right" if kind == "number" else "left",
                overflow="fold" if wrap else "ellipsis",
                no_wrap=not wrap,
                width=width,
            )
    for row in cells:
        grid.add_row(*(Text(cell) for cell, width in zip(row, widths, strict=True) if width))
    screen.print(grid)
    left_out = [name for name, width in zip(table.columns, widths, strict=True) if not width]
    if left_out:
        names = ", ".join(map(plain, left_out[:NAMED]))
        if len(left_out) > NAMED:
            names += f" and {len(left_out) - NAMED} more"
        say(f"{how_many(len(left_out), 'column')} left out: {names}; {more}.")
    if title is not None:
        say("")


def _kind(values: Iterable[object]) -> Literal["number", "time", "text"]:
    """What a column holds, going by all of its values but the unknown ones."""
    known = [value for value in values if value is not None]
    if not known or any(isinstance(value, bool) for value in known):
        return "text"
    if all(isinstance(value, int | float | Decimal) for value in known):
        return "number"
    return "time" if all(isinstance(value, date | time) for value in known) else "text"


def _wishes(
    table: Table,
    cells: Sequence[Sequence[str]],
    kinds: Sequence[str],
    screen: int,
    *,
    wrap: bool,
) -> list[Wish]:
    """What each column of `table` needs; the headline up to half of the screen."""
    wanted = [
        max(cell_len(text) for text in column)
        for column in zip(map(plain, table.columns), *cells, strict=True)
    ]
    headline = _headline(table.columns, kinds, wanted)
    readable = WRAPPED if wrap else READABLE
    wishes = []
    for place, (name, kind, want) in enumerate(zip(table.columns, kinds, wanted, strict=True)):
        first = place == headline
        least = max(readable, screen // 2) if first else readable
        same = len(cells) > 1 and len({row[place] for row in cells}) == 1
        wishes.append(
            Wish(
                want,
                want if kind != "text" else min(want, least),
                leaves=2 * _is_id(name) + same,
                headline=first,
            )
        )
    return wishes


def _headline(names: Sequence[str], kinds: Sequence[str], wanted: Sequence[int]) -> int:
    """The column that says what a row is about: its title, or else its first long text; or else the
    first column."""
    for name in _HEADLINES:
        if name in names:
            return names.index(name)
    long = (
        place
        for place, (kind, want) in enumerate(zip(kinds, wanted, strict=True))
        if kind == "text" and want > READABLE
    )
    return next(long, 0)


def _is_id(name: str) -> bool:
    return name == "id" or name.endswith("_id")


def fit(wishes: Sequence[Wish], screen: int) -> list[int]:
    """The width of each column on a screen of `screen` characters; 0: it is left out.

    Each gets the least it needs; the headline then what it wants, if there is so much, and the
    others share the rest. Columns leave until this holds, but two stay, the headline among them.
    """
    leaving = sorted(
        (place for place, wish in enumerate(wishes) if not wish.headline),
        key=lambda place: (wishes[place].leaves, place),
    )
    kept = set(range(len(wishes)))
    while len(kept) > 2 and _floor(wishes, kept) > screen:
        kept.remove(leaving.pop())
    spare = max(0, screen - _floor(wishes, kept))
    widths = [wish.least if place in kept else 0 for place, wish in enumerate(wishes)]
    for headlines in (True, False):
        asking = [place for place in sorted(kept) if wishes[place].headline is headlines]
        missing = [wishes[place].wanted - widths[place] for place in asking]
        for place, more in zip(asking, share_out(missing, spare), strict=True):
            widths[place] = max(1, widths[place] + more)
            spare -= more
    return widths


def _floor(wishes: Sequence[Wish], kept: set[int]) -> int:
    return sum(wishes[place].least for place in kept) + GAP * (len(kept) - 1)


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

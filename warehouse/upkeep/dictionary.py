"""The data dictionary: every table, view, column and macro, in the words of its comment.

python -m warehouse.upkeep.dictionary > docs/data-dictionary.md
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import duckdb

from warehouse.database.open import open_warehouse
from warehouse.database.warehouse import Row, Warehouse
from warehouse.desk import Desk
from warehouse.queries import queries

_HEAD = """\
# Data dictionary

Made from the comments in the warehouse itself (`python -m warehouse.upkeep.dictionary`); any client
shows them too: `SELECT * FROM duckdb_columns()`. Times are `TIMESTAMPTZ` in UTC; unknown is NULL.
"""
_PARTS = (
    ("Views", "views", "What to ask first."),
    ("Macros", "", "Called like tables: `FROM search('grok lawsuit', days := 7)`."),
    ("Tables", "tables", "What the views are made from."),
)


@dataclass(frozen=True, slots=True)
class DescribedColumn:
    """A column in the words of its comment."""

    name: str
    kind: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Described:
    """A view, table or macro in the words of its comment."""

    name: str
    """How a macro is called."""
    meaning: str
    columns: tuple[DescribedColumn, ...] = ()


@dataclass(frozen=True, slots=True)
class DataDictionary:
    """What can be asked of a warehouse."""

    views: tuple[Described, ...]
    macros: tuple[Described, ...]
    tables: tuple[Described, ...]


def described(connection: duckdb.DuckDBPyConnection) -> DataDictionary:
    """The dictionary of what `connection` has open."""

    def relations(part: str) -> tuple[Described, ...]:
        rows = connection.execute(queries("upkeep/dictionary")[part]).fetchall()
        return tuple(
            Described(name, _text(comment), tuple(map(_column, columns)))
            for (name, comment), columns in groupby(rows, key=lambda row: row[:2])
        )

    rows = connection.execute(queries("upkeep/dictionary")["macros"]).fetchall()
    calls = (_text(comment).partition(": ") for _, comment in rows)
    macros = tuple(Described(call, meaning) for call, _, meaning in calls)
    return DataDictionary(relations("views"), macros, relations("tables"))


def _column(row: Row) -> DescribedColumn:
    _, _, name, kind, comment = row
    return DescribedColumn(_text(name), _text(kind), _text(comment))


def _text(value: object) -> str:
    return "" if value is None else str(value)


def data_dictionary(wh: Warehouse) -> str:
    """The dictionary of an open warehouse, as Markdown."""
    lines = [_HEAD]
    for title, part, about in _PARTS:
        lines += [f"## {title}", "", about, ""]
        lines += _relations(wh, part) if part else _macros(wh)
    return "\n".join(lines).rstrip() + "\n"


def _relations(wh: Warehouse, part: str) -> Iterator[str]:
    rows = wh.execute(queries("upkeep/dictionary")[part])
    for (name, comment), columns in groupby(rows, key=lambda row: row[:2]):
        yield from (
            f"### {name}",
            "",
            str(comment),
            "",
            "| column | type | meaning |",
            "|---|---|---|",
        )
        yield from (_line(column) for column in columns)
        yield ""


def _line(row: Row) -> str:
    _, _, column, kind, comment = row
    return f"| {column} | {kind} | {comment} |"


def _macros(wh: Warehouse) -> Iterator[str]:
    for _, comment in wh.execute(queries("upkeep/dictionary")["macros"]):
        call, _, meaning = str(comment).partition(": ")
        yield f"- `{call}`: {meaning}"
    yield ""


def main() -> None:
    """Write the dictionary of a new warehouse to standard output."""
    with (
        tempfile.TemporaryDirectory() as folder,
        open_warehouse(Desk.at(Path(folder) / "new.duckdb")) as wh,
    ):
        sys.stdout.write(data_dictionary(wh))


if __name__ == "__main__":
    main()

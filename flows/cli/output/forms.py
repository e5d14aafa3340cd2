"""Tables for programs: JSON, CSV, and lines parted by tabs. Times are UTC in all of them."""

from __future__ import annotations

import csv
import json
import math
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from itertools import count

from flows.cli.output.console import complain, harmless, one_line
from warehouse.published.read import Table

_FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
"""How a text begins that a spreadsheet takes for a formula (OWASP, "CSV Injection")."""


class Form(StrEnum):
    """What programs read."""

    JSON = "json"
    CSV = "csv"
    TSV = "tsv"


def write(table: Table, form: Form, *, as_asked: bool = False) -> None:
    """`table` in `form` on standard output. That there are more rows is said beside it, unless so
    many were `as_asked`: nothing in what is written tells."""
    if form is Form.JSON:
        print_json(objects(table))
    elif form is Form.CSV:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(table.columns)
        writer.writerows(map(_csv_cell, row) for row in table.rows)
    else:
        write_lines(table, names=True)
    if table.cut and not as_asked:
        complain(f"more rows than these {len(table.rows)}; --limit says how many you want.")


def write_lines(table: Table, *, names: bool) -> None:
    """A line for each row, its cells parted by tabs; a line of `names` first, if wanted."""
    if names:
        sys.stdout.write("\t".join(map(one_line, table.columns)) + "\n")
    for row in table.rows:
        sys.stdout.write("\t".join(one_line(cell(value)) for value in row) + "\n")


def objects(table: Table) -> list[dict[str, object]]:
    """The rows of `table`, each with a key for each column."""
    names = distinct(table.columns)
    return [dict(zip(names, row, strict=True)) for row in table.rows]


def print_json(value: object) -> None:
    """`value` as JSON on standard output: times in ISO 8601, UTF-8 as it is."""
    text = json.dumps(as_json(value), ensure_ascii=False, allow_nan=False, indent=1)
    sys.stdout.write(text + "\n")


def cell(value: object) -> str:
    """`value` as text: times as spreadsheets take them, and nothing for what is unknown."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, list | tuple) and not any(_is_nested(item) for item in value):
        return ", ".join(map(cell, value))
    return _json(value) if _is_nested(value) else str(value)


def _csv_cell(value: object) -> str:
    """The same as in exported files: lists as JSON, and an apostrophe before what a spreadsheet
    would run as a formula."""
    if _is_nested(value):
        return _json(value)
    text = harmless(cell(value))
    return f"'{text}" if isinstance(value, str) and _FORMULA.match(text) else text


def _is_nested(value: object) -> bool:
    return isinstance(value, list | tuple | Mapping)


def _json(value: object) -> str:
    return json.dumps(as_json(value), ensure_ascii=False)


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

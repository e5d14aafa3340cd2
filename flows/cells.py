"""Cells of tables as texts and as JSON, for people and programs. Times are UTC in all of them.

Titles and texts come from other people's servers: control characters in them are replaced before
anything is shown, so that a headline can't move a terminal's cursor or forge a line.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal

from parsers.text.characters import C0, C1
from warehouse.published.read import Table, distinct

_CONTROL = re.compile(f"[{C0}{C1}\r\x85\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
"""How a text begins that a spreadsheet takes for a formula (OWASP, "CSV Injection")."""


def harmless(text: str) -> str:
    """`text` without what could drive a terminal; its line ends and tabs stay."""
    return _CONTROL.sub("�", text)


def in_one_line(text: str) -> str:
    """The same in one line."""
    return harmless(text).replace("\n", " ").replace("\t", " ")


def objects(table: Table) -> list[dict[str, object]]:
    """The rows of `table`, each with a key for each column."""
    names = distinct(table.columns)
    return [dict(zip(names, row, strict=True)) for row in table.rows]


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


def csv_cell(value: object) -> str:
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

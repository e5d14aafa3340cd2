"""Cells of tables as texts and as JSON, for people and programs. Times are UTC in all of them.

Titles and texts come from other people's servers: control characters in them are replaced before
anything is shown, so that a headline can't move a terminal's cursor or forge a line.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

from parsers.text.characters import C0, C1
from warehouse.published.read import Table, distinct

_CONTROL = re.compile(f"[{C0}{C1}\r\x85\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_UNSEEN = r"[\s\u200b-\u200d\u2060\ufeff]*"
_FORMULA = re.compile(
    rf"^(?={_UNSEEN}[=+\-@＝＋－＠].|[\t\r\n].)|(?<=;)(?={_UNSEEN}(?:[=@＝＠].|[+\-＋－]\w))",
    re.DOTALL,
)
"""Where a text begins that a spreadsheet takes for a formula (OWASP, "CSV Injection"), also one
that parts cells at semicolons. A sign alone is none, nor is `;-)`."""
_ENDLESS = {"9999-12-31": "infinity", "0001-01-01": "-infinity"}
"""What DuckDB's infinite times are in Python, by their day."""
_ENDS = (datetime.min, datetime.max)  # noqa: DTZ901 - as DuckDB gives them
"""Its infinite moments."""
_ODD = (bytes, timedelta, date)
"""What Python writes in a way of its own; moments are dates too."""
_PRINTED = frozenset(range(0x20, 0x7F)) - {ord("\\"), ord("'"), ord('"')}
"""What of a BLOB DuckDB writes as it is."""
_MOST_EXACT = 2**53
"""Up to here every program that reads JSON keeps whole numbers as they are."""
_NONE = -1
"""For no whole number to stay one."""


def harmless(text: str) -> str:
    """`text` without what could drive a terminal; its line ends and tabs stay."""
    return _CONTROL.sub("�", text)


def in_one_line(text: str) -> str:
    """The same in one line."""
    return harmless(text).replace("\n", " ").replace("\t", " ")


def objects(table: Table) -> list[dict[str, object]]:
    """The rows of `table`, each with a key for each column."""
    names = distinct(table.columns)
    return [dict(zip(names, row, strict=True)) for row in json_rows(table)]


def json_rows(table: Table) -> list[list[object]]:
    """The rows of `table` in what JSON knows. Ids, and whatever else is UBIGINT, are texts in all
    rows alike: programs round numbers beyond 2^53."""
    most = [_NONE if "UBIGINT" in kind else _MOST_EXACT for kind in table.types]
    return [[as_json(*pair) for pair in zip(row, most, strict=True)] for row in table.rows]


def cell(value: object) -> str:
    """`value` as text: times as spreadsheets take them, and nothing for what is unknown."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return _endless(value) or value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, list | tuple) and not any(_is_nested(item) for item in value):
        return ", ".join(map(cell, value))
    if isinstance(value, _ODD):
        return _text(value)
    return _json(value) if _is_nested(value) else str(value)


def csv_cell(value: object) -> str:
    """The same as in exported files: lists as JSON, fractions of a second where there are any, and
    an apostrophe before what a spreadsheet would run as a formula."""
    if _is_nested(value):
        return _FORMULA.sub("'", _json(value))
    text = harmless(cell(value))
    if isinstance(value, datetime) and value.microsecond and not _endless(value):
        return f"{text}.{value.microsecond:06}"
    return _FORMULA.sub("'", text) if isinstance(value, str) else text


def _is_nested(value: object) -> bool:
    return isinstance(value, list | tuple | Mapping)


def _json(value: object) -> str:
    return json.dumps(as_json(value), ensure_ascii=False)


def as_json(value: object, most: int = _MOST_EXACT) -> object:
    """`value` in what JSON knows: times in ISO 8601, texts for whole numbers beyond `most` and for
    decimals that programs would round, and null for a number that is none (RFC 8259 has neither NaN
    nor infinity, and parsers refuse them)."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        return value if abs(value) <= most else str(value)
    if isinstance(value, float | Decimal):
        number = float(value) if math.isfinite(value) else None
        rounds = (
            number is not None and isinstance(value, Decimal) and Decimal(repr(number)) != value
        )
        return str(value) if rounds else number
    if isinstance(value, _ODD):
        return _text(value)
    if isinstance(value, Mapping):
        return {_key(key): as_json(inner, most) for key, inner in value.items()}
    return [as_json(item, most) for item in value] if isinstance(value, Iterable) else str(value)


def _text(value: bytes | timedelta | date) -> str:
    """`value` as DuckDB writes it, times in ISO 8601."""
    if isinstance(value, bytes):
        return "".join(chr(byte) if byte in _PRINTED else f"\\x{byte:02X}" for byte in value)
    return _span(value) if isinstance(value, timedelta) else _endless(value) or value.isoformat()


def _endless(value: date) -> str | None:
    """Of moments only the last and the first are; of days Python can't tell them from others."""
    if isinstance(value, datetime) and value.replace(tzinfo=None) not in _ENDS:
        return None
    return _ENDLESS.get(f"{value.year:04}-{value.month:02}-{value.day:02}")


def _span(value: timedelta) -> str:
    """As DuckDB writes and reads it."""
    sign, span = ("-", -value) if value < timedelta() else ("", value)
    minutes, seconds = divmod(span.seconds, 60)
    clock = f"{sign}{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"
    clock += f".{span.microseconds:06}" if span.microseconds else ""
    if not span.days:
        return clock
    days = f"{sign}{span.days} day{'s' if span.days > 1 else ''}"
    return f"{days} {clock}" if span.seconds or span.microseconds else days


def _key(key: object) -> str:
    return key if isinstance(key, str) else str(as_json(key))

"""The Arrow form of the records, derived from the dataclasses in one place.

A landed batch is a Parquet file with one row per record: `kind` says which of the columns
`feed`, `entry`, `article`, `outcome`, `failure`, `outlet`, `listing` holds it.
"""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Union, get_args, get_origin, get_type_hints

import pyarrow as pa

from parsers.records import Article, Entry, Failure
from warehouse.records import Batch, EntryOutcome, Feed, Listing, OutletState

KINDS: dict[str, type] = {
    "feed": Feed,
    "entry": Entry,
    "article": Article,
    "outcome": EntryOutcome,
    "failure": Failure,
    "outlet": OutletState,
    "listing": Listing,
}

_SCALARS: dict[object, pa.DataType] = {
    str: pa.string(),
    float: pa.float64(),
    bool: pa.bool_(),
    datetime: pa.timestamp("us", tz="UTC"),
    date: pa.date32(),
}


def arrow_type(hint: object, name: str = "") -> pa.DataType:
    """The Arrow type of a record's field `name` with type hint `hint`.

    Integers are unsigned 64-bit where they are ids or hashes (told by the field's name), since
    half of all hashes do not fit a signed one.
    """
    if get_origin(hint) in (Union, types.UnionType):
        return arrow_type(next(part for part in get_args(hint) if part is not type(None)), name)
    if get_origin(hint) is tuple:
        return _list_type(get_args(hint)[0], name)
    if hint is int:
        return _integer_type(name)
    if isinstance(hint, type) and is_dataclass(hint):
        return pa.struct(list(_fields(hint)))
    return pa.string() if _is_enum(hint) else _SCALARS[hint]


def _is_enum(hint: object) -> bool:
    return isinstance(hint, type) and issubclass(hint, Enum)


def _integer_type(name: str) -> pa.DataType:
    if name.endswith(("_id", "_hash")) or name == "bands":
        return pa.uint64()
    return pa.int64()


def _list_type(item: object, name: str) -> pa.DataType:
    """Tuples become lists; tuples of pairs become maps."""
    if get_origin(item) is tuple:
        key, value = get_args(item)
        return pa.map_(arrow_type(key), arrow_type(value))
    return pa.list_(arrow_type(item, name))


def _fields(record: type) -> Iterator[pa.Field[pa.DataType]]:
    hints = get_type_hints(record)
    for field in fields(record):
        yield pa.field(field.name, arrow_type(hints[field.name], field.name))


@cache
def batch_schema() -> pa.Schema:
    """The columns of a landed batch. Kept: finding out the types of the records took a fifth of
    what a small load takes."""
    return pa.schema(
        [("kind", pa.string())] + [(kind, arrow_type(record)) for kind, record in KINDS.items()]
    )


def rows(batch: Batch) -> Iterator[dict[str, object]]:
    """The rows of a landed batch."""
    records: dict[str, tuple[object, ...]] = {
        "feed": batch.feeds,
        "entry": batch.entries,
        "article": batch.articles,
        "outcome": batch.outcomes,
        "failure": batch.failures,
        "outlet": batch.outlets,
        "listing": batch.listings,
    }
    for kind, of_kind in records.items():
        for record in of_kind:
            yield {"kind": kind, kind: plain(record)}


def plain(value: object) -> object:
    """A record as dictionaries and lists, as Arrow takes them."""
    if isinstance(value, str):
        if type(value) is str and value.isascii():
            return value  # most are
        # Parquet holds UTF-8, which has no lone surrogates; also turns enumerations into text.
        return str(value).encode("utf-8", "replace").decode("utf-8")
    kind: type = type(value)
    if is_dataclass(kind):
        return {name: plain(getattr(value, name)) for name in _names(kind)}
    if isinstance(value, tuple) and value and isinstance(value[0], tuple):
        # Maps have no key twice.
        return list(dict(value).items())
    if isinstance(value, tuple) and value and is_dataclass(value[0]):
        return [plain(item) for item in value]
    return value


@cache
def _names(record: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(record))

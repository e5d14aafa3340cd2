"""Named queries, kept in `.sql` files beside the code that runs them; and rows back to records.

A line `-- name: merge_feeds` begins a query; comment lines below it say what it is for.
"""

from __future__ import annotations

import re
import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

_NAME = re.compile(r"^-- name: (\w+)\s*$", re.MULTILINE)


@cache
def queries(subject: str) -> Mapping[str, str]:
    """The queries of `<subject>.sql` by name; `subject` is a path in this package: "loading/load".

    Raises ValueError when a name is used twice.
    """
    text = files("warehouse").joinpath(f"{subject}.sql").read_text(encoding="utf-8")
    _, *parts = _NAME.split(text)
    names, bodies = parts[::2], parts[1::2]
    if len(set(names)) < len(names):
        raise ValueError(f"{subject}.sql names a query twice")
    return MappingProxyType({name: body.strip() for name, body in zip(names, bodies, strict=True)})


def quoted(name: str) -> str:
    """A name can't be bound like a value."""
    return '"' + name.replace('"', '""') + '"'


R = TypeVar("R")


def record(kind: type[R], row: Mapping[str, object]) -> R:
    """The record of type `kind` whose fields are the columns of `row`.

    Lists become tuples, maps become tuples of pairs, structs become records, text becomes
    enumeration members where the field says so. Fields without a column keep their default.
    """
    readers = _readers(kind)  # type: ignore[arg-type] # classes are hashable
    return kind(
        **{
            name: value if (read := readers[name]) is None else read(value)
            for name, value in row.items()
        }
    )


Reader = Callable[[Any], object]
"""Makes of a column's value what a field holds."""


@cache
def _readers(kind: type) -> dict[str, Reader | None]:
    """For each field; None where it holds the value itself, as most do."""
    hints = get_type_hints(kind)
    return {field.name: _reader(hints[field.name]) for field in fields(kind)}


def _reader(hint: Any) -> Reader | None:
    if get_origin(hint) in (Union, types.UnionType):
        of = _reader(next(part for part in get_args(hint) if part is not type(None)))
        return of and (lambda value: None if value is None else of(value))
    if get_origin(hint) is tuple:
        return _tuple_reader(get_args(hint)[0])
    if isinstance(hint, type) and is_dataclass(hint):
        return lambda value: record(hint, value) if isinstance(value, Mapping) else value
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint
    return None


def _tuple_reader(hint: Any) -> Reader:
    of = _reader(hint)

    def read(value: Any) -> object:
        if isinstance(value, Mapping):
            return tuple(value.items())
        items = value if isinstance(value, list) else []
        return tuple(items) if of is None else tuple(of(item) for item in items)

    return read

"""Named queries, kept in `.sql` files beside the code that runs them; and rows back to records.

A line `-- name: merge_feeds` begins a query; comment lines below it say what it is for.
"""

from __future__ import annotations

import re
import types
from collections.abc import Mapping
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
    hints: Mapping[str, Any] = _hints(kind)  # type: ignore[arg-type] # classes are hashable
    return kind(**{name: _value(hints[name], value) for name, value in row.items()})


@cache
def _hints(kind: type) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}


def _value(hint: Any, value: object) -> object:
    if get_origin(hint) in (Union, types.UnionType):
        if value is None:
            return None
        hint = next(part for part in get_args(hint) if part is not type(None))
    if get_origin(hint) is tuple:
        if isinstance(value, Mapping):
            return tuple(value.items())
        items = value if isinstance(value, list) else []
        return tuple(_value(get_args(hint)[0], item) for item in items)
    if isinstance(hint, type) and is_dataclass(hint) and isinstance(value, Mapping):
        return record(hint, value)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(value)
    return value

"""From rows back to records."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

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

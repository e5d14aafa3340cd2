"""Values as JSON has them, for machines that take nothing else."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import count


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
        return [as_json(one) for one in value]
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

"""Named queries, kept in `.sql` files beside the code that runs them.

A line `-- name: merge_feeds` begins a query; comment lines below it say what it is for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

_NAME = re.compile(r"^-- name: (\w+)\s*$", re.MULTILINE)


@cache
def queries(subject: str) -> Mapping[str, str]:
    """The queries of `<subject>.sql` by name.

    Raises ValueError when a name is used twice.
    """
    text = files("warehouse").joinpath(f"{subject}.sql").read_text(encoding="utf-8")
    _, *parts = _NAME.split(text)
    names, bodies = parts[::2], parts[1::2]
    if len(set(names)) < len(names):
        raise ValueError(f"{subject}.sql names a query twice")
    return MappingProxyType({name: body.strip() for name, body in zip(names, bodies, strict=True)})

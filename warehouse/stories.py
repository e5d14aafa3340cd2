"""Folding copies into stories (see stories.sql for the rules)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import pyarrow as pa

from parsers.fingerprints import (
    LETTERS,
    MIN_SHARED,
    MIN_SHARED_PART,
    NEAR_COPY,
    ONE_SITE_COPY,
    STUB_COPY,
    STUB_SHINGLES,
    SURE_COPY,
)
from warehouse.handle import Warehouse
from warehouse.queries import queries

_RULE = {
    "letters": LETTERS,
    "near_copy": NEAR_COPY,
    "sure_copy": SURE_COPY,
    "min_shared": MIN_SHARED,
    "min_shared_part": MIN_SHARED_PART,
    "one_site_copy": ONE_SITE_COPY,
    "stub_shingles": STUB_SHINGLES,
    "stub_copy": STUB_COPY,
}
WINDOW_DAYS = 14
"""Copies are looked for among texts read at most so many days apart. Wire copies spread within
days, and the cost of a search grows with the window, not with the warehouse (issue 4)."""


def fold_copies(wh: Warehouse) -> tuple[int, ...]:
    """Fold the articles of the batch in hand into stories; returns the new stories' ids.

    Part of the transaction that loads the batch.
    """
    sql = queries("stories")
    _regroup(wh, groups(_edges(wh)))
    new = wh.execute(sql["new_stories"])
    for step in ("regroup", "drop_stories", "stories"):
        wh.execute(sql[step])
    return tuple(int(str(story)) for (story,) in new)


def groups(edges: Iterable[tuple[int, int]]) -> dict[int, int]:
    """The connected components of a graph: every node with its component's smallest node."""
    parent: dict[int, int] = {}

    def root(node: int) -> int:
        parent.setdefault(node, node)
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for one, other in edges:
        low, high = sorted((root(one), root(other)))
        parent[high] = low
    return {node: root(node) for node in parent}


def _edges(wh: Warehouse) -> list[tuple[int, int]]:
    sql = queries("stories")
    wh.execute(sql["stage_fingerprints"])
    first, last = wh.execute(sql["span"])[0]
    if not isinstance(first, date) or not isinstance(last, date):
        return []
    for step in ("fingerprints", "stage_bands", "bands"):
        wh.execute(sql[step])
    reach = timedelta(days=WINDOW_DAYS)
    # A page may say that it was read on the first day that a date can be, or the last.
    days = {
        "first": first - min(reach, first - date.min),
        "last": last + min(reach, date.max - last),
    }
    wh.execute(sql["candidates"], {**days, "window": WINDOW_DAYS})
    wh.execute(sql["sketches"], days)
    found = wh.execute(sql["edges"], _RULE)
    return [(int(str(one)), int(str(other))) for one, other in found]


def _regroup(wh: Warehouse, joined: dict[int, int]) -> None:
    sql = queries("stories")
    table = pa.table(
        {
            "story_id": pa.array(joined.keys(), pa.uint64()),
            "group_id": pa.array(joined.values(), pa.uint64()),
        }
    )
    with wh.registered("joined", table):
        wh.execute(sql["touched_stories"])
    wh.execute(sql["members"])

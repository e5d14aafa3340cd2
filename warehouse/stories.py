"""Folding copies into stories (see stories.sql for the rules)."""

from __future__ import annotations

from datetime import date, timedelta

import pyarrow as pa

from parsers.fingerprints import (
    LETTERS,
    MIN_CONTAINED,
    MIN_SHARED,
    NEAR_COPY,
    ONE_SITE_COPY,
    STUB_COPY,
    STUB_SHINGLES,
)
from parsers.folding import CopyPair, fold
from warehouse.handle import Warehouse
from warehouse.queries import queries

_RULE = {
    "letters": LETTERS,
    "near_copy": NEAR_COPY,
    "min_shared": MIN_SHARED,
    "min_contained": MIN_CONTAINED,
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
    wh.execute(sql["site_of"])
    _find_pairs(wh)
    _fold(wh)
    new = wh.execute(sql["new_stories"])
    for step in ("regroup", "drop_stories", "stories"):
        wh.execute(sql[step])
    return tuple(int(str(story)) for (story,) in new)


def _find_pairs(wh: Warehouse) -> None:
    """Compare the new texts with all that were read at about the same time."""
    sql = queries("stories")
    wh.execute(sql["stage_fingerprints"])
    first, last = wh.execute(sql["span"])[0]
    if not isinstance(first, date) or not isinstance(last, date):
        return
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
    wh.execute(sql["new_pairs"], _RULE)
    wh.execute(sql["pairs"])


def _fold(wh: Warehouse) -> None:
    """Decide anew about every story that an article of the batch may belong to."""
    sql = queries("stories")
    wh.execute(sql["reached"])
    pairs: list[CopyPair] = []
    sites: dict[int, str | None] = {}
    for shorter, longer, similarity, contained, site, other_site in wh.execute(
        sql["reached_pairs"]
    ):
        one, other = int(str(shorter)), int(str(longer))
        pairs.append(CopyPair(one, other, float(str(similarity)), float(str(contained))))
        sites[one] = None if site is None else str(site)
        sites[other] = None if other_site is None else str(other_site)
    story_of = fold(pairs, sites)
    table = pa.table(
        {
            "article_id": pa.array(story_of.keys(), pa.uint64()),
            "group_id": pa.array(story_of.values(), pa.uint64()),
        }
    )
    with wh.registered("folded", table):
        wh.execute(sql["members"])

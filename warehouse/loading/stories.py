"""Folding copies into stories (see stories.sql for the rules)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pyarrow as pa

from parsers.articles.agencies import agency_of
from parsers.articles.outlets import sites_meant
from parsers.copies.clustering import CopyPair, cluster_copies
from parsers.copies.fingerprints import (
    BRIEF_CONTAINED,
    BRIEF_COPY,
    CUT_CONTAINED,
    CUT_COPY,
    FORM_CONTAINED,
    FORM_GAP,
    FOUND_CONTAINED,
    FOUND_COPY,
    LETTERS,
    MIN_CONTAINED,
    MIN_SHARED,
    NEAR_COPY,
    ONE_SITE_COPY,
    PERMUTATIONS,
    REWORDED_BIGRAMS,
    REWORDED_COPY,
    STUB_COPY,
    STUB_SHINGLES,
    matched,
)
from parsers.sites import site_of
from warehouse.database.warehouse import Warehouse
from warehouse.queries import queries

_RULE = {
    "letters": LETTERS,
    "permutations": PERMUTATIONS,
    "near_copy": NEAR_COPY,
    "min_shared": MIN_SHARED,
    "min_contained": MIN_CONTAINED,
    "brief_copy": BRIEF_COPY,
    "brief_contained": BRIEF_CONTAINED,
    "found_copy": FOUND_COPY,
    "found_contained": FOUND_CONTAINED,
    "cut_copy": CUT_COPY,
    "cut_contained": CUT_CONTAINED,
    "reworded_copy": REWORDED_COPY,
    "reworded_bigrams": REWORDED_BIGRAMS,
    "form_gap": FORM_GAP,
    "form_contained": FORM_CONTAINED,
    "one_site_copy": ONE_SITE_COPY,
    "stub_shingles": STUB_SHINGLES,
    "stub_copy": STUB_COPY,
}
WINDOW_DAYS = 14
"""Copies are looked for among texts read at most so many days apart. Wire copies spread within
days, and the cost of a search grows with the window, not with the warehouse."""
AGAIN_DAYS = 42
"""The same text is looked for so many days apart: that costs a hash a text, not its bands."""


def fold_copies(wh: Warehouse, *, known: bool) -> tuple[int, ...]:
    """Fold the articles of the batch in hand into stories, before they are put in; returns the new
    stories' ids. `known` says whether any of them is stored.

    Part of the transaction that loads the batch.
    """
    sql = queries("loading/stories")
    wh.execute(sql["nearby"])
    _find_pairs(wh)
    others = _decide(wh, "reached")
    new = wh.execute(sql["new_stories"])
    if others:
        wh.execute(sql["regroup"])
    wh.execute(sql["tell_stories"])
    if others or known:
        wh.execute(sql["drop_stories"])
    wh.execute(sql["stories"])
    return tuple(int(str(story)) for (story,) in new)


def decide_all_stories(wh: Warehouse) -> None:
    """Decide anew about all stories, by the pairs on record: `members` says what becomes of each
    article, `told_stories` what its story says. Nothing is changed yet; `settled` may have articles
    that are to be put in.
    """
    sql = queries("loading/stories")
    wh.execute(sql["nearby"])
    _decide(wh, "all_articles")
    wh.execute(sql["tell_stories"])


def _find_pairs(wh: Warehouse) -> None:
    """Compare the new texts with all that were read at about the same time."""
    sql = queries("loading/stories")
    wh.execute(sql["stage_fingerprints"])
    first, last = wh.execute(sql["span"])[0]
    if not isinstance(first, date) or not isinstance(last, date):
        return
    wh.execute(sql["stage_bands"])
    wh.execute(sql["bands"], {"new_first": first, "new_last": last})
    wh.execute(sql["fingerprints"])
    days = _around(first, last, WINDOW_DAYS)
    again = _around(first, last, AGAIN_DAYS)
    reach: dict[str, object] = {"window": WINDOW_DAYS, "again": AGAIN_DAYS, **days}
    reach |= {f"{end}_again": day for end, day in again.items()}
    if not wh.count(sql["candidates"], reach):
        return
    wh.execute(sql["sketches"], days)
    wh.execute(sql["editions"], days)
    if not wh.count(sql["compare"], _RULE):
        return
    _look_up(wh, "wanted_alike")
    found = [
        _pair([*row, _matched(sketch, other)])
        for *row, host, other_host, least_of_one_site, sketch, other in wh.execute(sql["alike"])
        if not _one_site(host, other_host) or float(str(row[2])) >= float(str(least_of_one_site))
    ]
    if found:
        with wh.registered("new_pairs", _table(found)):
            wh.execute(sql["pairs"])


def _around(first: date, last: date, days: int) -> dict[str, date]:
    """So many days more at both ends. A page may say that it was read on the first day that a date
    can be, or the last."""
    reach = timedelta(days=days)
    return {
        "first": first - min(reach, first - date.min),
        "last": last + min(reach, date.max - last),
    }


def _matched(sketch: object, other: object) -> int | None:
    return None if sketch is None or other is None else matched(str(sketch), str(other))


def _look_up(wh: Warehouse, wanted: str) -> None:
    """Get to know the articles that the query `wanted` names, where they are stored."""
    sql = queries("loading/stories")
    wh.execute(sql[wanted])
    if wh.count(sql["places"]):
        wh.execute(sql["look_up"])


def _table(pairs: Sequence[CopyPair]) -> pa.Table:
    return pa.table(
        {
            "shorter_id": pa.array([pair.shorter_id for pair in pairs], pa.uint64()),
            "longer_id": pa.array([pair.longer_id for pair in pairs], pa.uint64()),
            "similarity": pa.array([pair.similarity for pair in pairs], pa.float64()),
            "contained": pa.array([pair.contained for pair in pairs], pa.float64()),
            "matched": pa.array([_bits(pair.matched) for pair in pairs], pa.string()),
        }
    )


def _one_site(host: object, other: object) -> bool:
    return bool(host and other) and site_of(str(host)) == site_of(str(other))


def _bits(matched: int | None) -> str | None:
    """As it is stored: no column of a lake holds so many bits."""
    return None if matched is None else f"{matched:x}"


def _pair(row: Sequence[object]) -> CopyPair:
    *numbers, letters = row
    shorter, longer, similarity, contained = map(str, numbers)
    known = letters if letters is None or isinstance(letters, int) else int(str(letters), 16)
    return CopyPair(int(shorter), int(longer), float(similarity), float(contained), known)


def _owners(wh: Warehouse) -> dict[str, object]:
    """Whose own the pages at hand are, by their site: which agency's, by the one that they name, or
    none; and which outlets' that texts credit."""
    sql = queries("loading/stories")
    said = [(str(wire), str(site)) for wire, site in wh.execute(sql["wires"])]
    agencies = [(*named, agency) for named in said if (agency := agency_of(*named))]
    credited = [str(name) for (name,) in wh.execute(sql["credited"])]
    outlets = sites_meant(credited, {site for _, site in said})
    return {
        "wires": [wire for wire, _, _ in agencies],
        "sites": [site for _, site, _ in agencies],
        "agencies": [agency for _, _, agency in agencies],
        "own_names": [name for name, _, _ in outlets],
        "own_sites": [site for _, site, _ in outlets],
        "own_known": [known for _, _, known in outlets],
    }


def _decide(wh: Warehouse, which: str) -> bool:
    """Decide anew about every story of the articles that the query `which` finds; returns whether
    any of them are stored and not in the batch."""
    sql = queries("loading/stories")
    wh.execute(sql[which])
    _look_up(wh, "wanted_reached")
    pairs = [_pair(row) for row in wh.execute(sql["reached_pairs"])]
    hosts = wh.execute(sql["reached_hosts"]) if pairs else []
    story_of = cluster_copies(pairs, {int(str(one)): site_of(str(host)) for one, host in hosts})
    table = pa.table(
        {
            "article_id": pa.array(story_of.keys(), pa.uint64()),
            "group_id": pa.array(story_of.values(), pa.uint64()),
        }
    )
    with wh.registered("folded", table):
        wh.execute(sql["members"], _owners(wh))
    wh.execute(sql["rivals"])
    return wh.execute(sql["any_others"]) == [(True,)]

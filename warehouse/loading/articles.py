"""Merging the articles of a batch (see articles.sql for the rules)."""

from __future__ import annotations

from parsers.copies.fingerprints import MIN_EXACT_SHINGLES
from warehouse.database.sites import stage_sites
from warehouse.database.warehouse import Warehouse
from warehouse.loading.stories import fold_copies
from warehouse.queries import queries

ONE_BY_ONE = 32
"""So many stored rows are read one after the other. To read more at once takes less time, though
whatever was stored between the first and the last of them is read too."""


def merge_articles(wh: Warehouse) -> tuple[int, ...]:
    """Merge the articles of the batch in hand; returns the ids of the stories that began.

    Part of the transaction that loads the batch.
    """
    sql = queries("loading/articles")
    wh.execute(sql["stage_articles"], {"min_exact_shingles": MIN_EXACT_SHINGLES})
    wh.execute(sql["known_articles"])
    settle_known(wh)
    stories = fold_copies(wh)
    put_settled(wh)
    return stories


def settle_known(wh: Warehouse) -> None:
    """Decide what is to be stored of `incoming` and of the articles in `known`: `settled`."""
    sql = queries("loading/articles")
    wh.execute(sql["known_superseded"])
    for table in ("articles", "superseded"):
        _read_stored(wh, table)
    stage_sites(wh, (host for (host,) in wh.execute(sql["hosts"])))
    for step in ("stage_texts", "stage_dates", "settle_articles"):
        wh.execute(sql[step])


def _read_stored(wh: Warehouse, table: str) -> None:
    """Take the known rows of a table with all their columns."""
    sql = queries("loading/articles")
    found = wh.records(sql[f"places_of_{table}"], {"most": ONE_BY_ONE + 1})
    if len(found) > ONE_BY_ONE:
        wh.execute(sql[f"stored_{table}"])
        return
    wh.execute(sql[f"no_{table}"])
    for place in found:
        wh.execute(sql[f"one_of_{table}"], place)


def put_settled(wh: Warehouse) -> None:
    """Put `settled` in the place of what is known, in the stories that `members` names."""
    sql = queries("loading/articles")
    for step in (
        "drop_known_articles",
        "articles",
        "drop_known_superseded",
        "superseded",
        "drop_mentions",
        "mentions",
    ):
        wh.execute(sql[step])
